/** Records what arrives, separately for each fault and each run. A run is named by its token. */

/** What the server knows of the requests with one token to one fault. */
export interface Run {
  /** Names the run in URLs that leave the server, so that no token is in them. */
  id: string
  token: string
  /** The number of requests, by operation. */
  requests: Record<string, number>
  /** The number of requests that got a response a client may take for a success, by operation. */
  responded: Record<string, number>
  /** The number of requests that came before the time in `Retry-After`. */
  early: number
  /** The time before which no retry may come, by operation, in milliseconds of {@link performance.now}. */
  notBefore: Record<string, number>
  connections: Connection[]
  elsewhere: Elsewhere[]
  /** The `number` of the last body, to find it in other requests. */
  number: string | undefined
}

export interface Connection {
  requests: number
  openedAt: number
  closedAt?: number
}

/** A request that reached another origin. */
export interface Elsewhere {
  origin: string
  method: string
  /** Whether the request contains the token, the number, or any body. */
  token: boolean
  number: boolean
  body: boolean
}

/** What `GET /faults/<fault>/arrivals` returns. */
export interface Arrivals extends Pick<Run, 'requests' | 'responded' | 'early' | 'elsewhere'> {
  /** The connections, each with how many requests it carried and how long it was open. */
  connections: { requests: number; open_ms: number; closed: boolean }[]
}

/** The most runs, and the most connections or requests of each, that the server remembers. */
const mostRuns = 1_000
const mostRecords = 100

export class Runs {
  readonly #runs = new Map<string, Run>()
  #last = 0

  /** Finds or starts a run. The least recently used run is forgotten if there are too many. */
  open(fault: string, token: string): Run {
    const key = keyOf(fault, token)
    const run = this.#runs.get(key) ?? createRun(String(++this.#last), token)
    this.#runs.delete(key)
    this.#runs.set(key, run)
    for (const [oldest] of this.#runs) {
      if (this.#runs.size <= mostRuns) break
      this.#runs.delete(oldest)
    }
    return run
  }

  /** Finds a run by its `id`. */
  find(id: string): Run | undefined {
    return [...this.#runs.values()].find((run) => run.id === id)
  }

  /** Returns what arrived in a run; nothing for a run that the server doesn't know. */
  read(fault: string, token: string): Arrivals {
    const run = this.#runs.get(keyOf(fault, token)) ?? createRun('', token)
    const { requests, responded, early, elsewhere } = run
    const connections = run.connections.map(({ requests, openedAt, closedAt }) => ({
      requests,
      open_ms: Math.round((closedAt ?? performance.now()) - openedAt),
      closed: closedAt !== undefined,
    }))
    return { requests, responded, early, elsewhere, connections }
  }
}

/** Adds a record, unless there are too many. */
export function remember<T>(records: T[], record: T): void {
  if (records.length < mostRecords && !records.includes(record)) records.push(record)
}

export function count(counts: Record<string, number>, name: string): number {
  counts[name] = (counts[name] ?? 0) + 1
  return counts[name]
}

/** A renewed token belongs to the run of the token that it replaces. */
function keyOf(fault: string, token: string): string {
  return `${fault} ${token.replace(/\.renewed$/, '')}`
}

function createRun(id: string, token: string): Run {
  return {
    id,
    token: token.replace(/\.renewed$/, ''),
    requests: {},
    responded: {},
    early: 0,
    notBefore: {},
    connections: [],
    elsewhere: [],
    number: undefined,
  }
}
