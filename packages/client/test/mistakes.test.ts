/** A mistake in the caller's program fails at once and says so. A failure of the network stays a `connection` error. */
import { readFileSync } from 'node:fs'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createClient, type Fetch, openapiClient } from '../src/client.ts'
import { failing } from './failing.ts'
import { expectNoSecret } from './leaks.ts'
import { ids, json, newPhone, secrets, serve } from './servers.ts'

type Client = ReturnType<typeof createClient>

const ways = [
  ['a create', (rc: Client): Promise<unknown> => rc.borrowerPhones.create(ids, newPhone)],
  ['a read', (rc: Client): Promise<unknown> => rc.borrowerPhones.list(ids).withResponse()],
  [
    'a low-level call',
    (rc: Client): Promise<unknown> =>
      openapiClient(rc.connection).POST('/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones', {
        params: { path: ids },
        body: newPhone,
      }),
  ],
] as const

/** A fetch function, and whether the client knows that it sent nothing. */
const broken: [name: string, fetch: unknown, neverSent?: boolean][] = [
  ['no fetch', undefined, true],
  ['a fetch that is no function', {}, true],
  ['a response without headers', async () => ({ ok: true, status: 200, json: async () => ({}) })],
  [
    'a response with an object as headers',
    async () => ({ ok: true, status: 200, headers: {}, text: respond }),
  ],
  ['a response without text', async () => ({ ok: true, status: 200, headers: new Headers() })],
  ['no response', async () => undefined],
  ['null', async () => null],
  ['no promise', () => undefined],
  ['data instead of a response', async () => ({ data: [] })],
  ['a response that was read', async () => readBefore(await respond())],
  ['a response that is being read', async () => lock(await respond())],
  ['a response without streams that was read', async () => ({ ...whole, bodyUsed: true })],
  ['a property of undefined', async () => (undefined as any).status],
  ['a property of null', async () => (null as any).status],
  ['a function that does not exist', async () => (respond as any)().nothing()],
  ['a variable that does not exist', async () => (globalThis as any).eval('missing')],
  ['a value that is not iterable', async () => [...(5 as any)]],
  ['a constructor that is none', async () => new (5 as any)()],
  [
    'endless recursion',
    function recurse(): unknown {
      return recurse()
    },
  ],
  ['JSON that is none', async () => JSON.parse('<html>')],
  ['a mistake after the response', async () => readFileSync((await respond()) as never)],
]

const alreadyRead = () => Promise.reject(new TypeError('Already read'))
const whole = { ok: true, status: 200, headers: new Headers(), text: alreadyRead }

async function respond() {
  return Response.json({ data: [] })
}

async function readBefore(response: Response) {
  await response.text()
  return response
}

function lock(response: Response) {
  response.body?.getReader()
  return response
}

describe.each(ways)('%s', (_, call) => {
  test.each(broken)('with %s fails at once, as invalid_input', async (_, fetch, neverSent = false) => {
    const counted = vi.fn(fetch as Fetch)
    vi.stubGlobal('fetch', typeof fetch === 'function' ? counted : fetch)
    onTestFinished(() => void vi.unstubAllGlobals())
    const error = await failing(call(createClient({ token: secrets.token })))
    expect(error).toMatchObject({ kind: 'invalid_input', attempts: 1, mayHaveBeenCarriedOut: !neverSent })
    expect(error.message).toContain('fetch')
    expect(counted).toHaveBeenCalledTimes(typeof fetch === 'function' ? 1 : 0)
    expectNoSecret(error)
  })
})

test('one response for two calls is a mistake, in turn and at the same time', async () => {
  for (const isConcurrent of [false, true]) {
    const response = await respond()
    const rc = createClient({ token: 't', fetch: async () => response })
    const first = rc.borrowerPhones.list(ids).result()
    if (!isConcurrent) await first
    const second = await rc.borrowerPhones.list(ids).result()
    expect(await first).toMatchObject({ ok: true })
    expect(second).toMatchObject({ error: { kind: 'invalid_input', attempts: 1 } })
  }
})

describe('in Node', () => {
  test.each([
    ['transfer-encoding', 'chunked'],
    ['keep-alive', 'timeout=5'],
    ['upgrade', 'websocket'],
    ['expect', '100-continue'],
  ])('the header %s: %s is a mistake, and nothing is sent', async (name, value) => {
    const server = await serve((socket) => void socket.write(json(200, { data: newPhone })))
    const rc = createClient({ token: 't', baseUrl: server.url, headers: { [name]: value } })
    const error = await failing(rc.borrowerPhones.create(ids, newPhone))
    expect(error).toMatchObject({ kind: 'invalid_input', attempts: 1, mayHaveBeenCarriedOut: false })
    expect(server.arrived).toEqual([])
  })

  test.each(['3', '99', 'x'])('content-length: %s has no effect, because fetch sets it', async (length) => {
    const server = await serve((socket) => void socket.write(json(200, { data: newPhone })))
    const rc = createClient({ token: 't', baseUrl: server.url, headers: { 'Content-Length': length } })
    for (const [, call] of [ways[0], ways[2]]) await call(rc)
    expect(server.arrived.map(({ body }) => JSON.parse(body))).toEqual([newPhone, newPhone])
  })

  test('a length that fetch adds is a mistake, and part of the request may have been sent', async () => {
    const add: Fetch = (url, init) =>
      fetch(url, { ...init, headers: { ...init.headers, 'content-length': '99' } })
    const server = await serve(() => {})
    const rc = createClient({ token: 't', baseUrl: server.url, fetch: add })
    const error = await failing(rc.borrowerPhones.create(ids, newPhone))
    expect(error).toMatchObject({ kind: 'invalid_input', attempts: 1, mayHaveBeenCarriedOut: true })
  })
})

/** What runtimes throw if the network fails. None has a code. */
const networkMessages: [runtime: string, name: string, message: string][] = [
  ['Chromium', 'TypeError', 'Failed to fetch'],
  ['Chromium', 'TypeError', 'Failed to fetch (api.example.com)'],
  ['Chromium', 'TypeError', 'network error'],
  ['Firefox', 'TypeError', 'NetworkError when attempting to fetch resource.'],
  ['Firefox', 'TypeError', 'Error in input stream'],
  ['Firefox', 'TypeError', 'Content-Length header of network response exceeds response Body.'],
  ['Safari', 'TypeError', 'Load failed'],
  ['Safari', 'TypeError', 'Load failed (api.example.com)'],
  ['Safari', 'TypeError', 'The network connection was lost.'],
  ['Safari', 'TypeError', 'The Internet connection appears to be offline.'],
  ['Safari', 'TypeError', 'A data connection is not currently allowed.'],
  ['Safari', 'TypeError', 'A server with the specified hostname could not be found.'],
  ['Safari', 'TypeError', 'Could not connect to the server.'],
  ['Safari', 'TypeError', 'The certificate for this server is invalid.'],
  ['Safari', 'TypeError', 'Origin https://example.com is not allowed by Access-Control-Allow-Origin.'],
  ['Safari', 'TypeError', 'cancelled'],
  ['React Native', 'TypeError', 'Network request failed'],
  ['React Native', 'TypeError', 'Network request timed out'],
  ['Node', 'TypeError', 'fetch failed'],
  ['Node', 'TypeError', 'terminated'],
  ['Deno', 'TypeError', 'error sending request for url (https://api.example.com/): dns error'],
  ['Deno', 'TypeError', 'client error (SendRequest): Transport endpoint is not connected (os error 107)'],
  ['Deno', 'TypeError', 'client error (Connect): The requested address is not valid in its context.'],
  ['Workers', 'Error', 'Network connection lost.'],
  ['Workers', 'Error', 'internal error; reference = undefined'],
  ['node-fetch', 'FetchError', 'request to https://api.example.com/ failed, reason: socket hang up'],
  ['any', 'AbortError', 'The operation was aborted.'],
  ['any', 'Error', 'undefined is not a function'],
]

test.each(networkMessages)('%s: "%s: %s" is a failure of the network', async (_, name, message) => {
  const reason = Object.assign(new Error(message), { name })
  const rc = createClient({ token: 't', maxAttempts: 2, fetch: () => Promise.reject(reason) })
  vi.spyOn(Math, 'random').mockReturnValue(0)
  onTestFinished(() => void vi.restoreAllMocks())
  const error = await failing(rc.borrowerPhones.list(ids))
  expect(error).toMatchObject({ kind: 'connection', attempts: 2, mayHaveBeenCarriedOut: true, reason })
})

/** What engines throw for mistakes. The tests above run only in V8. */
test.each<[engine: string, name: string, message: string]>([
  ['V8', 'TypeError', "Failed to execute 'fetch' on 'Window': Illegal invocation"],
  ['Workers', 'TypeError', 'Illegal invocation: function called with incorrect `this` reference.'],
  ['SpiderMonkey', 'TypeError', 'response.headers is undefined'],
  ['SpiderMonkey', 'TypeError', 'can\'t access property "get", response.headers is undefined'],
  ['SpiderMonkey', 'TypeError', 'response is null'],
  ['SpiderMonkey', 'TypeError', 'fetch is not a function'],
  ['JavaScriptCore', 'TypeError', "undefined is not an object (evaluating 'response.headers.get')"],
  ['JavaScriptCore', 'TypeError', "null is not an object (evaluating 'response.headers')"],
  ['JavaScriptCore', 'TypeError', "fetch is not a function. (In 'fetch(url)', 'fetch' is undefined)"],
  ['JavaScriptCore', 'ReferenceError', "Can't find variable: missing"],
  ['Hermes', 'TypeError', "Cannot read property 'get' of undefined"],
  ['Hermes', 'TypeError', 'undefined is not a function'],
  ['Hermes', 'ReferenceError', "Property 'missing' doesn't exist"],
])('%s: "%s: %s" is a mistake', async (_, name, message) => {
  const fetch = vi.fn(() => Promise.reject(Object.assign(new Error(message), { name })))
  const error = await failing(createClient({ token: 't', fetch }).borrowerPhones.create(ids, newPhone))
  expect(error).toMatchObject({ kind: 'invalid_input', attempts: 1, mayHaveBeenCarriedOut: true })
  expect(fetch).toHaveBeenCalledTimes(1)
})

test.each<[string, unknown]>([
  ['a class', Error],
  ['a class that needs new', class Lost {}],
  ['a function', () => 'lost'],
])('%s that is thrown is never called', async (_, reason) => {
  const fetch = () => Promise.reject(reason)
  const lost = await failing(createClient({ token: 't', fetch }).borrowerPhones.create(ids, newPhone))
  expect(lost).toMatchObject({ kind: 'connection', attempts: 1, mayHaveBeenCarriedOut: true, reason })
  const failed = await failing(createClient({ token: fetch }).borrowerPhones.create(ids, newPhone))
  expect(failed).toMatchObject({ kind: 'token_unavailable', attempts: 0, reason })
})
