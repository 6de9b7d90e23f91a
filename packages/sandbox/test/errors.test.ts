/** What an error response says: its status, the fields it names, and the words that tell what to do. */
import { readModel } from '@recoveryconnect/spec/model'
import { describe, expect, test } from 'vitest'
import { createSandboxFetch } from '../src/fetch.ts'
import { borrower, type CallOptions, caller, sandbox } from './calls.ts'

const call = caller('https://sandbox.invalid', createSandboxFetch() as typeof fetch)
const one = `${borrower}/39317578`
const phone = { type: 6, number: '2025550143' }
const control = '/__sandbox'
const paths = [...new Set(readModel().operations.map(({ path }) => path))]

type Request = [method: string, path: string, body?: unknown, options?: CallOptions]

test.each<[string, Request, number, (string | RegExp)[]]>([
  ['an unknown path', ['GET', '/api/v140/nothing'], 404, ['Not found', ...paths.slice(0, 10)]],
  ['an unsupported method', ['DELETE', borrower], 405, ['GET, POST']],
  ["an id that isn't a number", ['GET', `${borrower}/x`], 404, ['phone_id', 'positive integer']],
  ['an id with broken encoding', ['GET', `${borrower}/%e4`], 404, ['phone_id', 'positive integer']],
  ['an unknown borrower', ['GET', borrower.replace('124927241', '1001')], 404, ['order', 'borrower']],
  ['an unknown phone', ['GET', `${borrower}/1001`], 404, ['phone']],
  ['no token', ['GET', borrower, undefined, { token: '' }], 401, ['Authorization: Bearer']],
  [
    'the expired token',
    ['GET', borrower, undefined, { token: 'sandbox-expired' }],
    401,
    ['expired', 'POST /api/v140/auth'],
  ],
  ['the throttled token', ['GET', borrower, undefined, { token: 'sandbox-throttled' }], 429, []],
  [
    'a body that is too large',
    ['POST', borrower, { ...phone, memo: 'x'.repeat(65_536) }],
    413,
    ['65536 bytes'],
  ],
  [
    "an example that isn't documented",
    ['GET', one, undefined, { headers: { prefer: 'code=302' } }],
    400,
    ['Prefer', '200 (phone)', '401 (unauthenticated)', '4XX (forbidden)', '5XX (service-unavailable)'],
  ],
  ['an unknown path of the control surface', ['GET', `${control}/nothing`], 404, [`${control}/world`]],
  ['an unsupported method of it', ['PATCH', `${control}/faults`], 405, ['GET, POST, DELETE']],
])('%s', async (_, request, status, words) => {
  const response = await call(...request)
  expect(response.status).toBe(status)
  for (const word of words) expect(response.body.message).toMatch(word)
  expect(Object.keys(response.body)).toEqual(['message'])
})

describe('a 422 names each wrong field', () => {
  const text = { headers: { 'content-type': 'text/plain' } }
  test.each<[string, Request, Record<string, RegExp>]>([
    ['no body', ['POST', borrower, ''], { body: /required/ }],
    ['no body of an update', ['PUT', one], { body: /required/ }],
    ['another type', ['POST', borrower, 'type=6', text], { body: /Content-Type: application\/json/ }],
    ['broken JSON', ['POST', borrower, '{"type": 6, x}'], { body: /JSON.*character 12/ }],
    ['half of a body', ['POST', borrower, '{"type":'], { body: /JSON.*end/ }],
    ['a list', ['POST', borrower, '[]'], { body: /object/ }],
    ['missing fields', ['POST', borrower, '{}'], { type: /required/, number: /required/ }],
    [
      'fields of other types',
      ['PUT', one, { type: '6', mobile_carrier_id: 'x', number: 5, memo: 5, valid: 5 }],
      {
        type: /an integer/,
        mobile_carrier_id: /mobile carrier id.*an integer or null/,
        number: /a string/,
        memo: /a string or null/,
        valid: /Allowed: 0, 1/,
      },
    ],
    [
      'values that the sandbox assumes to be wrong',
      ['PUT', one, { type: 0, mobile_carrier_id: -1, number: '5' }],
      { type: /positive/, mobile_carrier_id: /positive/, number: /ten digits/ },
    ],
    ['the number that always fails', ['PUT', one, { number: '0005550122' }], { number: /always/ }],
    ["a fault that isn't JSON", ['POST', `${control}/faults`, '{'], { body: /JSON/ }],
    ['a fault without a body', ['POST', `${control}/faults`, undefined], { body: /JSON/ }],
    ['a fault that is a list', ['POST', `${control}/faults`, []], { body: /object/ }],
    ['a fault that is a string', ['POST', `${control}/faults`, '"drop"'], { body: /object/ }],
    [
      'a fault without an effect',
      ['POST', `${control}/faults`, {}],
      { body: /status.*delay_ms.*connection/ },
    ],
    [
      'a fault with everything wrong',
      [
        'POST',
        `${control}/faults`,
        { requests: 0, operation: 'x', status: 200, delay_ms: -1, connection: 'cut-off', sleep: 1 },
      ],
      {
        requests: /from 1/,
        operation: /operationId/,
        status: /400 to 599/,
        delay_ms: /600000/,
        connection: /drop, drop-response or cut/,
        sleep: /known/,
      },
    ],
    [
      'a fault above the bounds',
      [
        'POST',
        `${control}/faults`,
        { requests: 1_000_001, status: 600, delay_ms: 600_001, connection: 'a-drop' },
      ],
      { requests: /1000000/, status: /400 to 599/, delay_ms: /600000/, connection: /drop/ },
    ],
    [
      'a clock',
      ['PUT', `${control}/clock`, { times: ['2026-03-07 14:18:07', '2026-03-07 14:18:07.5'] }],
      { times: /2026-03-07 14:18:07/ },
    ],
    ['a world', ['PUT', `${control}/world`, { orders: 5 }], { '/orders': /list/ }],
    ['a world that is a number', ['PUT', `${control}/world`, '5'], { '/': /object/, '/orders': /list/ }],
  ])('%s', async (_, request, errors) => {
    const { status, body } = await call(...request)
    expect([status, Object.keys(body.errors)]).toEqual([422, Object.keys(errors)])
    for (const [field, rule] of Object.entries(errors))
      expect(body.errors[field]).toEqual([expect.stringMatching(rule)])
  })
})

test('values at the bounds are accepted', async () => {
  const token = { token: 'bounds' }
  const fault = { requests: 1_000_000, status: 599, delay_ms: 600_000, connection: 'cut' }
  expect((await call('POST', `${control}/faults`, fault, token)).body).toEqual({ faults: [fault] })
  expect((await call('DELETE', `${control}/faults`, undefined, token)).body).toEqual({ faults: [] })
  expect((await call('GET', `${control}/faults`, undefined, token)).body).toEqual({ faults: [] })
  const shortest = JSON.stringify({ ...phone, memo: '' })
  const memo = 'x'.repeat(65_536 - shortest.length)
  expect((await call('POST', borrower, { ...phone, memo })).status).toBe(200)
  expect((await call('POST', borrower, { ...phone, memo: `${memo}x` })).status).toBe(413)
})

test('the warning names at most five unknown fields, and hides what may be a value', async () => {
  const known = 'type, mobile_carrier_id, number, extension, memo, valid, no_contact'
  const warn = async (...request: Request) => (await call(...request)).headers.get('x-sandbox-warning')
  const warning = await warn('POST', borrower, { ...phone, noContact: 1, a: 1, b: 1, c: 1, d: 1, e: 1 })
  expect(warning).toContain(': noContact, a, b, c, d.')
  expect(warning).toContain(known)
  const hidden = await warn('PUT', one, { '202-555-0143': 1 })
  expect(hidden).toMatch(/hidden/)
  expect(hidden).not.toContain('555')
})

test('the log says what was wrong with each request, and holds no value of it', async () => {
  const token = { token: 'logged' }
  const { call: own } = await sandbox()
  await own('POST', `${control}/faults`, { status: 500 }, token)
  await own('GET', one, undefined, token)
  await own('GET', `${borrower}/404`, undefined, token)
  await own('GET', `${borrower}/2025550143`, undefined, token)
  await own('GET', `${borrower}/202-555-0143`, undefined, token)
  await own('PUT', one, { valid: 7, secret: 1 }, token)
  await own('PUT', one, { secret: 1 }, token)
  await own('GET', borrower, undefined, { token: 'sandbox-throttled' })
  await own('GET', `/${'x'.repeat(300)}`, undefined, { token: '' })
  const { requests } = (await own('GET', `${control}/log`, undefined, token)).body
  const problem = (part: string) => [expect.stringContaining(part)]
  expect(requests).toMatchObject([
    { path: one, status: 500, problems: problem('scripted fault') },
    { path: `${borrower}/404`, status: 404, problems: [] },
    { path: `${borrower}/{phone_id}`, status: 404, problems: problem('phone') },
    { path: `${borrower}/{phone_id}`, status: 404, problems: problem('phone_id') },
    { path: one, status: 422, problems: problem('valid') },
    { path: one, status: 200, problems: problem('unknown fields: secret') },
    { path: borrower, status: 429, problems: problem('429') },
    { path: '(unknown path)', status: 404, problems: problem('unknown path') },
  ])
  expect(JSON.stringify(requests)).not.toMatch(/202-?555|logged/)
})

test('an id fails on demand only if it is a documented status', async () => {
  const messageOf = async (id: number) => (await call('GET', `${borrower}/${id}`)).body.message
  const { ServiceUnavailable, Forbidden } = readModel().examples
  expect({ message: await messageOf(403) }).toEqual(Forbidden?.value)
  expect({ message: await messageOf(503) }).toEqual(ServiceUnavailable?.value)
  for (const id of [200, 399, 402, 418, 502, 599, 600]) expect(await messageOf(id)).toContain('phone')
})

test.each([
  ['code=404', 404, 'NotFound'],
  ['code="404"', 404, 'NotFound'],
  ['CODE=404', 404, 'NotFound'],
  ['respond-async, code=404', 404, 'NotFound'],
  ['code=4xx', 403, 'Forbidden'],
  ['code=503', 503, 'ServiceUnavailable'],
  ['example=service-unavailable', 503, 'ServiceUnavailable'],
  ['code=5XX;example=service-unavailable', 503, 'ServiceUnavailable'],
  ['barcode=404', 200, undefined],
  ['respond-async', 200, undefined],
  ['', 200, undefined],
])('Prefer: %s', async (prefer, status, example) => {
  const response = await call('GET', `${borrower}/39317579`, undefined, { headers: { prefer } })
  expect(response.status).toBe(status)
  if (example) expect(response.body).toEqual(readModel().examples[example]?.value)
})

test.each(['code=4040', 'code=1404', 'code=404, example=phone', 'example=nothing'])(
  "Prefer: %s isn't documented",
  async (prefer) => {
    expect((await call('GET', `${borrower}/39317579`, undefined, { headers: { prefer } })).status).toBe(400)
  },
)

describe('a token of the sandbox', () => {
  const login = async (username: string) =>
    (await call('POST', '/api/v140/auth', { username, password: 'any' }, { token: '' })).body
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())

  test.each(['Zoë', '日本', 'ÿ??>>', 'a'])('has the form of a JWT for the user %s', async (username) => {
    const { access_token, refresh_token } = await login(username)
    const [header = '', payload = '', signature] = access_token.split('.')
    expect(access_token).toMatch(/^[\w-]+\.[\w-]+\.sandbox$/)
    expect(read(header)).toEqual({ alg: 'none', typ: 'JWT' })
    expect(read(payload)).toMatchObject({ sub: username, exp: read(payload).iat + 3600 })
    expect(signature).toBe('sandbox')
    expect(refresh_token).toMatch(/^sandbox-refresh-\d+$/)
    expect((await call('GET', borrower, undefined, { token: access_token })).status).toBe(200)
  })

  test('differs from every other one', async () => {
    const [first, second] = await Promise.all(['a', 'a'].map(login))
    expect(first.access_token).not.toBe(second.access_token)
  })

  test.each([
    ['no user', { exp: 4e9 }],
    ['no expiry', { sub: 'a' }],
    ['an expiry that is a string', { sub: 'a', exp: '4000000000' }],
  ])("isn't valid with %s", async (_, payload) => {
    const token = `e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.sandbox`
    expect((await call('GET', borrower, undefined, { token })).status).toBe(401)
  })
})
