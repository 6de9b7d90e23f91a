import { setConfig } from '@kubb/plugin-client/clients/fetch'
import {
  borrowerPhoneUpdateNoContactEnum,
  createAccessToken,
  createBorrowerPhone,
  deleteBorrowerPhone,
  getBorrowerPhone,
  listBorrowerAddresses,
  listBorrowerPhones,
  listBorrowers,
  updateBorrowerPhone,
} from './generated/index.ts'
import { account, borrower, type Findings, findNumbers, order } from './shape.ts'

export async function runProgram(baseURL: string): Promise<Findings> {
  const headers = { 'Content-Type': 'application/json' }
  setConfig({ baseURL, headers })
  const login = await createAccessToken(account)
  setConfig({ baseURL, headers: { ...headers, Authorization: `Bearer ${login.data.access_token}` } })
  const { order_id, borrower_id } = borrower
  const numbers: string[] = []
  for (const person of (await listBorrowers(order.order_id)).data.data) {
    const addresses = await listBorrowerAddresses(order_id, person.id)
    const phones = await listBorrowerPhones(order_id, person.id)
    numbers.push(...findNumbers(person, addresses.data.data, phones.data.data))
  }
  const create = await createBorrowerPhone(order_id, borrower_id, {
    type: 6,
    number: '2025550143',
    valid: 1,
    no_contact: 0,
  })
  const { id } = create.data.data
  const get = await getBorrowerPhone(order_id, borrower_id, id)
  const update = await updateBorrowerPhone(order_id, borrower_id, id, {
    no_contact: borrowerPhoneUpdateNoContactEnum.DoNotContact,
  })
  const remove = await deleteBorrowerPhone(order_id, borrower_id, id)
  const gone = await getBorrowerPhone(order_id, borrower_id, id)
  return {
    numbers,
    created: create.data.data.number,
    read: get.data.data.number,
    updated: update.data.data.no_contact,
    deleted: remove.data.data.success,
    gone: gone.status,
  }
}
