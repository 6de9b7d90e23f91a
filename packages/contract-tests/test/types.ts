/** Calls that must not compile. Checked by `tsc`: an expected error that does not come is an error. */
import { createClient, type Schemas } from '@recoveryconnect/client'

const rc = createClient({ token: 'token' })
const borrower = { order_id: 57062885, borrower_id: 124927241 }
const phone = { ...borrower, phone_id: 39317581 }

export async function mustNotCompile(): Promise<void> {
  // @ts-expect-error the borrower is missing
  await rc.borrowerPhones.list({ order_id: 1 })
  // @ts-expect-error ids are numbers, bigints or strings
  await rc.borrowerPhones.list({ order_id: true, borrower_id: 2 })
  // @ts-expect-error ids keep the names they have on the wire
  await rc.borrowerPhones.list({ orderId: 1, borrowerId: 2 })
  // @ts-expect-error a phone id is missing
  await rc.borrowerPhones.get(borrower)
  // @ts-expect-error a create needs a body
  await rc.borrowerPhones.create(borrower)
  // @ts-expect-error the number is required
  await rc.borrowerPhones.create(borrower, { type: 6 })
  // @ts-expect-error the type is required
  await rc.borrowerPhones.create(borrower, { number: '6789321578' })
  // @ts-expect-error a number is a string
  await rc.borrowerPhones.create(borrower, { type: 6, number: 6789321578 })
  // @ts-expect-error a flag is 0 or 1, never a boolean
  await rc.borrowerPhones.update(phone, { no_contact: true })
  // @ts-expect-error a flag is 0 or 1
  await rc.borrowerPhones.update(phone, { valid: 2 })
  // @ts-expect-error fields keep the names they have on the wire
  await rc.borrowerPhones.update(phone, { noContact: 1 })
  // @ts-expect-error the id is not the caller's to set
  await rc.borrowerPhones.update(phone, { id: 1 })
  // @ts-expect-error an extension is a string
  await rc.borrowerPhones.update(phone, { extension: 44 })
  // @ts-expect-error there is no such operation
  await rc.borrowerPhones.remove(phone)

  const { data: phones } = await rc.borrowerPhones.list(borrower)
  // @ts-expect-error a list does not say when a phone was deleted
  phones[0]?.deleted_at
  const { data, status } = await rc.borrowerPhones.get(phone)
  // @ts-expect-error the carrier may be null
  data.mobile_carrier_id.toFixed()
  // @ts-expect-error the status may be missing
  status.length
  const { data: deletion } = await rc.borrowerPhones.delete(phone)
  // @ts-expect-error a delete returns a confirmation, not the record
  deletion.id
}

/** The types say what the contract says; a change of either breaks the assignment. */
export const flag: 0 | 1 = {} as NonNullable<Schemas['BorrowerPhoneUpdate']['no_contact']>
