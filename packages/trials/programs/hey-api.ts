import { createClient } from './generated/client/index.js'
import {
  createAccessToken,
  createBorrowerPhone,
  deleteBorrowerPhone,
  getBorrowerPhone,
  listBorrowerAddresses,
  listBorrowerPhones,
  listBorrowers,
  updateBorrowerPhone,
} from './generated/sdk.gen.js'
import { account, borrower, type Findings, findNumbers, order } from './shape.js'

export async function runProgram(baseUrl: string): Promise<Findings> {
  const client = createClient({ baseUrl })
  const options = { client, throwOnError: true } as const
  const login = await createAccessToken({ ...options, body: account })
  client.setConfig({ auth: login.data.access_token })
  const numbers: string[] = []
  for (const person of (await listBorrowers({ ...options, path: order })).data.data) {
    const path = { ...order, borrower_id: person.id }
    const addresses = await listBorrowerAddresses({ ...options, path })
    const phones = await listBorrowerPhones({ ...options, path })
    numbers.push(...findNumbers(person, addresses.data.data, phones.data.data))
  }
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
    numbers,
    created: create.data.data.number,
    read: get.data.data.number,
    updated: update.data.data.no_contact,
    deleted: remove.data.data.success,
    gone: gone.response?.status,
  }
}
