import { createClient, loginToken } from '@recoveryconnect/client'

const {
  RECOVERYCONNECT_USERNAME: username = '',
  RECOVERYCONNECT_PASSWORD: password = '',
  RECOVERYCONNECT_URL: baseUrl,
} = process.env
const rc = createClient({ token: loginToken({ username, password, baseUrl }), baseUrl })

const { data: phones } = await rc.borrowerPhones.list({ order_id: 57062885, borrower_id: 124927241 })
console.log(`${phones.length} phones`)
