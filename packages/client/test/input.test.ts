import { inspect } from 'node:util'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import {
  type CallOptions,
  type ClientOptions,
  createClient,
  createOutcome,
  loginToken,
  openapiClient,
} from '../src/client.ts'
import { expectNoSecret } from './leaks.ts'
import { ids, newPhone, secrets } from './servers.ts'

const token = secrets.token
const phoneIds = { ...ids, phone_id: 1 }
const lost = await createClient({ token, fetch: () => Promise.reject(new TypeError('reset')) })
  .borrowerPhones.create(ids, newPhone)
  .catch((error: unknown) => error)

describe('an invalid id is rejected before anything is sent, by every method', () => {
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
    -(2n ** 64n),
    '1e3',
    '0x10',
    '+1',
    '1.0',
    '1_000',
    '\u0661',
    '9'.repeat(1000),
    Object('1'),
    Object(1n),
    Object.create(null),
    { toString: () => '1' },
    new Date(),
    Symbol('1'),
    () => 1,
  ]
  test.each([...wrong, ...odd].map((id): [string, unknown] => [inspect(id), id]))('%s', async (_, id) => {
    const { rc, sent } = silent()
    for (const [names, call] of methods(rc))
      for (const name of names) {
        const error = await call({ ...phoneIds, [name]: id } as never).catch((reason: unknown) => reason)
        expect(error).toMatchObject({
          kind: 'invalid_input',
          attempts: 0,
          message: expect.stringMatching(`: ${name} must be a whole number from 1 to 9223372036854775807$`),
        })
      }
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
    const path = `https://api.mbsisystems.com/api/v140/orders/${order_id}/borrowers`
    for (const [, call] of methods(rc)) await call({ ...phoneIds, order_id } as Ids).catch(() => {})
    expect(urls.filter((url) => url !== path && !url.startsWith(`${path}/124927241/`))).toEqual([])
    expect(urls).toHaveLength(methods(rc).length)
  })

  type Ids = typeof phoneIds
  /** Everything that takes ids, with their names. */
  function methods(rc: ReturnType<typeof createClient>): [string[], (ids: Ids) => Promise<unknown>][] {
    const [order, borrower, phone] = [['order_id'], Object.keys(ids), Object.keys(phoneIds)]
    const { list, create, get, update, delete: remove } = rc.borrowerPhones
    const attempt = { body: newPhone, error: lost, pausesMs: [0] }
    const raw = openapiClient(rc.connection)
    return [
      [order, rc.borrowers.list],
      [borrower, rc.borrowerAddresses.list],
      [borrower, (ids) => list(ids)],
      [borrower, (ids) => create(ids, newPhone)],
      [phone, (ids) => get(ids)],
      [phone, (ids) => update(ids, { no_contact: 1 })],
      [phone, (ids) => remove(ids)],
      [borrower, (ids) => createOutcome(rc.borrowerPhones, { ...attempt, ids })],
      [order, (path) => raw.GET('/api/v140/orders/{order_id}/borrowers', { params: { path } })],
      [
        phone,
        (path) =>
          raw.DELETE('/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones/{phone_id}', {
            params: { path },
          }),
      ],
    ]
  }
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
  const fetch: typeof globalThis.fetch = async (url) => {
    urls.push(String(url))
    return Response.json({ data: {} })
  }
  return { rc: createClient({ token, fetch, ...options }), sent: () => urls.length, urls }
}
