/** Prism as a proxy really judges: a proxy that lets everything through would make its target worthless. */

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startSandbox } from '@recoveryconnect/sandbox'
import { expect, onTestFinished, test } from 'vitest'
import { startProxy } from '../src/proxy.ts'

const phones = '/api/v140/orders/57062885/borrowers/124927241/phones'
const headers = { authorization: 'Bearer any-token', 'content-type': 'application/json' }

async function proxied(upstream: string) {
  const proxy = await startProxy(upstream)
  onTestFinished(() => proxy.close())
  return proxy.url
}

test('a request that breaks the contract does not reach the server', async () => {
  const sandbox = await startSandbox({ port: 0 })
  onTestFinished(() => sandbox.close())
  const url = await proxied(sandbox.url)
  const answer = await fetch(url + phones, { method: 'POST', headers, body: '{"type":"6"}' })
  expect(answer.status).toBe(422)
  expect(answer.headers.get('content-type')).toContain('problem+json')
})

test('an answer that breaks the contract does not reach the caller', async () => {
  const wrong = createServer((_, response) =>
    response.setHeader('content-type', 'application/json').end('{"data":[{"id":"1"}]}'),
  ).listen(0, '127.0.0.1')
  await once(wrong, 'listening')
  onTestFinished(() => void wrong.close())
  const url = await proxied(`http://127.0.0.1:${(wrong.address() as AddressInfo).port}`)
  const answer = await fetch(url + phones, { headers })
  expect(answer.status).toBe(500)
  expect(((await answer.json()) as { type: string }).type).toMatch(/VIOLATIONS/)
})
