/** The node shell: how it starts and ends, and what it says to what is not quite HTTP. */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startSandbox } from '../src/server.ts'
import { borrower, sandbox } from './calls.ts'
import { raw, request } from './raw.ts'

const authorized = 'Authorization: Bearer t'

describe('a start that cannot be', () => {
  test('for a port that is taken says so, and leaves the state file to others', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void taken.close())
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    const folder = await mkdtemp(join(tmpdir(), 'sandbox-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const stateFile = join(folder, 'state')
    await expect(startSandbox({ port, stateFile })).rejects.toThrow(
      new Error(
        `Port ${port} on 127.0.0.1 is taken: end the other program or choose another port with --port.`,
      ),
    )
    const running = await startSandbox({ port: 0, stateFile })
    await running.close()
  })

  test('for another reason gives the reason of the system', async () => {
    await expect(startSandbox({ port: 0, host: '192.0.2.1' })).rejects.toMatchObject({
      code: 'EADDRNOTAVAIL',
    })
  })
})

const hasIPv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
)

test.skipIf(!hasIPv6)('its URL is one, for IPv6 as well', async () => {
  const running = await startSandbox({ port: 0, host: '::1' })
  onTestFinished(() => running.close())
  expect(running.url).toMatch(/^http:\/\/\[::1\]:\d+$/)
  expect((await fetch(running.url)).status).toBe(200)
})

test('it ends at once, with connections that are open and requests that wait', async () => {
  const running = await startSandbox({ port: 0 })
  const { hostname, port } = new URL(running.url)
  const idle = connect(Number(port), hostname)
  await once(idle, 'connect')
  await fetch(`${running.url}/__sandbox/faults`, { method: 'POST', body: '{"delay_ms":600000}' })
  const waits = fetch(running.url + borrower, { headers: { authorization: 'Bearer t' } }).catch(
    (error) => error,
  )
  const arrived = async () =>
    (await (await fetch(`${running.url}/__sandbox/log`)).json()) as { requests: unknown[] }
  await expect.poll(async () => (await arrived()).requests.length).toBe(1)
  await running.close()
  expect(await waits).toBeInstanceOf(TypeError)
  idle.destroy()
})

test('the page is what GET / gives, and nothing else', async () => {
  const { url } = await sandbox()
  expect((await fetch(url)).headers.get('content-type')).toMatch(/^text\/html/)
  expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(404)
})

describe('on the wire', () => {
  test('a request may come without a Host', async () => {
    const { url } = await sandbox()
    const line = `GET ${borrower} HTTP/1.1\r\nConnection: close\r\n${authorized}\r\n\r\n`
    expect((await raw(url, [line])).status).toBe(200)
  })

  test('of two tokens none counts', async () => {
    const { url } = await sandbox()
    expect((await raw(url, [request(`GET ${borrower}`, [authorized])])).status).toBe(200)
    expect((await raw(url, [request(`GET ${borrower}`, [authorized, authorized])])).status).toBe(401)
  })

  test.each([
    ['one that says that it is empty', ['Content-Length: 0'], '', 200],
    ['one that is empty in chunks', ['Transfer-Encoding: chunked'], '0\r\n\r\n', 200],
  ])('an update has no body, or %s', async (_, headers, body, status) => {
    const { url } = await sandbox()
    const head = [authorized, 'Content-Type: application/json', ...headers]
    expect((await raw(url, [request(`PUT ${borrower}/39317578`, head, body)])).status).toBe(status)
  })

  test.each([
    ['a tunnel', request('CONNECT localhost:80'), 405, 'The method is not supported.'],
    [
      'headers without end',
      request('GET /', [`X-Long: ${'a'.repeat(100_000)}`]),
      431,
      'The headers are too large.',
    ],
    ['another protocol', 'GET / FTP/1.1\r\n\r\n', 400, 'The request is not valid HTTP.'],
  ])('%s is told what is wrong', async (_, text, status, message) => {
    const { url } = await sandbox()
    const answer = await raw(url, [text])
    expect([answer.status, JSON.parse(answer.body), answer.rest]).toEqual([status, { message }, ''])
  })
})
