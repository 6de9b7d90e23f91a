/** The last requests and what was wrong with each, without any value of a request. */
import type { PathMatch } from '@recoveryconnect/http/target'

export interface LogEntry {
  /** When the response was ready, in milliseconds. */
  at: number
  method: string
  /** Undefined if the contract has no such path. */
  path: PathMatch | undefined
  operation: string | undefined
  status: number
  /** Worlds are numbered in the order in which they're opened. 0 is for requests without a token. */
  world: number | undefined
  authorization: 'Bearer [redacted]' | 'none'
  /** Errors and warnings. */
  problems: readonly string[]
  /** The body of the request, only if the sandbox records bodies. */
  body?: unknown
}

const capacity = 200

export class RequestLog {
  readonly #entries: (LogEntry & { number: number })[] = []
  #count = 0

  add(entry: LogEntry): void {
    const number = ++this.#count
    this.#entries[number % capacity] = Object.assign(entry, { number })
  }

  /**
   * Lists the entries after this number, oldest first, with what is safe to show of each path.
   *
   * @param world the number of a world. Default: entries of all worlds.
   */
  listAfter(number: number, world?: number): object[] {
    return this.#entries
      .filter((entry) => entry.number > number && (world === undefined || entry.world === world))
      .sort((one, other) => one.number - other.number)
      .map((entry) => ({ ...entry, at: new Date(entry.at).toISOString(), path: describePath(entry.path) }))
  }
}

/**
 * Formats a path for a log: the contract's path with the ids of the request. A value that isn't an id stays a name in
 * braces. So does one of ten or more digits, because it could be a phone number.
 *
 * @example '/api/v140/orders/57062885/borrowers/{borrower_id}/phones' // for `/api/v140/orders/57062885/borrowers/Doe/phones`
 */
function describePath({ template, values }: PathMatch = { template: '(unknown path)', values: [] }): string {
  let index = 0
  return template.replace(/\{[^{}]+\}/g, (name) => {
    const value = values[index++] ?? ''
    return /^[1-9]\d{0,8}$/.test(value) ? value : name
  })
}
