import { readFile } from 'node:fs/promises'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { createClient, RecoveryConnectError } from '../src/client.ts'
import { type Fault, faults } from './faults.ts'
import { expectNoSecret } from './leaks.ts'
import { callList, ids, lists, newPhone, secrets, serve } from './servers.ts'

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')

// No pauses between attempts.
beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0)
  onTestFinished(() => void vi.restoreAllMocks())
})

describe.each(faults)('$name', (fault) => {
  test.each(lists)('$id', async (list) => {
    const { error, requests } = await run(fault, (rc) => callList(rc, list))
    expect({ kind: error.kind, attempts: error.attempts }).toEqual({
      kind: fault.kind,
      attempts: fault.retried ? 3 : 1,
    })
    expectArrivals(fault, requests, error.attempts)
    expectNoSecret(error)
  })

  test('a create', async () => {
    const { error, requests } = await run(fault, (rc) => rc.borrowerPhones.create(ids, newPhone))
    expect({
      kind: error.kind,
      attempts: error.attempts,
      mayHave: error.mayHaveBeenCarriedOut,
    }).toEqual({ kind: fault.kind, attempts: fault.createRetried ? 3 : 1, mayHave: fault.mayHave })
    expectArrivals(fault, requests, error.attempts)
    expectNoSecret(error)
  })
})

test('the table in the README lists exactly these faults', () => {
  const yes = (value: boolean | undefined) => (value ? 'yes' : 'no')
  const rows = faults.map(
    ({ name, kind, retried, createRetried, mayHave }) =>
      `| ${name} | \`${kind}\` | ${yes(retried)} | ${yes(createRetried)} | ${yes(mayHave)} |`,
  )
  expect(
    readme.replace(/ +/g, ' ').match(/^\| .+ \| `\w+` \| (yes|no) \| (yes|no) \| (yes|no) \|$/gm),
  ).toEqual(rows)
})

/** Each attempt reaches the server, except that on a busy machine a timeout can pass before one does. */
function expectArrivals({ handle, kind }: Fault, requests: number, attempts: number): void {
  if (kind === 'timeout') expect(requests).toBeLessThanOrEqual(attempts)
  else if (handle) expect(requests).toBe(attempts)
}

async function run(fault: Fault, call: (rc: ReturnType<typeof createClient>) => Promise<unknown>) {
  const server = fault.handle && (await serve(fault.handle))
  const events: unknown[] = []
  const rc = createClient({
    token: secrets.token,
    baseUrl: server?.url ?? (await fault.target?.()),
    attemptTimeoutMs: fault.kind === 'timeout' ? 10 : 10_000,
    hooks: { onAttempt: (event) => events.push(event), onWait: (event) => events.push(event) },
  })
  const error = await call(rc).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof RecoveryConnectError)) throw new Error(`expected an error, got ${String(error)}`)
  expectNoSecret(events)
  return { error, requests: server?.arrived.length ?? 0 }
}
