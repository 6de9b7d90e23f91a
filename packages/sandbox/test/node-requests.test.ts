/** Bad requests to the Node server, with those that only raw bytes can make. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningSandbox, startSandbox } from '../src/server.ts'
import { testBadRequests } from './bad-requests.ts'
import { borrower, type Call, caller, sandbox } from './calls.ts'
import { raw, request } from './raw.ts'

testBadRequests(() => startSandbox({ port: 0 }))

let running: RunningSandbox
let call: Call
beforeAll(async () => {
  running = await startSandbox({ port: 0 })
  call = caller(running.url)
})
afterAll(() => running.close())

const one = `${borrower}/39317578`

async function expectStillWorks(): Promise<void> {
  expect((await call('GET', one, undefined, { token: 'witness' })).status).toBe(200)
}

describe("a path isn't normalized", () => {
  test.each([
    '/api/v140/orders/1/../57062885/borrowers/124927241/phones',
    `${borrower}/../phones`,
    `${borrower}/..`,
    `${borrower}/%2e%2e`,
    '*',
  ])('%s', async (path) => {
    const response = await raw(running.url, [request(`GET ${path}`, ['Authorization: Bearer t'])])
    expect(response.status).toBe(404)
    expect(JSON.parse(response.body).message).toMatch(/^Not found/)
  })

  test('but the host of an absolute target is ignored', async () => {
    const target = `http://elsewhere.example${one}`
    expect((await raw(running.url, [request(`GET ${target}`, ['Authorization: Bearer t'])])).status).toBe(200)
  })
})

describe('an unknown method is a 405', () => {
  test.each(['BREW', 'get', 'CONNECT'])('%s', async (method) => {
    const response = await raw(running.url, [request(`${method} localhost:80`)])
    expect(response.status).toBe(405)
    expect(response.head).toMatch(/^Allow: GET, POST, PUT, DELETE, HEAD, OPTIONS$/m)
  })
})

describe('a body that is too large is a 413', () => {
  const authorized = ['Authorization: Bearer t', 'Content-Type: application/json']

  test('before it has arrived completely', async () => {
    const head = [...authorized, 'Content-Length: 1000000000']
    const response = await raw(running.url, [request(`POST ${borrower}`, head, 'a'.repeat(70_000))])
    expect(response.status).toBe(413)
  })

  test('and a client that never sends the rest gets no second response', async () => {
    const { url } = await sandbox({ requestTimeout: 50 })
    const head = [...authorized, 'Content-Length: 1000000000']
    const kept = request(`POST ${borrower}`, head, 'a'.repeat(70_000)).replace(
      'Connection: close',
      'X-Kept: yes',
    )
    const response = await raw(url, [kept], { halfOpen: true })
    expect(response.status).toBe(413)
    expect(response.rest).toBe('')
  })
})

describe('malformed HTTP gets a response', () => {
  test.each([
    ['JSON instead of HTTP', ['{}\r\n\r\n'], 400],
    ['a bad header', ['GET / HTTP/1.1\r\nbad header\r\n\r\n'], 400],
    ['a length that is a word', [request(`POST ${borrower}`, ['Content-Length: ten'])], 400],
    ['two lengths', [request(`POST ${borrower}`, ['Content-Length: 1', 'Content-Length: 2'])], 400],
    [
      'a length and chunks',
      [request(`POST ${borrower}`, ['Content-Length: 1', 'Transfer-Encoding: chunked'])],
      400,
    ],
    ['a malformed chunk', [request(`POST ${borrower}`, ['Transfer-Encoding: chunked'], 'zz\r\n')], 400],
    ['headers of 100 KB', [request(`GET ${one}`, [`X-Long: ${'a'.repeat(100_000)}`])], 431],
    ['no Host', [`GET ${one} HTTP/1.1\r\nConnection: close\r\n\r\n`], 400],
    ['HTTP/1.0', [`GET ${one} HTTP/1.0\r\nAuthorization: Bearer t\r\n\r\n`], 200],
    ['an upgrade', [request(`GET ${one}`, ['Authorization: Bearer t', 'Upgrade: h2c'])], 200],
    [
      '1,000 small headers',
      [
        request(
          `GET ${one}`,
          Array.from({ length: 1000 }, () => 'X: 1'),
        ),
      ],
      431,
    ],
    ['a body on GET', [request(`GET ${one}`, ['Authorization: Bearer t', 'Content-Length: 2'], '{}')], 200],
  ] as const)('%s', async (_, pieces, status) => {
    const response = await raw(running.url, [...pieces])
    expect(response.status).toBe(status)
    expect(JSON.parse(response.body)).toBeTypeOf('object')
    await expectStillWorks()
  })

  test('a client that leaves in the middle of its body stores nothing', async () => {
    const head = ['Authorization: Bearer gone', 'Content-Type: application/json', 'Content-Length: 100']
    await raw(running.url, [request(`POST ${borrower}`, head, '{"type"')])
    expect((await call('GET', borrower, undefined, { token: 'gone' })).body.data).toHaveLength(2)
  })

  test.each([
    ['a head', 'GET /api'],
    ['a body', request(`POST ${borrower}`, ['Authorization: Bearer t', 'Content-Length: 100'], '{')],
  ])('%s without an end is a 408', async (_, half) => {
    const { url } = await sandbox({ requestTimeout: 50 })
    const response = await raw(url, [half], { halfOpen: true })
    expect(response.status).toBe(408)
    expect(JSON.parse(response.body).message).toBeTypeOf('string')
  })

  test('half of a request blocks no other', async () => {
    const half = request(`POST ${borrower}`, ['Authorization: Bearer t', 'Content-Length: 100'])
    const waiting = [
      raw(running.url, ['GET /api'], { halfOpen: true }),
      raw(running.url, [half], { halfOpen: true }),
    ]
    void Promise.allSettled(waiting) // Until the server ends them.
    await expectStillWorks()
  })
})
