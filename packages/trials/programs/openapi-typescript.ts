import createClient from 'openapi-fetch'
import type { paths } from './generated/schema.js'
import { borrower, type Lifecycle } from './shape.js'

const phones = '/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones'
const onePhone = `${phones}/{phone_id}` as const

export async function runLifecycle(baseUrl: string, token: string): Promise<Lifecycle> {
  const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${token}` } })
  const list = await client.GET(phones, { params: { path: borrower } })
  const create = await client.POST(phones, {
    params: { path: borrower },
    body: { type: 6, number: '2025550143', valid: 1, no_contact: 0 },
  })
  const params = { path: { ...borrower, phone_id: create.data?.data.id ?? 0 } }
  const get = await client.GET(onePhone, { params })
  const update = await client.PUT(onePhone, { params, body: { no_contact: 1 } })
  const remove = await client.DELETE(onePhone, { params })
  const gone = await client.GET(onePhone, { params })
  return {
    listed: list.data?.data.map(({ id }) => id) ?? [],
    created: create.data?.data.number ?? '',
    read: get.data?.data.number ?? '',
    updated: update.data?.data.no_contact ?? 0,
    deleted: remove.data?.data.success ?? false,
    gone: gone.response.status,
  }
}
