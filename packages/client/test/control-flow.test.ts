/** Errors that frameworks throw to control rendering reach them unchanged, and nothing stops a page from rendering. */
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { type ClientOptions, createClient, createOutcome, loginToken, openapiClient } from '../src/client.ts'
import { failing } from './failing.ts'
import { ids, newPhone, secrets } from './servers.ts'

type Client = ReturnType<typeof createClient>

const thrown: [name: string, error: unknown][] = [
  ['a redirect', Object.assign(new Error('NEXT_REDIRECT'), { digest: 'NEXT_REDIRECT;replace;/login;307;' })],
  ['a page that bails out', Object.assign(new Error('static'), { code: 'NEXT_STATIC_GEN_BAILOUT' })],
  ['a number as digest', Object.assign(new Error('React'), { digest: '2338' })],
  ['no Error', { digest: 'BAILOUT_TO_CLIENT_SIDE_RENDERING' }],
  ['an empty digest', Object.assign(new TypeError('fetch failed'), { digest: '' })],
]

const respond = async () => Response.json({ data: [], access_token: 'issued' })
const account = { username: 'example-user', password: secrets.token }

/** Each place where the code of a caller runs during a call. */
const places: [name: string, options: (fail: () => never) => Partial<ClientOptions>][] = [
  ['fetch', (fail) => ({ fetch: async () => fail() })],
  ['fetch without a promise', (fail) => ({ fetch: fail })],
  ['the body', (fail) => ({ fetch: async () => new Response(new ReadableStream({ pull: fail })) })],
  ['the token function', (fail) => ({ token: fail })],
  ['the fetch of a login', (fail) => ({ token: loginToken({ ...account, fetch: fail }) })],
  ['the renewal', (fail) => ({ token: async ({ rejected }) => (rejected ? fail() : 't'), fetch: rejecting })],
  ['checkResponse', (fail) => ({ checkResponse: fail })],
  ['an asynchronous checkResponse', (fail) => ({ checkResponse: async () => fail() })],
]

async function rejecting() {
  return new Response('{"message":"Unauthenticated."}', { status: 401 })
}

const ways: [name: string, call: (rc: Client) => Promise<unknown>][] = [
  ['await', (rc) => rc.borrowerPhones.list(ids)],
  ['result', (rc) => rc.borrowerPhones.list(ids).result()],
  ['withResponse', (rc) => rc.borrowerPhones.list(ids).withResponse()],
  ['withOptions', (rc) => rc.withOptions({ maxAttempts: 9 }).borrowerPhones.list(ids)],
  ['createOutcome', lookForCreate],
  ['openapiClient', listPaths],
]

async function lookForCreate(rc: Client) {
  const lost = createClient({ token: 't', fetch: () => Promise.reject(new TypeError('fetch failed')) })
  const error = await failing(lost.borrowerPhones.create(ids, newPhone))
  return createOutcome(rc.borrowerPhones, { ids, body: newPhone, error, pausesMs: [0, 0] })
}

function listPaths(rc: Client) {
  const path = '/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones'
  return openapiClient(rc.connection).GET(path, { params: { path: ids } })
}

describe.each(places)('an error of a framework from %s', (place, options) => {
  test.each(ways)('passes through %s once, as the same object', async (way, call) => {
    for (const [, error] of thrown) {
      let times = 0
      const fail = () => {
        times++
        throw error
      }
      const rc = createClient({ token: 't', fetch: respond, ...options(fail) })
      // The low-level client doesn't check responses.
      if (way === 'openapiClient' && place.includes('checkResponse')) continue
      expect(await call(rc).catch((reason) => reason)).toBe(error)
      expect(times).toBe(1)
    }
  })
})

test.each<[string, () => unknown]>([
  ['an error with another code', () => Object.assign(new Error(), { code: 'ECONNRESET' })],
  ['an error with a code that only contains NEXT_', () => Object.assign(new Error(), { code: 'E_NEXT_' })],
  ['a text', () => 'digest'],
  ['null', () => null],
])('%s is a failure of the network', async (_, create) => {
  const rc = createClient({ token: 't', maxAttempts: 1, fetch: () => Promise.reject(create()) })
  expect(await failing(rc.borrowerPhones.list(ids))).toMatchObject({ kind: 'connection', attempts: 1 })
})

test('a login and a call ask for no time and no random value before their requests', async () => {
  const unstable = () => expect.unreachable('Next.js ends the prerender here')
  onTestFinished(() => void vi.unstubAllGlobals())
  const RealDate = Date
  vi.stubGlobal('Date', Object.assign(unstable, { now: unstable, parse: RealDate.parse }))
  vi.stubGlobal('crypto', { randomUUID: unstable, getRandomValues: unstable })
  vi.stubGlobal('Math', Object.create(Math, { random: { value: unstable } }))
  const rc = createClient({ token: loginToken(account), fetch: respond })
  const results = [await rc.borrowerPhones.list(ids).result(), await rc.borrowerPhones.list(ids).result()]
  vi.unstubAllGlobals()
  expect(results).toMatchObject([{ ok: true }, { ok: true }])
})

describe('in Next.js', () => {
  /** Two visitors at the same time, with one client for the whole server. */
  async function visit(rejectedOnce: boolean) {
    const gate = Promise.withResolvers<void>()
    const sent: string[] = []
    const fetch: ClientOptions['fetch'] = async (url, { headers }) => {
      const token = headers.authorization ?? ''
      sent.push(`${/borrowers\/(\d)/.exec(url)?.[1]} ${token}`)
      return rejectedOnce && token.endsWith('old') ? rejecting() : respond()
    }
    let visitor = ''
    const token: ClientOptions['token'] = async ({ rejected }) => {
      const own = visitor
      if (!rejected) await gate.promise
      return rejected ? rejected.replace('old', 'new') : `${own}-${rejectedOnce ? 'old' : 'new'}`
    }
    const rc = createClient({ token, fetch })
    const calls = ['1', '2'].map((name) => {
      visitor = name
      return rc.withOptions({}).borrowerPhones.list({ ...ids, borrower_id: name })
    })
    gate.resolve()
    await Promise.all(calls)
    return sent.sort()
  }

  test.each<[string, boolean, string[]]>([
    ['', false, ['1 Bearer 1-new', '2 Bearer 2-new']],
    [' also after a 401', true, ['1 Bearer 1-new', '1 Bearer 1-old', '2 Bearer 2-new', '2 Bearer 2-old']],
  ])('no request has the token of another visitor%s', async (_, rejectedOnce, expected) => {
    vi.stubGlobal(Symbol.for('next-patch') as never, true)
    onTestFinished(() => void vi.unstubAllGlobals())
    expect(await visit(rejectedOnce)).toEqual(expected)
  })

  test('a token request that hangs holds up no other call, and ends with its own', async () => {
    vi.stubGlobal(Symbol.for('next-patch') as never, true)
    onTestFinished(() => void vi.unstubAllGlobals())
    const signals: AbortSignal[] = []
    const token: ClientOptions['token'] = async ({ signal }) =>
      signals.push(signal) === 1 ? new Promise(() => {}) : 't'
    const rc = createClient({ token, fetch: respond })
    const controller = new AbortController()
    const hanging = rc.borrowerPhones.list(ids, { signal: controller.signal }).result()
    expect(await rc.borrowerPhones.list(ids).result()).toMatchObject({ ok: true })
    controller.abort()
    expect(await hanging).toMatchObject({ error: { kind: 'aborted' } })
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
  })

  test('elsewhere, the visitors would share a token', async () => {
    expect(await visit(false)).toEqual(['1 Bearer 1-new', '2 Bearer 1-new'])
  })
})
