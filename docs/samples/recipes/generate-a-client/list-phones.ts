import { createClient } from './client/client'
import { listBorrowerPhones } from './client/sdk.gen'

const client = createClient({
  // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
  baseUrl: process.env.RECOVERYCONNECT_URL ?? 'http://127.0.0.1:4020',
  auth: process.env.RECOVERYCONNECT_TOKEN ?? 'demo',
  parseAs: 'json',
  redirect: 'error',
})
const { data } = await listBorrowerPhones({
  client,
  path: { order_id: 57062885, borrower_id: 124927241 },
  signal: AbortSignal.timeout(10_000),
  throwOnError: true,
})
console.log(data)
