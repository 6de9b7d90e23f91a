/** A check, as data. */
import type { Operation } from '@recoveryconnect/spec/model'
import type { Run } from './run.ts'

/**
 * What a check needs, and why it is skipped without. The first missing need is the reason in the report.
 *
 * `write` is for what could write if the server is wrong; `disposable` for what could destroy records that the run
 * didn't create, or breaks the write rules for real servers.
 */
export const needs = {
  memory: 'the server has no memory (--stateless)',
  direct: 'a proxy in front of the server would respond itself',
  disposable: "it's only for servers made for tests (--disposable)",
  write: 'it could write (--write)',
  'other borrower': 'no other borrower is named (--other-order, --other-borrower)',
  credentials: 'there are no credentials (RECOVERYCONNECT_USERNAME, RECOVERYCONNECT_PASSWORD)',
  'responses on demand': "the server doesn't offer responses on demand (Prefer)",
} as const

export type Need = keyof typeof needs

export interface Check {
  /** Unique: what is checked, and the id of the operation. */
  id: string
  /** The id of the operation that it is about. */
  operation: string
  /** What a right server does, in one sentence. */
  title: string
  needs: Need[]
  /** @throws {Failed} if the server does something else. */
  run(run: Run): Promise<unknown>
}

/** Makes checks of one operation that have the same needs. */
export function checksOf({ id: operation }: Operation, ...needs: Need[]) {
  return (name: string, title: string, run: Check['run']): Check => ({
    id: `${name}-${operation}`,
    operation,
    title,
    needs,
    run,
  })
}
