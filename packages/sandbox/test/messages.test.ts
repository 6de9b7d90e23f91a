/** What the sandbox says, word for word: what was wrong, where, and what would be right. */
import contract from '@recoveryconnect/spec/openapi.json' with { type: 'json' }
import { expect, test } from 'vitest'
import { createSandboxFetch } from '../src/fetch.ts'
import { borrower, caller, sandbox } from './calls.ts'

const call = caller('https://sandbox.invalid', createSandboxFetch() as typeof fetch)
const one = `${borrower}/39317578`
const phone = { type: 6, number: '2025550143' }
const control = '/__sandbox'
const known = Object.keys(contract.paths)
const paths = `It has ${known.slice(0, 10).join(', ')}${known.length > 10 ? ` and ${known.length - 10} more` : ''}.`

test.each<[string, [string, string, unknown?, object?], number, string | RegExp]>([
  ['a path', ['GET', '/api/v140/nothing'], 404, `Not found: the contract has no such path. ${paths}`],
  [
    'a method',
    ['DELETE', borrower],
    405,
    'The method is not supported for this route. Supported: GET, POST.',
  ],
  ['an id', ['GET', `${borrower}/x`], 404, 'Not found: phone_id must be a positive integer.'],
  [
    'an id that is broken',
    ['GET', `${borrower}/%e4`],
    404,
    'Not found: phone_id must be a positive integer.',
  ],
  [
    'a borrower',
    ['GET', borrower.replace('124927241', '1001')],
    404,
    'Not found: this world has no such order with such a borrower.',
  ],
  ['a phone', ['GET', `${borrower}/1001`], 404, 'Not found: this borrower has no such phone.'],
  [
    'no token',
    ['GET', borrower, undefined, { token: '' }],
    401,
    'Unauthenticated. Send the header Authorization: Bearer <token>; this sandbox takes any token.',
  ],
  [
    'an old token',
    ['GET', borrower, undefined, { token: 'sandbox-expired' }],
    401,
    'Unauthenticated. The token has expired: get a new one from POST /api/v140/auth.',
  ],
  [
    'a throttled token',
    ['GET', borrower, undefined, { token: 'sandbox-throttled' }],
    429,
    'Too Many Attempts.',
  ],
  [
    'a body that is too large',
    ['POST', borrower, { ...phone, memo: 'x'.repeat(65_536) }],
    413,
    'The body must not be larger than 65536 bytes.',
  ],
  [
    'an answer that is not documented',
    ['GET', one, undefined, { headers: { prefer: 'code=302' } }],
    400,
    'Prefer: no such answer is documented. There are: 200 (phone); 401 (unauthenticated); 404 (not-found); 429 (too-many-requests); 4XX (forbidden, method-not-allowed); 5XX (server-error, service-unavailable).',
  ],
  [
    'a place of the control surface',
    ['GET', `${control}/nothing`],
    404,
    'Not found. The control surface has /__sandbox/health, /__sandbox/world, /__sandbox/reset, /__sandbox/log, /__sandbox/faults, /__sandbox/clock.',
  ],
  [
    'a method of it',
    ['PATCH', `${control}/faults`],
    405,
    'The method is not supported. Supported: GET, POST, DELETE.',
  ],
])('%s', async (_, [method, path, body, options], status, message) => {
  const seen = await call(method, path, body, options)
  expect({ status: seen.status, message: seen.body.message }).toEqual({ status, message })
})

test.each<[string, [string, string, unknown, object?], Record<string, string[]>]>([
  ['no body', ['POST', borrower, ''], { body: ['A JSON body is required.'] }],
  [
    'another type',
    ['POST', borrower, 'type=6', { headers: { 'content-type': 'text/plain' } }],
    { body: ['The body must be sent with the header Content-Type: application/json.'] },
  ],
  [
    'no JSON',
    ['POST', borrower, '{"type": 6, x}'],
    { body: ['The body must be JSON; it breaks off at character 12.'] },
  ],
  [
    'half of it',
    ['POST', borrower, '{"type":'],
    { body: ['The body must be JSON; it breaks off at its end.'] },
  ],
  ['no object', ['POST', borrower, '[]'], { body: ['The body must be an object.'] }],
  [
    'fields that are missing',
    ['POST', borrower, '{}'],
    { type: ['The type field is required.'], number: ['The number field is required.'] },
  ],
  [
    'fields of other types',
    ['PUT', one, { type: '6', mobile_carrier_id: 'x', number: 5, memo: 5, valid: 5 }],
    {
      type: ['The type must be an integer.'],
      mobile_carrier_id: ['The mobile carrier id must be an integer or null.'],
      number: ['The number must be a string.'],
      memo: ['The memo must be a string or null.'],
      valid: ['The selected valid is invalid. Allowed: 0, 1.'],
    },
  ],
  [
    'ids that are none',
    ['PUT', one, { type: 0, mobile_carrier_id: -1, number: '5' }],
    {
      type: ['The type must be a positive integer.'],
      mobile_carrier_id: ['The mobile carrier id must be a positive integer.'],
      number: ['The number must be ten digits, such as 2025550143 or 202-555-0143.'],
    },
  ],
  [
    'the number that is always refused',
    ['PUT', one, { number: '0005550122' }],
    { number: ['The number is one that this sandbox always refuses.'] },
  ],
  ['a fault that is no JSON', ['POST', `${control}/faults`, '{'], { body: ['The body must be JSON.'] }],
  ['no fault at all', ['POST', `${control}/faults`, undefined], { body: ['The body must be JSON.'] }],
  ['a fault that is a list', ['POST', `${control}/faults`, []], { body: ['The body must be an object.'] }],
  [
    'a fault that is a text',
    ['POST', `${control}/faults`, '"drop"'],
    { body: ['The body must be an object.'] },
  ],
  [
    'a fault with everything wrong',
    [
      'POST',
      `${control}/faults`,
      { requests: 0, operation: 'x', status: 200, delay_ms: -1, connection: 'cut-off', sleep: 1 },
    ],
    {
      requests: ['requests must be a number of requests, from 1 on.'],
      operation: ['operation must be an operation id of the contract.'],
      status: ['status must be a status from 400 to 599.'],
      delay_ms: ['delay_ms must be milliseconds, up to 600000.'],
      connection: ['connection must be drop, drop-answer or cut.'],
      sleep: ['sleep is not known.'],
    },
  ],
  [
    'a fault beyond the bounds',
    [
      'POST',
      `${control}/faults`,
      { requests: 1_000_001, status: 600, delay_ms: 600_001, connection: 'a-drop' },
    ],
    {
      requests: ['requests must be a number of requests, from 1 on.'],
      status: ['status must be a status from 400 to 599.'],
      delay_ms: ['delay_ms must be milliseconds, up to 600000.'],
      connection: ['connection must be drop, drop-answer or cut.'],
    },
  ],
  [
    'a clock',
    ['PUT', `${control}/clock`, { times: ['2026-03-07 14:18:07', '2026-03-07 14:18:07.5'] }],
    {
      times: [
        'times must be a list such as ["2026-03-07 14:18:07"]; an empty list is real time, and more than 1000 are too many.',
      ],
    },
  ],
  ['a world', ['PUT', `${control}/world`, { orders: 5 }], { '/orders': ['must be a list'] }],
  [
    'no world at all',
    ['PUT', `${control}/world`, '5'],
    { '/': ['must be an object'], '/orders': ['must be a list'] },
  ],
])('fields: %s', async (_, [method, path, body, options], errors) => {
  const seen = await call(method, path, body, options)
  expect(seen.body).toEqual({ message: 'The given data was invalid.', errors })
  expect(seen.status).toBe(422)
})

test('bounds themselves are fine', async () => {
  const fault = { requests: 1_000_000, status: 599, delay_ms: 600_000, connection: 'cut' }
  expect((await call('POST', `${control}/faults`, fault, { token: 'bounds' })).body).toEqual({
    faults: [fault],
  })
  expect((await call('DELETE', `${control}/faults`, undefined, { token: 'bounds' })).body).toEqual({
    faults: [],
  })
  expect((await call('GET', `${control}/faults`, undefined, { token: 'bounds' })).body).toEqual({
    faults: [],
  })
  const exactly = JSON.stringify({ ...phone, memo: '' })
  const memo = 'x'.repeat(65_536 - exactly.length)
  expect((await call('POST', borrower, { ...phone, memo })).status).toBe(200)
  expect((await call('POST', borrower, { ...phone, memo: `${memo}x` })).status).toBe(413)
})

test('what was ignored is named, five at most, and only what looks like a name', async () => {
  const body = { ...phone, noContact: 1, a: 1, b: 1, c: 1, d: 1, e: 1 }
  const known = 'Known: type, mobile_carrier_id, number, extension, memo, valid, no_contact.'
  expect((await call('POST', borrower, body)).headers.get('x-sandbox-warning')).toBe(
    `Ignored unknown fields: noContact, a, b, c, d. ${known}`,
  )
  expect((await call('PUT', one, { '202-555-0143': 1 })).headers.get('x-sandbox-warning')).toBe(
    `Ignored unknown fields: (a name that is not shown). ${known}`,
  )
})

test('the log says what was wrong with each request, and nothing that was sent', async () => {
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
  expect(
    requests.map(({ path, status, problems }: any) => [
      path.slice(borrower.length) || path.length,
      status,
      problems,
    ]),
  ).toEqual([
    ['/39317578', 500, ['A scripted fault met this request.']],
    ['/404', 404, []],
    ['/[masked]', 404, ['Not found: this borrower has no such phone.']],
    ['/[masked]', 404, ['Not found: phone_id must be a positive integer.']],
    ['/39317578', 422, ['The selected valid is invalid. Allowed: 0, 1.']],
    [
      '/39317578',
      200,
      [
        'Ignored unknown fields: secret. Known: type, mobile_carrier_id, number, extension, memo, valid, no_contact.',
      ],
    ],
    [borrower.length, 429, ['Answered 429 on demand.']],
    ['x'.repeat(200 - borrower.length), 404, [`Not found: the contract has no such path. ${paths}`]],
  ])
})

test('an id is a failure on demand only if the contract shows it', async () => {
  const status = async (id: number) => (await call('GET', `${borrower}/${id}`)).body.message
  expect(await status(403)).toBe('This action is unauthorized.')
  expect(await status(503)).toBe('Service Unavailable')
  for (const id of [200, 399, 402, 418, 502, 599, 600])
    expect(await status(id)).toBe('Not found: this borrower has no such phone.')
})

test.each([
  ['code=404', 404, 'Not found.'],
  ['code="404"', 404, 'Not found.'],
  ['CODE=404', 404, 'Not found.'],
  ['respond-async, code=404', 404, 'Not found.'],
  ['code=4xx', 403, 'This action is unauthorized.'],
  ['code=503', 503, 'Service Unavailable'],
  ['example=service-unavailable', 503, 'Service Unavailable'],
  ['code=5XX;example=service-unavailable', 503, 'Service Unavailable'],
  ['barcode=404', 200, undefined],
  ['respond-async', 200, undefined],
  ['', 200, undefined],
])('Prefer: %s', async (prefer, status, message) => {
  const seen = await call('GET', `${borrower}/39317579`, undefined, { headers: { prefer } })
  expect([seen.status, seen.body.message]).toEqual([status, message])
})

test.each(['code=4040', 'code=1404', 'code=404, example=phone', 'example=nothing'])(
  'Prefer: %s is documented nowhere',
  async (prefer) => {
    expect((await call('GET', `${borrower}/39317579`, undefined, { headers: { prefer } })).status).toBe(400)
  },
)

test('a token has the form of a JWT, whatever the user is called', async () => {
  const names = ['Zoë', '日本', 'ÿ??>>', 'a']
  for (const username of names) {
    const { body } = await call('POST', '/api/v140/auth', { username, password: 'any' }, { token: '' })
    const [header = '', payload = '', signature] = body.access_token.split('.')
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
    expect(body.access_token).toMatch(/^[\w-]+\.[\w-]+\.sandbox$/)
    expect(read(header)).toEqual({ alg: 'none', typ: 'JWT' })
    expect(read(payload)).toMatchObject({ sub: username, exp: read(payload).iat + 3600 })
    expect(signature).toBe('sandbox')
    expect(body.refresh_token).toMatch(/^sandbox-refresh-\d+$/)
    expect((await call('GET', borrower, undefined, { token: body.access_token })).status).toBe(200)
  }
  const serials = await Promise.all(
    ['a', 'a'].map((username) =>
      call('POST', '/api/v140/auth', { username, password: 'any' }, { token: '' }),
    ),
  )
  const [first, second] = serials.map(({ body }) => body.access_token)
  expect(first).not.toBe(second)
})

test.each([
  ['no user', { exp: 4e9 }],
  ['no end', { sub: 'a' }],
  ['an end that is a text', { sub: 'a', exp: '4000000000' }],
])('a token of the sandbox with %s is none', async (_, payload) => {
  const token = `e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.sandbox`
  expect((await call('GET', borrower, undefined, { token })).status).toBe(401)
})
