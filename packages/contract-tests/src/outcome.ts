/** The outcomes of a check, and the types for a request and its response. */
import type { Operation } from '@recoveryconnect/spec/model'

/** The check failed. The texts contain no value that could be personal. */
export class Failed extends Error {
  readonly expected: string
  readonly seen: string
  /** The circumstances. They're separate, so that the same fault has the same text in every check. */
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

/** @throws {Failed} if the status isn't expected, or the response doesn't fit the contract. */
export function expectDue(exchange: Exchange, as = ''): Exchange {
  const { status, due, problems } = exchange
  const [problem, ...more] = problems
  const where = (...texts: string[]) => [...texts, as].filter(Boolean).join(' ')
  if (!due.includes(status)) {
    const seen = status + alsoSeen(isWrongSuccess(exchange, due) ? problems : [])
    throw new Failed(String(due[0]), seen, where(...due.slice(1).map((other) => `or ${other}`)))
  }
  if (problem)
    throw new Failed(problem.expected, problem.seen + alsoSeen(more, problem), where(`(${status})`))
  return exchange
}

export function isWrongSuccess({ status, body }: HttpResponse, due: number[]): boolean {
  return !due.includes(status) && status < 300 && (due[0] ?? 0) < 300 && body !== undefined
}

function alsoSeen(problems: Problem[], first?: Problem): string {
  const describe = ({ expected, seen }: Problem) => `${expected} – ${seen}`
  const all = [...new Set(problems.map(describe))].filter((text) => !first || text !== describe(first))
  const more = all.length > 5 ? [`${all.length - 5} more`] : []
  return all.length > 0 ? `; also ${[...all.slice(0, 5), ...more].join(', ')}` : ''
}
