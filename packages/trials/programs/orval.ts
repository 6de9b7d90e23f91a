import {
  BorrowerPhoneUpdateNoContact,
  createAccessToken,
  createBorrowerPhone,
  deleteBorrowerPhone,
  getBorrowerPhone,
  listBorrowerAddresses,
  listBorrowerPhones,
  listBorrowers,
  updateBorrowerPhone,
} from './generated/api.js'
import { account, borrower, type Findings, findNumbers, order } from './shape.js'

export async function runProgram(baseUrl: string): Promise<Findings> {
  // The generated functions read it: see generators.ts.
  process.env.TRIAL_SERVER = baseUrl
  const { access_token } = success(await createAccessToken(account))
  const options = { headers: { Authorization: `Bearer ${access_token}` } }
  const { order_id, borrower_id } = borrower
  const numbers: string[] = []
  for (const person of success(await listBorrowers(order.order_id, options)).data) {
    const addresses = success(await listBorrowerAddresses(order_id, person.id, options))
    const phones = success(await listBorrowerPhones(order_id, person.id, options))
    numbers.push(...findNumbers(person, addresses.data, phones.data))
  }
  const create = success(
    await createBorrowerPhone(
      order_id,
      borrower_id,
      { type: 6, number: '2025550143', valid: 1, no_contact: 0 },
      options,
    ),
  )
  const { id } = create.data
  const get = success(await getBorrowerPhone(order_id, borrower_id, id, options))
  const flag = { no_contact: BorrowerPhoneUpdateNoContact.DoNotContact }
  const update = success(await updateBorrowerPhone(order_id, borrower_id, id, flag, options))
  const remove = success(await deleteBorrowerPhone(order_id, borrower_id, id, options))
  const gone = await getBorrowerPhone(order_id, borrower_id, id, options)
  return {
    numbers,
    created: create.data.number,
    read: get.data.number,
    updated: update.data.no_contact,
    deleted: remove.data.success,
    gone: gone.status,
  }
}

interface AnyResponse {
  status: number
  data: unknown
}

/** The data of a 200 response. The status tells its type from that of an error response. */
function success<Given extends AnyResponse>(response: Given): Extract<Given, { status: 200 }>['data'] {
  if (!isSuccess(response)) throw new Error(`Status ${response.status}`)
  return response.data
}

function isSuccess<Given extends AnyResponse>(response: Given): response is Extract<Given, { status: 200 }> {
  return response.status === 200
}
