import {
  createBorrowerPhone,
  deleteBorrowerPhone,
  getBorrowerPhone,
  listBorrowerPhones,
  updateBorrowerPhone,
} from './generated/api.js'
import { borrower, type Life } from './shape.js'

export async function live(baseUrl: string, token: string): Promise<Life> {
  // The generated functions take the server from the name that was given when they were made.
  Object.assign(globalThis, { serverOfTheTrial: baseUrl })
  const options = { headers: { Authorization: `Bearer ${token}` } }
  const { order_id, borrower_id } = borrower
  const list = success(await listBorrowerPhones(order_id, borrower_id, options))
  const phone = { type: 6, number: '2025550143', valid: 1, no_contact: 0 } as const
  const create = success(await createBorrowerPhone(order_id, borrower_id, phone, options))
  const id = create.data.id
  const get = success(await getBorrowerPhone(order_id, borrower_id, id, options))
  const update = success(await updateBorrowerPhone(order_id, borrower_id, id, { no_contact: 1 }, options))
  const remove = success(await deleteBorrowerPhone(order_id, borrower_id, id, options))
  const gone = await getBorrowerPhone(order_id, borrower_id, id, options)
  return {
    listed: list.data.map(({ id }) => id),
    created: create.data.number,
    read: get.data.number,
    updated: update.data.no_contact,
    deleted: remove.data.success,
    gone: gone.status,
  }
}

/** The answer of a success; the status tells it from the failures. */
function success<Answer extends { status: number; data: unknown }>(
  answer: Answer,
): Extract<Answer, { status: 200 }>['data'] {
  if (answer.status !== 200) throw new Error(`Status ${answer.status}`)
  return answer.data as Extract<Answer, { status: 200 }>['data']
}
