/** Worlds: the data of each token. A world is isolated from all others, seeded on first use, and limited in size. */
import type { Clock } from './clock.ts'
import type { Fault } from './faults.ts'
import {
  collectionOf,
  type Journal,
  type JournaledWorld,
  type Place,
  type Row,
  type WorldContent,
} from './journal.ts'

export interface Limits {
  /** Worlds in memory. Above this limit, worlds are evicted: first those that lose nothing. @default 1000 */
  worlds: number
  /** Records in all worlds in memory. Above this limit, worlds are evicted likewise. @default 100000 */
  records: number
  /** Records in one world, orders and borrowers included. Above this limit, a create fails. @default 10000 */
  recordsPerWorld: number
  /** Bytes of one world's records, as JSON. Above it, creates and updates that add bytes fail. @default no limit */
  bytesPerWorld: number
  /** Bytes of a world file to import. @default 16777216 */
  bytesPerImport: number
}

export const defaultLimits: Limits = {
  worlds: 1_000,
  records: 100_000,
  recordsPerWorld: 10_000,
  bytesPerWorld: Number.POSITIVE_INFINITY,
  bytesPerImport: 16 * 1024 * 1024,
}

/** Lower ids are reserved for failures on demand. */
export const lowestId = 1000
/** The highest id in a world file. New ids continue from it, and above 2^53 they would repeat. */
export const highestId = 9_000_000_000_000_000

export class WorldFullError extends Error {
  override readonly name = 'WorldFullError'
}

const encoder = new TextEncoder()

/** Records are never changed in place. A change replaces the record with a new one. */
export class World implements Clock, JournaledWorld {
  readonly key: string
  /** Its name in the log, because the key may be a secret. */
  readonly number: number
  faults: Fault[] = []
  times: number[] = []
  /** Whether it was ever written to. Until then it isn't stored, because it's still the seed. */
  isWritten = false
  #records = new Map<Place, Map<number, Row>>()
  #nextIds: Record<string, number> = {}
  #size = 0
  #bytes = 0
  readonly #worlds: Worlds

  constructor(key: string, number: number, worlds: Worlds) {
    this.key = key
    this.number = number
    this.#worlds = worlds
  }

  get size(): number {
    return this.#size
  }

  /** The records at a place, by ascending id. */
  list<R extends Row>(place: Place): R[] {
    return [...(this.#records.get(place)?.values() ?? [])] as R[]
  }

  find(place: Place, id: number): Row | undefined {
    return this.#records.get(place)?.get(id)
  }

  /** The id of the next record of a collection. Ids count upwards and are never reused. */
  nextId(place: Place): number {
    return this.#nextIds[collectionOf(place)] ?? lowestId
  }

  put(place: Place, record: Row): void {
    const before = this.find(place, record.id)
    const growth = this.#bytesOf(record) - (before ? this.#bytesOf(before) : 0)
    const { recordsPerWorld, bytesPerWorld } = this.#worlds.limits
    const isFull =
      (!before && this.#size >= recordsPerWorld) || (growth > 0 && this.#bytes + growth > bytesPerWorld)
    if (isFull) throw new WorldFullError('This sandbox world is full. Delete records or reset it.')
    this.#storeFirst((journal) => journal.saveRecord(this, place, record))
    this.#place(place, record)
    this.#worlds.evict()
  }

  /** Use it only for records without lists inside, because those lists would stay. */
  remove(place: Place, record: Row): void {
    if (!this.find(place, record.id)) return
    this.#storeFirst((journal) => journal.removeRecord(this, place, record.id))
    this.#records.get(place)?.delete(record.id)
    this.#grow(-1, -this.#bytesOf(record))
  }

  exceedsBytes({ rows }: WorldContent): boolean {
    return (
      rows.reduce((sum, { record }) => sum + this.#bytesOf(record), 0) > this.#worlds.limits.bytesPerWorld
    )
  }

  replace(content: WorldContent): void {
    this.#worlds.journal?.replaceWorld(this, content)
    this.isWritten = true
    this.load(content)
    this.#worlds.evict()
  }

  /** Replaces the content without telling the journal. For content that comes from the journal itself. */
  load({ rows, nextIds }: WorldContent): void {
    this.#grow(-this.#size, -this.#bytes)
    this.#nextIds = { ...nextIds }
    this.#records = new Map()
    for (const { place, record } of rows) this.#place(place, record)
  }

  get content(): WorldContent {
    const rows = [...this.#records].flatMap(([place, records]) =>
      [...records.values()].map((record) => ({ place, record })),
    )
    return { rows, nextIds: { ...this.#nextIds } }
  }

  get nextIds(): Readonly<Record<string, number>> {
    return this.#nextIds
  }

  /** What can't be stored must not happen, so the journal comes before the memory. */
  #storeFirst(change: (journal: Journal) => void): void {
    const { journal } = this.#worlds
    if (!this.isWritten) journal?.replaceWorld(this, this.content)
    this.isWritten = true
    if (journal) change(journal)
  }

  #place(place: Place, record: Row): void {
    const before = this.find(place, record.id)
    this.#records.set(place, (this.#records.get(place) ?? new Map()).set(record.id, record))
    this.#grow(before ? 0 : 1, this.#bytesOf(record) - (before ? this.#bytesOf(before) : 0))
    this.#nextIds[collectionOf(place)] = Math.max(this.nextId(place), record.id + 1)
  }

  #grow(records: number, bytes: number): void {
    this.#size += records
    this.#bytes += bytes
    this.#worlds.records += records
  }

  /** Skips the slow count if there is no limit. */
  #bytesOf(record: Row): number {
    if (this.#worlds.limits.bytesPerWorld === Number.POSITIVE_INFINITY) return 0
    return encoder.encode(JSON.stringify(record)).length
  }
}

export interface WorldsOptions {
  limits?: Partial<Limits> | undefined
  journal?: Journal | undefined
  /** Turns an identity, `token:…` or `user:…`, into the key of its world. @default the identity itself */
  worldKey?: ((identity: string) => string) | undefined
  /** Receives one line for each eviction that loses something. */
  warn?: ((message: string) => void) | undefined
}

/** All worlds, the least recently used first. */
export class Worlds {
  readonly limits: Limits
  /** Handles requests without a token. Its faults affect the next request, whatever its token. */
  readonly anonymous: World
  readonly #seed: WorldContent
  readonly journal: Journal | undefined
  readonly #worldKey: (identity: string) => string
  readonly #warn: (message: string) => void
  readonly #worlds = new Map<string, World>()
  #latest: World | undefined
  #opened = 0
  #evicted = 0
  /** The number of records in all worlds. Each world keeps it up to date. */
  records = 0

  constructor(
    seed: WorldContent,
    { limits, journal, worldKey = (identity) => identity, warn = () => {} }: WorldsOptions = {},
  ) {
    this.#seed = seed
    this.limits = { ...defaultLimits, ...limits }
    this.journal = journal
    this.#worldKey = worldKey
    this.#warn = warn
    this.anonymous = new World('', 0, this)
  }

  /** The worlds and records in memory, and how many worlds were evicted from it. */
  get usage(): { worlds: number; records: number; evicted: number } {
    return { worlds: this.#worlds.size, records: this.records, evicted: this.#evicted }
  }

  /** The world of an identity, `token:…` or `user:…`. A new one starts with the seed. */
  open(identity: string): World {
    const key = this.#worldKey(identity)
    if (this.#latest?.key === key) return this.#latest
    const world = this.#worlds.get(key) ?? this.#read(key)
    this.#worlds.delete(key)
    this.#worlds.set(key, world)
    this.#latest = world
    this.evict()
    return world
  }

  reset(world: World): void {
    world.replace(this.#seed)
    world.times = []
    world.faults = []
  }

  #read(key: string): World {
    const world = new World(key, this.#opened + 1, this)
    const stored = this.journal?.readWorld(world)
    this.#opened++
    world.isWritten = stored !== undefined
    world.load(stored ?? this.#seed)
    return world
  }

  /** Evicts worlds until neither limit is exceeded. The world in use always stays. */
  evict(): void {
    while (this.#worlds.size > this.limits.worlds || this.records > this.limits.records) {
      const world = this.#findLeastUseful()
      if (!world) return
      this.#worlds.delete(world.key)
      this.records -= world.size
      this.#evicted++
      if (this.#losesData(world))
        this.#warn(
          `World ${world.number} was evicted: its changes that aren't in a state file, its faults and its clock are ` +
            `lost. The sandbox keeps ${this.limits.worlds} worlds and ${this.limits.records} records in memory.`,
        )
    }
  }

  /** The least recently used world that loses nothing; if there is none, the least recently used one. */
  #findLeastUseful(): World | undefined {
    let first: World | undefined
    for (const world of this.#worlds.values()) {
      if (world === this.#latest) continue
      if (!this.#losesData(world)) return world
      first ??= world
    }
    return first
  }

  #losesData({ isWritten, faults, times }: World): boolean {
    return (isWritten && !this.journal) || faults.length > 0 || times.length > 0
  }
}
