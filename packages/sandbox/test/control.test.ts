import { request } from 'node:http'
import { describe, expect, test } from 'vitest'
import { contractVersion } from '../src/core/contract.gen.ts'
import { createSandboxFetch } from '../src/fetch.ts'
import { createSandbox } from '../src/sandbox.ts'
import { borrower, caller, sandbox, seeded } from './calls.ts'

const phone = { type: 6, number: '2025550143', memo: 'private note' }

/** Sends its own Host, which `fetch` doesn't allow. */
function readStatus(
  url: string,
  headers: Record<string, string>,
  method = 'GET',
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => resolve(response.resume().statusCode))
    sent.on('error', reject).end()
  })
}

test('health says how full the sandbox is', async () => {
  const { call } = await sandbox()
  await call('GET', borrower)
  const { body } = await call('GET', '/__sandbox/health', undefined, { token: '' })
  expect(body).toEqual({ status: 'ok', contract: contractVersion, worlds: 1, records: seeded, evicted: 0 })
})

test('reset brings back the seed, real time and no faults in one world', async () => {
  const { call } = await sandbox()
  for (const token of ['test', 'other']) await call('DELETE', `${borrower}/39317578`, undefined, { token })
  await call('PUT', '/__sandbox/clock', { times: ['2000-01-01 00:00:00'] })
  await call('POST', '/__sandbox/faults', { status: 500 })
  expect((await call('POST', '/__sandbox/reset')).body).toMatchObject({ records: seeded })
  expect((await call('GET', `${borrower}/39317578`)).status).toBe(200)
  expect((await call('GET', '/__sandbox/clock')).body.times).toEqual([])
  expect((await call('GET', `${borrower}/39317578`, undefined, { token: 'other' })).status).toBe(404)
})

test('an exported world can be imported into another, where its ids continue', async () => {
  const { call } = await sandbox()
  await call('POST', borrower, phone)
  await call('DELETE', `${borrower}/39317581`)
  await call('POST', borrower, phone)
  const { body: world } = await call('GET', '/__sandbox/world')
  const other = { token: 'other' }
  expect((await call('PUT', '/__sandbox/world', world, other)).status).toBe(200)
  expect((await call('GET', '/__sandbox/world', undefined, other)).body).toEqual(world)
  expect((await call('POST', borrower, phone, other)).body.data.id).toBe(39317583)
})

test("an import that doesn't fit is a 422 that names each place, and changes nothing", async () => {
  const { call } = await sandbox()
  const phones = [{ type: '6', number: 5 }, { typ: 6 }]
  const world = { orders: [{ order_id: 1, borrowers: [{ borrower_id: 1001, phones }] }] }
  const rejected = await call('PUT', '/__sandbox/world', world)
  expect(rejected.status).toBe(422)
  expect(Object.keys(rejected.body.errors)).toEqual([
    '/orders/0/order_id',
    '/orders/0/borrowers/0/phones/1/typ',
    '/orders/0/borrowers/0/phones/0/type',
    '/orders/0/borrowers/0/phones/0/number',
    '/orders/0/borrowers/0/phones/1',
  ])
  expect((await call('GET', borrower)).status).toBe(200)
})

test('an import above the limit of a world is a 422', async () => {
  const { call } = await sandbox({ limits: { recordsPerWorld: 2 } })
  const phones = [phone, phone, phone]
  const world = { orders: [{ order_id: 7001, borrowers: [{ borrower_id: 8001, phones }] }] }
  const rejected = await call('PUT', '/__sandbox/world', world)
  expect(rejected.body.errors).toEqual({ '/': [expect.stringContaining('at most 2 records')] })
})

test.each([
  ['broken JSON', '{'],
  ['a string', '"drop"'],
  ['null', 'null'],
  ['a list', '[]'],
  ['no effect', {}],
  ['only an operation', { requests: 2, operation: 'deleteBorrowerPhone' }],
  ['an unknown field', { status: 503, sleep: 5 }],
  ['a status in its prototype', '{"status":503,"__proto__":{"status":200}}'],
  ['a status that is a success', { status: 200 }],
  ['no requests', { status: 503, requests: 0 }],
  ['an unknown operation', { status: 503, operation: 'listAnything' }],
  ['a negative delay', { delay_ms: -1 }],
  ['a negative Retry-After', { status: 429, retry_after: -1 }],
  ['a Retry-After without a status', { delay_ms: 1, retry_after: 1 }],
  ['an unknown connection', { connection: 'explode' }],
  ['a list of connections', { connection: ['cut'] }],
  ['a drip of nothing', { drip: 0 }],
  ['a drip of a fraction', { drip: 1.5 }],
  ['a connection that is an object', { connection: { toString: 1 } }],
])('a fault with %s is a 422', async (_, fault) => {
  const { call } = await sandbox()
  expect((await call('POST', '/__sandbox/faults', fault)).status).toBe(422)
  expect((await call('GET', '/__sandbox/faults')).body).toEqual({ faults: [] })
})

test('more than a thousand faults or times are a 422', async () => {
  const call = caller('https://sandbox.invalid', createSandboxFetch() as typeof fetch)
  const fault = { status: 503, operation: 'deleteBorrowerPhone' }
  for (let count = 0; count < 1000; count++) await call('POST', '/__sandbox/faults', fault)
  const rejected = await call('POST', '/__sandbox/faults', fault)
  expect(rejected.body.errors).toEqual({ body: [expect.stringContaining('1000 faults')] })
  expect((await call('GET', '/__sandbox/faults')).body.faults).toHaveLength(1000)
  const times = Array(1000).fill('2030-01-01 00:00:00')
  expect((await call('PUT', '/__sandbox/clock', { times })).status).toBe(200)
  expect((await call('PUT', '/__sandbox/clock', { times: [...times, ...times] })).status).toBe(422)
})

test('a body above its limit is a 413, and an import has a higher limit', async () => {
  const { call } = await sandbox({ limits: { bytesPerImport: 100_000 } })
  const long = (length: number) => ' '.repeat(length)
  const world = (await call('GET', '/__sandbox/world')).body
  expect((await call('PUT', '/__sandbox/world', JSON.stringify(world) + long(70_000))).status).toBe(200)
  const rejected = await call('PUT', '/__sandbox/world', JSON.stringify({ orders: [] }) + long(100_000))
  expect([rejected.status, rejected.body.message]).toEqual([413, expect.stringContaining('100000 bytes')])
  expect((await call('GET', '/__sandbox/world')).body).toEqual(world)
  const fault = await call('POST', '/__sandbox/faults', `{"status":503}${long(70_000)}`)
  expect([fault.status, fault.body.message]).toEqual([413, expect.stringContaining('65536 bytes')])
})

/** A JSON text that can be parsed, but not written again. */
const deep = '['.repeat(20_000) + ']'.repeat(20_000)

describe('in a shared sandbox', () => {
  test.each(['sandbox-expired', 'sandbox-throttled'])(
    '%s opens no world, because everyone knows it',
    async (token) => {
      const { call } = await sandbox({ control: 'own' })
      for (const [method, path] of [
        ['GET', 'world'],
        ['GET', 'log'],
        ['POST', 'reset'],
        ['GET', 'clock'],
      ] as const) {
        const rejected = await call(method, `/__sandbox/${path}`, undefined, { token })
        expect([rejected.status, rejected.body.message]).toEqual([401, expect.stringContaining('own token')])
      }
    },
  )

  test("a fault can't affect a login, which has no world yet", async () => {
    const fault = { operation: 'createAccessToken', status: 503 }
    const { call: shared } = await sandbox({ control: 'own' })
    expect((await shared('POST', '/__sandbox/faults', fault)).body.errors).toEqual({
      operation: [expect.stringContaining('login')],
    })
    const { call: alone } = await sandbox()
    expect((await alone('POST', '/__sandbox/faults', fault, { token: '' })).status).toBe(200)
  })
})

test('faults can be deleted', async () => {
  const { call } = await sandbox()
  await call('POST', '/__sandbox/faults', { status: 500 })
  await call('DELETE', '/__sandbox/faults')
  expect((await call('GET', borrower)).status).toBe(200)
})

test.each([{}, { times: 'now' }, { times: ['2026-02-30 00:00:00'] }, { times: [5] }, null])(
  'a clock with %j is a 422',
  async (body) => {
    const { call } = await sandbox()
    expect((await call('PUT', '/__sandbox/clock', body)).status).toBe(422)
  },
)

test.each([
  ['GET', '/__sandbox/nothing', 404],
  ['GET', '/__sandbox/constructor', 404],
  ['PATCH', '/__sandbox/world', 405],
  ['GET', '/__sandbox/world', 401],
])('%s %s without a token is %i', async (method, path, status) => {
  const { call } = await sandbox()
  expect((await call(method, path, undefined, { token: '' })).status).toBe(status)
})

describe('the log', () => {
  test('says what was wrong with each request, and contains no value of it', async () => {
    const { call } = await sandbox()
    const headers = { authorization: 'Bearer top-secret' }
    await call('POST', borrower, { ...phone, type: 'x', valid: 7 }, { headers })
    await call('POST', borrower, { ...phone, noContact: 1, 'top-secret 5': 1, 2025550143: 1 }, { headers })
    await call('GET', '/api/v140/phones/202-555-0143?memo=private', undefined, { headers })
    await call('GET', `${borrower}/39317578`, undefined, { token: '' })
    const { body } = await call('GET', '/__sandbox/log')
    expect(body.requests).toMatchObject([
      {
        number: 1,
        method: 'POST',
        operation: 'createBorrowerPhone',
        status: 422,
        authorization: 'Bearer [redacted]',
        problems: [expect.stringContaining('type'), expect.stringContaining('valid')],
      },
      { number: 2, status: 200, problems: [expect.stringContaining('unknown fields')] },
      { number: 3, status: 404, path: '(unknown path)' },
      { number: 4, status: 401, authorization: 'none' },
    ])
    expect(JSON.stringify(body)).not.toMatch(/top-secret|202-?555-?0143|private/)
  })

  test('can be read from a number on', async () => {
    const { call } = await sandbox()
    for (const id of [1, 2, 3]) await call('GET', `${borrower}/${id}`)
    const { body } = await call('GET', '/__sandbox/log?after=2')
    expect(body.requests.map(({ number }: { number: number }) => number)).toEqual([3])
  })

  test.each<[string, object | string | undefined, unknown]>([
    ['JSON', { ...phone, noContact: 1 }, { ...phone, noContact: 1 }],
    ['text', '{"type": 6', '{"type": 6'],
    ['nothing', undefined, undefined],
    // Formatting the log would fail.
    ['deep JSON as text', deep, deep],
  ])('has the bodies of requests only on request: %s', async (_, sent, recorded) => {
    for (const recordBodies of [true, false, undefined]) {
      const { call } = await sandbox({ recordBodies })
      await call('POST', borrower, sent)
      const [entry] = (await call('GET', '/__sandbox/log')).body.requests
      expect([entry.operation, entry.body]).toEqual([
        'createBorrowerPhone',
        recordBodies ? recorded : undefined,
      ])
    }
  })

  test('keeps the last 200 requests', async () => {
    const { call } = await sandbox()
    for (let count = 0; count < 203; count++) await call('GET', borrower)
    const { requests } = (await call('GET', '/__sandbox/log')).body
    expect(requests).toHaveLength(200)
    expect(requests[0].number).toBe(4)
  })
})

describe('an unknown field', () => {
  test('is ignored with a warning that names it', async () => {
    const { call } = await sandbox()
    const response = await call('POST', borrower, { ...phone, noContact: 1, 'a\r\nb: c': 1 })
    expect(response.status).toBe(200)
    expect(response.body.data).not.toHaveProperty('noContact')
    const warning = response.headers.get('x-sandbox-warning')
    expect(warning).toMatch(/: noContact, \(hidden name\)\..*type, mobile_carrier_id, number/)
  })

  test('comes first in a warning about the query', async () => {
    const { call } = await sandbox()
    const response = await call('POST', `${borrower}?page=2`, { ...phone, noContact: 1 })
    expect(response.headers.get('x-sandbox-warning')).toMatch(
      /^Ignored unknown fields: noContact\..*: page\.$/,
    )
  })

  test('is the only reason for a warning', async () => {
    const { call } = await sandbox()
    expect((await call('POST', borrower, phone)).headers.has('x-sandbox-warning')).toBe(false)
  })
})

describe('a query parameter', () => {
  test.each([
    ['page=2', 'page'],
    ['no_contact=1&page', 'no_contact, page'],
    ['page=1&page=2', 'page'],
    ['2025550143=1&Jane%20Roe=2&n20_25_55_01_43=3', '(hidden name)'],
    ['line_2=1&b2b2=1', 'line_2, b2b2'],
    ['a=1&b=1&c=1&d=1&e=1&f=1', 'a, b, c, d, e'],
  ])('%s is ignored with a warning that names it', async (query, names) => {
    const { call } = await sandbox()
    const { status, headers } = await call('GET', `${borrower}?${query}`)
    expect([status, headers.get('x-sandbox-warning')]).toEqual([200, `Ignored query parameters: ${names}.`])
    const log = (await call('GET', '/__sandbox/log')).body
    expect(log.requests[0].problems).toEqual([`Ignored query parameters: ${names}.`])
  })

  test.each(['', '?', '?&', '#page=2'])('%j has none', async (query) => {
    const { handle } = createSandbox()
    const headers = { authorization: 'Bearer t' }
    const response = handle({ method: 'GET', target: borrower + query, headers })
    expect([response.status, response.headers['x-sandbox-warning']]).toEqual([200, undefined])
  })
})

describe('access to the control surface', () => {
  test.each([
    ['a program', {}, 200],
    ['a program that names localhost', { host: 'localhost:4020' }, 200],
    ['a domain that resolves to this machine', { host: 'evil.example' }, 403],
    ['a page of another origin', { origin: 'https://evil.example' }, 403],
    ['a page without an origin', { origin: 'null' }, 403],
    ['an image on another page', { 'sec-fetch-site': 'cross-site' }, 403],
    ['another port of this machine', { 'sec-fetch-site': 'same-site' }, 403],
    ['the sandbox’s own page', { 'sec-fetch-site': 'same-origin' }, 200],
  ])('%s', async (_, headers, status) => {
    const { url } = await sandbox()
    expect(await readStatus(`${url}/__sandbox/health`, headers as Record<string, string>)).toBe(status)
  })

  test('nobody, if it is off', async () => {
    const { url, call } = await sandbox({ control: false })
    expect(await readStatus(`${url}/__sandbox/health`, {})).toBe(403)
    expect(await readStatus(`${url}/`, {})).toBe(403)
    expect((await call('GET', borrower)).status).toBe(200)
  })

  test('off beyond loopback by default', async () => {
    const open = await sandbox({ host: '0.0.0.0' })
    const asked = await sandbox({ host: '0.0.0.0', control: true })
    const local = (url: string) => url.replace('0.0.0.0', '127.0.0.1')
    expect(await readStatus(`${local(open.url)}/__sandbox/health`, {})).toBe(403)
    expect(await readStatus(`${local(asked.url)}/__sandbox/health`, {})).toBe(200)
  })
})

test('the page allows only its own script', async () => {
  const { url } = await sandbox()
  const page = await fetch(url)
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none';.* script-src 'sha256-/)
  const html = await page.text()
  expect(html).toContain('RecoveryConnect sandbox')
  const columns = [
    'order_id',
    'borrower_id',
    'id',
    'type',
    'mobile_carrier_id',
    'number',
    'extension',
    'memo',
  ]
  expect(html).toContain(
    [...columns, 'valid', 'no_contact', 'updated_at'].map((name) => `<th>${name}`).join(''),
  )
})
