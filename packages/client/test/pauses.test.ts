import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { type CallOptions, createClient, RecoveryConnectError } from '../src/client.ts'
import { parseRetryAfter } from '../src/retry-after.ts'
import { ids, newPhone, secrets } from './servers.ts'

// Fake timers, so that the tests don't wait.
beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-03-07T14:00:00Z') })
  vi.stubEnv('TZ', 'America/Chicago')
  onTestFinished(() => {
    expect(vi.getTimerCount()).toBe(0)
    vi.useRealTimers()
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
  })
})

describe('the client waits as long as Retry-After says', () => {
  const inHalfAMinute = 'Sat, 07 Mar 2026 14:00:30 GMT'
  test.each<[what: string, headers: Record<string, string>]>([
    ['in seconds', { 'retry-after': '30' }],
    ['with spaces', { 'retry-after': ' 30 ' }],
    ['the longer one of two', { 'retry-after': '5, 30' }],
    ['as a date', { 'retry-after': inHalfAMinute }],
    ['as an ISO date', { 'retry-after': '2026-03-07T15:00:30+01:00' }],
    ['as a fraction', { 'retry-after': '29.9999' }],
    ['in milliseconds', { 'retry-after-ms': '30000' }],
    ['the longer one of both headers', { 'retry-after': '1', 'retry-after-ms': '30000' }],
    ['as an obsolete date', { 'retry-after': 'Saturday, 07-Mar-26 14:00:30 GMT' }],
    ['as an asctime date', { 'retry-after': 'Sat Mar  7 14:00:30 2026' }],
    [
      "as a date by the server's clock, which is an hour slow",
      { 'retry-after': 'Sat, 07 Mar 2026 13:00:30 GMT', date: 'Sat, 07 Mar 2026 13:00:00 GMT' },
    ],
  ])('%s', async (_, headers) => {
    const { call, sent } = listWith([() => new Response('{}', { status: 429, headers }), listed])
    await vi.advanceTimersByTimeAsync(30_000)
    expect(sent()).toBe(1)
    await vi.advanceTimersByTimeAsync(500)
    expect(await call).toEqual({ data: [] })
  })

  test.each(['soon', '-5', '1e3', 'Someday', '30 seconds', '2026-03-07T14:00:30'])(
    'and not at all if it is unreadable: %s',
    async (value) => {
      const { call, sent } = listWith([
        () => new Response('{}', { status: 503, headers: { 'retry-after': value } }),
        listed,
      ])
      await expect(call).rejects.toSatisfy((error: object) => !('retryAfterMs' in error))
      expect(sent()).toBe(1)
    },
  )

  test.each([
    ['60 seconds', '60', 60_000],
    ['a day', '86400', 86_400_000],
    ['more than a timer can hold', '99999999', 99_999_999_000],
  ])('beyond totalTimeoutMs the call fails at once with retryAfterMs: %s', async (_, value, retryAfterMs) => {
    vi.advanceTimersByTime(1_000_000) // The timeout starts with the call, not with the program.
    const begin = performance.now()
    const { call } = listWith([() => new Response('{}', { status: 429, headers: { 'retry-after': value } })])
    await expect(call).rejects.toMatchObject({ kind: 'rate_limited', attempts: 1, retryAfterMs })
    expect(performance.now() - begin).toBeLessThan(60_000)
  })

  test('a create is retried after a 429', async () => {
    const { rc, sent } = clientWith([
      () => new Response('{}', { status: 429, headers: { 'retry-after': '7' } }),
      () => new Response('{"data":{"valid":1,"no_contact":0}}'),
    ])
    const call = rc.borrowerPhones.create(ids, newPhone).result()
    await vi.advanceTimersByTimeAsync(7_000)
    expect(sent()).toBe(1)
    await vi.advanceTimersByTimeAsync(500)
    expect(await call).toMatchObject({ ok: true, attempts: 2 })
  })
})

test('pauses are random, up to 300 ms, doubled for each retry, up to 8 s', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.999)
  const pauses: number[] = []
  const { call } = listWith([() => new Response('', { status: 503 })], {
    maxAttempts: 8,
    hooks: { onWait: ({ ms }) => pauses.push(ms) },
  })
  await Promise.all([expect(call).rejects.toMatchObject({ attempts: 8 }), vi.runAllTimersAsync()])
  expect(pauses).toEqual([301, 601, 1200, 2399, 4797, 7993, 7993])
})

test('a response that is too long is not retried', async () => {
  const { call, sent } = listWith([listed], { maxResponseBytes: 5 })
  await expect(call).rejects.toMatchObject({ kind: 'unexpected_response', attempts: 1 })
  expect(sent()).toBe(1)
})

test('no attempt starts or continues after totalTimeoutMs', async () => {
  const { call, sent } = listWith([() => new Promise(() => {})], {
    attemptTimeoutMs: 700,
    totalTimeoutMs: 1_000,
  })
  const failed = expect(call).rejects.toMatchObject({ kind: 'timeout', scope: 'total', attempts: 2 })
  vi.spyOn(Math, 'random').mockReturnValue(0)
  await vi.advanceTimersByTimeAsync(1_000)
  await failed
  await vi.advanceTimersByTimeAsync(60_000)
  expect(sent()).toBe(2)
})

test.each<[string, CallOptions, string]>([
  ['for an attempt is 10 s', { maxAttempts: 1 }, 'attempt'],
  ['for a call is 60 s', { attemptTimeoutMs: 100_000 }, 'total'],
])('the default timeout %s', async (_, options, scope) => {
  const { call } = listWith([() => new Promise(() => {})], options)
  const before = scope === 'attempt' ? 9_999 : 59_999
  let settled = false
  const failed = expect(call.finally(() => (settled = true))).rejects.toMatchObject({
    kind: 'timeout',
    scope,
  })
  await vi.advanceTimersByTimeAsync(before)
  expect(settled).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  await failed
})

test('hooks run for each attempt and each pause, and their errors are ignored', async () => {
  const events: object[] = []
  vi.spyOn(Math, 'random').mockReturnValue(0)
  const { call } = listWith(
    [() => new Response('', { status: 503 }), () => Promise.reject(new TypeError(secrets.token)), listed],
    {
      hooks: {
        onAttempt: (event) => {
          events.push(event)
          throw new Error('from a hook')
        },
        onWait: async (event) => {
          events.push(event)
          throw new Error('from an asynchronous hook')
        },
      },
    },
  )
  await vi.runAllTimersAsync()
  expect(await call).toEqual({ data: [] })
  const operation = 'listBorrowerPhones'
  expect(events).toEqual([
    { operation, attempt: 1, status: 503, ms: 0 },
    { operation, attempt: 2, ms: 1 },
    { operation, attempt: 2, ms: 0 },
    { operation, attempt: 3, ms: 1 },
    { operation, attempt: 3, status: 200, ms: 0 },
  ])
})

test('a retried delete that ends with a 404 shows its attempts', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0)
  const { rc } = clientWith([
    () => Promise.reject(new TypeError('reset')),
    () => Response.json({ message: 'Not found.' }, { status: 404 }),
  ])
  const failed = rc.borrowerPhones.delete({ ...ids, phone_id: 1 }).result()
  await vi.runAllTimersAsync()
  expect(await failed).toMatchObject({
    error: { kind: 'not_found', attempts: 2, mayHaveBeenCarriedOut: true },
  })
})

const listed = () => Response.json({ data: [] })

type Respond = () => Response | Promise<Response>

function clientWith(responses: Respond[]) {
  let sent = 0
  const fetch = async () => {
    const respond = responses[Math.min(sent++, responses.length - 1)] as Respond
    return respond()
  }
  return { rc: createClient({ token: secrets.token, fetch }), sent: () => sent }
}

function listWith(responses: Respond[], options?: CallOptions) {
  const { rc, sent } = clientWith(responses)
  const call = rc.borrowerPhones.list(ids, options)
  call.catch((error) => expect(error).toBeInstanceOf(RecoveryConnectError))
  return { call, sent }
}

test.each<[string | undefined, string | undefined, number | undefined]>([
  [undefined, undefined, undefined],
  ['', undefined, Infinity],
  ['5', undefined, 5000],
  [' 5 ', undefined, 5000],
  ['5, 7,6', undefined, 7000],
  ['5 ,7', undefined, 7000],
  ['5x', undefined, Infinity],
  ['-5', undefined, Infinity],
  ['5.5', undefined, 5500],
  ['1.2.3', undefined, Infinity],
  ['2026-03-07T14:00:07Z', 'Sat, 07 Mar 2026 14:00:00 GMT', 7000],
  ['2026-03-07T14:00:07', undefined, Infinity],
  ['2026-03-07', undefined, Infinity],
  ['5 March 2026', undefined, Infinity],
  ['Sat, 07 Mar 2026 14:00:07 GMT', 'Sat, 07 Mar 2026 14:00:00 GMT', 7000],
  ['Sat, 07 Mar 2026 14:00:07', 'Sat, 07 Mar 2026 14:00:00 GMT', Infinity],
  ['5 GMT', undefined, Infinity],
  ['2026 GMT', undefined, Infinity],
  ['Sat, 07 Mar 2026 14:00:07 -0500', undefined, Infinity],
  ['Sat, 07 Mar 2026 14:00:07 +0000', undefined, Infinity],
  ['Sat, 07 Mar 2026 14:00:07 EST', undefined, Infinity],
  ['Sat, 07 Mar 2026 14:00:07 PST8', undefined, Infinity],
  ['Sat, 07 Mar 2026 14:00:07 GMT, 120', undefined, Infinity],
  ['120, Sat, 07 Mar 2026 14:00:07 GMT', undefined, Infinity],
  ['2026-03-07T15:00:07+0100', undefined, Infinity],
  ['May 5', undefined, Infinity],
  ['x 2026', undefined, Infinity],
  ['1e3', undefined, Infinity],
  ['0x10', undefined, Infinity],
  ['PT5S', undefined, Infinity],
  ['5 7', undefined, Infinity],
  [',', undefined, Infinity],
  ['5,', undefined, Infinity],
  ['1,5', undefined, 5000],
  ['.5', undefined, 500],
  ['Sat, 07 Mar 2026 14:00:00 GMT', 'Sat, 07 Mar 2026 14:00:07 GMT', 0],
  ['Sat, 07 Mar 2026 14:00:00 GMT', undefined, 0],
  ['soon', undefined, Infinity],
])('Retry-After %s at Date %s is %s ms', (value, date, ms) => {
  const headers = new Headers({ ...(value !== undefined && { 'retry-after': value }), ...(date && { date }) })
  expect(parseRetryAfter(headers)).toBe(ms)
})

test.each<[string, string | undefined, number]>([
  ['1500', undefined, 1500],
  ['1500', '1', 1500],
  ['1500', '2', 2000],
  ['1500, 2500', undefined, 2500],
  ['0.5', '0', 0.5],
  ['1500', 'soon', Infinity],
  ...['', ' ', 'soon', '-5', '1e3', ',', 'Infinity', 'Sat, 07 Mar 2026 14:00:07 GMT'].flatMap(
    (ms): [string, string | undefined, number][] => [
      [ms, undefined, Infinity],
      [ms, '1', Infinity],
    ],
  ),
])('retry-after-ms %j with Retry-After %s is %s ms', (ms, value, wait) => {
  const headers = new Headers({ 'retry-after-ms': ms, ...(value !== undefined && { 'retry-after': value }) })
  expect(parseRetryAfter(headers)).toBe(wait)
})
