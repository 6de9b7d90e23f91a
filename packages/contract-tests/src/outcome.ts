/** The outcomes of a check, and the types for a request and its response. */
import type { Operation } from '@recoveryconnect/spec/model'

/** The check failed. The texts contain no value that could be personal. */
export class Failed extends Error {
  readonly expected: string
  readonly seen: string
  /** The circumstances. Without them, the texts of all checks that find the same fault are equal. */
  readonly where: string
  /** The operation of the earlier step that failed, if any. Then the check itself couldn't be asked. */
  readonly step: string | undefined

  constructor(expected: string, seen: string, where = '', step?: string) {
    super(`Expected ${expected} ${where}, but saw ${seen}.`)
    this.expected = expected
    this.seen = seen
    this.where = where
    this.step = step
  }
}

/** The check doesn't apply to this server. The message says why. */
export class Skipped extends Error {}
/** The run can't continue. The message says why: it was stopped, or the server went away. */
export class RunEnded extends Error {}

export interface HttpResponse {
  status: number
  contentType: string | null
  headers: Headers
  body: unknown
}

/** What the contract says, and what was seen instead. Neither text contains a value from a body. */
export interface Problem {
  expected: string
  seen: string
}

/** One request and its response, and what the contract says about both. */
export interface Exchange extends HttpResponse {
  operation: Operation
  sent: unknown
  isValid: boolean
  due: number[]
  /** Whether the request asked for a certain response (`Prefer`). */
  isOnDemand: boolean
  problems: Problem[]
}

/** Rethrows the failure of a step as the reason why a check can't be asked. */
export function failStep(step: string): (error: unknown) => never {
  return (error) => {
    throw error instanceof Failed ? new Failed(error.expected, error.seen, error.where, step) : error
  }
}

export function expectThat(condition: boolean, expected: string, seen: string): asserts condition {
  if (!condition) throw new Failed(expected, seen)
}
