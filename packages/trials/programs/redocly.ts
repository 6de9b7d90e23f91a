import { ApiError, createClient, OPERATIONS, type Ops } from './generated/client.js'
import { account, borrower, type Findings, findNumbers, order } from './shape.js'

export async function runProgram(serverUrl: string): Promise<Findings> {
  const anonymous = createClient<Ops>(OPERATIONS, { serverUrl })
  const { access_token } = await anonymous.createAccessToken({ body: account })
  const client = createClient<Ops>(OPERATIONS, { serverUrl, auth: { bearer: access_token } })
  const numbers: string[] = []
  for (const person of (await client.listBorrowers({ path: order })).data) {
    const path = { ...order, borrower_id: person.id }
    const addresses = await client.listBorrowerAddresses({ path })
    const phones = await client.listBorrowerPhones({ path })
    numbers.push(...findNumbers(person, addresses.data, phones.data))
  }
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
    numbers,
    created: create.data.number,
    read: get.data.number,
    updated: update.data.no_contact,
    deleted: remove.data.success,
    gone: gone instanceof ApiError ? gone.status : undefined,
  }
}
