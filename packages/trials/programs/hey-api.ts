import { createClient } from './generated/client/index.js'
import {
  createBorrowerPhone,
  deleteBorrowerPhone,
  getBorrowerPhone,
  listBorrowerPhones,
  updateBorrowerPhone,
} from './generated/sdk.gen.js'
import { borrower, type Lifecycle } from './shape.js'

export async function runLifecycle(baseUrl: string, token: string): Promise<Lifecycle> {
  const client = createClient({ baseUrl, auth: token })
  const options = { client, throwOnError: true } as const
  const list = await listBorrowerPhones({ ...options, path: borrower })
  const create = await createBorrowerPhone({
    ...options,
    path: borrower,
    body: { type: 6, number: '2025550143', valid: 1, no_contact: 0 },
  })
  const path = { ...borrower, phone_id: create.data.data.id }
  const get = await getBorrowerPhone({ ...options, path })
  const update = await updateBorrowerPhone({ ...options, path, body: { no_contact: 1 } })
  const remove = await deleteBorrowerPhone({ ...options, path })
  const gone = await getBorrowerPhone({ client, path })
  return {
    listed: list.data.data.map(({ id }) => id),
    created: create.data.data.number,
    read: get.data.data.number,
    updated: update.data.data.no_contact,
    deleted: remove.data.data.success,
    gone: gone.response?.status ?? 0,
  }
}
