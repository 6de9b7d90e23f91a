import { ApiError, createClient, OPERATIONS, type Ops } from './generated/client.js'
import { borrower, type Lifecycle } from './shape.js'

export async function runLifecycle(serverUrl: string, token: string): Promise<Lifecycle> {
  const client = createClient<Ops>(OPERATIONS, { serverUrl, auth: { bearer: token } })
  const list = await client.listBorrowerPhones({ path: borrower })
  const create = await client.createBorrowerPhone({
    path: borrower,
    body: { type: 6, number: '2025550143', valid: 1, no_contact: 0 },
  })
  const path = { ...borrower, phone_id: create.data.id }
  const get = await client.getBorrowerPhone({ path })
  const update = await client.updateBorrowerPhone({ path, body: { no_contact: 1 } })
  const remove = await client.deleteBorrowerPhone({ path })
  const gone = await client.getBorrowerPhone({ path }).catch((error: unknown) => error)
  return {
    listed: list.data.map(({ id }) => id),
    created: create.data.number,
    read: get.data.number,
    updated: update.data.no_contact,
    deleted: remove.data.success,
    gone: gone instanceof ApiError ? gone.status : 0,
  }
}
