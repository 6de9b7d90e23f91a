/** The adapter of this client for the judge of `@recoveryconnect/faults`: one call for each line on stdin. */
import { createInterface } from 'node:readline'
import { inspect } from 'node:util'
import { createClient, RecoveryConnectError } from '../src/client.ts'

// No pauses between attempts, except those that a server asks for.
Math.random = () => 0

for await (const line of createInterface(process.stdin)) {
  const { id, operation, base_url, token, new_token, ids, body, deadline_ms } = JSON.parse(line)
  const events: unknown[] = []
  const hook = (event: unknown) => void events.push(event)
  const rc: any = createClient({
    baseUrl: base_url,
    token: new_token ? async ({ rejected }) => (rejected ? new_token : token) : token,
    // Three attempts and what surrounds them take less than the deadline.
    attemptTimeoutMs: deadline_ms / 4,
    totalTimeoutMs: deadline_ms,
    hooks: { onAttempt: hook, onWait: hook },
  })
  const calls: Record<string, () => any> = {
    listBorrowers: () => rc.borrowers.list(ids),
    listBorrowerPhones: () => rc.borrowerPhones.list(ids),
    createBorrowerPhone: () => rc.borrowerPhones.create(ids, body),
    updateBorrowerPhone: () => rc.borrowerPhones.update(ids, body),
    deleteBorrowerPhone: () => rc.borrowerPhones.delete(ids),
  }
  const result = await calls[operation]?.().result()
  const { error } = result
  const shown = error
    ? [error.stack, JSON.stringify(error), inspect(error, { depth: 20, showHidden: true })]
    : []
  const reply = result.ok
    ? { outcome: 'ok', attempts: result.attempts }
    : {
        outcome: error instanceof RecoveryConnectError ? error.kind : 'error',
        attempts: error.attempts,
        may_have_been_carried_out: error.mayHaveBeenCarriedOut,
      }
  console.log(JSON.stringify({ id, ...reply, output: [...shown, JSON.stringify(events)].join('\n') }))
}
