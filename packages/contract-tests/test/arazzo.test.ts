import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startMock } from '@recoveryconnect/mock'
import { startSandbox } from '@recoveryconnect/sandbox'
import { startWorkerd } from '@recoveryconnect/sandbox/workerd'
import { expect, test } from 'vitest'
import { runWorkflow } from '../src/arazzo.ts'

test('the life of a phone record runs against the mock', async () => {
  const mock = await startMock({ port: 0 })
  const report = await runWorkflow('lifecycle', mock.url, 'any-token').finally(() => mock.close())
  expect(report).toMatch(/Steps:\s+5 passed, 5 total/)
})

test.each([
  ['lifecycle', 5, 'sandbox', () => startSandbox({ port: 0 })],
  ['gone', 3, 'sandbox', () => startSandbox({ port: 0 })],
  ['lifecycle', 5, 'hosted sandbox', startWorkerd],
  ['gone', 3, 'hosted sandbox', startWorkerd],
] as const)('the workflow %s (%i steps) runs against the %s', async (workflow, steps, _, start) => {
  const sandbox = await start()
  const report = await runWorkflow(workflow, sandbox.url, 'any-token').finally(() => sandbox.close())
  expect(report).toMatch(new RegExp(`Steps:\\s+${steps} passed, ${steps} total`))
})

test('a step that goes wrong fails the workflow', async () => {
  const server = createServer((_, response) => response.writeHead(500).end('{}')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await expect(runWorkflow('lifecycle', url, 'any-token').finally(() => server.close())).rejects.toThrow()
})

test.each(['https://api.mbsisystems.com', 'http://10.0.0.1:4010', 'http://127.0.0.1.example.com'])(
  '%s is refused: the workflow writes',
  async (url) => {
    await expect(runWorkflow('lifecycle', url, 'any-token')).rejects.toThrow(/loopback only/)
  },
)
