/** The client keeps the promises of its README under every fault of `@recoveryconnect/faults`. */
import { readFile } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { type FaultEntry, type RunningFaults, startFaults } from '@recoveryconnect/faults'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { readmeFile, renderReadme } from '../generate.ts'
import { type Call as ApiCall, type Client, createClient } from '../src/client.ts'
import { expectNoSecret } from './leaks.ts'
import { callList, ids, lists, newPhone, secrets } from './servers.ts'

const server = await startFaults({ port: 0 })
afterAll(() => server.close())

// No pauses between attempts, except those that the server asks for.
beforeAll(() => void vi.spyOn(Math, 'random').mockReturnValue(0))
afterAll(() => void vi.restoreAllMocks())

interface Call {
  operation: string
  expected: keyof FaultEntry['expect']
  send: (rc: Client) => ApiCall<unknown>
}

const phoneIds = { ...ids, phone_id: 39317578 }
/** Flags that forbid contact, so that an update is retried. */
const body = { ...newPhone, valid: 0, no_contact: 1 } as const

const calls: Call[] = [
  ...lists.map(
    (list): Call => ({
      operation: list.id,
      expected: 'read',
      send: (rc) => callList(rc, list) as ApiCall<unknown>,
    }),
  ),
  {
    operation: 'updateBorrowerPhone',
    expected: 'update',
    send: (rc) => rc.borrowerPhones.update(phoneIds, body),
  },
  { operation: 'deleteBorrowerPhone', expected: 'delete', send: (rc) => rc.borrowerPhones.delete(phoneIds) },
  { operation: 'createBorrowerPhone', expected: 'create', send: (rc) => rc.borrowerPhones.create(ids, body) },
]

describe.concurrent.each(server.faults)('$title', (fault) => {
  test.for(calls)('$operation', async ({ operation, expected, send }, { onTestFinished, expect }) => {
    const own = fault.warm_up ? await startFaults({ port: 0 }) : server
    if (fault.warm_up) onTestFinished(own.close)
    const { error, attempts, arrivals } = await run(own, fault, send)
    const promise = fault.expect[expected]
    const { outcome } = promise
    const isExact = !(promise.runtime_decides || fault.warm_up)
    const least = (most: number) => (isExact ? most : 1)
    expect([outcome, ...(promise.runtime_decides ? [promise.or] : [])]).toContain(error?.kind ?? 'ok')
    expect(attempts).toBeGreaterThanOrEqual(least(promise.attempts))
    expect(attempts).toBeLessThanOrEqual(promise.attempts)
    if (error) expect(error.mayHaveBeenCarriedOut).toBe(promise.may_have_been_carried_out)
    const requests = arrivals.requests[operation] ?? 0
    const most = Math.min(promise.arrivals, attempts)
    // On a busy machine, a timeout can pass before the request arrives.
    if (isExact && outcome !== 'timeout') expect(requests).toBe(most)
    else expect(requests).toBeLessThanOrEqual(most)
    expect(arrivals.early).toBe(0)
    expect(arrivals.elsewhere).toEqual([])
    if (!error) expect(arrivals.responded[operation]).toBeGreaterThan(0)
    // Otherwise, the fault has not happened.
    if (fault.name.startsWith('reused')) expect(arrivals.connections[0]?.requests).toBe(2)
  })
})

test('the table in the README has the expectations', async () => {
  const readme = await readFile(readmeFile, 'utf8')
  expect(renderReadme(readme)).toBe(readme)
})

let serial = 0

async function run(
  { faults, arrivals }: RunningFaults,
  { name, new_token, warm_up, expect }: FaultEntry,
  send: Call['send'],
) {
  const token = `${secrets.token}-${serial++}`
  const events: unknown[] = []
  const rc = createClient({
    token: new_token ? async ({ rejected }) => (rejected ? `${token}.renewed` : token) : token,
    baseUrl: faults.find((fault) => fault.name === name)?.base_url,
    attemptTimeoutMs: expect.create.outcome === 'timeout' ? 10 : 10_000,
    hooks: { onAttempt: (event) => events.push(event), onWait: (event) => events.push(event) },
  })
  if (warm_up) {
    await rc.borrowerPhones.get(phoneIds)
    // After one turn of the event loop, fetch can use the connection again.
    await setImmediate()
  }
  const result = await send(rc).result()
  const [{ attempts }, error] = result.ok ? [result] : [result.error, result.error]
  expectNoSecret([error, events])
  return { error, attempts, arrivals: arrivals(name, token) }
}
