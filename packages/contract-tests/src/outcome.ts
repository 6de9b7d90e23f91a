/** How a check ends, how it compares values, and what one request and its response are. */
import type { Operation } from '@recoveryconnect/spec/model'
import type { Fields } from './operations.ts'

/** The check failed. Neither text holds a value that may be personal. */
export class Failed extends Error {
  readonly expected: string
  readonly seen: string

  constructor(expected: string, seen: string) {
    super(`Expected ${expected}, but saw ${seen}.`)
    this.expected = expected
    this.seen = seen
  }
}

/** A step before the one that a check is about failed, so the check itself couldn't be asked. */
export class StepFailed extends Failed {
  /** The operation of that step. */
  readonly step: string

  constructor(step: string, { expected, seen }: Failed) {
    super(expected, seen)
    this.step = step
  }
}

/** The check doesn't apply to this server. The message says what it would take. */
export class Skipped extends Error {}
/** The run was told to stop. */
export class Interrupted extends Error {}
/** Going on makes no sense: the server went away, or it rejects every request. The message says which. */
export class ServerGone extends Error {}

export interface HttpResponse {
  status: number
  contentType: string | null
  headers: Headers
  /** Undefined if it isn't JSON. */
  body: unknown
}

/** One request and its response, and what the contract says about both. */
export interface Exchange extends HttpResponse {
  operation: Operation
  /** The body that was sent, before it was serialized. */
  sent: unknown
  /** Whether the contract allows that body. */
  isValid: boolean
  /** The statuses that the check expects. */
  due: number[]
  /** Whether the request named the response that it wants (`Prefer`). */
  isOnDemand: boolean
  /** Whether the response body fits the documented schema. */
  fits: boolean
}

/** Rethrows the failure of a step as the reason why a check can't be asked. */
export function failStep(step: string): (error: unknown) => never {
  return (error) => {
    throw error instanceof Failed ? new StepFailed(step, error) : error
  }
}

/** @throws {Failed} unless the condition is true. */
export function expectThat(condition: boolean, expected: string, seen: string): asserts condition {
  if (!condition) throw new Failed(expected, seen)
}

/**
 * Compares the fields that `expected` names.
 *
 * @throws {Failed} naming the first field that differs.
 */
export function expectFields(seen: Fields, expected: Fields, where: string): void {
  for (const [name, value] of Object.entries(expected)) {
    const isSame = JSON.stringify(seen[name]) === JSON.stringify(value)
    expectThat(isSame, `${name} ${describeValue(name, value)} ${where}`, describeValue(name, seen[name]))
  }
}

/** Shows flags and ids of reference tables as they are. Of texts it shows the form: digits as #, letters as a. */
function describeValue(name: string, value: unknown): string {
  if (typeof value !== 'string')
    return ['id', 'number'].includes(name) ? typeof value : String(JSON.stringify(value))
  if (name === 'memo') return value === '' ? 'an empty text' : 'a text'
  return `“${value.replace(/\d/g, '#').replace(/\p{L}/gu, 'a')}”`
}
