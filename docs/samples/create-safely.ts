import { createClient, createOutcome } from '@recoveryconnect/client'

const { RECOVERYCONNECT_TOKEN: token = '', RECOVERYCONNECT_URL: baseUrl } = process.env
const { borrowerPhones } = createClient({ token, baseUrl })
const ids = { order_id: 57062885, borrower_id: 124927241 }
const body = { type: 6, number: '2025550143', valid: 1, no_contact: 0 } as const

const { data: before } = await borrowerPhones.list(ids)
const result = await borrowerPhones.create(ids, body).result()
const outcome = result.ok
  ? { created: true as const, phone: result.data.data, contradicts: [] }
  : await createOutcome(borrowerPhones, { ids, body, error: result.error, before })

if (outcome.created === true && outcome.contradicts.length === 0) console.log('stored as', outcome.phone.id)
else if (outcome.created === true) console.log('stored with different flags, do not dial:', outcome.phone.id)
if (outcome.created === false) console.log('not stored after 30 seconds, you can create it again')
if (outcome.created === 'unknown') console.log('ask a person to decide, records:', outcome.candidates.length)
