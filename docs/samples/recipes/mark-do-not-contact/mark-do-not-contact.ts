// Marks a number do-not-contact in every record of the borrower that has it.
// If it fails, run it again, and don't dial the number in the meantime.
import { createClient, RecoveryConnectError } from '@recoveryconnect/client'

const rc = createClient({
  // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
  baseUrl: process.env.RECOVERYCONNECT_URL ?? 'http://127.0.0.1:4020',
  token: process.env.RECOVERYCONNECT_TOKEN ?? 'demo',
})
const ids = { order_id: 57062885, borrower_id: 124927241 }

try {
  await mark(readDigits('678-932-1578'))
} catch (error) {
  if (!(error instanceof RecoveryConnectError)) throw error
  fail(error.message)
}

async function mark(number: string): Promise<void> {
  if (number.length !== 10) return fail('The number must have ten digits.')
  const { data: phones } = await rc.borrowerPhones.list(ids)
  const same = phones.filter((phone) => readDigits(phone?.number).includes(number))
  if (same.length === 0) fail('No record has this number.')
  for (const { id } of same) {
    // Fails if the API returns another flag. The other records with the number have to be marked all the same.
    const result = await rc.borrowerPhones.update({ ...ids, phone_id: id }, { no_contact: 1 }).result()
    const { data, status } = result.ok ? result.data : {}
    if (!result.ok) fail(`Don't dial. ${id} isn't marked. ${result.error.message}`)
    else if (String(data?.id) !== String(id) || (status ?? 'success') !== 'success')
      fail(`Don't dial. ${id} isn't marked. The API returned something else.`)
    else console.log(`${id} is marked do-not-contact`)
  }
}

function readDigits(number: string): string {
  return String(number).replaceAll(/[^0-9]/g, '')
}

function fail(message: string): void {
  console.error(message)
  process.exitCode = 1
}
