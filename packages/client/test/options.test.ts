/** Every option of the client, of a call, of the login and of createOutcome is checked before anything else. */
import { getEventListeners } from 'node:events'
import { inspect } from 'node:util'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { connect, createClient, createOutcome, type FetchInit, loginToken } from '../src/client.ts'
import { expectNoSecret } from './leaks.ts'
import { ids, newPhone, secrets } from './servers.ts'

const fetch = vi.fn(async (_url: string, { method }: FetchInit) =>
  Response.json({ data: method === 'POST' ? newPhone : [] }),
)
const client = { token: secrets.token, fetch }
const account = { username: 'example-user', password: secrets.token }
const rc = createClient(client)
const lost = await createClient({ ...client, fetch: () => Promise.reject(new TypeError('reset')) })
  .borrowerPhones.create(ids, newPhone)
  .catch((error: unknown) => error)
const attempt = { ids, body: newPhone, error: lost }

// No timer may be left, and nothing may be thrown later.
beforeEach(() => {
  vi.useFakeTimers()
  fetch.mockClear()
})
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

const callOptions = {
  signal: AbortSignal.abort(),
  attemptTimeoutMs: 1,
  totalTimeoutMs: 1,
  maxAttempts: 1,
  maxResponseBytes: 1,
  headers: {},
  fetch,
  hooks: {},
  allowUnknownKeys: false,
  retryClearedFlags: false,
  checkResponse: () => [],
}
const clientOptions = { ...callOptions, ...client, baseUrl: 'https://x.test', httpHosts: [], appInfo: 'x' }
const { signal: _, ...repeated } = callOptions
const loginOptions = { ...repeated, ...account, baseUrl: 'https://x.test', httpHosts: [], renewBeforeMs: 0 }

type Pass = (options: any) => unknown
/** Every way to pass options, the required ones, and all valid ones. */
const ways: [name: string, pass: Pass, required: object, all: object][] = [
  ['createClient', createClient, client, clientOptions],
  ['connect', connect, client, clientOptions],
  ['a call', (options) => rc.borrowerPhones.list(ids, options), {}, callOptions],
  ['a create', (options) => rc.borrowerPhones.create(ids, newPhone, options), {}, callOptions],
  ['withOptions', (options) => rc.withOptions(options), {}, callOptions],
  ['withOptions of a connection', (options) => rc.connection.withOptions(options), {}, callOptions],
  ['loginToken', loginToken, account, { ...loginOptions, retryRejectedAfterMs: 0 }],
  [
    'createOutcome',
    (options) => createOutcome(rc.borrowerPhones, options),
    attempt,
    { ...attempt, before: [], pausesMs: [], options: {} },
  ],
  [
    'the options of createOutcome',
    (options) => createOutcome(rc.borrowerPhones, { ...attempt, pausesMs: [5], options }),
    {},
    callOptions,
  ],
]

const counts = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '10', null, 5n, [], {}, true]
const milliseconds = counts.slice(1)
const booleans = ['false', '', 0, 1, null, {}, Object(false)]
const functions = ['x', {}, null, true, Promise.resolve(() => {})]
const texts = [5, null, {}, [], true, new URL('https://x.test'), Object('x')]
const lists = ['x', {}, new Set(), 5]
const objects = ['x', 5, true, () => ({}), Symbol('x'), null]
const wrong: Record<string, unknown[]> = {
  signal: [new AbortController(), {}, 'x', 5, null, true, new EventTarget(), { aborted: false }],
  attemptTimeoutMs: counts,
  totalTimeoutMs: counts,
  maxAttempts: counts,
  maxResponseBytes: counts,
  headers: [
    ...objects,
    { 'x-one': `${secrets.token}\nx` },
    { 'x-one': `${secrets.token} ✓` },
    { [secrets.memo]: 'x' },
    { 'x-one:': 'x' },
    { '': secrets.token },
    { [secrets.memo]: null },
    { 'x-one': 5 },
    { 'x-one': true },
    { 'x-one': [secrets.token] },
    [`x-one: ${secrets.token}`],
    ['ab'],
    new Set(['ab']),
    ['x-one', secrets.token],
    [['x-one']],
    [['x-one', secrets.token, 'x']],
    [null],
    Promise.resolve({ 'x-one': secrets.token }),
    new Date(),
  ],
  fetch: functions,
  hooks: [
    ...objects,
    [],
    new Map(),
    Promise.resolve({}),
    { onAttempt: 'x' },
    { onWait: null },
    { onattempt() {} },
    [{ onWait() {} }],
  ],
  allowUnknownKeys: booleans,
  retryClearedFlags: booleans,
  checkResponse: functions,
  token: [5, null, {}, '', true, ['x'], Promise.resolve('x')],
  baseUrl: texts,
  httpHosts: [...lists, null],
  appInfo: [...texts, 'x\ny', 'x ✓', '\0'],
  username: [...texts, ''],
  password: [...texts, ''],
  renewBeforeMs: milliseconds,
  retryRejectedAfterMs: milliseconds,
  ids: objects,
  body: objects,
  error: objects,
  before: lists,
  pausesMs: [...lists, null, [-1], ['0'], [Number.NaN], [null], [2 ** 31]],
  options: [...objects, [], new Map(), AbortSignal.abort()],
}

describe.each(ways)('%s', (_, pass, required, all) => {
  test.each(Object.keys(all))('rejects every wrong type of %s', async (name) => {
    for (const value of wrong[name] ?? expect.unreachable(`no wrong values for ${name}`))
      await expectRejected(pass, { ...required, [name]: value }, /^(\w+: )?\w/)
  })

  test.each([
    'baseURL',
    'timeout',
    'retries',
    'apiKey',
    '__proto__',
    'constructor',
    'toString',
    'Hooks',
    'data',
  ])('rejects the unknown name %s', async (name) => {
    const options = Object.defineProperty({ ...required }, name, { value: secrets.memo, enumerable: true })
    await expectRejected(
      pass,
      options,
      new RegExp(`(^|: )${name} is unknown in .*\\. Did you mean \\w+\\? Known: \\w+`),
    )
  })

  test('does not show an unknown name that may be a value', async () => {
    for (const name of Object.values(secrets).filter((name) => /\W/.test(name)))
      await expectRejected(pass, { ...required, [name]: 1 }, /\(name hidden\) is unknown/)
  })

  test('rejects what is no plain object', async () => {
    const [known = ''] = Object.keys(all)
    const others = Object.fromEntries(Object.entries(required).filter(([name]) => name !== known))
    class Getters {
      get [known]() {
        return all[known as keyof typeof all]
      }
    }
    for (const options of [
      [],
      [required],
      new Map(Object.entries(required)),
      new AbortController().signal,
      new AbortController(),
      Promise.resolve(required),
      new Date(),
      /x/,
      () => required,
      'x',
      5,
      true,
      Symbol('x'),
      Object.create(all),
      Object.assign(new Getters(), others),
      new Headers(),
      { ...required, toJSON: () => ({}) },
    ])
      await expectRejected(pass, options, /plain object|unknown|type object/)
  })

  test('accepts a plain object of any kind, and explicit undefined', async () => {
    const undefinedNames = Object.fromEntries(Object.keys(all).map((name) => [name, undefined]))
    for (const given of [
      Object.freeze({ ...all }),
      Object.assign(Object.create(null), all),
      Object.assign(runInNewContext('({})'), all),
      new Proxy({ ...all }, {}),
      { ...all, [Symbol('x')]: 1 },
      { ...undefinedNames, ...required },
    ]) {
      const outcome = await settle(pass, given)
      if (outcome.error) expect(outcome.error).toMatchObject({ kind: 'aborted' })
    }
  })
})

test.each([
  ['baseURL', 'baseUrl'],
  ['base_url', 'baseUrl'],
  ['timeout', 'totalTimeoutMs'],
  ['attemptTimeout', 'attemptTimeoutMs'],
  ['maxRetries', 'maxAttempts'],
  ['max_attempts', 'maxAttempts'],
  ['Signal', 'signal'],
  ['header', 'headers'],
  ['hook', 'hooks'],
  ['fecth', 'fetch'],
  ['tokens', 'token'],
  ['allowUnknownFields', 'allowUnknownKeys'],
  ['httpHost', 'httpHosts'],
])('the closest name to %s is %s', async (name, closest) => {
  await expectRejected(createClient, { ...client, [name]: 'x' }, new RegExp(`Did you mean ${closest}\\?`))
})

test.each<[string, object]>([
  ['an AbortController as signal', { signal: new AbortController() }],
  ['a wrong option after a signal', { signal: new AbortController().signal, maxAttempts: 0 }],
])('%s leaves no listener, and nothing is thrown later', async (_, options) => {
  for (const [, pass, required] of ways) {
    await expectRejected(pass, { ...required, ...options }, /./)
    await vi.advanceTimersByTimeAsync(2 ** 31 - 1)
  }
  for (const target of Object.values(options))
    if (target instanceof AbortSignal) expect(getEventListeners(target, 'abort')).toHaveLength(0)
})

async function settle(pass: Pass, options: unknown): Promise<{ error?: unknown }> {
  try {
    const running = (async () => pass(options))()
    running.catch(() => {})
    await vi.runAllTimersAsync()
    await running
    return {}
  } catch (error) {
    return { error }
  }
}

/** Expects `invalid_input` with a message like the pattern, before anything is sent. */
async function expectRejected(pass: Pass, options: unknown, message: RegExp): Promise<void> {
  const { error } = await settle(pass, options)
  expect(error, inspect(options)).toMatchObject({
    kind: 'invalid_input',
    attempts: 0,
    mayHaveBeenCarriedOut: false,
    message: expect.stringMatching(message),
  })
  expectNoSecret(error)
  expect(fetch).not.toHaveBeenCalled()
  expect(vi.getTimerCount()).toBe(0)
}
