/** The last requests and what was wrong with each; no token, number, memo or other value of a request. */

export interface LogEntry {
  /** When it was answered, in milliseconds. */
  at: number
  method: string
  /** Without query. */
  path: string
  operation: string | undefined
  status: number
  /** Which world, by number: worlds are numbered as they are opened, 0 is for requests without a token. */
  world: number | undefined
  authorization: 'Bearer [redacted]' | 'none'
  /** What was wrong, or what the sandbox wants to be noticed. */
  problems: readonly string[]
}

const kept = 200

export class RequestLog {
  readonly #entries: (LogEntry & { number: number })[] = []
  #count = 0

  add(entry: LogEntry): void {
    const number = ++this.#count
    this.#entries[number % kept] = { number, ...entry }
  }

  /**
   * The entries after this number, oldest first; at most the last 200. What could be a phone number is masked.
   *
   * @param world the number of the world that they must be of. @default any
   */
  after(number: number, world?: number): object[] {
    return this.#entries
      .filter((entry) => entry.number > number && (world === undefined || entry.world === world))
      .sort((one, other) => one.number - other.number)
      .map((entry) => ({ ...entry, at: new Date(entry.at).toISOString(), path: masked(entry.path) }))
  }
}

/** Ten digits in a row are longer than any id of the samples. */
function masked(path: string): string {
  return path.slice(0, 200).replace(/\d{3}[-.]?\d{3}[-.]?\d{4,}/g, '[masked]')
}
