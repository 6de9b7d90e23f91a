// Creates a phone, unless the borrower has a record with the number.
// If it fails, wait half a minute and run it again: it looks for the record first.
import { createClient, RecoveryConnectError } from '@recoveryconnect/client'

const rc = createClient({
  // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
  baseUrl: process.env.RECOVERYCONNECT_URL ?? 'http://127.0.0.1:4020',
  token: process.env.RECOVERYCONNECT_TOKEN ?? 'demo',
})
const ids = { order_id: 57062885, borrower_id: 124927241 }
const body = { type: 6, number: '2025550143', valid: 1, no_contact: 0 } as const

try {
  const { data: phones } = await rc.borrowerPhones.list(ids)
  const found = phones.map(({ id, number }) => ({ id, digits: readDigits(number) }))
  const same = found.find(({ digits }) => digits === body.number)
  const unclear = found.find(({ digits }) => digits === 'unreadable')
  if (same) console.log(`stored already as ${same.id}`)
  else if (unclear) {
    console.error(`check by hand: ${unclear.id}`)
    process.exitCode = 1
  } else {
    // The client never sends a create twice, and throws if the API stores other flags.
    const { data } = await rc.borrowerPhones.create(ids, body)
    console.log(`stored as ${data.id}`)
  }
} catch (error) {
  if (!(error instanceof RecoveryConnectError)) throw error
  console.error(error.message, error.body ?? '')
  process.exitCode = 1
}

/** A number that is masked, partial or otherwise not ten digits can be any number. */
function readDigits(number: string): string {
  const digits = number.replaceAll(/[ ().+-]/g, '').replace(/^1/, '')
  return /^[2-9][0-9]{9}$/.test(digits) ? digits : 'unreadable'
}
