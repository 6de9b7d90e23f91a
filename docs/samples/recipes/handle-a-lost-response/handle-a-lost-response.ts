// Creates a phone. If the response is lost, finds out whether the API stored the record.
import { createClient, createOutcome, RecoveryConnectError } from '@recoveryconnect/client'

const { borrowerPhones } = createClient({
  // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
  baseUrl: process.env.RECOVERYCONNECT_URL ?? 'http://127.0.0.1:4020',
  token: process.env.RECOVERYCONNECT_TOKEN ?? 'demo',
})
const ids = { order_id: 57062885, borrower_id: 124927241 }
const body = { type: 6, number: '2025550143', valid: 1, no_contact: 0 } as const

try {
  const { data: before } = await borrowerPhones.list(ids)
  const result = await borrowerPhones.create(ids, body).result()
  if (result.ok) console.log(`stored as ${result.data.data.id}`)
  else if (!result.error.mayHaveBeenCarriedOut) throw result.error
  else await findOut(before, result.error)
} catch (error) {
  if (!(error instanceof RecoveryConnectError)) throw error
  console.error(error.message, error.body ?? '')
  process.exitCode = 1
}

/** Looks for the record for up to half a minute, because the server may still be working. */
async function findOut(before: { id: number }[], error: RecoveryConnectError): Promise<void> {
  const outcome = await createOutcome(borrowerPhones, { ids, body, error, before })
  if (outcome.created === true && outcome.contradicts.length === 0) {
    console.log(`stored as ${outcome.phone.id}`)
    return
  }
  process.exitCode = 1
  if (outcome.created === true) console.error(`Don't dial. The API stored other flags: ${outcome.phone.id}`)
  else if (outcome.created === false) console.error('Not stored after 30 seconds. You can create it again.')
  else {
    const found = outcome.candidates.map(({ id }) => id)
    console.error('A person has to decide whether one of these is the record:', found)
  }
}
