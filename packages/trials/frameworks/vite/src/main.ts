import { createClient } from '@recoveryconnect/client'

const rc = createClient({ token: 'any-token', baseUrl: location.origin })
const { data } = await rc.borrowerPhones.list({ order_id: 57062885, borrower_id: 124927241 })
document.body.textContent = data.map(({ number }) => number).join(', ')
