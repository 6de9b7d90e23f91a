// Creates a phone. If the response is lost, finds out whether the API stored the record.
// Exit code: 0 if it's stored, 1 if nothing was stored, 2 if a person has to look, 3 if you can create it again.
// Don't run it again after a 0 or 2: it would create a second record, because it doesn't look for older ones.
// Treat every exit code that isn't listed, such as that of a program that was killed, as 2.
import { createClient, createOutcome, type RecoveryConnectError } from '@recoveryconnect/client'

const { borrowerPhones } = createClient({
  // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
  baseUrl: process.env.RECOVERYCONNECT_URL ?? 'http://127.0.0.1:4020',
  token: process.env.RECOVERYCONNECT_TOKEN ?? 'demo',
})
const ids = { order_id: 57062885, borrower_id: 124927241 }
const body = { type: 6, number: '2025550143', valid: 1, no_contact: 0 } as const

if (!/^[2-9][0-9]{9}$/.test(body.number)) stop(1, 'Nothing was sent. The number must be ten digits.')
else {
  const listed = await borrowerPhones.list(ids).result()
  if (!listed.ok) stop(1, `Nothing was sent. ${listed.error.message}`)
  else
    await createOnce(listed.data.data).catch((error: Error) =>
      stop(2, describeUnknown(`The program failed: ${error.name}`)),
    )
}

async function createOnce(before: { id: number }[]): Promise<void> {
  // By default, the client sends a create again after a 429, which can come from a gateway, too.
  const result = await borrowerPhones.create(ids, body, { maxAttempts: 1, checkResponse }).result()
  if (result.ok) console.log(`stored as ${result.data.data.id}`)
  else if (result.error.mayHaveBeenCarriedOut) await findOut(before, result.error)
  // A gateway can return a 4XX after the API stored the phone. The API's errors have a message.
  else if (result.error.headers && !Object(result.error.body).message)
    stop(2, describeUnknown(result.error.message))
  // The client assumes that most 4XX mean that nothing was stored. The vendor doesn't document any error.
  else stop(1, `Nothing was stored. ${result.error.message}`)
}

/** Reports a 200 that isn't a success as an error, so that the program looks for the record. */
function checkResponse(_: string, response: unknown): string[] {
  const { data, status } = response as { data: { id?: number }; status?: string | null }
  return data.id && (status ?? 'success') === 'success' ? [] : ['data.id or status']
}

/** Looks for the record for up to half a minute, because the server may still be working. The time is our choice. */
async function findOut(before: { id: number }[], error: RecoveryConnectError): Promise<void> {
  const attempt = { ids, body, error, before }
  const outcome = await createOutcome(borrowerPhones, attempt).catch((failure: Error) => failure)
  if (outcome instanceof Error) stop(2, describeUnknown(outcome.message))
  else if (outcome.created === false) stop(3, 'Not stored after 30 seconds. You can create it again.')
  else if (outcome.created === true && outcome.contradicts.length === 0)
    console.log(`stored as ${outcome.phone.id}`)
  else if (outcome.created === true)
    stop(2, `Don't dial. The API stored something else: ${outcome.phone.id || 'without an id'}`)
  else if (outcome.candidates.length === 0) stop(2, describeUnknown('The list is one page of several'))
  else {
    const found = outcome.candidates.flatMap((phone) => phone?.id ?? []).join(', ')
    stop(2, `A person has to decide whether one of these is the record: ${found || 'without an id'}`)
  }
}

function describeUnknown(reason: string): string {
  return `It's unknown whether the API stored the phone. ${reason}. List the phones before you create it again.`
}

function stop(status: number, message: string): void {
  console.error(message)
  process.exitCode = status
}
