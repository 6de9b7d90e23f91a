import createClient from 'openapi-fetch'
import { check, mend, serve } from './frame.js'
import type { paths } from './generated/schema.js'

const borrowers = '/api/v140/orders/{order_id}/borrowers'
const phones = `${borrowers}/{borrower_id}/phones` as const
const phone = `${phones}/{phone_id}` as const

const client = createClient<paths>()

serve((sent) => {
  const { base_url: baseUrl, token, ids: path, body } = sent
  const options = { baseUrl, headers: { Authorization: `Bearer ${token}` }, params: { path }, ...mend(sent) }
  return {
    listBorrowers: () => status(client.GET(borrowers, options)),
    listBorrowerPhones: () => status(client.GET(phones, options)),
    createBorrowerPhone: () => status(client.POST(phones, { ...options, body })),
    updateBorrowerPhone: () => status(client.PUT(phone, { ...options, body })),
    deleteBorrowerPhone: () => status(client.DELETE(phone, options)),
  }
})

function status(result: Promise<{ response: Response; data?: unknown }>): Promise<unknown> {
  return check(result.then(({ response, data }) => ({ status: response.status, data })))
}
