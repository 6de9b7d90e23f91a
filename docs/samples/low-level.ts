import { createClient, openapiClient, readEnvironment } from '@recoveryconnect/client'

const http = openapiClient(createClient(readEnvironment()).connection)
http.use({
  onRequest: ({ request }) => request.headers.set('X-Example', 'example-dialer'),
  onResponse: ({ schemaPath, response }) => console.log(response.status, schemaPath),
})

const { data, error } = await http.GET('/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones', {
  params: { path: { order_id: 57062885, borrower_id: 124927241 } },
})
if (error) console.error('error:', error.message)
else console.log(`${data.data.length} phones`)
