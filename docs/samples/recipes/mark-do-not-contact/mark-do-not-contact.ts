// Marks a number do-not-contact in every record of the borrower that has it.
// If it fails, run it again, and don't dial the number in the meantime.
import { createClient, RecoveryConnectError } from '@recoveryconnect/client'

const rc = createClient({
  // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
  baseUrl: process.env.RECOVERYCONNECT_URL ?? 'http://127.0.0.1:4020',
  token: process.env.RECOVERYCONNECT_TOKEN ?? 'demo',
})
const ids = { order_id: 57062885, borrower_id: 124927241 }
const number = '6789321578'

try {
  const { data: phones } = await rc.borrowerPhones.list(ids)
  const same = phones.filter((phone) => phone.number.replaceAll(/[^0-9]/g, '').includes(number))
  if (same.length === 0) {
    console.error('No record has this number.')
    process.exitCode = 1
  }
  for (const { id } of same) {
    // Throws if the API stores anything else.
    await rc.borrowerPhones.update({ ...ids, phone_id: id }, { no_contact: 1 })
    console.log(`${id} is marked do-not-contact`)
  }
} catch (error) {
  if (!(error instanceof RecoveryConnectError)) throw error
  console.error(error.message, error.body ?? '')
  process.exitCode = 1
}
