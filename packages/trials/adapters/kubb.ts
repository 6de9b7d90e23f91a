import { check, mended, serve } from './frame.js'
import {
  createBorrowerPhone,
  deleteBorrowerPhone,
  listBorrowerPhones,
  listBorrowers,
  updateBorrowerPhone,
} from './generated/index.ts'

serve(({ base_url: baseURL, token, ids, body, deadline_ms }) => {
  const { order_id, borrower_id, phone_id } = ids
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }
  // Its runtime passes no other options to `fetch`.
  const config = { baseURL, headers, ...(mended && { signal: AbortSignal.timeout(deadline_ms) }) }
  return {
    listBorrowers: () => check(listBorrowers(order_id, config)),
    listBorrowerPhones: () => check(listBorrowerPhones(order_id, borrower_id, config)),
    createBorrowerPhone: () => check(createBorrowerPhone(order_id, borrower_id, body, config)),
    updateBorrowerPhone: () => check(updateBorrowerPhone(order_id, borrower_id, phone_id, body, config)),
    deleteBorrowerPhone: () => check(deleteBorrowerPhone(order_id, borrower_id, phone_id, config)),
  }
})
