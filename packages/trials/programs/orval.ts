import {
  createBorrowerPhone,
  deleteBorrowerPhone,
  getBorrowerPhone,
  listBorrowerPhones,
  updateBorrowerPhone,
} from './generated/api.js'
import { borrower, type Lifecycle } from './shape.js'

export async function runLifecycle(baseUrl: string, token: string): Promise<Lifecycle> {
  // The generated functions read the server from this global: see generators.ts.
  Object.assign(globalThis, { trialServer: baseUrl })
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

/** The data of a 200 response. The status tells its type from that of an error response. */
function success<Response extends { status: number; data: unknown }>(
  response: Response,
): Extract<Response, { status: 200 }>['data'] {
  if (response.status !== 200) throw new Error(`Status ${response.status}`)
  return response.data as Extract<Response, { status: 200 }>['data']
}
