import { check, mend, serve } from './frame.js'
import {
  createBorrowerPhone,
  deleteBorrowerPhone,
  listBorrowerPhones,
  listBorrowers,
  updateBorrowerPhone,
} from './generated/api.js'

serve((sent) => {
  const { order_id, borrower_id, phone_id } = sent.ids
  const options = { headers: { Authorization: `Bearer ${sent.token}` }, ...mend(sent) }
  // The generated functions read it: see generators.ts.
  process.env.TRIAL_SERVER = sent.base_url
  return {
    listBorrowers: () => check(listBorrowers(order_id, options)),
    listBorrowerPhones: () => check(listBorrowerPhones(order_id, borrower_id, options)),
    createBorrowerPhone: () => check(createBorrowerPhone(order_id, borrower_id, sent.body, options)),
    updateBorrowerPhone: () =>
      check(updateBorrowerPhone(order_id, borrower_id, phone_id, sent.body, options)),
    deleteBorrowerPhone: () => check(deleteBorrowerPhone(order_id, borrower_id, phone_id, options)),
  }
})
