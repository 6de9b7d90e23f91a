import { createClient, objectionsTo } from '@recoveryconnect/client'

const { RECOVERYCONNECT_TOKEN: token = '', RECOVERYCONNECT_URL: baseUrl } = process.env
const rc = createClient({ token, baseUrl })
const order = { order_id: 57062885 }

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
