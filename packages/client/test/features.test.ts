/** What users of other API clients look for: copies with other options, the response of a call, and a `User-Agent`. */
import { describe, expect, expectTypeOf, onTestFinished, test, vi } from 'vitest'
import {
  borrowerPhones,
  type CallOptions,
  type ClientOptions,
  connect,
  createClient,
  type FetchInit,
  loginToken,
  openapiClient,
  RecoveryConnectError,
  type Schemas,
} from '../src/client.ts'
import { version } from '../src/operations.gen.ts'
import { ids, json, phone, secrets, serve } from './servers.ts'

type Client = ReturnType<typeof createClient>

const path = '/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones'
const account = { username: 'example-user', password: secrets.token }

/** Records what fetch gets, and responds with an empty list that is a token too. */
function recorder() {
  const sent: (FetchInit & { url: string })[] = []
  const fetch = async (url: string, init: FetchInit) => {
    sent.push({ url, ...init })
    return Response.json({ data: [], access_token: `issued-${sent.length}`, expires_in: 3600 })
  }
  return { sent, fetch, headers: () => sent.map(({ headers }) => headers) }
}

describe('withOptions', () => {
  test('shares the token with the original, also while it is requested and after it was rejected', async () => {
    const server = await serve((socket, { path, headers }, count) => {
      if (path.endsWith('/auth'))
        socket.write(json(200, { access_token: `issued-${count}`, expires_in: 3600 }))
      else socket.write(headers.authorization === 'Bearer issued-1' ? json(401, {}) : json(200, { data: [] }))
    })
    const rc = createClient({ baseUrl: server.url, token: loginToken(account) })
    const copies = [
      rc,
      rc.withOptions({ maxAttempts: 1 }),
      rc.withOptions({}).withOptions({ headers: { a: 'b' } }),
    ]
    const results = await Promise.all(copies.map((copy) => copy.borrowerPhones.list(ids).result()))
    expect(results.map((result) => result.ok && result.attempts)).toEqual([2, 2, 2])
    await Promise.all(
      copies.map((copy) => openapiClient(copy.connection).GET(path, { params: { path: ids } })),
    )
    expect(server.arrived.filter(({ path }) => path.endsWith('/auth'))).toHaveLength(2)
  })

  test('merges headers and hooks, and leaves the original unchanged', async () => {
    const { fetch, headers } = recorder()
    const calls: string[] = []
    const hooks = (name: string) => ({ onAttempt: () => void calls.push(name) })
    const rc = createClient({ token: 't', fetch, headers: { 'x-a': '1', 'x-b': '1' }, hooks: hooks('one') })
    const copy = rc.withOptions({ headers: { 'X-A': '2', 'x-b': null, 'x-c': '2' }, hooks: hooks('two') })
    await copy.borrowerPhones.list(ids, { headers: { 'x-c': '3' }, hooks: hooks('three') })
    await rc.borrowerPhones.list(ids)
    expect(headers()).toMatchObject([
      { 'x-a': '2', 'x-c': '3' },
      { 'x-a': '1', 'x-b': '1' },
    ])
    expect(headers().map((sent) => ['x-b' in sent, 'x-c' in sent])).toEqual([
      [false, true],
      [true, false],
    ])
    expect(calls).toEqual(['one', 'two', 'three', 'one'])
  })

  const hang = () => new Promise<never>(() => {})
  const long = async () => Response.json({ data: [], more: 'x'.repeat(100) })
  test.each<[name: string, options: CallOptions, expected: object]>([
    ['its own signal', { signal: AbortSignal.abort() }, { kind: 'aborted' }],
    [
      'its own timeout of an attempt',
      { fetch: hang, attemptTimeoutMs: 1 },
      { kind: 'timeout', scope: 'attempt' },
    ],
    ['its own timeout', { fetch: hang, totalTimeoutMs: 1 }, { kind: 'timeout', scope: 'total' }],
    ['its own limit', { fetch: long, maxResponseBytes: 5 }, { kind: 'unexpected_response' }],
    ['its own fetch', { fetch: () => Promise.reject() }, { kind: 'connection' }],
    ['its own check', { checkResponse: () => ['data.0'] }, { problems: ['data.0'] }],
  ])('has %s in every way to call', async (_, options, expected) => {
    const { fetch } = recorder()
    const rc = createClient({ token: 't', fetch, maxAttempts: 1 })
    const copy = rc.withOptions(options)
    const [resource] = [borrowerPhones(connect({ token: 't', fetch, maxAttempts: 1 }).withOptions(options))]
    for (const call of [copy.borrowerPhones.list(ids), resource.list(ids)])
      await expect(call).rejects.toMatchObject(expected)
    // The low-level client doesn't check responses.
    if (!options.checkResponse)
      await expect(openapiClient(copy.connection).GET(path, { params: { path: ids } })).rejects.toMatchObject(
        expected,
      )
    expect(await rc.borrowerPhones.list(ids).result()).toMatchObject({ ok: true })
  })

  test('an option of a call replaces that of the copy, and undefined does not', async () => {
    const { fetch } = recorder()
    const rc = createClient({ token: 't', fetch }).withOptions({
      fetch: () => Promise.reject(),
      maxAttempts: 1,
    })
    const list = (options: CallOptions) => rc.borrowerPhones.list(ids, options).result()
    expect(await list({ fetch })).toMatchObject({ ok: true })
    expect(await list({ fetch: undefined })).toMatchObject({ ok: false })
  })

  test('has every resource and the same server', () => {
    const rc = createClient({ token: 't', baseUrl: 'http://localhost:1/base/' })
    const copy = rc.withOptions({})
    expect(Object.keys(copy)).toEqual(Object.keys(rc))
    expect(copy).toBeInstanceOf(rc.constructor)
    expect(copy.connection.baseUrl).toBe('http://localhost:1/base')
    expectTypeOf(copy).toEqualTypeOf(rc)
  })

  test.each<[unknown, named: string]>([
    [undefined, 'plain object'],
    [null, 'plain object'],
    [{ token: 't' }, 'token'],
    [{ baseUrl: 'https://example.com' }, 'baseUrl'],
    [{ httpHosts: [] }, 'httpHosts'],
    [{ appInfo: 'x' }, 'appInfo'],
    [{ timeout: 5 }, 'attemptTimeoutMs'],
    [{ maxAttempts: 0 }, 'maxAttempts'],
    [{ headers: { 'a b': '1' } }, 'headers'],
    [{ hooks: { onRetry() {} } }, 'onRetry'],
  ])('rejects %j', (options, named) => {
    const rc = createClient({ token: 't' })
    for (const target of [rc, rc.connection])
      expect(() => target.withOptions(options as never)).toThrow(
        expect.objectContaining({ kind: 'invalid_input', message: expect.stringContaining(named) }),
      )
  })
})

describe('withResponse', () => {
  const fetch = async () =>
    Response.json({ data: [phone] }, { status: 203, headers: { 'x-request-id': 'r-1', 'x-left': '9' } })

  test('resolves to the data, the response and the attempts', async () => {
    const rc = createClient({ token: async ({ rejected }) => rejected ?? 't', fetch })
    const { data, response, attempts } = await rc.borrowerPhones.list(ids).withResponse()
    expectTypeOf(data).toEqualTypeOf<Schemas['BorrowerPhoneList']>()
    expect(data).toEqual({ data: [phone] })
    expect([response.status, response.headers.get('X-Request-Id'), response.headers.get('x-left')]).toEqual([
      203,
      'r-1',
      '9',
    ])
    expect([await response.text(), await response.json()]).toEqual([JSON.stringify(data), data])
    expect(attempts).toBe(1)
    expect(Object.keys(await rc.borrowerPhones.list(ids).withResponse())).toEqual([
      'data',
      'response',
      'attempts',
    ])
  })

  test('counts the attempts, and has the last response', async () => {
    const statuses = [503, 429, 200]
    const rc = createClient({
      token: 't',
      fetch: async () => {
        const status = statuses.shift() ?? 500
        return Response.json({ data: [] }, { status, headers: { left: `${status}`, 'retry-after': '0' } })
      },
    })
    vi.spyOn(Math, 'random').mockReturnValue(0)
    onTestFinished(() => void vi.restoreAllMocks())
    const { response, attempts } = await rc.borrowerPhones.list(ids).withResponse()
    expect([response.headers.get('left'), attempts]).toEqual(['200', 3])
  })

  const uses: [name: string, use: (call: ReturnType<Client['borrowerPhones']['list']>) => unknown[]][] = [
    ['the call alone', (call) => [call]],
    ['result', (call) => [call.result()]],
    ['withResponse', (call) => [call.withResponse()]],
    ['both', (call) => [call.result(), call.withResponse()]],
    ['everything', (call) => [call, call.result(), call.withResponse(), call.withResponse()]],
    ['catch', (call) => [call.catch((error) => ({ error }))]],
    ['finally', (call) => [call.finally(() => {})]],
  ]
  test.each(uses)('%s rejects like the call, and nothing is left unhandled', async (_, use) => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    onTestFinished(() => void process.off('unhandledRejection', unhandled))
    const rc = createClient({ token: 't', fetch: async () => new Response('', { status: 400 }) })
    const error = await rc.borrowerPhones.list(ids).catch((reason) => reason)
    for (const outcome of await Promise.allSettled(use(rc.borrowerPhones.list(ids)))) {
      const { reason, value } = outcome as { reason?: unknown; value?: { error: unknown } }
      expect(reason ?? value?.error).toBeInstanceOf(RecoveryConnectError)
      expect(reason ?? value?.error).toEqual(error)
    }
    await new Promise((resolve) => setImmediate(resolve))
    expect(unhandled).not.toHaveBeenCalled()
  })
})

describe('User-Agent', () => {
  const own = `recoveryconnect-client/${version}`
  test.each<[name: string, client: Partial<ClientOptions>, call: CallOptions, expected: string | undefined]>([
    ['names the package and its version', {}, {}, own],
    ['starts with appInfo', { appInfo: 'example-dialer/2.1.0' }, {}, `example-dialer/2.1.0 ${own}`],
    ['ignores an empty appInfo', { appInfo: '' }, {}, own],
    ['ignores an undefined appInfo', { appInfo: undefined }, {}, own],
    ['is that of the headers', { appInfo: 'a', headers: { 'User-Agent': 'b' } }, {}, 'b'],
    ['is that of the call', { headers: { 'user-agent': 'b' } }, { headers: [['USER-AGENT', 'c']] }, 'c'],
    ['is removed by null', { appInfo: 'a' }, { headers: { 'user-agent': null } }, undefined],
    ['is removed for all calls', { headers: { 'User-Agent': null } }, {}, undefined],
    ['stays without a value', { headers: { 'user-agent': undefined } }, {}, own],
  ])('%s', async (_, client, call, expected) => {
    const { fetch, sent } = recorder()
    const rc = createClient({ token: 't', fetch, ...client })
    await rc.borrowerPhones.list(ids, call)
    await openapiClient(rc.withOptions(call).connection).GET(path, { params: { path: ids } })
    expect(sent.map(({ headers }) => headers['user-agent'])).toEqual([expected, expected])
  })

  test('is sent with a login too', async () => {
    const { fetch, sent } = recorder()
    await createClient({ token: loginToken(account), fetch }).borrowerPhones.list(ids)
    const token = loginToken({ ...account, headers: { 'user-agent': 'a' } })
    await createClient({ token, fetch }).borrowerPhones.list(ids)
    expect(sent.map(({ headers }) => headers['user-agent'])).toEqual([own, own, 'a', own])
  })

  test.each(['Mozilla/5.0 (X11; Linux x86_64)', 'Mozilla/5.0 (linux) jsdom/29.0.0'])(
    'is left to a browser: %s',
    async (userAgent) => {
      vi.stubGlobal('navigator', { userAgent })
      onTestFinished(() => void vi.unstubAllGlobals())
      const { fetch, headers } = recorder()
      await createClient({ token: loginToken(account), fetch, appInfo: 'a' }).borrowerPhones.list(ids)
      for (const sent of headers()) expect(sent).not.toHaveProperty('user-agent')
    },
  )

  test.each(['a\nb', 'a\r\nx-evil: 1', 'ünïcode ☎', 5, {}])('rejects the appInfo %j', (appInfo) => {
    expect(() => createClient({ token: 't', appInfo: appInfo as never })).toThrow(
      expect.objectContaining({ kind: 'invalid_input', message: expect.stringContaining('appInfo') }),
    )
  })
})
