/** The last requests and what was wrong with each, without any value of a request. */

interface LogEntry {
  /** When the response was ready, in milliseconds. */
  at: number
  method: string
  /** Without the query. */
  path: string
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
    this.#entries[number % capacity] = { number, ...entry }
  }

  /**
   * Lists the entries after this number, oldest first, with anything like a phone or social security number masked.
   *
   * @param world the number of a world. Default: entries of all worlds.
   */
  listAfter(number: number, world?: number): object[] {
    return this.#entries
      .filter((entry) => entry.number > number && (world === undefined || entry.world === world))
      .sort((one, other) => one.number - other.number)
      .map((entry) => ({ ...entry, at: new Date(entry.at).toISOString(), path: maskNumbers(entry.path) }))
  }
}

/** The vendor's sample ids have fewer than ten digits. */
function maskNumbers(path: string): string {
  return path.slice(0, 200).replace(/\d{3}[-.]?\d{3}[-.]?\d{4,}|\d{3}-\d{2}-\d{4}/g, '[masked]')
}
