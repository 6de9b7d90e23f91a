import type { Operation } from '@recoveryconnect/spec/model'
import type { Run } from './run.ts'

/**
 * What a check can need, and the reason for skipping the check without it. The report shows the first missing need.
 *
 * `write` is for checks that could write if the server is wrong. `disposable` is for checks that could destroy records
 * that the run didn't create, or that break the write rules for real servers.
 */
export const skipReasons = {
  memory: 'the server has no memory (--stateless)',
  direct: 'a proxy in front of the server would respond instead',
  disposable: 'only for servers made for tests (--disposable)',
  write: 'could write (--write)',
  'other borrower': 'no other borrower was passed (--other-order, --other-borrower)',
  credentials: 'there are no credentials (RECOVERYCONNECT_USERNAME, RECOVERYCONNECT_PASSWORD)',
  'responses on demand': "the server doesn't offer responses on demand (Prefer)",
} as const

export type Need = keyof typeof skipReasons

export interface Check {
  /** Unique. Says what is checked, and contains the id of the operation. */
  id: string
  operation: string
  /** What a correct server does, in one sentence. */
  title: string
  needs: Need[]
  /** @throws {Failed} if the server does something else. */
  run(run: Run): Promise<unknown>
}

/** Returns a function that creates checks of one operation with the same needs. */
export function checksOf({ id: operation }: Operation, ...needs: Need[]) {
  return (name: string, title: string, run: Check['run']): Check => ({
    id: `${name}-${operation}`,
    operation,
    title,
    needs,
    run,
  })
}
