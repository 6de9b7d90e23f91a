const { createClient } = require('@recoveryconnect/client')

exports.listNumbers = async (options) => {
  const rc = createClient({ token: 'any-token', ...options })
  const { data } = await rc.borrowerPhones.list({ order_id: 57062885, borrower_id: 124927241 })
  return data.map(({ number }) => number)
}
