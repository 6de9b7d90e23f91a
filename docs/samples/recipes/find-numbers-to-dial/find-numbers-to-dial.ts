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
    const ids = { ...order, borrower_id: borrower?.id }
    const { data: phones } = await rc.borrowerPhones.list(ids)
    const { data: addresses } = await rc.borrowerAddresses.list(ids)
    if (phones.some((phone) => !phone?.id)) {
      console.error('A record has no id.')
      process.exit(1)
    }
    // Borrowers can share a number, so an objection to one of them rules out its numbers for the others, too.
    const forOthers = phones.map((phone) => {
      const objections = objectionsTo(phone, { phones: [], borrower, addresses })
      const isRuledOut = objections.some(({ resource }) => resource !== 'borrowerPhones')
      return isRuledOut ? { ...phone, no_contact: 1 as const } : phone
    })
    found.push({ borrower, addresses, phones, forOthers })
  }

  for (const one of found) {
    const { borrower, addresses, phones: own } = one
    const phones = found.flatMap((other) => (other === one ? own : other.forOthers))
    for (const phone of own) {
      const objections = objectionsTo(phone, { phones, borrower, addresses })
      console.log(phone.id, objections.map(({ kind }) => kind).join(', ') || 'no objection')
    }
  }
} catch (error) {
  if (!(error instanceof RecoveryConnectError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
