/** The headers and hooks of a call are merged into those of its client. */
import { runInNewContext } from 'node:vm'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { type CallOptions, createClient, type FetchInit } from '../src/client.ts'
import { ids, newPhone, secrets } from './servers.ts'

const fetch = vi.fn(async (_url: string, { method }: FetchInit) =>
  Response.json({ data: method === 'POST' ? newPhone : [] }),
)
const client = { token: secrets.token, fetch }
const rc = createClient(client)

describe('headers', () => {
  const forms: [string, CallOptions['headers']][] = [
    ['an object', { 'X-Two': 'call', 'x-three': null, 'x-none': undefined }],
    [
      'an object without a prototype',
      Object.assign(Object.create(null), { 'x-two': 'call', 'x-three': null }),
    ],
    [
      'pairs',
      [
        ['x-two', 'call'],
        ['X-THREE', null],
        ['x-none', undefined],
      ],
    ],
    [
      'a Map',
      new Map([
        ['x-two', 'call'],
        ['x-three', null],
      ]),
    ],
    [
      'a generator',
      (function* () {
        yield ['x-two', 'call'] as const
        yield ['x-three', null] as const
      })(),
    ],
    [
      'an object that is iterable',
      {
        *[Symbol.iterator]() {
          yield ['x-two', 'call'] as const
          yield ['x-three', null] as const
        },
      },
    ],
    ['an object of another realm', runInNewContext(`({ 'x-two': 'call', 'x-three': null })`)],
    ['pairs of another realm', runInNewContext(`[['x-two', 'call'], ['x-three', null]]`)],
  ]
  test.each(forms)('of a call replace those of its client by name: %s', async (_, headers) => {
    const base = createClient({ ...client, headers: { 'x-ONE': 'client', 'x-two': 'client' } })
    const copy = base.withOptions({ headers: new Headers({ 'X-Two': 'copy', 'x-three': 'copy' }) })
    expect(await sentHeaders(copy, { headers })).toEqual({ 'x-one': 'client', 'x-two': 'call' })
    expect(await sentHeaders(copy)).toEqual({ 'x-one': 'client', 'x-two': 'copy', 'x-three': 'copy' })
    expect(await sentHeaders(base)).toEqual({ 'x-one': 'client', 'x-two': 'client' })
  })

  test('never replace Accept, Authorization and Content-Type', async () => {
    const headers = { accept: 'text/html', AUTHORIZATION: 'Basic x', 'Content-Type': 'text/plain' }
    for (const given of [headers, new Headers(headers), { accept: null, Authorization: null }]) {
      await rc.borrowerPhones.create(ids, newPhone, { headers: given }).result()
      expect(fetch.mock.lastCall?.[1].headers).toMatchObject({
        accept: 'application/json',
        authorization: `Bearer ${secrets.token}`,
        'content-type': 'application/json',
      })
    }
  })

  test('of the caller are not changed', async () => {
    const headers = Object.freeze({ 'x-one': '1' })
    const given = new Headers(headers)
    await rc.borrowerPhones.list(ids, { headers })
    await rc.borrowerPhones.list(ids, { headers: given })
    expect([...given]).toEqual([['x-one', '1']])
  })
})

test('the hooks of the client, its copy and the call run in this order, whatever they throw', async () => {
  const events: string[] = []
  const record = (name: string) => ({
    onAttempt: ({ attempt }: { attempt: number }) => {
      events.push(`${name} attempt ${attempt}`)
      throw new Error('from a hook')
    },
    onWait: async ({ attempt }: { attempt: number }) => {
      events.push(`${name} wait ${attempt}`)
      throw new Error('from an asynchronous hook')
    },
  })
  class Counter {
    #count = 0
    onAttempt() {
      events.push(`counter ${++this.#count}`)
    }
  }
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const copy = createClient({ ...client, hooks: record('client') })
    .withOptions({ hooks: record('copy') })
    .withOptions({ hooks: new Counter() })
  fetch.mockResolvedValueOnce(new Response('', { status: 503 }))
  const call = copy.borrowerPhones.list(ids, { hooks: record('call') }).withResponse()
  await vi.runAllTimersAsync()
  expect(await call).toMatchObject({ attempts: 2 })
  const expected = [1, 2].flatMap((attempt) => [
    `client attempt ${attempt}`,
    `copy attempt ${attempt}`,
    `counter ${attempt}`,
    `call attempt ${attempt}`,
    ...(attempt === 1 ? ['client wait 2', 'copy wait 2', 'call wait 2'] : []),
  ])
  expect(events).toEqual(expected)
  events.length = 0
  await rc.borrowerPhones.list(ids)
  expect(events).toEqual([])
})

/** Lists the phones, and returns the caller's headers as they were sent. */
async function sentHeaders(rc: ReturnType<typeof createClient>, options?: CallOptions): Promise<object> {
  await rc.borrowerPhones.list(ids, options)
  const sent = Object.entries(fetch.mock.lastCall?.[1].headers ?? {})
  return Object.fromEntries(sent.filter(([name]) => name.startsWith('x-')))
}
