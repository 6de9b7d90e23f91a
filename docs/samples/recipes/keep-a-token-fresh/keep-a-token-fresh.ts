// Counts the phones of each borrower of an order. Logs in once, and again when the token expires.
import { createClient, loginToken, RecoveryConnectError } from '@recoveryconnect/client'

const rc = createClient({
  // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
  baseUrl: process.env.RECOVERYCONNECT_URL ?? 'http://127.0.0.1:4020',
  // The client logs in when it first needs a token, shortly before the token expires, and once after a 401.
  token: loginToken({
    // The local sandbox accepts every account.
    username: process.env.RECOVERYCONNECT_USERNAME ?? 'example-user',
    password: process.env.RECOVERYCONNECT_PASSWORD ?? 'example-password',
  }),
})

try {
  const { data: borrowers } = await rc.borrowers.list({ order_id: 57062885 })
  for (const borrower of borrowers) {
    const { data: phones } = await rc.borrowerPhones.list({ order_id: 57062885, borrower_id: borrower?.id })
    console.log(`${borrower.id}: ${phones.length} phones`)
  }
} catch (error) {
  if (!(error instanceof RecoveryConnectError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
