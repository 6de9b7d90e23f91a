// Prints the phones of an order, each with the objections to a call. "no objection" isn't permission to call.
import { createClient, objectionsTo, RecoveryConnectError } from '@recoveryconnect/client'

const rc = createClient({
  // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
  baseUrl: process.env.RECOVERYCONNECT_URL ?? 'http://127.0.0.1:4020',
  token: process.env.RECOVERYCONNECT_TOKEN ?? 'demo',
})
const order = { order_id: 57062885 }

try {
  const { data: borrowers } = await rc.borrowers.list(order)
  const found = []
  for (const borrower of borrowers) {
    const ids = { ...order, borrower_id: borrower.id }
    const { data: phones } = await rc.borrowerPhones.list(ids)
    const { data: addresses } = await rc.borrowerAddresses.list(ids)
    found.push({ borrower, phones, addresses })
  }

  // Borrowers can share a number, so check each phone against the phones of all borrowers.
  const phones = found.flatMap((one) => one.phones)
  for (const { borrower, addresses, phones: own } of found)
    for (const phone of own) {
      const objections = objectionsTo(phone, { phones, borrower, addresses })
      console.log(phone.id, objections.map(({ kind }) => kind).join(', ') || 'no objection')
    }
} catch (error) {
  if (!(error instanceof RecoveryConnectError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
