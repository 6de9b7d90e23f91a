/** The outcomes of a check, how it compares values, and the types for a request and its response. */
import type { Operation } from '@recoveryconnect/spec/model'
import type { Fields } from './operations.ts'

/** The check failed. The texts contain no value that could be personal. */
export class Failed extends Error {
  readonly expected: string
  readonly seen: string
  /** The operation of the earlier step that failed, if any. Then the check itself couldn't be asked. */
  readonly step: string | undefined

  constructor(expected: string, seen: string, step?: string) {
    super(`Expected ${expected}, but saw ${seen}.`)
    this.expected = expected
    this.seen = seen
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
  /** Undefined if the body isn't JSON. */
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
  /** The body that was sent, before it was serialized. */
  sent: unknown
  /** Whether the contract allows that body. */
  isValid: boolean
  /** The statuses that the check expects. */
  due: number[]
  /** Whether the request asked for a certain response (`Prefer`). */
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

/** Shows flags and ids of reference tables as they are. Shows only the form of a text: digits as #, letters as a. */
function describeValue(name: string, value: unknown): string {
  if (typeof value !== 'string')
    return ['id', 'number'].includes(name) ? typeof value : String(JSON.stringify(value))
  if (name === 'memo') return value === '' ? 'an empty string' : 'a string'
  return `“${value.replace(/\d/g, '#').replace(/\p{L}/gu, 'a')}”`
}
