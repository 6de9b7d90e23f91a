import createClient from 'openapi-fetch'
import type { paths } from './generated/schema.js'
import { account, borrower, type Findings, findNumbers, order } from './shape.js'

const borrowers = '/api/v140/orders/{order_id}/borrowers'
const addresses = `${borrowers}/{borrower_id}/addresses` as const
const phones = `${borrowers}/{borrower_id}/phones` as const
const phone = `${phones}/{phone_id}` as const

export async function runProgram(baseUrl: string): Promise<Findings> {
  const client = createClient<paths>({ baseUrl })
  const { access_token } = success(await client.POST('/api/v140/auth', { body: account }))
  client.use({
    onRequest: ({ request }) => request.headers.set('Authorization', `Bearer ${access_token}`),
  })
  const numbers: string[] = []
  for (const person of success(await client.GET(borrowers, { params: { path: order } })).data) {
    const params = { path: { ...order, borrower_id: person.id } }
    const theirAddresses = success(await client.GET(addresses, { params }))
    const theirPhones = success(await client.GET(phones, { params }))
    numbers.push(...findNumbers(person, theirAddresses.data, theirPhones.data))
  }
  const create = success(
    await client.POST(phones, {
      params: { path: borrower },
      body: { type: 6, number: '2025550143', valid: 1, no_contact: 0 },
    }),
  )
  const params = { path: { ...borrower, phone_id: create.data.id } }
  const get = success(await client.GET(phone, { params }))
  const update = success(await client.PUT(phone, { params, body: { no_contact: 1 } }))
  const remove = success(await client.DELETE(phone, { params }))
  const gone = await client.GET(phone, { params })
  return {
    numbers,
    created: create.data.number,
    read: get.data.number,
    updated: update.data.no_contact,
    deleted: remove.data.success,
    gone: gone.response.status,
  }
}

/** openapi-fetch returns errors as values. */
function success<Data>({ data, response }: { data?: Data; response: Response }): Data {
  if (data === undefined) throw new Error(`Status ${response.status}`)
  return data
}
