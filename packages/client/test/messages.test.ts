/** What people read when a call fails, word for word, and what stands beside it for programs. */
import { describe, expect, test } from 'vitest'
import { type ClientOptions, createClient, loginToken, openapiClient } from '../src/client.ts'
import { RecoveryConnectError } from '../src/errors.ts'
import { ids, secrets } from './servers.ts'

const phoneIds = { ...ids, phone_id: 39317581 }
const newPhone = { type: 6, number: '2025550142', valid: 1, no_contact: 0 } as const
const record = { id: 39317581, ...newPhone }
type Client = ReturnType<typeof createClient>

/** A client whose server gives this answer to everything. */
function answering(status: number, body: unknown, headers: Record<string, string> = {}, more = {}): Client {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const answer = () => new Response(text, { status, headers: { 'x-request-id': 'r-1', ...headers } })
  return createClient({ token: secrets.token, maxAttempts: 1, fetch: async () => answer(), ...more })
}

/** The error of a call that must fail. */
async function failing(call: Promise<unknown>): Promise<any> {
  const error = await call.then(
    () => expect.unreachable('the call must fail'),
    (reason) => reason,
  )
  expect(error).toBeInstanceOf(RecoveryConnectError)
  return error
}

const list = (rc: Client) => rc.borrowerPhones.list(ids)
const get = (rc: Client) => rc.borrowerPhones.get(phoneIds)
const create = (rc: Client) => rc.borrowerPhones.create(ids, newPhone)
const update = (rc: Client) => rc.borrowerPhones.update(phoneIds, { valid: 0, no_contact: 1 })
const remove = (rc: Client) => rc.borrowerPhones.delete(phoneIds)
const message = 'Words of the server.'

describe('an answer', () => {
  test.each<[answer: [number, unknown, object?], call: (rc: Client) => Promise<unknown>, expected: object]>([
    [
      [200, ['x']],
      list,
      {
        kind: 'unexpected_response',
        message: 'listBorrowerPhones: the answer is not a JSON object',
        problems: [],
      },
    ],
    [
      [200, '<p>'],
      list,
      {
        kind: 'unexpected_response',
        message: 'listBorrowerPhones: the answer is not a JSON object',
        problems: [],
      },
    ],
    [
      [200, null],
      get,
      {
        kind: 'unexpected_response',
        message: 'getBorrowerPhone: the answer is not a JSON object',
        problems: [],
      },
    ],
    [
      [200, { data: {} }],
      list,
      {
        kind: 'unexpected_response',
        message: 'listBorrowerPhones: the answer has no array in "data"',
        problems: ['data'],
      },
    ],
    [
      [200, { data: [] }],
      get,
      {
        kind: 'unexpected_response',
        message: 'getBorrowerPhone: the answer has no object in "data"',
        problems: ['data'],
      },
    ],
    [
      [200, { data: { success: false } }],
      remove,
      {
        kind: 'unexpected_response',
        message: 'deleteBorrowerPhone: the answer does not confirm that it was done',
        problems: ['data.success'],
        mayHaveBeenCarriedOut: true,
      },
    ],
    [
      [200, { data: { ...record, valid: 1, no_contact: 0 } }],
      update,
      {
        kind: 'contradiction',
        message:
          'updateBorrowerPhone: valid and no_contact did not come back as sent; treat the number as not to be dialled',
        fields: ['valid', 'no_contact'],
      },
    ],
    [
      [401, { message }],
      list,
      {
        kind: 'unauthenticated',
        message: 'listBorrowerPhones: the API does not accept the credentials (401)',
      },
    ],
    [
      [403, { message }],
      list,
      { kind: 'forbidden', message: 'listBorrowerPhones: the token may not do this (403)' },
    ],
    [
      [404, { message }],
      get,
      { kind: 'not_found', message: 'getBorrowerPhone: there is no such record (404)' },
    ],
    [
      [404, { error: message }],
      get,
      {
        kind: 'unexpected_response',
        message: "getBorrowerPhone: the answer is not the API's (404)",
        problems: [],
        mayHaveBeenCarriedOut: true,
      },
    ],
    [
      [422, { message, errors: { number: ['No.'], memo: ['No.'], [secrets.memo]: ['No.'] } }],
      create,
      {
        kind: 'validation',
        message: 'createBorrowerPhone: the API refuses number, memo (422)',
        fieldErrors: { number: ['No.'], memo: ['No.'], [secrets.memo]: ['No.'] },
        mayHaveBeenCarriedOut: false,
      },
    ],
    [
      [422, { message, errors: { elsewhere: ['No.'] } }],
      create,
      { kind: 'validation', message: 'createBorrowerPhone: the API refuses the request (422)' },
    ],
    [
      [422, { message, errors: { number: ['No.'] } }],
      list,
      { kind: 'validation', message: 'listBorrowerPhones: the API refuses the request (422)' },
    ],
    [
      [422, { message }],
      create,
      {
        kind: 'unexpected_response',
        message: "createBorrowerPhone: the answer is not the API's (422)",
        problems: [],
      },
    ],
    [
      [422, { errors: { number: ['No.'] } }],
      create,
      { kind: 'unexpected_response', message: "createBorrowerPhone: the answer is not the API's (422)" },
    ],
    [
      [422, '<p>'],
      create,
      {
        kind: 'unexpected_response',
        message: "createBorrowerPhone: the answer is not the API's (422)",
        body: '<p>',
      },
    ],
    [
      [400, { message, errors: { number: ['No.'] } }],
      create,
      {
        kind: 'refused',
        message: 'createBorrowerPhone: the API refuses the request (400)',
        mayHaveBeenCarriedOut: false,
      },
    ],
    [
      [418, '<p>'],
      create,
      { kind: 'refused', message: 'createBorrowerPhone: the API refuses the request (418)' },
    ],
    [
      [429, { message }],
      list,
      { kind: 'rate_limited', message: 'listBorrowerPhones: too many requests (429)' },
    ],
    [
      [429, { message }, { 'retry-after': '7' }],
      list,
      {
        kind: 'rate_limited',
        message: 'listBorrowerPhones: too many requests, ask again in 7000 ms (429)',
        retryAfterMs: 7000,
      },
    ],
    [
      [500, { message }],
      create,
      { kind: 'server', message: 'createBorrowerPhone: the API failed (500)', mayHaveBeenCarriedOut: true },
    ],
    [
      [503, '<p>', { 'retry-after': '0' }],
      create,
      {
        kind: 'server',
        message: 'createBorrowerPhone: the API failed, ask again in 0 ms (503)',
        retryAfterMs: 0,
        body: '<p>',
      },
    ],
    [
      [451, ''],
      create,
      {
        kind: 'refused',
        message: 'createBorrowerPhone: the API refuses the request (451)',
        mayHaveBeenCarriedOut: false,
      },
    ],
    [
      [302, '', { location: 'https://elsewhere.invalid' }],
      list,
      {
        kind: 'unexpected_response',
        message: 'listBorrowerPhones: a redirect is not followed (302)',
        problems: [],
        mayHaveBeenCarriedOut: true,
      },
    ],
  ])('%j', async ([status, body, headers], call, expected) => {
    const error = await failing(call(answering(status, body, headers as Record<string, string>)))
    expect(error).toMatchObject({ body, ...expected, status, attempts: 1 })
    expect(error.message).toBe((expected as Error).message)
    expect(error.requestId).toBe('r-1')
    expect(error.headers.get('x-request-id')).toBe('r-1')
    for (const field of ['retryAfterMs', 'problems', 'fields'])
      expect(field in error).toBe(
        field in expected || (field === 'problems' && error.kind === 'unexpected_response'),
      )
  })

  test('without what was asked for by the caller’s own check', async () => {
    const rc = answering(200, { data: [] }, {}, { checkAnswer: () => ['data.0.number', 'data.1'] })
    expect(await failing(list(rc))).toMatchObject({
      message: 'listBorrowerPhones: the answer does not fit its schema at data.0.number, data.1',
      problems: ['data.0.number', 'data.1'],
      status: 200,
      body: { data: [] },
    })
  })

  test('that a failing check could not judge', async () => {
    const reason = new Error('no')
    const checkAnswer = () => {
      throw reason
    }
    expect(await failing(list(answering(200, { data: [] }, {}, { checkAnswer })))).toMatchObject({
      kind: 'unexpected_response',
      message: 'listBorrowerPhones: the answer could not be checked',
      problems: [],
      reason,
    })
  })

  test('that is too long', async () => {
    const error = await failing(list(answering(200, { data: [] }, {}, { maxResponseBytes: 5 })))
    expect(error).toMatchObject({
      kind: 'unexpected_response',
      message: 'listBorrowerPhones: the answer is longer than 5 bytes',
      status: 200,
      problems: [],
      requestId: 'r-1',
    })
    expect(await failing(list(answering(500, 'long enough', {}, { maxResponseBytes: 5 })))).toMatchObject({
      kind: 'server',
      body: '',
    })
  })
})

describe('no answer', () => {
  const broken = (reason: unknown, more: Partial<ClientOptions> = {}) =>
    createClient({
      token: secrets.token,
      maxAttempts: 1,
      fetch: async () => {
        throw reason
      },
      ...more,
    })

  test.each<[string, unknown, string, object]>([
    [
      'refused',
      Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } }),
      'there was no complete answer (ECONNREFUSED)',
      { code: 'ECONNREFUSED', mayHaveBeenCarriedOut: false },
    ],
    [
      'a code of its own',
      { code: 'UND_ERR_SOCKET' },
      'there was no complete answer (UND_ERR_SOCKET)',
      { code: 'UND_ERR_SOCKET', mayHaveBeenCarriedOut: true },
    ],
    ['no code', new TypeError('failed'), 'there was no complete answer', { mayHaveBeenCarriedOut: true }],
    ['a code that is a sentence', { code: `no ${secrets.token}` }, 'there was no complete answer', {}],
    ['a code with an end', { code: 'E RESET' }, 'there was no complete answer', {}],
    ['a number', { code: 42 }, 'there was no complete answer', {}],
    ['nothing', undefined, 'there was no complete answer', {}],
  ])('%s', async (_, reason, text, expected) => {
    const error = await failing(create(broken(reason)))
    expect(error).toMatchObject({ kind: 'connection', reason, attempts: 1, ...expected })
    expect(error.message).toBe(`createBorrowerPhone: ${text}`)
    expect('code' in error).toBe('code' in expected)
    expect(error.requestId).toBeUndefined()
    expect(error.fieldErrors).toBeUndefined()
  })

  test.each([
    ['attempt', { attemptTimeoutMs: 20 }],
    ['total', { totalTimeoutMs: 20 }],
  ] as const)('in time: %s', async (scope, options) => {
    const rc = createClient({
      token: secrets.token,
      maxAttempts: 1,
      fetch: () => new Promise(() => {}),
      ...options,
    })
    const error = await failing(create(rc))
    expect(error).toMatchObject({ kind: 'timeout', scope, mayHaveBeenCarriedOut: true })
    expect(error.message).toBe(`createBorrowerPhone: there was no complete answer in time (${scope})`)
  })

  test('because the caller ended it', async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    const error = await failing(answering(200, {}).borrowerPhones.list(ids, { signal }))
    expect(error).toMatchObject({ kind: 'aborted', attempts: 0, reason: signal.reason })
    expect(error.message).toBe('listBorrowerPhones: the call was aborted by its signal')
  })

  test('for want of a token', async () => {
    const reason = new Error(secrets.token)
    const rc = answering(200, {}, {}, { token: () => Promise.reject(reason) })
    const error = await failing(list(rc))
    expect(error).toMatchObject({ kind: 'token_unavailable', attempts: 0, reason })
    expect(error.message).toBe('listBorrowerPhones: the token function gave no token')
    const wrong = await failing(list(answering(200, {}, {}, { token: () => 'two words' })))
    expect(wrong.message).toBe(
      'listBorrowerPhones: the token function gave no token: the token must be a string of visible ASCII characters, without "Bearer", spaces or line breaks',
    )
  })

  test('from the login', async () => {
    const login = loginToken({ username: 'u', password: 'p' })
    const rc = answering(200, { access_token: 'two words' }, {}, { token: login })
    expect((await failing(list(rc))).message).toBe(
      'listBorrowerPhones: the token function gave no token: createAccessToken: access_token must be a string of visible ASCII characters, without "Bearer", spaces or line breaks',
    )
  })
})

describe('what cannot be meant', () => {
  const rc = () =>
    createClient({ token: secrets.token, fetch: () => expect.unreachable('nothing may be sent') })
  const known = 'type, mobile_carrier_id, number, extension, memo, valid, no_contact'
  const cyclic: Record<string, unknown> = {}
  cyclic.memo = cyclic

  test.each<[string, (rc: Client) => Promise<unknown>, string]>([
    [
      'an id',
      (one) => one.borrowerPhones.get({ ...phoneIds, phone_id: 1.5 }),
      'getBorrowerPhone: phone_id must be a whole number, as the API gave it',
    ],
    [
      'a body',
      (one) => one.borrowerPhones.create(ids, [] as never),
      `createBorrowerPhone: the body must be a plain object with keys among ${known}`,
    ],
    [
      'a key',
      (one) => one.borrowerPhones.update(phoneIds, { noContact: 1 } as never),
      `updateBorrowerPhone: the body has the unknown key noContact; known are ${known}`,
    ],
    [
      'a key that may be a value',
      (one) => one.borrowerPhones.update(phoneIds, { [`memo ${secrets.memo}`]: 1 } as never),
      `updateBorrowerPhone: the body has the unknown key of other characters; known are ${known}`,
    ],
    [
      'a key that ends as a value',
      (one) => one.borrowerPhones.update(phoneIds, { '6785550142x': 1 } as never),
      `updateBorrowerPhone: the body has the unknown key of other characters; known are ${known}`,
    ],
    [
      'a flag',
      (one) => one.borrowerPhones.update(phoneIds, { no_contact: true } as never),
      'updateBorrowerPhone: no_contact must be 0 or 1',
    ],
    [
      'a number',
      (one) => one.borrowerPhones.update(phoneIds, { type: Number.NaN }),
      'updateBorrowerPhone: type must be finite',
    ],
    [
      'a body that cannot be written',
      (one) => one.borrowerPhones.update(phoneIds, cyclic as never),
      'updateBorrowerPhone: the body or a header cannot be written',
    ],
    [
      'an option',
      (one) => one.borrowerPhones.list(ids, { maxAttempts: 0 }),
      'listBorrowerPhones: maxAttempts must be a whole number from 1 to 2147483647',
    ],
  ])('%s', async (_, call, text) => {
    const error = await failing(call(rc()))
    expect(error).toMatchObject({ kind: 'invalid_input', attempts: 0, mayHaveBeenCarriedOut: false })
    expect(error.message).toBe(text)
  })

  test('an option of the login is refused at once, without the name of an operation', () => {
    expect(() => loginToken({ username: 'u', password: 'p', maxAttempts: 0 })).toThrow(
      /^maxAttempts must be a whole number from 1 to 2147483647$/,
    )
  })

  test('the longest time is one that a timer can wait', () => {
    const options = { token: secrets.token, totalTimeoutMs: 2_147_483_647 }
    expect(() => createClient(options)).not.toThrow()
    expect(() => createClient({ ...options, totalTimeoutMs: 2_147_483_648 })).toThrow(/totalTimeoutMs/)
  })

  test('a raw call elsewhere, or without its ids', async () => {
    const http = openapiClient(rc().connection)
    const path = '/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones'
    const elsewhere = http.GET(path, { params: { path: ids }, baseUrl: 'https://elsewhere.invalid' })
    expect((await failing(elsewhere)).message).toBe("raw: a raw call must go to the connection's baseUrl")
    const bare = http.GET(path, {} as never)
    expect((await failing(bare)).message).toBe('raw: params.path must hold every name of the path')
    const lacking = http.GET(path, { params: { path: {} as never } })
    expect((await failing(lacking)).message).toBe('order_id must be a whole number, as the API gave it')
  })

  test.each([
    ['http://127.0.0.1:1', true],
    ['http://127.0.0.123:1', true],
    ['http://api.localhost', true],
    ['http://[::1]:1', true],
    ['http://localhost', true],
    ['http://localhost.example.com', false],
    ['http://127.0.0.1.example.com', false],
    ['http://example.com', false],
    ['http://notlocalhost', false],
    ['ftp://localhost', false],
  ])('%s as baseUrl: %s', (baseUrl, isAllowed) => {
    const make = () => createClient({ token: secrets.token, baseUrl })
    if (isAllowed) expect(make).not.toThrow()
    else expect(make).toThrow('baseUrl must begin with https://; http:// is for the loopback interface alone')
  })
})

test('an error as JSON is what a log may show, message included', async () => {
  const error = await failing(list(answering(403, { message: secrets.memo })))
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    name: 'RecoveryConnectError',
    kind: 'forbidden',
    operation: 'listBorrowerPhones',
    attempts: 1,
    mayHaveBeenCarriedOut: false,
    status: 403,
    message: 'listBorrowerPhones: the token may not do this (403)',
  })
})
