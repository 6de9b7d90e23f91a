/** The validating proxy really validates: otherwise the suite would prove nothing behind it. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startSandbox } from '@recoveryconnect/sandbox'
import { expect, onTestFinished, test } from 'vitest'
import { startProxy } from './proxy.ts'

const phones = '/api/v140/orders/57062885/borrowers/124927241/phones'
const headers = { authorization: 'Bearer any-token', 'content-type': 'application/json' }

async function startProxyFor(upstream: string) {
  const proxy = await startProxy(upstream)
  onTestFinished(() => proxy.close())
  return proxy.url
}

test("a request that breaks the contract doesn't reach the server", async () => {
  const sandbox = await startSandbox({ port: 0 })
  onTestFinished(() => sandbox.close())
  const url = await startProxyFor(sandbox.url)
  const response = await fetch(url + phones, { method: 'POST', headers, body: '{"type":"6"}' })
  expect(response.status).toBe(422)
  expect(response.headers.get('content-type')).toContain('problem+json')
})

test("a response that breaks the contract doesn't reach the caller", async () => {
  const wrong = createServer((_, response) =>
    response.setHeader('content-type', 'application/json').end('{"data":[{"id":"1"}]}'),
  ).listen(0, '127.0.0.1')
  await once(wrong, 'listening')
  onTestFinished(() => void wrong.close())
  const url = await startProxyFor(`http://127.0.0.1:${(wrong.address() as AddressInfo).port}`)
  const response = await fetch(url + phones, { headers })
  expect(response.status).toBe(500)
  expect(((await response.json()) as { type: string }).type).toMatch(/VIOLATIONS/)
})
