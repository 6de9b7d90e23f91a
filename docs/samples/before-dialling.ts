import { createClient, dialable } from '@recoveryconnect/client'

const { RECOVERYCONNECT_TOKEN: token = '', RECOVERYCONNECT_URL: baseUrl } = process.env
const rc = createClient({ token, baseUrl })

const { data: phones } = await rc.borrowerPhones.list({ order_id: 57062885, borrower_id: 124927241 })
for (const { id } of dialable(phones)) console.log('no flag against dialing', id)
