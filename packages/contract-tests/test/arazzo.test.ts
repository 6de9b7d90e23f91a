import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startMock } from '@recoveryconnect/mock'
import { startSandbox } from '@recoveryconnect/sandbox'
import { startWorkerd } from '@recoveryconnect/sandbox/workerd'
import { describe, expect, test } from 'vitest'
import { runWorkflow } from './arazzo.ts'

// Each workflow runs in a process of its own.
describe.concurrent('the workflows of the contract', () => {
  test.each([
    ['lifecycle', 5, 'mock', () => startMock({ port: 0 })],
    ['lifecycle', 5, 'sandbox', () => startSandbox({ port: 0 })],
    ['gone', 3, 'sandbox', () => startSandbox({ port: 0 })],
    ['lifecycle', 5, 'hosted sandbox', startWorkerd],
    ['gone', 3, 'hosted sandbox', startWorkerd],
  ] as const)('%s (%i steps) passes on the %s', async (workflow, steps, _, start) => {
    const server = await start()
    const output = await runWorkflow(workflow, server.url, 'any-token').finally(() => server.close())
    expect(output).toMatch(new RegExp(`Steps:\\s+${steps} passed, ${steps} total`))
  })

  test('a step that fails makes the workflow fail', async () => {
    const server = createServer((_, response) => response.writeHead(500).end('{}')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await expect(runWorkflow('lifecycle', url, 'any-token').finally(() => server.close())).rejects.toThrow()
  })
})

test.each(['https://api.mbsisystems.com', 'http://10.0.0.1:4010', 'http://127.0.0.1.example.com'])(
  'a workflow never runs against %s: it writes',
  async (url) => {
    await expect(runWorkflow('lifecycle', url, 'any-token')).rejects.toThrow(/loopback/)
  },
)
