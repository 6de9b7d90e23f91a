/** Stock Prism as the independent judge: a proxy that checks both directions and reports every violation. */
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

/** `prism proxy --errors` in front of a server; ends with the test. */
function judged(upstream: string): Promise<string> {
  const args = [cli, 'proxy', contract, upstream, '--errors', '--port', '0', '--verboseLevel', 'info']
  const prism = spawn(process.execPath, args, { env: { ...process.env, NO_COLOR: '1' } })
  onTestFinished(() => void prism.kill('SIGKILL'))
  let said = ''
  return new Promise((resolve, reject) => {
    prism.stdout.on('data', (chunk) => {
      said += chunk
      const url = /listening on (http:\/\/[\d.:]+)/.exec(said)?.[1]
      if (url) resolve(url)
    })
    prism.on('exit', () => reject(new Error(`Prism ended: ${said}`)))
  })
}

test('Prism finds nothing to object to in the life of a record and in every kind of refusal', async () => {
  const { url } = await sandbox()
  const call = caller(await judged(url))
  const seen: number[] = []
  for (const { method, url: target, request } of vendorFacts.operations) {
    seen.push((await call(method.toUpperCase(), target.pathname, request)).status)
  }
  seen.push((await call('GET', `${borrower}/39317579`)).status)
  seen.push((await call('POST', borrower, { type: 6, number: '12' })).status)
  for (const token of ['sandbox-expired', 'sandbox-throttled']) {
    seen.push((await call('GET', borrower, undefined, { token })).status)
  }
  for (const id of [403, 500, 503]) seen.push((await call('GET', `${borrower}/${id}`)).status)
  const login = { username: 'partner-a', password: 'secret' }
  seen.push((await call('POST', '/api/v140/auth', login, { token: '' })).status)
  const documented = vendorFacts.operations.map(({ status }) => Number(status))
  expect(seen).toEqual([...documented, 404, 422, 401, 429, 403, 500, 503, 200])
})

test('the judge does object to an answer that does not fit', async () => {
  const liar = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[{"id":"1"}]}')
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void liar.close().closeAllConnections())
  await once(liar, 'listening')
  const call = caller(await judged(`http://127.0.0.1:${(liar.address() as AddressInfo).port}`))
  const { status, body } = await call('GET', borrower)
  expect(status).toBe(500)
  expect(body.type).toContain('VIOLATIONS')
})
