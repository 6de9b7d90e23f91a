const { RecoveryConnectError } = require('@recoveryconnect/client')
const { createSandboxFetch } = require('@recoveryconnect/sandbox/fetch')
const { listBorrowerPhones } = require('@recoveryconnect/spec/validators')
const { listNumbers } = require('./phones')

test('lists numbers without a network', async () => {
  const fetch = createSandboxFetch()
  expect(await listNumbers({ fetch })).toEqual(['678-932-1578', '887-213-6744'])
})

test('lists numbers over HTTP', async () => {
  expect(await listNumbers({ baseUrl: process.env.SANDBOX_URL })).toEqual(['678-932-1578', '887-213-6744'])
})

test('recognizes an error and validates a response', async () => {
  await expect(listNumbers({ token: 'sandbox-expired', fetch: createSandboxFetch() })).rejects.toThrow(
    RecoveryConnectError,
  )
  expect(listBorrowerPhones.responses[200]({ data: [] })).toBe(true)
})
