/** Prism as an independent check: a proxy that validates requests and responses and reports every violation. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { vendorFacts } from '@recoveryconnect/spec/provenance'
import { expect, onTestFinished, test } from 'vitest'
import { borrower, caller, sandbox } from './calls.ts'

const cli = createRequire(import.meta.url).resolve('@stoplight/prism-cli')
const contract = fileURLToPath(import.meta.resolve('@recoveryconnect/spec/openapi.json'))

/** Starts `prism proxy --errors` in front of a server until the test ends. */
function startProxy(upstream: string): Promise<string> {
  const args = [cli, 'proxy', contract, upstream, '--errors', '--port', '0', '--verboseLevel', 'info']
  const prism = spawn(process.execPath, args, { env: { ...process.env, NO_COLOR: '1' } })
  onTestFinished(() => void prism.kill('SIGKILL'))
  let output = ''
  return new Promise((resolve, reject) => {
    prism.stdout.on('data', (chunk) => {
      output += chunk
      const url = /listening on (http:\/\/[\d.:]+)/.exec(output)?.[1]
      if (url) resolve(url)
    })
    prism.on('exit', () => reject(new Error(`Prism ended: ${output}`)))
  })
}

test('Prism finds no violation in the life of a record and in every kind of error', async () => {
  const { url } = await sandbox()
  const call = caller(await startProxy(url))
  const statuses: number[] = []
  for (const { method, url: target, request } of vendorFacts.operations) {
    statuses.push((await call(method.toUpperCase(), target.pathname, request)).status)
  }
  statuses.push((await call('GET', `${borrower}/39317579`)).status)
  statuses.push((await call('POST', borrower, { type: 6, number: '12' })).status)
  for (const token of ['sandbox-expired', 'sandbox-throttled']) {
    statuses.push((await call('GET', borrower, undefined, { token })).status)
  }
  for (const id of [403, 500, 503]) statuses.push((await call('GET', `${borrower}/${id}`)).status)
  const login = { username: 'partner-a', password: 'secret' }
  statuses.push((await call('POST', '/api/v140/auth', login, { token: '' })).status)
  const documented = vendorFacts.operations.map(({ status }) => Number(status))
  expect(statuses).toEqual([...documented, 404, 422, 401, 429, 403, 500, 503, 200])
})

test("Prism reports a response that doesn't fit", async () => {
  const wrong = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[{"id":"1"}]}')
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void wrong.close().closeAllConnections())
  await once(wrong, 'listening')
  const call = caller(await startProxy(`http://127.0.0.1:${(wrong.address() as AddressInfo).port}`))
  const { status, body } = await call('GET', borrower)
  expect(status).toBe(500)
  expect(body.type).toContain('VIOLATIONS')
})
