/** The form of an expectation. The expectations are in `expectations.ts`. */
import type { Call } from './contract.ts'

/** The kinds of `RecoveryConnectError`. A fault can't cause the last three. */
export const kinds = [
  'connection',
  'timeout',
  'unexpected_response',
  'incomplete_list',
  'contradiction',
  'refused',
  'unauthenticated',
  'forbidden',
  'not_found',
  'validation',
  'rate_limited',
  'server',
  'aborted',
  'invalid_input',
  'token_unavailable',
] as const

export type Kind = (typeof kinds)[number]

/** What one call must do under one fault. */
export interface Expectation {
  /** `ok`, or the kind of the error. */
  outcome: 'ok' | Kind
  /** An outcome that is right for other clients: they retry less, don't reuse connections, or are stricter. */
  or?: 'ok' | Kind
  /** Set if our clients have either outcome, because the runtime or the language decides. */
  runtime_decides?: true
  /** The most requests that may arrive. Fewer are right, too. */
  arrivals: number
  /** The number of requests that our clients send; the most, if the runtime decides or a connection is used again. */
  attempts: number
  /** Whether the API may have carried out the request. If `arrivals` is 0, `false` is right, too. */
  may_have_been_carried_out: boolean
}

export type Expectations = Record<Call, Expectation>
