/** One world per token: isolated data, seeded when the token is first seen, with caps on all of it. */
import type { Fault } from './faults.ts'
import { Refusal } from './refusal.ts'

export interface Row {
  id: number
}

/** Everything in a world, flat. `parent` is the ids above a record, joined: `57062885/124927241`. */
export interface WorldContent {
  parents: string[]
  rows: { collection: string; parent: string; record: Row }[]
  nextIds: Record<string, number>
}

/** Is told of every change before the request is answered; the place to keep worlds across restarts. */
export interface Journal {
  /** A world is there from now on, new or brought back. */
  opened?(world: World): void
  replaced(world: World): void
  saved(world: World, collection: string, parent: string, record: Row): void
  removed(world: World, collection: string, id: number): void
  dropped(key: string): void
}

export interface Caps {
  /** Worlds in memory; beyond it the one that was unused for longest goes. @default 1000 */
  worlds: number
  /** Records in all worlds; beyond it worlds go likewise. @default 100000 */
  records: number
  /** Records in one world; beyond it a create is refused. @default 10000 */
  recordsPerWorld: number
  /** Bytes of the records of one world, as JSON; beyond it a create or a longer record is refused. @default no cap */
  bytesPerWorld: number
  /** Bytes of a world file that is imported. @default 16777216 */
  bytesPerImport: number
}

export const defaultCaps: Caps = {
  worlds: 1_000,
  records: 100_000,
  recordsPerWorld: 10_000,
  bytesPerWorld: Number.POSITIVE_INFINITY,
  bytesPerImport: 16 * 1024 * 1024,
}

/** Ids below are kept for failures on demand. */
export const lowestId = 1000
/** The highest that a world file may give: ids count upwards, and beyond 2^53 they would repeat. */
export const highestId = 9_000_000_000_000_000

const encoder = new TextEncoder()

interface Growth {
  records: number
  bytes: number
}

/** The data of one partner. Records are never changed in place: a change puts a new one. */
export class World {
  readonly key: string
  /** What the log calls it; a key may be a secret. */
  readonly number: number
  /** Faults that its next requests meet. */
  faults: Fault[] = []
  /** A scripted clock, in milliseconds: each write takes the next, the last one stays. Empty: real time. */
  times: number[] = []
  #parents = new Map<string, Map<string, Map<number, Row>>>()
  #nextIds: Record<string, number> = {}
  #size = 0
  /** Zero where they are not counted. */
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

  /** The records of a collection under a parent, by ascending id; undefined if there is no such parent. */
  records<R extends Row>(collection: string, parent: string): ReadonlyMap<number, R> | undefined {
    const collections = this.#parents.get(parent)
    return collections && ((collections.get(collection) ?? new Map()) as ReadonlyMap<number, R>)
  }

  /** The id of the next record; ids count upwards and are never given twice. */
  nextId(collection: string): number {
    return this.#nextIds[collection] ?? lowestId
  }

  /** @throws {Refusal} 403 if there is no room for it. */
  put(collection: string, parent: string, record: Row): void {
    const growth = this.#growthBy(collection, parent, record)
    const { recordsPerWorld, bytesPerWorld } = this.#worlds.caps
    const isFull =
      (growth.records > 0 && this.#size >= recordsPerWorld) ||
      (growth.bytes > 0 && this.#bytes + growth.bytes > bytesPerWorld)
    if (isFull) throw new Refusal(403, { message: 'This sandbox world is full: delete records or reset it.' })
    this.#place(collection, parent, record, growth)
    this.#worlds.saved(this, collection, parent, record, growth.records)
  }

  remove(collection: string, parent: string, id: number): void {
    const records = this.#parents.get(parent)?.get(collection)
    const record = records?.get(id)
    if (!records || !record) return
    records.delete(id)
    this.#size--
    this.#bytes -= this.#bytesOf(record)
    this.#worlds.removed(this, collection, id)
  }

  /** Whether this content has more bytes than a world may have. */
  isTooLong({ rows }: WorldContent): boolean {
    return rows.reduce((sum, { record }) => sum + this.#bytesOf(record), 0) > this.#worlds.caps.bytesPerWorld
  }

  /** Drops everything, puts this content in its place. */
  replace(content: WorldContent): void {
    const before = this.#size
    this.load(content)
    this.#worlds.replaced(this, this.#size - before)
  }

  /** The same without telling the journal: for what the journal itself brought. */
  load({ parents, rows, nextIds }: WorldContent): void {
    this.#size = 0
    this.#bytes = 0
    this.#nextIds = { ...nextIds }
    this.#parents = new Map(parents.map((parent) => [parent, new Map()]))
    for (const { collection, parent, record } of rows)
      this.#place(collection, parent, record, this.#growthBy(collection, parent, record))
  }

  get content(): WorldContent {
    const rows = [...this.#parents].flatMap(([parent, collections]) =>
      [...collections].flatMap(([collection, records]) =>
        [...records.values()].map((record) => ({ collection, parent, record })),
      ),
    )
    return { parents: [...this.#parents.keys()], rows, nextIds: { ...this.#nextIds } }
  }

  #place(collection: string, parent: string, record: Row, growth: Growth): void {
    const collections = this.#parents.get(parent)
    if (!collections) throw new Error(`No parent ${parent} in this world`)
    const records = collections.get(collection) ?? new Map<number, Row>()
    collections.set(collection, records)
    records.set(record.id, record)
    this.#size += growth.records
    this.#bytes += growth.bytes
    this.#nextIds[collection] = Math.max(this.nextId(collection), record.id + 1)
  }

  /** What a record adds, be it new or in the place of another. */
  #growthBy(collection: string, parent: string, record: Row): Growth {
    const before = this.#parents.get(parent)?.get(collection)?.get(record.id)
    const bytes = this.#bytesOf(record)
    return before ? { records: 0, bytes: bytes - this.#bytesOf(before) } : { records: 1, bytes }
  }

  /** Counting takes time, so it is left out where there is no cap. */
  #bytesOf(record: Row): number {
    if (this.#worlds.caps.bytesPerWorld === Number.POSITIVE_INFINITY) return 0
    return encoder.encode(JSON.stringify(record)).length
  }
}

/** All worlds, the one that was unused for longest first. */
export class Worlds {
  readonly caps: Caps
  /** Serves requests that carry no token. Its faults meet whoever comes next. */
  readonly nobody: World
  readonly #seed: WorldContent
  readonly #journal: Journal | undefined
  readonly #worlds = new Map<string, World>()
  #latest: World | undefined
  #opened = 0
  #records = 0

  constructor(seed: WorldContent, caps: Partial<Caps> = {}, journal?: Journal) {
    this.#seed = seed
    this.caps = { ...defaultCaps, ...caps }
    this.#journal = journal
    this.nobody = new World('', 0, this)
  }

  get count(): number {
    return this.#worlds.size
  }

  get records(): number {
    return this.#records
  }

  /** The world of this key; a new one holds the seed. */
  open(key: string): World {
    if (this.#latest?.key === key) return this.#latest
    const world = this.#worlds.get(key)
    if (!world) return this.#create(key)
    this.#worlds.delete(key)
    this.#worlds.set(key, world)
    this.#latest = world
    return world
  }

  /** Brings back a world that a journal kept. */
  restore(key: string, content: WorldContent): void {
    const world = this.#enter(key)
    world.load(content)
    this.#journal?.opened?.(world)
    this.#records += world.size
    this.#makeRoom()
  }

  /** As it was when its token was first seen; scripted clock and faults end. */
  reset(world: World): void {
    world.times = []
    world.faults = []
    world.replace(this.#seed)
  }

  saved(world: World, collection: string, parent: string, record: Row, growth: number): void {
    this.#journal?.saved(world, collection, parent, record)
    this.#records += growth
    this.#makeRoom()
  }

  removed(world: World, collection: string, id: number): void {
    this.#journal?.removed(world, collection, id)
    this.#records--
  }

  replaced(world: World, growth: number): void {
    this.#journal?.replaced(world)
    this.#records += growth
    this.#makeRoom()
  }

  #create(key: string): World {
    const world = this.#enter(key)
    this.#journal?.opened?.(world)
    world.replace(this.#seed)
    return world
  }

  #enter(key: string): World {
    const world = new World(key, ++this.#opened, this)
    this.#worlds.set(key, world)
    this.#latest = world
    return world
  }

  /** The world in use always stays. */
  #makeRoom(): void {
    for (const [key, world] of this.#worlds) {
      if (this.#worlds.size <= this.caps.worlds && this.#records <= this.caps.records) return
      if (world === this.#latest) return
      this.#worlds.delete(key)
      this.#records -= world.size
      this.#journal?.dropped(key)
    }
  }
}
