/** The Node server: how it starts and ends, and what it does with unusual HTTP. */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { examplePath, readModel } from '@recoveryconnect/spec/model'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startSandbox } from '../src/server.ts'
import { borrower, sandbox } from './calls.ts'
import { raw, request } from './raw.ts'

const authorized = 'Authorization: Bearer t'

describe('a server that fails to start', () => {
  test('because the port is taken says so, and releases the state file', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void taken.close())
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    const folder = await mkdtemp(join(tmpdir(), 'sandbox-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const stateFile = join(folder, 'state')
    await expect(startSandbox({ port, stateFile })).rejects.toThrow(new RegExp(`Port ${port} .* is taken`))
    const running = await startSandbox({ port: 0, stateFile })
    await running.close()
  })

  test('for another reason passes on the error of the system', async () => {
    await expect(startSandbox({ port: 0, host: '192.0.2.1' })).rejects.toMatchObject({
      code: 'EADDRNOTAVAIL',
    })
  })
})

const hasIPv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
)

test.skipIf(!hasIPv6)('its URL is valid for IPv6, too', async () => {
  const running = await startSandbox({ port: 0, host: '::1' })
  onTestFinished(() => running.close())
  expect(running.url).toMatch(/^http:\/\/\[::1\]:\d+$/)
  expect((await fetch(running.url)).status).toBe(200)
})

test('it closes at once, even with open connections and delayed responses', async () => {
  const running = await startSandbox({ port: 0 })
  const { hostname, port } = new URL(running.url)
  const idle = connect(Number(port), hostname)
  await once(idle, 'connect')
  await fetch(`${running.url}/__sandbox/faults`, { method: 'POST', body: '{"delay_ms":600000}' })
  const delayed = fetch(running.url + borrower, { headers: { authorization: 'Bearer t' } }).catch(
    (error) => error,
  )
  const readLog = async () =>
    (await (await fetch(`${running.url}/__sandbox/log`)).json()) as { requests: unknown[] }
  await expect.poll(async () => (await readLog()).requests.length).toBe(1)
  await running.close()
  expect(await delayed).toBeInstanceOf(TypeError)
  idle.destroy()
})

test('only GET / returns the page', async () => {
  const { url } = await sandbox()
  expect((await fetch(url)).headers.get('content-type')).toMatch(/^text\/html/)
  expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(404)
})

test('the page shows a command for each list, with the ids of its own example', async () => {
  const { url } = await sandbox()
  const html = await (await fetch(url)).text()
  const paths = [...html.matchAll(/"call":"([^"]+)"/g)].map(([, path]) => path)
  const lists = readModel().resources.flatMap(({ byVerb }) => byVerb.list ?? [])
  expect(paths).toEqual(lists.map(examplePath))
  for (const path of paths)
    expect((await fetch(url + path, { headers: { authorization: 'Bearer demo' } })).status).toBe(200)
})

describe('HTTP', () => {
  test('two Authorization headers are a 401', async () => {
    const { url } = await sandbox()
    expect((await raw(url, [request(`GET ${borrower}`, [authorized])])).status).toBe(200)
    expect((await raw(url, [request(`GET ${borrower}`, [authorized, authorized])])).status).toBe(401)
  })

  test.each([
    ['no bytes', ['Content-Length: 0'], ''],
    ['no chunks', ['Transfer-Encoding: chunked'], '0\r\n\r\n'],
  ])('a body with %s is a missing body', async (_, headers, body) => {
    const { url } = await sandbox()
    const head = [authorized, 'Content-Type: application/json', ...headers]
    const response = await raw(url, [request(`PUT ${borrower}/39317578`, head, body)])
    expect([response.status, response.body]).toEqual([422, expect.stringContaining('required')])
  })

  test.each([
    ['a CONNECT request', request('CONNECT localhost:80'), 405, /method/],
    ['headers that are too large', request('GET /', [`X-Long: ${'a'.repeat(100_000)}`]), 431, /headers/],
    ['another protocol', 'GET / FTP/1.1\r\n\r\n', 400, /HTTP/],
  ])('%s gets an error', async (_, text, status, message) => {
    const { url } = await sandbox()
    const response = await raw(url, [text])
    expect([response.status, response.rest]).toEqual([status, ''])
    expect(JSON.parse(response.body)).toEqual({ message: expect.stringMatching(message) })
  })
})
