import { getEventListeners } from 'node:events'
import type { Socket } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type CallOptions, createClient } from '../src/client.ts'
import { expectNoSecret } from './leaks.ts'
import { type Handler, http, ids, json, newPhone, secrets, serve } from './servers.ts'

const moments: [moment: string, handle: Handler, attempts: number, mayHave: boolean][] = [
  ['during the headers', () => {}, 1, true],
  [
    'during the body',
    (socket) => void socket.write(http(200, '{"data":[', { 'content-length': 99 })),
    1,
    true,
  ],
  [
    'during the pause before a retry',
    (socket) => void socket.write(json(429, {}, { 'retry-after': 50 })),
    1,
    false,
  ],
]

test.each(moments)('an abort %s ends the call immediately', async (_, handle, attempts, mayHave) => {
  const arrival = Promise.withResolvers<Socket>()
  const server = await serve((socket, request, count) => {
    handle(socket, request, count)
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

test('nothing is sent if the signal is already aborted', async () => {
  const server = await serve((socket) => void socket.write(json(200, { data: [] })))
  const signal = AbortSignal.abort()
  await expect(clientOf(server.url).borrowerPhones.list(ids, { signal })).rejects.toMatchObject({
    kind: 'aborted',
    attempts: 0,
    mayHaveBeenCarriedOut: false,
  })
  expect(server.arrived).toHaveLength(0)
})

test('an abort during the token request ends the call and the request', async () => {
  const { signal, abort } = watched()
  const requested = Promise.withResolvers<AbortSignal>()
  const rc = createClient({
    baseUrl: 'http://127.0.0.1:1',
    token: ({ signal }) => {
      requested.resolve(signal)
      return new Promise(() => {})
    },
  })
  const call = rc.borrowerPhones.list(ids, { signal }).result()
  const tokenSignal = await requested.promise
  abort()
  expect(await call).toMatchObject({ error: { kind: 'aborted', attempts: 0, mayHaveBeenCarriedOut: false } })
  expect(tokenSignal.aborted).toBe(true)
})

test('a call leaves no listener and no timer, whether it succeeds or fails', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const { signal } = watched()
  const responses = [Response.json({ data: [] }), new Response('', { status: 404 }), Response.json([])]
  for (const response of responses) {
    await createClient({ token: 't', fetch: async () => response })
      .borrowerPhones.list(ids, { signal })
      .result()
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    expect(vi.getTimerCount()).toBe(0)
  }
})

test('a fetch that ignores its signal is abandoned at the timeout', async () => {
  const rc = createClient({
    token: 't',
    fetch: () => new Promise(() => {}),
    attemptTimeoutMs: 20,
    maxAttempts: 1,
  })
  await expect(rc.borrowerPhones.list(ids)).rejects.toMatchObject({ kind: 'timeout', scope: 'attempt' })
})

test('reading stops at maxResponseBytes', async () => {
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

test('a runtime without streams reads the whole body', async () => {
  const whole = { ok: true, status: 200, headers: new Headers(), text: async () => '{"data":[]}' } as Response
  expect(await createClient({ token: 't', fetch: async () => whole }).borrowerPhones.list(ids)).toEqual({
    data: [],
  })
})

test('a response of exactly maxResponseBytes is accepted', async () => {
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
