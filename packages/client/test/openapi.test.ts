import type { Middleware } from 'openapi-fetch'
import { expect, expectTypeOf, onTestFinished, test, vi } from 'vitest'
import { type CallOptions, createClient, openapiClient, type Schemas } from '../src/client.ts'
import { expectNoSecret } from './leaks.ts'
import { type Handler, http, ids, json, newPhone, secrets, serve } from './servers.ts'

const path = '/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones'

test('a low-level call uses the token and the retries of the connection', async () => {
  const { raw, server } = await rawClient(
    (socket, _, count) => void socket.write(count === 1 ? http(503, '') : json(200, { data: [] })),
  )
  const { data, response } = await raw.GET(path, { params: { path: ids } })
  expectTypeOf(data).toEqualTypeOf<Schemas['BorrowerPhoneList'] | undefined>()
  expect([data, response.status, server.arrived.length]).toEqual([{ data: [] }, 200, 2])
  expect(server.arrived[1]?.headers).toMatchObject({
    authorization: `Bearer ${secrets.token}`,
    accept: 'application/json',
  })
})

test('a low-level call sends bodies, and never retries a POST', async () => {
  const { raw, server } = await rawClient((socket) => void socket.write(http(503, 'busy')))
  const { error, response } = await raw.POST(path, { params: { path: ids }, body: newPhone })
  expect([error, response.status]).toEqual(['busy', 503])
  expect(server.arrived.map(({ body }) => body)).toEqual([JSON.stringify(newPhone)])
})

test('a low-level call never retries a PATCH', async () => {
  const { raw, server } = await rawClient((socket) => void socket.write(http(503, 'busy')))
  await raw.request('patch' as never, path as never, { params: { path: ids } } as never)
  expect(server.arrived.map(({ method }) => method)).toEqual(['PATCH'])
})

test.each([undefined, null, {}, createClient({ token: secrets.token })])(
  '%# is not a connection',
  (value) => {
    expect(() => openapiClient(value as never)).toThrow(
      expect.objectContaining({ kind: 'invalid_input', message: expect.stringContaining('rc.connection') }),
    )
  },
)

test('middleware can read requests and responses', async () => {
  const { raw } = await rawClient((socket) => void socket.write(json(200, { data: [] })))
  const seen: unknown[] = []
  raw.use({
    onRequest: ({ request }) => void seen.push(request.method),
    onResponse: async ({ response }) => void seen.push(await response.clone().json()),
  })
  await raw.GET(path, { params: { path: ids } })
  expect(seen).toEqual(['GET', { data: [] }])
})

test.each<[string, object]>([
  ['an id that changes the path', { params: { path: { ...ids, order_id: '..' } } }],
  ['a missing id', { params: { path: { order_id: 1 } } }],
  ['no ids', {}],
  ['another server', { params: { path: ids }, baseUrl: 'http://127.0.0.1:1' }],
])('a low-level call rejects %s', async (_, init) => {
  const { raw, server } = await rawClient((socket) => void socket.write(json(200, { data: [] })))
  const error = await raw.GET(path, init as never).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ kind: 'invalid_input' })
  expectNoSecret(error)
  expect(server.arrived).toHaveLength(0)
})

const cyclic: { memo?: unknown } = {}
cyclic.memo = cyclic
const params = { path: ids }
test.each<[string, object]>([
  ['a header name', { headers: { [secrets.memo]: 'x' } }],
  ['a header value', { headers: { 'x-one': `${secrets.token}\nx` } }],
  ['a header value that HTTP has no byte for', { headers: new Map([['x-one', `${secrets.token} ✓`]]) }],
  ['a flat list of headers', { headers: ['x-one', secrets.token] }],
  ['a header parameter', { params: { path: ids, header: { 'x-one': `${secrets.token}\nx` } } }],
  ['a nested query', { params: { path: ids, query: { q: { a: { b: secrets.number } } } } }],
  ['half a character in the query', { params: { path: ids, query: { q: '\ud800' } } }],
  ['null as parameters', { params: null }],
  ['a signal', { signal: new AbortController() }],
  ['a cache mode', { cache: 'only-if-cached' }],
  ['middleware', { middleware: 5 }],
  ['a body that JSON has no form for', { body: cyclic }],
  ['a body whose toJSON throws', { body: { toJSON: () => expect.unreachable(secrets.memo) } }],
  ['a body that is a function', { body: () => newPhone }],
])('%s that is invalid is invalid_input, and not shown', async (_, init) => {
  const { raw, server } = await rawClient((socket) => void socket.write(json(200, { data: [] })))
  for (const call of [
    raw.POST(path, { params, ...init } as never),
    raw.request('put' as never, path as never, { params, ...init } as never),
  ]) {
    const error = await call.catch((reason: unknown) => reason)
    expect(error).toMatchObject({ kind: 'invalid_input', operation: 'raw', attempts: 0 })
    expectNoSecret(error)
  }
  expect(server.arrived).toHaveLength(0)
})

test.each(['GE T', 'connect', 'head', undefined])('the method %s is invalid_input', async (method) => {
  const { raw } = await rawClient((socket) => void socket.write(json(404, {})))
  const call = raw.request(method as never, path as never, { params } as never)
  await expect(call).rejects.toMatchObject({ kind: 'invalid_input' })
})

test.each([300, 302, 400, 401, 403, 404, 409, 422, 429, 499, 500, 503, 599])(
  'a %i with any body is an error that is true',
  async (status) => {
    for (const [text, expected] of [
      ['', { message: `the response has no body (${status})` }],
      [' \r\n', { message: `the response has no body (${status})` }],
      ['null', { message: `the response has no body (${status})` }],
      ['0', { message: `the response has no body (${status})` }],
      ['false', { message: `the response has no body (${status})` }],
      ['""', { message: `the response has no body (${status})` }],
      ['<p>', '<p>'],
      ['{"message":', '{"message":'],
      ['{"message":"no"}', { message: 'no' }],
      ['[]', []],
    ]) {
      const { raw } = await rawClient((socket) => void socket.write(http(status, text as string)), {
        maxAttempts: 1,
      })
      for (const parseAs of ['json', 'text', 'stream', 'blob'] as const) {
        const { data, error, response } = await raw.DELETE(`${path}/{phone_id}`, {
          params: { path: { ...ids, phone_id: 1 } },
          parseAs,
        })
        expect([data, error, response.status]).toEqual([undefined, expected, status])
      }
    }
  },
)

test.each<[what: string, bytes: Buffer]>([
  ['200 with a page', http(200, `<p>${secrets.memo}`)],
  ['200 with half a body', http(200, `{"data":[{"number":"${secrets.number}`)],
  ['200 without a body', http(200, '')],
  ['204', Buffer.from('HTTP/1.1 204 No Content\r\n\r\n')],
  ['205', http(205, '')],
  ['304', Buffer.from('HTTP/1.1 304 Not Modified\r\n\r\n')],
  ['a status beyond 599', http(999, '{}')],
  ['a reason that is no text', Buffer.from('HTTP/1.1 200 ✓\r\ncontent-length: 2\r\n\r\n{}')],
])('%s throws unexpected_response, and only that', async (_, bytes) => {
  const { raw } = await rawClient((socket) => void socket.write(bytes), { maxAttempts: 1 })
  for (const parseAs of ['json', 'text', 'stream', 'blob', 'arrayBuffer'] as const) {
    const error = await raw.GET(path, { params, parseAs }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      kind: 'unexpected_response',
      operation: 'raw',
      mayHaveBeenCarriedOut: true,
    })
    expectNoSecret(error)
  }
})

test('a response can be read in any way', async () => {
  const text = '{"data":[]}'
  const { raw } = await rawClient((socket) => void socket.write(http(200, text)))
  const read = async (parseAs: 'text' | 'stream' | 'blob' | 'arrayBuffer' | 'json') => {
    const { data } = await raw.GET(path, { params, parseAs })
    return typeof data === 'string'
      ? data
      : parseAs === 'json'
        ? JSON.stringify(data)
        : new Response(data as never).text()
  }
  for (const parseAs of ['json', 'text', 'stream', 'blob', 'arrayBuffer'] as const)
    expect(await read(parseAs)).toBe(text)
})

test.each<[string, HeadersInit | Record<string, string | null | undefined>]>([
  ['an object', { 'X-One': 'call', 'x-none': undefined, 'x-null': null }],
  ['pairs', [['x-one', 'call']]],
  ['Headers', new Headers({ 'x-one': 'call' })],
  ['a Map', new Map([['x-one', 'call']]) as never],
])('headers of a low-level call replace those of the connection: %s', async (_, headers) => {
  const { raw, server } = await rawClient((socket) => void socket.write(json(200, { data: [] })), {
    headers: { 'x-one': 'client', 'x-two': 'client' },
  })
  await raw.GET(path, { params, headers })
  const sent = Object.entries(server.arrived[0]?.headers ?? {}).filter(([name]) => name.startsWith('x-'))
  expect(Object.fromEntries(sent)).toEqual({ 'x-one': 'call', 'x-two': 'client' })
})

test('a brace in the query is sent', async () => {
  const { raw, server } = await rawClient((socket) => void socket.write(json(200, { data: [] })))
  await raw.GET(path, { params: { path: ids, query: { filter: '{"a":1}' } } } as never)
  expect(server.arrived[0]?.path).toMatch(/phones\?filter=%7B/)
})

test.each<[string, Middleware, unknown]>([
  [
    'a request',
    { onRequest: ({ request }) => new Request(request, { headers: { 'x-one': '1' } }) },
    'server',
  ],
  ['a response instead of a request', { onRequest: () => Response.json('own') }, 'own'],
  ['another response', { onResponse: () => Response.json('own') }, 'own'],
])('middleware can return %s', async (_, middleware, expected) => {
  const { raw, server } = await rawClient((socket) => void socket.write(json(200, 'server')))
  raw.use(middleware)
  expect((await raw.GET(path, { params })).data).toBe(expected)
  if ('onRequest' in middleware && expected === 'server')
    expect(server.arrived[0]?.headers).toMatchObject({
      'x-one': '1',
      authorization: `Bearer ${secrets.token}`,
    })
})

test('middleware can handle the error of a call, and its own errors are thrown as they are', async () => {
  const { raw } = await rawClient((socket) => void socket.write(http(200, '<p>')))
  const seen: unknown[] = []
  const replace: Middleware = {
    onError: ({ error }) => {
      seen.push(error)
      return Response.json('own')
    },
  }
  raw.use(replace)
  expect((await raw.GET(path, { params })).data).toBe('own')
  expect(seen).toMatchObject([{ kind: 'unexpected_response' }])
  raw.eject(replace)
  const own = new TypeError('own')
  for (const middleware of [{ onRequest: () => Promise.reject(own) }, { onError: () => own }]) {
    raw.use(middleware)
    await expect(raw.GET(path, { params })).rejects.toBe(own)
    raw.eject(middleware)
  }
})

test('it can be imported and created without a global Request', async () => {
  vi.stubGlobal('Request', undefined)
  onTestFinished(() => {
    vi.unstubAllGlobals()
    // Without isolation, the next test file would get these modules.
    vi.resetModules()
  })
  vi.resetModules()
  const { createClient, openapiClient } = await import('../src/client.ts')
  const raw = openapiClient(createClient({ token: secrets.token }).connection)
  await expect(raw.GET(path, { params })).rejects.toMatchObject({ kind: 'invalid_input', attempts: 0 })
})

test('concurrent calls keep their errors apart', async () => {
  const { raw } = await rawClient((socket) => void socket.write(json(404, { message: 'no' })))
  const own = new Error('own')
  const middleware: Middleware = { onRequest: () => Promise.reject(own) }
  const calls = [
    raw.GET(path, { params, middleware: [middleware] }),
    raw.GET(path, { params, headers: { 'x one': '1' } }),
    raw.GET(path, { params, middleware: [middleware] }),
  ].map((call) => call.catch((reason: unknown) => reason))
  expect(await Promise.all(calls)).toEqual([own, expect.objectContaining({ kind: 'invalid_input' }), own])
})

test('the signal of a low-level call aborts it', async () => {
  const controller = new AbortController()
  const { raw } = await rawClient(() => controller.abort())
  await expect(raw.GET(path, { params: { path: ids }, signal: controller.signal })).rejects.toMatchObject({
    kind: 'aborted',
  })
})

async function rawClient(handle: Handler, options: CallOptions = {}) {
  const server = await serve(handle)
  const { connection } = createClient({ ...options, token: secrets.token, baseUrl: server.url })
  return { raw: openapiClient(connection), server }
}
