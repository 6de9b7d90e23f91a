import { createClient } from '@recoveryconnect/client'

const { RECOVERYCONNECT_TOKEN: token = '', RECOVERYCONNECT_URL: baseUrl } = process.env
const { borrowerPhones } = createClient({ token, baseUrl })
const borrower = { order_id: 57062885, borrower_id: 124927241 }
const wanted = { type: 6, number: '2025550143', valid: 1, no_contact: 0 } as const

async function createOnce() {
  const before = new Set((await borrowerPhones.list(borrower)).data.map(({ id }) => id))
  const created = await borrowerPhones.create(borrower, wanted).result()
  if (created.ok) return created.data.data
  if (!created.error.mayHaveBeenCarriedOut) throw created.error
  const { data: phones } = await borrowerPhones.list(borrower)
  const digits = (number: string) => number.replaceAll('-', '')
  return phones.find(({ id, number }) => !before.has(id) && digits(number) === wanted.number)
}

const phone = await createOnce()
console.log(phone ? `stored as ${phone.id}` : 'not stored: create it again')
