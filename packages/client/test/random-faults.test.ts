import { getEventListeners } from 'node:events'
import type { Socket } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createClient, createOutcome, type Result } from '../src/client.ts'
import { http, ids, json, phone, serve } from './servers.ts'

const calls = 1_000
const atOnce = 50

/** What happens to a request that isn't carried out. After the first two, the client may send a create again. */
const beforehand: [name: string, happen: (socket: Socket) => void][] = [
  ['429', (socket) => void socket.write(json(429, {}, { 'retry-after': 0 }))],
  ['401', (socket) => void socket.write(json(401, { message: 'Unauthenticated.' }))],
  ['reset', (socket) => void socket.resetAndDestroy()],
  ['503', (socket) => void socket.write(http(503, 'busy'))],
  ['404', (socket) => void socket.write(http(404, '<html>'))],
  ['silence', () => {}],
]
/** What happens to a request that is carried out. */
const afterwards: [name: string, happen: (socket: Socket, body: object) => void][] = [
  ['fine', (socket, body) => void socket.write(json(200, body))],
  ['reset', (socket) => void socket.resetAndDestroy()],
  ['cut', (socket, body) => void socket.end(json(200, body).subarray(0, -9))],
  ['half', (socket, body) => void socket.write(http(200, JSON.stringify(body).slice(0, -9)))],
  ['502', (socket) => void socket.write(http(502, '<html>'))],
  ['silence', () => {}],
  ['302', (socket) => void socket.write(http(302, '', { location: '/elsewhere' }))],
  ['empty', (socket) => void socket.write(http(200, ''))],
]

test(`in ${calls} calls with random faults, no create is carried out twice or sent again after an unknown outcome`, async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0)
  onTestFinished(() => void vi.restoreAllMocks())
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const timersBefore = timers()
  const api = await faultyApi(20_261_122)
  const { signal } = new AbortController()
  const rc = createClient({
    token: async ({ rejected = 'token-0' }) => `token-${Number(rejected.slice(6)) + 1}`,
    baseUrl: api.url,
    attemptTimeoutMs: 60,
  })

  let next = 0
  const outcomes = new Map<string, Result<unknown>>()
  const worker = async () => {
    for (let call = next++; call < calls; call = next++) {
      const memo = `call ${call}`
      if (call % 2)
        outcomes.set(
          memo,
          await rc.borrowerPhones
            .create(ids, { type: 6, number: phone.number, memo, no_contact: 1 }, { signal })
            .result(),
        )
      else await rc.borrowerPhones.list(ids, { signal }).result()
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))

  expect(outcomes.size).toBe(calls / 2)
  expect(api.wrongRetries).toEqual([])
  for (const [memo, result] of outcomes) {
    const times = api.records.filter((record) => record.memo === memo).length
    expect(times).toBeLessThanOrEqual(1)
    if (result.ok) expect(times).toBe(1)
    else if (!result.error.mayHaveBeenCarriedOut) expect(times).toBe(0)
  }
  await expectRightOutcomes(api, outcomes)
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  await vi.waitFor(() => expect(timers()).toBeLessThanOrEqual(timersBefore + 1))
})

/** `createOutcome` agrees with the server about each create whose outcome is unknown. */
async function expectRightOutcomes(
  api: Awaited<ReturnType<typeof faultyApi>>,
  outcomes: Map<string, Result<unknown>>,
) {
  const list = JSON.stringify({ data: api.records })
  const calm = createClient({ token: 't', fetch: async () => new Response(list) })
  const found = { true: 0, false: 0 }
  for (const [memo, result] of outcomes) {
    if (result.ok || !result.error.mayHaveBeenCarriedOut) continue
    const before = api.records.filter((record) => record.memo !== memo)
    const body = { type: 6, number: phone.number, memo, no_contact: 1 } as const
    const { created } = await createOutcome(calm.borrowerPhones, {
      ids,
      body,
      error: result.error,
      before,
      pausesMs: [0],
    })
    expect(created).toBe(api.records.some((record) => record.memo === memo))
    found[`${created as boolean}`]++
  }
  // Both happen. How often depends on how busy the machine is.
  expect(Math.min(found.true, found.false)).toBeGreaterThan(3)
}

async function faultyApi(seed: number) {
  let state = seed
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const records: { id: number; memo: string }[] = []
  const wrongRetries: string[] = []
  const last = new Map<string, string>()
  const server = await serve((socket, { method, body }) => {
    const sent = method === 'POST' ? JSON.parse(body) : undefined
    const carriesOut = random(2) === 1
    const [name, happen] =
      (carriesOut ? afterwards[random(afterwards.length)] : beforehand[random(beforehand.length)]) ?? fail()
    if (sent) {
      if (last.has(sent.memo) && !['429', '401'].includes(last.get(sent.memo) ?? ''))
        wrongRetries.push(sent.memo)
      last.set(sent.memo, carriesOut ? 'carried out' : name)
      if (carriesOut) records.push({ ...phone, ...sent, id: records.length + 1 })
    }
    happen(socket, { data: sent ? { ...phone, ...sent } : [] })
  })
  return { url: server.url, records, wrongRetries }
}

function fail(): never {
  throw new Error('unknown fault')
}
