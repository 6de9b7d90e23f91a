/** A world as earlier versions stored it: the paths of orders and borrowers, and the phones with their parents. */

const phone = {
  ...{ id: 39317578, type: 5, mobile_carrier_id: null, number: '678-932-1578', extension: null, memo: 'old' },
  ...{ valid: 1, no_contact: 1, created_at: '2026-03-07 14:03:51', updated_at: '2026-03-07 14:03:51' },
  ...{ deleted_at: null, migration: null, address_with_number: 'No address' },
}
const paths = ['57062885', '57062885/124927241', '57062886', '57062886/124927241', '57062887']

export const oldWorld = JSON.stringify({ parents: paths, nextIds: { phones: 39317585 } })
export const oldRecord = { id: phone.id, content: JSON.stringify({ parent: paths[3], record: phone }) }

/** The same world as a world file, without what the sandbox adds. */
export const oldWorldFile = {
  orders: [
    { order_id: 57062885, borrowers: [{ borrower_id: 124927241, phones: [] }] },
    { order_id: 57062886, borrowers: [{ borrower_id: 124927241, phones: [phone] }] },
    { order_id: 57062887, borrowers: [] },
  ],
  next_ids: { phones: 39317585 },
}
