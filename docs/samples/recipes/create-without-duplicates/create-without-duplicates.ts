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
  await createOnce()
} catch (error) {
  if (!(error instanceof RecoveryConnectError)) throw error
  fail(error.message)
}

async function createOnce(): Promise<void> {
  // A number with dashes never matches a stored one, so each run would create it again.
  if (readDigits(body.number) !== body.number) return fail('The number must be ten digits, without dashes.')

  const { data: phones } = await rc.borrowerPhones.list(ids)
  const same = phones.filter((phone) => readDigits(phone?.number) === body.number)
  if (same.some(({ id }) => !id)) return fail('A record with this number has no id. Check by hand.')
  const other = same.find(({ valid, no_contact }) => valid !== body.valid || no_contact !== body.no_contact)
  if (other) return fail(`Don't dial. The number is stored with other flags: ${other.id}`)
  const deleted = same.filter((phone) => 'deleted_at' in phone && phone.deleted_at !== null)
  const kept = same.find((phone) => !deleted.includes(phone))
  if (kept) return console.log(`stored already as ${kept.id}`)
  const unreadable = phones.filter((phone) => readDigits(phone?.number) === 'unreadable')
  const unclear = [...deleted, ...unreadable].map((phone) => phone?.id || 'without an id').join(', ')
  if (unclear) return fail(`Check by hand whether one of these has the number and isn't deleted: ${unclear}`)

  // The client never sends a create twice, and throws if the API stores other flags.
  const { data, status } = await rc.borrowerPhones.create(ids, body)
  if (!data.id || (status ?? 'success') !== 'success') return fail('The API returned something else.')
  console.log(`stored as ${data.id}`)
}

/** A number that is masked, partial or otherwise not ten digits can be any number. */
function readDigits(number: string): string {
  const digits = String(number)
    .replaceAll(/[ ().+-]/g, '')
    .replace(/^1/, '')
  return /^[2-9][0-9]{9}$/.test(digits) ? digits : 'unreadable'
}

function fail(message: string): void {
  console.error(message)
  process.exitCode = 1
}
