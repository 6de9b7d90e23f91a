/** What every error has: the caller's line in its stack, and no secret in anything that shows it. */
import { AssertionError } from 'node:assert'
import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { format, type InspectOptions, inspect } from 'node:util'
import { serialize } from 'node:v8'
import { expect, onTestFinished, test, vi } from 'vitest'
import {
  type CallOptions,
  type ClientOptions,
  createClient,
  createOutcome,
  loginToken,
  openapiClient,
  RecoveryConnectError,
} from '../src/client.ts'
import { failing } from './failing.ts'
import { ids, newPhone, phone, secrets } from './servers.ts'

type Client = ReturnType<typeof createClient>
type Options = Partial<ClientOptions>

const echo = { message: Object.values(secrets).join(' '), errors: { number: [secrets.number] } }
const respond =
  (status: number, body: unknown = echo) =>
  async () =>
    Response.json(body, { status, headers: { 'x-request-id': secrets.memo, 'retry-after': '0' } })
const hang = () => new Promise<never>(() => {})
const after = (abort: () => void) => () => {
  abort()
  return hang()
}

/** A way to cause each kind of error, also at other moments. Aborts get the function that aborts the signal. */
const causes: [
  kind: string,
  moment: string,
  options: (abort: () => Options) => Options,
  way?: 'updateCaller',
][] = [
  ['invalid_input', 'in the options of the call', () => ({ headers: { 'a b': '1' } })],
  ['invalid_input', 'in fetch', () => ({ fetch: async () => undefined as never })],
  ['token_unavailable', 'in the token function', () => ({ token: () => Promise.reject(echo) })],
  ['token_unavailable', 'at once', () => ({ token: (() => '') as never })],
  ['token_unavailable', 'in a login', () => ({ token: login(), fetch: respond(401) })],
  ['unauthenticated', '', () => ({ fetch: respond(401) })],
  [
    'unauthenticated',
    'again',
    () => ({ token: async ({ rejected }) => `${rejected}1`, fetch: respond(401) }),
  ],
  ['forbidden', '', () => ({ fetch: respond(403) })],
  ['not_found', '', () => ({ fetch: respond(404) })],
  ['validation', '', () => ({ fetch: respond(422) })],
  ['rate_limited', '', () => ({ fetch: respond(429) })],
  ['refused', '', () => ({ fetch: respond(400) })],
  ['server', 'after a pause', () => ({ fetch: respond(503), maxAttempts: 2 })],
  ['connection', 'after a pause', () => ({ fetch: () => Promise.reject(echo), maxAttempts: 2 })],
  [
    'connection',
    'without a promise',
    () => ({
      fetch: () => {
        throw echo
      },
    }),
  ],
  [
    'connection',
    'in the body',
    () => ({ fetch: async () => new Response(new ReadableStream({ pull: () => Promise.reject(echo) })) }),
  ],
  ['timeout', 'of an attempt', () => ({ fetch: hang, attemptTimeoutMs: 5 })],
  ['timeout', 'of the call', () => ({ fetch: hang, totalTimeoutMs: 5 })],
  ['timeout', 'of the token', () => ({ token: hang, totalTimeoutMs: 5 })],
  ['aborted', 'before', (abort) => abort()],
  ['aborted', 'in the token function', (abort) => ({ token: after(abort) })],
  ['aborted', 'in fetch', (abort) => ({ fetch: after(abort) })],
  [
    'aborted',
    'in the body',
    (abort) => ({
      fetch: async () => new Response(new ReadableStream({ pull: after(abort) })),
    }),
  ],
  ['aborted', 'in a pause', (abort) => ({ fetch: respond(503), maxAttempts: 2, hooks: { onWait: abort } })],
  ['unexpected_response', 'without the shape', () => ({ fetch: respond(200) })],
  ['unexpected_response', 'that is too long', () => ({ fetch: respond(200), maxResponseBytes: 5 })],
  ['unexpected_response', 'from a proxy', () => ({ fetch: respond(404, secrets.memo) })],
  [
    'unexpected_response',
    'that fails a check',
    () => ({ fetch: respond(200, { data: [] }), checkResponse: () => ['data'] }),
  ],
  [
    'unexpected_response',
    'whose check fails',
    () => ({
      fetch: respond(200, { data: [] }),
      checkResponse: () => {
        throw echo
      },
    }),
  ],
  ['incomplete_list', '', () => ({ fetch: respond(200, { data: [], total: 5, ...echo }) })],
  [
    'contradiction',
    '',
    () => ({ fetch: respond(200, { data: { ...phone, no_contact: 0 } }) }),
    'updateCaller',
  ],
]

function login() {
  return loginToken({ username: secrets.firstname, password: secrets.token })
}

const ways: Record<string, (rc: Client, options: CallOptions) => Promise<unknown>> = {
  async updateCaller(rc, options) {
    await rc.borrowerPhones.update({ ...ids, phone_id: 1 }, { no_contact: 1 }, options)
  },
  async awaitCaller(rc, options) {
    await rc.borrowerPhones.list(ids, options)
  },
  async resultCaller(rc, options) {
    const result = await rc.borrowerPhones.list(ids, options).result()
    if (!result.ok) throw result.error
  },
  async withResponseCaller(rc, options) {
    await rc.borrowerPhones.list(ids, options).withResponse()
  },
  async outcomeCaller(rc, options) {
    await createOutcome(rc.borrowerPhones, { ids, body: newPhone, error: lost, pausesMs: [1, 1], options })
  },
  async openapiCaller(rc, options) {
    const { error } = await openapiClient(rc.withOptions(options).connection).GET(path, {
      params: { path: ids },
    })
    if (error) throw error
  },
}

const path = '/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones'
const lost = await failing(
  createClient({ token: 't', fetch: () => Promise.reject() }).borrowerPhones.create(ids, newPhone),
)

async function causeError(options: (abort: () => Options) => Options, way: string): Promise<any> {
  vi.spyOn(Math, 'random').mockReturnValue(0)
  onTestFinished(() => void vi.restoreAllMocks())
  const controller = new AbortController()
  const { token = secrets.token, ...others } = options(() => {
    controller.abort(new Error(secrets.memo))
    return {}
  })
  const rc = createClient({ token, maxAttempts: 1, fetch: others.fetch })
  return ways[way]?.(rc, { signal: controller.signal, ...others }).catch((reason) => reason)
}

const byWay = causes.flatMap(([kind, moment, options, way]) =>
  (way ? [way] : Object.keys(ways).slice(1)).map((name) => [kind, moment, name, options] as const),
)

test.each(byWay)('%s %s has the line of %s in its stack', async (kind, _, way, options) => {
  expect(Error.stackTraceLimit).toBe(10)
  const error = await causeError(options, way)
  // openapi-fetch returns an error status instead of throwing it, and checks nothing.
  if (way === 'openapiCaller' && !(error instanceof RecoveryConnectError)) return
  // It can use an incomplete list.
  if (way === 'outcomeCaller' && kind === 'incomplete_list') return
  expect(error).toMatchObject({ kind })
  expect(error.stack).toMatch(new RegExp(`at (async )?(Object\\.)?${way} \\(.*errors\\.test\\.ts`))
})

test('createOutcome checks its options before it waits', async () => {
  const rc = createClient({ token: 't', fetch: hang })
  const options = { headers: { 'a b': '1' } }
  const attempt = { ids, body: newPhone, error: lost, pausesMs: [2 ** 31 - 1], options }
  await expect(createOutcome(rc.borrowerPhones, attempt)).rejects.toMatchObject({ kind: 'invalid_input' })
})

const combine = <Value>(name: string, values: Value[], others: object[]) =>
  others.flatMap((other) => values.map((value) => ({ ...other, [name]: value })))
const inspections: InspectOptions[] = Object.entries({
  showHidden: [true, false],
  getters: [true, false, 'get', 'set'],
  customInspect: [true, false],
  depth: [0, null],
}).reduce((all, [name, values]) => combine<unknown>(name, values, all), [{}] as object[])

const wraps: ((error: Error) => unknown)[] = [
  (error) => error,
  (error) => [{ error }],
  (error) => new Map([[error, error]]),
  (error) => new Proxy(error, {}),
  (error) => Object.create(error),
  (error) => new Error('outer', { cause: error }),
  (error) => new AggregateError([error]),
  (error) => new AssertionError({ actual: error, expected: 1, operator: 'deepStrictEqual' }),
  (error) => Object.getPrototypeOf(error),
  (error) => Object.assign(Object.create(Object.getPrototypeOf(error)), error),
]

/** Everything that logs and error trackers do with an error. */
const logs: Record<string, (error: Error) => unknown> = {
  'util.inspect': (error) =>
    wraps.flatMap((wrap) => inspections.map((options) => inspect(wrap(error), options))),
  'util.format': (error) => format('%s %o %O %j', error, error, error, error),
  console: (error) => {
    let text = ''
    const stream = new Writable({
      write: (chunk, _, done) => {
        text += chunk
        done()
      },
    })
    const log = new Console(stream, stream)
    log.log(error)
    log.dir(error, { showHidden: true, depth: null })
    log.table([error])
    log.table(error)
    log.trace(error)
    return text
  },
  'JSON.stringify': (error) => [JSON.stringify({ error }), JSON.stringify(error, null, 2)],
  'for in': (error) => {
    const copy: Record<string, unknown> = {}
    for (const name in error) copy[name] = error[name as keyof Error]
    return copy
  },
  'own properties': (error) =>
    Reflect.ownKeys(error).map((name) => [
      name,
      Reflect.get(error, name),
      Object.getOwnPropertyDescriptor(error, name),
    ]),
  copies: (error) => [{ ...error }, Object.assign({}, error), Object.entries(error)],
  clones: (error) => [structuredClone(error), serialize(error).toString('latin1')],
  text: (error) => [String(error), `${error}`, error.stack, error.message, error.name, error.cause],
}

const shownOnce = causes.map(
  ([kind, moment, options, way]) => [kind, moment, options, way ?? 'awaitCaller'] as const,
)

test.each(shownOnce)('%s %s shows no secret', async (_, _moment, options, way) => {
  const error = await causeError(options, way)
  for (const [name, log] of Object.entries(logs)) {
    const text = inspect(log(error), { depth: null, maxStringLength: null, maxArrayLength: null }).replaceAll(
      '-',
      '',
    )
    const leaked = Object.entries(secrets).filter(([, secret]) => text.includes(secret.replaceAll('-', '')))
    expect([name, leaked]).toEqual([name, []])
  }
})

test('a secret is there by its name', async () => {
  const { body, headers, requestId, fieldErrors } = await causeError(
    () => ({ fetch: respond(422) }),
    'awaitCaller',
  )
  expect([body, fieldErrors, requestId]).toEqual([echo, echo.errors, secrets.memo])
  expect(headers.get('x-request-id')).toBe(secrets.memo)
  const { reason } = await causeError(() => ({ fetch: () => Promise.reject(echo) }), 'awaitCaller')
  expect(reason).toBe(echo)
})

test('a client, its copies and its connection show no secret', () => {
  const token = secrets.token
  const rc = createClient({ token, headers: { 'x-key': secrets.memo } })
  for (const shown of [rc, rc.connection, rc.withOptions({ headers: { 'x-key': secrets.ssn } }), login()]) {
    const text = JSON.stringify([shown, ...inspections.map((options) => inspect(shown, options))])
    for (const secret of Object.values(secrets)) expect(text).not.toContain(secret)
  }
})
