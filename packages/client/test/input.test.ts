import { inspect } from 'node:util'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { type CallOptions, type ClientOptions, createClient, loginToken } from '../src/client.ts'
import { expectNoSecret } from './leaks.ts'
import { ids, newPhone, secrets } from './servers.ts'

const token = secrets.token
const phoneIds = { ...ids, phone_id: 1 }

describe('an id that changes the path is rejected before anything is sent', () => {
  const wrong = [
    '..',
    '.',
    '',
    'a/b',
    'a\\b',
    '%2e%2e',
    '%2E',
    '..%2f',
    ' ',
    '1 ',
    '1?x',
    '1#x',
    'ü',
    '\n',
    '1\0',
    '..;',
  ]
  const odd = [
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1.5,
    2 ** 53,
    undefined,
    null,
    {},
    [],
    ['1'],
    true,
    0,
    -1,
    '0',
    '-1',
    '01',
    'abc',
    -1n,
    0n,
    2n ** 63n,
    '9223372036854775808',
    '12345678901234567890',
    Symbol('1'),
    () => 1,
  ]
  test.each([...wrong, ...odd].map((id): [string, unknown] => [inspect(id), id]))('%s', async (_, id) => {
    const { rc, sent } = silent()
    const calls = ['order_id', 'borrower_id', 'phone_id'].map((name) =>
      rc.borrowerPhones.get({ ...phoneIds, [name]: id }).result(),
    )
    for (const result of await Promise.all(calls))
      expect(result).toMatchObject({
        error: { kind: 'invalid_input', operation: 'getBorrowerPhone', attempts: 0 },
      })
    expect(sent()).toBe(0)
  })

  test('no ids at all', async () => {
    const { rc, sent } = silent()
    expect(await rc.borrowerPhones.list(undefined as never).result()).toMatchObject({
      error: { kind: 'invalid_input' },
    })
    expect(sent()).toBe(0)
  })

  test.each([
    1,
    57062885,
    Number.MAX_SAFE_INTEGER,
    57062885n,
    2n ** 63n - 1n,
    '57062885',
    '9223372036854775807',
  ])('%s is a valid id', async (order_id) => {
    const { rc, urls } = silent()
    await rc.borrowerPhones.list({ ...ids, order_id }).result()
    expect(urls).toEqual([
      `https://api.mbsisystems.com/api/v140/orders/${order_id}/borrowers/124927241/phones`,
    ])
  })
})

describe('an invalid baseUrl is rejected', () => {
  test.each([
    `https://user:${token}@api.example.com`,
    `https://${token}@api.example.com`,
    `https://api.example.com?token=${token}`,
    'https://api.example.com?',
    `https://api.example.com#${token}`,
    'http://api.example.com',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://10.0.0.1',
    'ftp://api.example.com',
    'javascript:alert(1)',
    'api.example.com',
    '//api.example.com',
    '/api',
    '',
  ])('%s', (baseUrl) => {
    expectRejected(() => createClient({ token, baseUrl }), 'baseUrl')
    expectRejected(() => loginToken({ username: 'u', password: 'p', baseUrl }), 'baseUrl')
  })

  test.each([
    ['https://api.example.com', 'https://api.example.com/api/v140/'],
    ['https://proxy.example.com/recovery//', 'https://proxy.example.com/recovery/api/v140/'],
    ['http://127.0.0.1:4010', 'http://127.0.0.1:4010/api/v140/'],
    ['http://[::1]:4010/', 'http://[::1]:4010/api/v140/'],
    ['http://localhost:4010', 'http://localhost:4010/api/v140/'],
    [undefined, 'https://api.mbsisystems.com/api/v140/'],
  ])('but %s is valid', async (baseUrl, start) => {
    const { rc, urls } = silent({ baseUrl })
    await rc.borrowerPhones.list(ids).result()
    expect(urls[0]).toMatch(start)
  })
})

test.each([
  '',
  ' ',
  `${token}\r\nx-evil: 1`,
  `${token}\n`,
  `Bearer ${token}`,
  'tökén',
  '\0',
  undefined,
  null,
  5,
  {},
])('an invalid token is rejected: %j', (wrong) =>
  expectRejected(() => createClient({ token: wrong as string }), 'token'),
)

describe('an invalid option is rejected', () => {
  const names = ['attemptTimeoutMs', 'totalTimeoutMs', 'maxAttempts', 'maxResponseBytes'] as const
  const values = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '10', null]
  test.each(names.flatMap((name) => values.map((value) => [name, value] as const)))(
    '%s: %j',
    async (name, value) => {
      const option = { [name]: value } as object
      expectRejected(() => createClient({ ...option, token }), name)
      const { rc, sent } = silent()
      expect(await rc.borrowerPhones.list(ids, option).result()).toMatchObject({
        error: { kind: 'invalid_input' },
      })
      expect(sent()).toBe(0)
    },
  )

  test('but undefined means the default', async () => {
    const none = Object.fromEntries(
      [...names, 'fetch', 'hooks', 'signal', 'headers'].map((name) => [name, undefined]),
    )
    const { rc, sent } = silent()
    await rc.borrowerPhones.list(ids, none).result()
    expect(createClient({ ...none, baseUrl: undefined, token })).toBeDefined()
    expect(sent()).toBe(1)
  })
})

describe('an invalid body is rejected before anything is sent', () => {
  const bodies: [what: string, body: unknown, named: string][] = [
    ['an unknown field', { noContact: 1 }, 'noContact'],
    ['an unknown field next to known ones', { ...newPhone, nocontact: 1 }, 'nocontact'],
    ['a field named like the prototype', JSON.parse('{"__proto__":1}'), '__proto__'],
    ['a field that every object inherits', { constructor: 1 }, 'constructor is unknown'],
    ['a field name that is personal data', { [secrets.number]: 1 }, '(name hidden) is unknown'],
    ['a flag as a boolean', { no_contact: true }, 'no_contact'],
    ['a flag as a string', { no_contact: '1' }, 'no_contact'],
    ['a flag as null', { valid: null }, 'valid'],
    ['a flag of 2', { valid: 2 }, 'valid'],
    ['a number that JSON has no form for', { mobile_carrier_id: Number.NaN }, 'mobile_carrier_id'],
    ['a JSON text', JSON.stringify(newPhone), 'plain object'],
    ['a list', [newPhone], 'plain object'],
    ['null', null, 'plain object'],
    ['nothing', undefined, 'plain object'],
    ['an object with toJSON', { ...newPhone, toJSON: () => ({}) }, 'plain object'],
    ['a value that JSON has no form for', { memo: 1n }, "can't be sent"],
  ]
  test.each(bodies)('%s', async (_, body, named) => {
    const { rc, sent } = silent()
    for (const result of [
      await rc.borrowerPhones.create(ids, body as never).result(),
      await rc.borrowerPhones.update(phoneIds, body as never).result(),
    ]) {
      expect(result).toMatchObject({
        error: { kind: 'invalid_input', attempts: 0, message: expect.stringContaining(named) },
      })
      expectNoSecret(!result.ok && result.error)
    }
    expect(sent()).toBe(0)
  })

  test('unless allowUnknownKeys is set', async () => {
    const { rc, bodies } = silent()
    const body = { ...newPhone, priority: 1 }
    await rc.borrowerPhones.create(ids, body, { allowUnknownKeys: true }).result()
    expect(bodies).toEqual([JSON.stringify(body)])
  })

  test('and a field that is undefined is left out', async () => {
    const { rc, bodies } = silent()
    await rc.borrowerPhones.update(phoneIds, { no_contact: 1, memo: undefined } as never).result()
    expect(bodies).toEqual(['{"no_contact":1}'])
  })
})

describe('headers', () => {
  test('of the caller are sent, except Accept and Authorization', async () => {
    const { rc, headers } = silent({ headers: { 'x-one': '1', 'x-two': '2' } })
    await rc.borrowerPhones
      .list(ids, { headers: { 'x-two': '3', Accept: 'text/html', AUTHORIZATION: 'Basic x' } })
      .result()
    expect(headers[0]).toEqual({
      'x-one': '1',
      'x-two': '3',
      'user-agent': expect.any(String),
      accept: 'application/json',
      authorization: `Bearer ${token}`,
    })
  })

  test('that are invalid are rejected without showing their value', async () => {
    const { rc, sent } = silent()
    const result = await rc.borrowerPhones.list(ids, { headers: { 'x-one': `${token}\nx` } }).result()
    expect(result).toMatchObject({ error: { kind: 'invalid_input' } })
    expectNoSecret(!result.ok && result.error)
    expect(sent()).toBe(0)
  })
})

test('globalThis.fetch is looked up for each call, and the fetch option of a call wins', async () => {
  const rc = createClient({ token })
  const respondWith = (data: unknown[]) => async () => Response.json({ data })
  vi.stubGlobal('fetch', respondWith(['global']))
  onTestFinished(() => void vi.unstubAllGlobals())
  expect(await rc.borrowerPhones.list(ids)).toEqual({ data: ['global'] })
  expect(await rc.borrowerPhones.list(ids, { fetch: respondWith(['own']) })).toEqual({ data: ['own'] })
})

test('fetch must not use its cache or follow redirects', async () => {
  const inits: unknown[] = []
  const fetch: typeof globalThis.fetch = async (_, init) => {
    inits.push(init)
    return Response.json({ data: [] })
  }
  await createClient({ token, fetch }).borrowerPhones.list(ids)
  expect(inits).toMatchObject([{ method: 'GET', cache: 'no-store', redirect: 'manual' }])
})

test('a client does not show its token', () => {
  expectNoSecret(createClient({ token }))
  expectNoSecret(createClient({ token }).connection)
})

function expectRejected(make: () => unknown, named: string): void {
  let error: unknown
  try {
    make()
  } catch (thrown) {
    error = thrown
  }
  expect(error).toMatchObject({ kind: 'invalid_input', message: expect.stringContaining(named) })
  expectNoSecret(error)
}

function silent(options: Partial<ClientOptions> & CallOptions = {}) {
  const urls: string[] = []
  const bodies: unknown[] = []
  const headers: object[] = []
  const fetch: typeof globalThis.fetch = async (url, init) => {
    urls.push(String(url))
    bodies.push(init?.body)
    headers.push(Object.fromEntries(new Headers(init?.headers)))
    return Response.json({ data: {} })
  }
  return { rc: createClient({ token, fetch, ...options }), sent: () => urls.length, urls, bodies, headers }
}
