/** How a check ends, how it compares values, and what one request and its response are. */
import type { Operation } from '@recoveryconnect/spec/model'
import type { Fields } from './operations.ts'

/** The check failed. Neither text holds a value that may be personal. */
export class Failed extends Error {
  readonly expected: string
  readonly seen: string
  /** The operation of an earlier step, if that failed: the check itself couldn't be asked. */
  readonly step: string | undefined

  constructor(expected: string, seen: string, step?: string) {
    super(`Expected ${expected}, but saw ${seen}.`)
    this.expected = expected
    this.seen = seen
    this.step = step
  }
}

/** The check doesn't apply to this server. The message says what it would take. */
export class Skipped extends Error {}
/** The run can't go on. The message says why: it was told to stop, or the server went away. */
export class RunEnded extends Error {}

export interface HttpResponse {
  status: number
  contentType: string | null
  headers: Headers
  /** Undefined if it isn't JSON. */
  body: unknown
}

/** What the contract says, and what was seen instead. Neither holds a value from a body. */
export interface Problem {
  expected: string
  seen: string
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
  /** What is wrong with the response. */
  problems: Problem[]
}

/** Rethrows the failure of a step as the reason why a check can't be asked. */
export function failStep(step: string): (error: unknown) => never {
  return (error) => {
    throw error instanceof Failed ? new Failed(error.expected, error.seen, step) : error
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
