import fetchClient from '@kubb/plugin-client/clients/fetch'
import {
  createBorrowerPhone,
  deleteBorrowerPhone,
  getBorrowerPhone,
  listBorrowerPhones,
  updateBorrowerPhone,
} from './generated/index.ts'
import { borrower, type Lifecycle } from './shape.ts'

export async function runLifecycle(baseURL: string, token: string): Promise<Lifecycle> {
  const options = { baseURL, headers: { Authorization: `Bearer ${token}` } }
  const { order_id, borrower_id } = borrower
  const list = await listBorrowerPhones(order_id, borrower_id, options)
  const phone = { type: 6, number: '2025550143', valid: 1, no_contact: 0 } as const
  const create = await createBorrowerPhone(order_id, borrower_id, phone, {
    ...options,
    headers: { ...options.headers, 'Content-Type': 'application/json' },
  })
  const ids = [order_id, borrower_id, create.data.id] as const
  const get = await getBorrowerPhone(...ids, options)
  const update = await updateBorrowerPhone(
    ...ids,
    { no_contact: 1 },
    {
      ...options,
      headers: { ...options.headers, 'Content-Type': 'application/json' },
    },
  )
  const remove = await deleteBorrowerPhone(...ids, options)
  const url = `/api/v140/orders/${order_id}/borrowers/${borrower_id}/phones/${create.data.id}`
  const gone = await fetchClient({ method: 'GET', url, ...options })
  return {
    listed: list.data.map(({ id }) => id),
    created: create.data.number,
    read: get.data.number,
    updated: update.data.no_contact,
    deleted: remove.data.success,
    gone: gone.status,
  }
}
