const { checkResponses, createClient, RecoveryConnectError } = require('@recoveryconnect/client')
const { listBorrowerPhones } = require('@recoveryconnect/spec/validators')

const ids = { order_id: 57062885, borrower_id: 124927241 }
const rc = createClient({
  token: 'any-token',
  baseUrl: process.env.SANDBOX_URL,
  checkResponse: checkResponses({ listBorrowerPhones }),
})

async function main() {
  console.log(process.version)
  const { data } = await rc.borrowerPhones.list(ids)
  console.log(data.map(({ number }) => number).join(', '))
  try {
    await rc.borrowerPhones.get({ ...ids, phone_id: 404 })
  } catch (error) {
    // The copy for ES modules, as another dependency would load it.
    const other = await import('@recoveryconnect/client')
    console.log(
      error.kind,
      error instanceof RecoveryConnectError && error instanceof other.RecoveryConnectError,
    )
  }
}

main()
