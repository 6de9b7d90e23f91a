import { getEventListeners } from 'node:events'
import type { Socket } from 'node:net'
import { expect, test, vi } from 'vitest'
import { type CallOptions, createClient } from '../src/client.ts'
import { expectNoSecret } from './leaks.ts'
import { type Behaviour, http, ids, json, newPhone, secrets, serve } from './servers.ts'

const moments: [moment: string, behave: Behaviour, attempts: number, mayHave: boolean][] = [
  ['during the headers', () => {}, 1, true],
  [
    'during the body',
    (socket) => void socket.write(http(200, '{"data":[', { 'content-length': 99 })),
    1,
    true,
  ],
  [
    'during the pause before another attempt',
    (socket) => void socket.write(json(429, {}, { 'retry-after': 50 })),
    1,
    false,
  ],
]

test.each(moments)('an abort %s ends the call at once', async (_, behave, attempts, mayHave) => {
  const arrival = Promise.withResolvers<Socket>()
  const server = await serve((socket, request, count) => {
    behave(socket, request, count)
    arrival.resolve(socket)
  })
  const { signal, abort } = watched()
  const waits = Promise.withResolvers<void>()
  const hooks = { onWait: () => waits.resolve() }
  const call = clientOf(server.url).borrowerPhones.create(ids, newPhone, { signal, hooks }).result()
  await (mayHave ? arrival.promise : waits.promise)
  abort()
  const result = await call
  expect(result).toMatchObject({
    ok: false,
    error: { kind: 'aborted', attempts, mayHaveBeenCarriedOut: mayHave },
  })
  expect(!result.ok && result.error.reason).toBe(signal.reason)
  expectNoSecret(!result.ok && result.error)
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  const socket = await arrival.promise
  if (mayHave && !socket.closed) await new Promise((resolve) => socket.once('close', resolve))
  expect(server.arrived).toHaveLength(1)
})

test('an aborted signal lets nothing out', async () => {
  const server = await serve((socket) => void socket.write(json(200, { data: [] })))
  const signal = AbortSignal.abort()
  await expect(clientOf(server.url).borrowerPhones.list(ids, { signal })).rejects.toMatchObject({
    kind: 'aborted',
    attempts: 0,
    mayHaveBeenCarriedOut: false,
  })
  expect(server.arrived).toHaveLength(0)
})

test('an abort while the token is awaited ends the call, and the asking', async () => {
  const { signal, abort } = watched()
  const asked = Promise.withResolvers<AbortSignal>()
  const rc = createClient({
    baseUrl: 'http://127.0.0.1:1',
    token: ({ signal }) => {
      asked.resolve(signal)
      return new Promise(() => {})
    },
  })
  const call = rc.borrowerPhones.list(ids, { signal }).result()
  const asking = await asked.promise
  abort()
  expect(await call).toMatchObject({ error: { kind: 'aborted', attempts: 0, mayHaveBeenCarriedOut: false } })
  expect(asking.aborted).toBe(true)
})

test('a call that ends well or badly leaves no listener and no timer', async () => {
  vi.useFakeTimers()
  const { signal } = watched()
  const answers = [Response.json({ data: [] }), new Response('', { status: 404 }), Response.json([])]
  for (const answer of answers) {
    await createClient({ token: 't', fetch: async () => answer })
      .borrowerPhones.list(ids, { signal })
      .result()
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    expect(vi.getTimerCount()).toBe(0)
  }
  vi.useRealTimers()
})

test('a fetch that heeds no signal is left behind at the deadline', async () => {
  const rc = createClient({
    token: 't',
    fetch: () => new Promise(() => {}),
    attemptTimeoutMs: 20,
    maxAttempts: 1,
  })
  await expect(rc.borrowerPhones.list(ids)).rejects.toMatchObject({ kind: 'timeout', scope: 'attempt' })
})

test('reading stops at the limit', async () => {
  let pulled = 0
  let cancelled = false
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(1000).fill(++pulled)),
    cancel: () => {
      cancelled = true
    },
  })
  const options: CallOptions = { maxResponseBytes: 5_000, fetch: async () => new Response(endless) }
  await expect(createClient({ token: 't' }).borrowerPhones.list(ids, options)).rejects.toMatchObject({
    kind: 'unexpected_response',
  })
  expect(cancelled).toBe(true)
  expect(pulled).toBeLessThan(10)
})

test('a runtime without streams is read as a whole', async () => {
  const whole = { ok: true, status: 200, headers: new Headers(), text: async () => '{"data":[]}' } as Response
  expect(await createClient({ token: 't', fetch: async () => whole }).borrowerPhones.list(ids)).toEqual({
    data: [],
  })
})

test('an answer of exactly the limit passes', async () => {
  const text = '{"data":[]}'
  const list = (maxResponseBytes: number) =>
    createClient({ token: 't', maxResponseBytes, fetch: async () => new Response(text) })
      .borrowerPhones.list(ids)
      .result()
  expect(await list(text.length)).toMatchObject({ ok: true })
  expect(await list(text.length - 1)).toMatchObject({ ok: false })
})

function clientOf(baseUrl: string) {
  return createClient({ token: secrets.token, baseUrl })
}

function watched() {
  const controller = new AbortController()
  return { signal: controller.signal, abort: () => controller.abort(new Error('the page was closed')) }
}
