import { createClient } from './client/client'
import { listBorrowerPhones } from './client/sdk.gen'

const client = createClient({
  // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com, and replace the ids.
  baseUrl: process.env.RECOVERYCONNECT_URL ?? 'http://127.0.0.1:4020',
  auth: process.env.RECOVERYCONNECT_TOKEN ?? 'demo',
  parseAs: 'json',
  redirect: 'error',
})
const { data, error, response } = await listBorrowerPhones({
  client,
  path: { order_id: 57062885, borrower_id: 124927241 },
  signal: AbortSignal.timeout(10_000),
})
if (!data) {
  console.error(response ? `The API returned the status ${response.status}.` : `No response: ${error}`)
  process.exit(1)
}
for (const { id } of data.data) console.log(id)
