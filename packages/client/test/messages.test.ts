/** Error messages name the operation, the problem, and the field or option. They never repeat a value. */
import { describe, expect, test } from 'vitest'
import { type ClientOptions, checkResponses, createClient, loginToken, openapiClient } from '../src/client.ts'
import { failing } from './failing.ts'
import { expectNoSecret } from './leaks.ts'
import { ids, newPhone, phone, secrets } from './servers.ts'

type Client = ReturnType<typeof createClient>
type Run = (rc: Client) => Promise<unknown>

const phoneIds = { ...ids, phone_id: phone.id }
const list: Run = (rc) => rc.borrowerPhones.list(ids)
const get: Run = (rc) => rc.borrowerPhones.get(phoneIds)
const create: Run = (rc) => rc.borrowerPhones.create(ids, newPhone)
const update: Run = (rc) => rc.borrowerPhones.update(phoneIds, { valid: 0, no_contact: 1 })
const remove: Run = (rc) => rc.borrowerPhones.delete(phoneIds)
const operations = new Map([
  [list, 'listBorrowerPhones'],
  [get, 'getBorrowerPhone'],
  [create, 'createBorrowerPhone'],
  [update, 'updateBorrowerPhone'],
  [remove, 'deleteBorrowerPhone'],
])

describe('a response that is an error', () => {
  const message = `${secrets.memo} ${secrets.number}`
  const errors = { number: [message], memo: ['No.'], [secrets.memo]: ['No.'] }
  const page = `<p>${secrets.memo}</p>`
  const unexpected = { kind: 'unexpected_response', problems: [], mayHaveBeenCarriedOut: true }

  test.each<[run: Run, status: number, body: unknown, expected: object, named: string[], headers?: object]>([
    [list, 200, [message], unexpected, ['JSON object']],
    [list, 200, page, unexpected, ['JSON object']],
    [get, 200, null, unexpected, ['JSON object']],
    [list, 200, { data: {} }, { ...unexpected, problems: ['data'] }, ['contract', 'data']],
    [get, 200, { data: [] }, { ...unexpected, problems: ['data'] }, ['contract', 'data']],
    [
      list,
      200,
      { data: [phone], links: { next: message } },
      { kind: 'incomplete_list', mayHaveBeenCarriedOut: true },
      ['one page'],
    ],
    [
      remove,
      200,
      { data: { success: false } },
      { ...unexpected, problems: ['data.success'] },
      ['contract', 'data.success'],
    ],
    [
      update,
      200,
      { data: phone },
      { kind: 'contradiction', fields: ['valid', 'no_contact'], mayHaveBeenCarriedOut: true },
      ['valid and no_contact', "don't dial"],
    ],
    [list, 302, '', unexpected, ["isn't from the API"], { location: 'https://elsewhere.invalid' }],
    [create, 400, { message, errors }, { kind: 'refused', mayHaveBeenCarriedOut: false }, ['(refused)']],
    [list, 401, { message }, { kind: 'unauthenticated' }, ['(unauthenticated)']],
    [list, 403, { message }, { kind: 'forbidden' }, ['(forbidden)']],
    [get, 404, { message }, { kind: 'not_found' }, ['(not_found)']],
    [get, 404, { error: message }, unexpected, ["isn't from the API"]],
    [get, 404, { message: 'no Route matched with those values' }, unexpected, ["isn't from the API"]],
    [get, 404, { message: 'The route api/v140 could not be found.' }, unexpected, ["isn't from the API"]],
    [create, 418, page, { kind: 'refused' }, ['(refused)']],
    [
      create,
      422,
      { message, errors },
      { kind: 'validation', fieldErrors: errors, mayHaveBeenCarriedOut: false },
      ['(validation): number, memo'],
    ],
    [create, 422, { message, errors: { other: ['No.'] } }, { kind: 'validation' }, ['(validation)']],
    [list, 422, { message, errors }, { kind: 'validation' }, ['(validation)']],
    [create, 422, { message }, unexpected, ["isn't from the API"]],
    [create, 422, { errors }, unexpected, ["isn't from the API"]],
    [create, 422, page, unexpected, ["isn't from the API"]],
    [list, 429, { message }, { kind: 'rate_limited' }, ['(rate_limited)']],
    [
      list,
      429,
      { message },
      { kind: 'rate_limited', retryAfterMs: 7000 },
      ['retry after 7000 ms'],
      { 'retry-after': '7' },
    ],
    [create, 451, '', { kind: 'refused', mayHaveBeenCarriedOut: false }, ['(refused)']],
    [create, 500, { message }, { kind: 'server', mayHaveBeenCarriedOut: true }, ['(server)']],
    [
      create,
      503,
      page,
      { kind: 'server', retryAfterMs: 0 },
      ['(server)', 'retry after 0 ms'],
      { 'retry-after': '0' },
    ],
  ])('%o gets a %i with the body %j', async (run, status, body, expected, named, headers = {}) => {
    const error = await failing(run(clientOf(status, body, {}, headers)))
    expect(error).toMatchObject({ ...expected, body, status, attempts: 1, requestId: 'r-1' })
    expect(error.headers.get('x-request-id')).toBe('r-1')
    for (const field of ['retryAfterMs', 'problems', 'fields']) expect(field in error).toBe(field in expected)
    const statusShown = status === 200 ? [] : [String(status)]
    expectMessage(error, [`${operations.get(run)}: `, ...named, ...statusShown])
  })

  test('a failed schema check names the paths', async () => {
    const validator = Object.assign(() => false, { errors: [{ instancePath: '/data/0/number' }] })
    const checkResponse = checkResponses({ listBorrowerPhones: validator })
    const error = await failing(list(clientOf(200, { data: [phone] }, { checkResponse })))
    expect(error).toMatchObject({ problems: ['data.0.number'], status: 200, body: { data: [phone] } })
    expectMessage(error, ['listBorrowerPhones: ', 'contract', 'data.0.number'])
  })

  test('a check that throws is named', async () => {
    const reason = new Error(secrets.number)
    const checkResponse = () => {
      throw reason
    }
    const error = await failing(list(clientOf(200, { data: [] }, { checkResponse })))
    expect(error).toMatchObject({ kind: 'unexpected_response', problems: [], reason })
    expectMessage(error, ['listBorrowerPhones: ', 'checkResponse'])
  })

  test('a response that is too long names the option', async () => {
    const error = await failing(list(clientOf(200, { data: [] }, { maxResponseBytes: 5 })))
    expect(error).toMatchObject({ kind: 'unexpected_response', status: 200, problems: [], requestId: 'r-1' })
    expectMessage(error, ['listBorrowerPhones: ', 'maxResponseBytes', '5'])
    const failed = await failing(list(clientOf(500, 'long enough', { maxResponseBytes: 5 })))
    expect(failed).toMatchObject({ kind: 'server', body: '' })
  })
})

describe('no response', () => {
  const refused = Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } })

  test.each<[string, unknown, code: string | undefined, mayHaveBeenCarriedOut: boolean]>([
    ['the code of the cause', refused, 'ECONNREFUSED', false],
    ["the error's own code", { code: 'UND_ERR_SOCKET' }, 'UND_ERR_SOCKET', true],
    ['no code', new TypeError('failed'), undefined, true],
    ['no code if it is a sentence', { code: `no ${secrets.token}` }, undefined, true],
    ['no code if it has a space', { code: 'E RESET' }, undefined, true],
    ['no code if it is a number', { code: 42 }, undefined, true],
    ['no code if nothing was thrown', undefined, undefined, true],
  ])('a broken connection shows %s', async (_, reason, code, mayHaveBeenCarriedOut) => {
    const error = await failing(create(brokenClient(() => Promise.reject(reason))))
    expect(error).toMatchObject({ kind: 'connection', reason, attempts: 1, mayHaveBeenCarriedOut })
    expect(error.code).toBe(code)
    expect('code' in error).toBe(code !== undefined)
    expect([error.requestId, error.fieldErrors]).toEqual([undefined, undefined])
    expectMessage(error, ['createBorrowerPhone: ', 'no complete response', `(${code ?? 'see error.reason'})`])
  })

  test.each(['attempt', 'total'] as const)('a timeout names its option: %s', async (scope) => {
    const option = `${scope}TimeoutMs`
    const error = await failing(create(brokenClient(() => new Promise(() => {}), { [option]: 5 })))
    expect(error).toMatchObject({ kind: 'timeout', scope, mayHaveBeenCarriedOut: true })
    expectMessage(error, ['createBorrowerPhone: ', option])
  })

  test('an abort names the signal', async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    const error = await failing(clientOf(200, {}).borrowerPhones.list(ids, { signal }))
    expect(error).toMatchObject({ kind: 'aborted', attempts: 0, reason: signal.reason })
    expectMessage(error, ['listBorrowerPhones: ', 'signal'])
  })

  test.each<[string, () => unknown, named: string[]]>([
    ['throws', () => Promise.reject(new Error(secrets.token)), ['error.reason']],
    ['returns an invalid token', () => secrets.memo, ['the token', 'ASCII', '"Bearer"']],
  ])('a token function that %s is named', async (_, token, named) => {
    const error = await failing(list(clientOf(200, {}, { token: token as never })))
    expect(error).toMatchObject({ kind: 'token_unavailable', attempts: 0 })
    expect(error.reason).toBeInstanceOf(Error)
    expectMessage(error, ['listBorrowerPhones: ', 'token function', ...named])
  })

  test('a login that returns an invalid token names the field', async () => {
    const token = loginToken({ username: 'u', password: 'p' })
    const error = await failing(list(clientOf(200, { access_token: secrets.memo }, { token })))
    expectMessage(error, ['listBorrowerPhones: ', 'createAccessToken: ', 'access_token', 'ASCII'])
  })
})

describe('invalid input', () => {
  const fields = 'type, mobile_carrier_id, number, extension, memo, valid, no_contact'
  const cyclic: Record<string, unknown> = {}
  cyclic.memo = cyclic
  const update = (body: object) => (rc: Client) => rc.borrowerPhones.update(phoneIds, body)

  test.each<[string, Run, named: string[]]>([
    [
      'an id',
      (rc) => rc.borrowerPhones.get({ ...ids, phone_id: 1.5 }),
      ['getBorrowerPhone: phone_id', 'whole'],
    ],
    ['a list as body', (rc) => rc.borrowerPhones.create(ids, [] as never), ['plain object', fields]],
    ['an unknown field', update({ noContact: 1 }), ['noContact is unknown', fields, 'mean no_contact?']],
    ['a field that may be a value', update({ [`memo ${secrets.memo}`]: 1 }), ['(name hidden) is unknown']],
    ['a field that starts with digits', update({ '6785550142x': 1 }), ['(name hidden) is unknown']],
    ['a flag', update({ no_contact: true }), ['no_contact', '0 to 1']],
    ['a number', update({ type: Number.NaN }), ['type', 'whole number']],
    ["a body that can't be written", update(cyclic), ['updateBorrowerPhone: ', 'body', 'JSON']],
    [
      'an option',
      (rc) => rc.borrowerPhones.list(ids, { maxAttempts: 0 }),
      ['maxAttempts', '1 to 2147483647'],
    ],
  ])('%s is named', async (_, run, named) => {
    const error = await failing(run(brokenClient(() => expect.unreachable('nothing may be sent'))))
    expect(error).toMatchObject({ kind: 'invalid_input', attempts: 0, mayHaveBeenCarriedOut: false })
    expectMessage(error, [/^\w+: /.exec(error.message)?.[0] ?? 'an operation', ...named])
  })

  test('an option of the login is named, without an operation', () => {
    expect(() => loginToken({ username: 'u', password: 'p', maxAttempts: 0 })).toThrow(/^maxAttempts must/)
  })

  test('the longest timeout is the longest delay of a timer', () => {
    const options = { token: secrets.token, totalTimeoutMs: 2_147_483_647 }
    expect(() => createClient(options)).not.toThrow()
    expect(() => createClient({ ...options, totalTimeoutMs: 2_147_483_648 })).toThrow(/totalTimeoutMs/)
  })

  test.each<[string, object, named: string[]]>([
    ['another server', { params: { path: ids }, baseUrl: 'https://elsewhere.invalid' }, ['raw: ', 'baseUrl']],
    ['no path parameters', {}, ['raw: ', 'params.path']],
    ['a missing path parameter', { params: { path: {} } }, ['order_id', 'whole number']],
  ])('a low-level call with %s names it', async (_, init, named) => {
    const http = openapiClient(brokenClient(() => expect.unreachable('nothing may be sent')).connection)
    const path = '/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones'
    expectMessage(await failing(http.GET(path, init as never)), named)
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
  ])('%s as baseUrl: allowed is %s', (baseUrl, isAllowed) => {
    const create = () => createClient({ token: secrets.token, baseUrl })
    if (isAllowed) expect(create).not.toThrow()
    else expect(create).toThrow(/baseUrl .*https.*localhost/)
  })
})

test('an error as JSON is what a log may show, including the message', async () => {
  const error = await failing(list(clientOf(403, { message: secrets.memo })))
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    name: 'RecoveryConnectError',
    kind: 'forbidden',
    operation: 'listBorrowerPhones',
    attempts: 1,
    mayHaveBeenCarriedOut: false,
    status: 403,
    message: error.message,
  })
})

/** A client whose server sends the same response to every request. */
function clientOf(status: number, body: unknown, options: Partial<ClientOptions> = {}, headers = {}): Client {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const respond = async () => new Response(text, { status, headers: { 'x-request-id': 'r-1', ...headers } })
  return brokenClient(respond, options)
}

function brokenClient(fetch: typeof globalThis.fetch, options: Partial<ClientOptions> = {}): Client {
  return createClient({ token: secrets.token, maxAttempts: 1, fetch, ...options })
}

function expectMessage(error: Error, named: string[]): void {
  for (const text of named) expect(error.message).toContain(text)
  expectNoSecret(error)
}
