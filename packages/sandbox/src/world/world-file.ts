/** Reads world files: orders, borrowers and their records as JSON, for seeds, exports and imports. */
import { parseTimestamp } from './clock.ts'
import { type Collection, type Fields, pickFields } from './collection.ts'
import type { Row, WorldContent } from './journal.ts'
import { redactName } from './redact-name.ts'
import { highestId, lowestId } from './store.ts'

/** Reading stops at this number, so that the list of problems doesn't get longer than the file. */
const maxProblems = 100
/** The contract allows any value in some fields, but writing JSON that is nested thousands of levels deep fails. */
const maxDepth = 100

export interface Problem {
  pointer: string
  /** What is expected. It contains no value from the file. */
  message: string
}

/** Lists what is wrong with a world file, up to 100 problems. */
export class WorldFileError extends Error {
  override readonly name = 'WorldFileError'
  readonly problems: Problem[]

  constructor(problems: Problem[]) {
    super(problems.map(({ pointer, message }) => `${describePlace(pointer)}: ${message}`).join('\n'))
    this.problems = problems
  }

  get messagesByPointer(): Record<string, string[]> {
    const groups = Map.groupBy(this.problems, ({ pointer }) => describePlace(pointer))
    return Object.fromEntries([...groups].map(([key, all]) => [key, all.map(({ message }) => message)]))
  }
}

/** A pointer for an error message. A mistyped key can contain a value, so anything that doesn't look like a name is hidden. */
export function describePlace(pointer: string): string {
  const parts = pointer.split('/').map((part) => (/^\d{0,6}$/.test(part) ? part : redactName(part)))
  return parts.join('/') || '/'
}

/**
 * Checks a parsed world file against the contract.
 *
 * @param time the `created_at` of records without one, `YYYY-MM-DD HH:MM:SS`.
 * @param maxRecords the maximum number of records. Twice as many orders and borrowers are allowed. @default no limit
 * @throws {WorldFileError}
 * @example readWorldFile({ orders: [{ order_id: 1001, borrowers: [{ borrower_id: 2001 }] }] }, collections, now)
 */
export function readWorldFile(
  file: unknown,
  collections: readonly Collection[],
  time: string,
  maxRecords: number = Number.POSITIVE_INFINITY,
): WorldContent {
  return new WorldFileReader(collections, time, maxRecords).read(file)
}

const idRule = `must be an integer from ${lowestId} to ${highestId}; lower ids are reserved for failures`

/** An item of a list, with its id if it has one. */
interface Entry {
  collection: Collection
  parent: Entry | undefined
  pointer: string
  given: Fields
  /** Its parents' ids and its own, once all are known. */
  ids: number[]
}

class WorldFileReader {
  readonly #inside: Map<string | undefined, Collection[]>
  readonly #time: string
  readonly #maxRecords: number
  readonly #problems: Problem[] = []
  readonly #entries: Entry[] = []
  /** The ids that are used in each list and in all lists of a name, with the record that contains the list. */
  readonly #taken = new Map<string, string>()
  readonly #nextIds: Record<string, number> = {}
  #records = 0

  constructor(collections: readonly Collection[], time: string, maxRecords: number) {
    this.#inside = Map.groupBy(collections, ({ parent }) => parent)
    this.#time = time
    this.#maxRecords = maxRecords
  }

  read(file: unknown): WorldContent {
    const lists = this.#namesInside(undefined)
    const top = this.#objectAt(file, '', [...lists, 'next_ids']) ?? {}
    if (!lists.some((name) => (top[name] ?? null) !== null)) this.#report(`/${lists[0]}`, 'must be a list')
    this.#readLists(top, '', undefined)
    const rows = this.#entries.map((entry) => this.#buildRow(entry))
    const names = [...this.#inside.values()].flat().map(({ name }) => name)
    const nextIds = this.#objectAt(top.next_ids ?? {}, '/next_ids', names) ?? {}
    for (const name of names.filter((name) => name in nextIds)) {
      const id = nextIds[name]
      if (isId(id)) this.#count(name, id - 1)
      else this.#report(`/next_ids/${name}`, idRule)
    }
    if (this.#problems.length > 0) throw new WorldFileError(this.#problems)
    return { rows: rows.sort((one, other) => one.record.id - other.record.id), nextIds: this.#nextIds }
  }

  #namesInside(parent: string | undefined): string[] {
    return (this.#inside.get(parent) ?? []).map(({ name }) => name)
  }

  #readLists(item: Fields, pointer: string, parent: Entry | undefined): void {
    for (const collection of this.#inside.get(parent?.collection.name) ?? []) {
      const { name, idKey, fields } = collection
      const keys = [...new Set([idKey, ...fields, ...this.#namesInside(name)])]
      for (const [value, place] of this.#itemsAt(item[name] ?? [], `${pointer}/${name}`)) {
        const given = this.#objectAt(value, place, keys)
        if (!given) continue
        const entry = { collection, parent, pointer: place, given, ids: [] }
        this.#entries.push(entry)
        this.#checkLimits(name)
        this.#readId(entry)
        this.#readLists(given, place, entry)
      }
    }
  }

  #checkLimits(name: string): void {
    if (!this.#inside.has(name)) this.#records++
    if (this.#records > this.#maxRecords) throw tooMany(this.#maxRecords, 'records')
    // Enough for each record to have its own order and borrower.
    const above = 2 * this.#maxRecords
    if (this.#entries.length - this.#records > above) throw tooMany(above, 'orders and borrowers')
  }

  /** The id has the name of the path parameter where there is one. `id` is also accepted. */
  #readId(entry: Entry): void {
    const { collection, pointer, given, ids } = entry
    const { name, idKey, rules } = collection
    const key = rules && given[idKey] === undefined ? 'id' : idKey
    const id = given[key]
    if (rules && id === undefined) return
    if (!isId(id)) {
      this.#report(`${pointer}/${key}`, idRule)
      return
    }
    if (rules && given.id !== undefined && given.id !== id)
      this.#report(`${pointer}/id`, `must be the same as ${key}`)
    if (!this.#take(entry, id)) this.#report(`${pointer}/${key}`, 'is used twice')
    ids.push(id)
    this.#count(name, id)
  }

  /** A borrower may be in several orders, each time with the same phones. Otherwise, every id is used once. */
  #take({ collection: { name }, parent }: Entry, id: number): boolean {
    const list = `${parent?.pointer} ${name} ${id}`
    const record = `${name} ${id}`
    const owner = String(parent?.ids[0] ?? parent?.pointer)
    const isFree =
      !this.#taken.has(list) && (this.#inside.has(name) || (this.#taken.get(record) ?? owner) === owner)
    this.#taken.set(list, owner).set(record, owner)
    return isFree
  }

  /** Records without an id get ids that continue from the highest id in the file. */
  #buildRow(entry: Entry): WorldContent['rows'][number] {
    const { collection, parent, given } = entry
    const { name, rules } = collection
    const parents = parent?.ids ?? []
    const [id = this.#nextIds[name] ?? lowestId] = entry.ids
    this.#count(name, id)
    entry.ids = [...parents, id]
    const known = pickFields(collection, given)
    for (const [field, value] of Object.entries(known))
      if (isDeeper(value, maxDepth))
        this.#report(`${entry.pointer}/${field}`, `must be nested at most ${maxDepth} levels deep`)
    const record = rules?.complete(known, { id, time: this.#time, parents })
    if (record) this.#checkRecord(record, entry)
    return { place: [...parents, name].join('/'), record: (record ?? { id }) as Row }
  }

  #count(name: string, id: number): void {
    this.#nextIds[name] = Math.max(this.#nextIds[name] ?? 0, id + 1)
  }

  #checkRecord(record: object, { collection, given, pointer }: Entry): void {
    for (const { instancePath, message, keyword, params } of collection.rules?.findMisfits(record) ?? []) {
      const allowed = keyword === 'enum' ? `: ${(params.allowedValues as unknown[]).join(', ')}` : ''
      this.#report(pointer + instancePath.replace(/^\/data(\/0)?/, ''), `${message}${allowed}`)
    }
    for (const [name, value] of Object.entries(given))
      if (Number.isInteger(value) && !Number.isSafeInteger(value) && !this.#isReported(`${pointer}/${name}`))
        this.#report(`${pointer}/${name}`, 'must be an integer below 2^53, because larger ones are rounded')
    if ('deleted_at' in given && given.deleted_at !== null)
      this.#report(`${pointer}/deleted_at`, 'must be null, because a world has no deleted records')
    for (const name of ['created_at', 'updated_at'])
      if (name in given && parseTimestamp(given[name]) === undefined)
        this.#report(`${pointer}/${name}`, 'must be a time such as 2026-03-07 14:03:51')
  }

  #objectAt(value: unknown, pointer: string, keys: readonly string[]): Fields | undefined {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.#report(pointer, 'must be an object')
      return undefined
    }
    for (const key of Object.keys(value)) {
      const place = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
      if (!keys.includes(key)) this.#report(place, `is an unknown key. Known: ${keys.join(', ')}`)
    }
    return value as Fields
  }

  *#itemsAt(value: unknown, pointer: string): Generator<[item: unknown, place: string]> {
    if (!Array.isArray(value)) this.#report(pointer, 'must be a list')
    else for (const [index, item] of value.entries()) yield [item, `${pointer}/${index}`]
  }

  #isReported(pointer: string): boolean {
    return this.#problems.some((problem) => problem.pointer === pointer)
  }

  #report(pointer: string, message: string): void {
    this.#problems.push({ pointer, message })
    if (this.#problems.length === maxProblems) throw new WorldFileError(this.#problems)
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1))
}

function tooMany(limit: number, what: string): WorldFileError {
  return new WorldFileError([{ pointer: '', message: `A world file has at most ${limit} ${what}.` }])
}

function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= lowestId && value <= highestId
}
