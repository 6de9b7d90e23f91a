/** Reads and writes world files: orders, borrowers and their records as JSON, for seeds, exports and imports. */
import type { Misfit } from '@recoveryconnect/spec/validators'
import { parseTimestamp } from './clock.ts'
import type { Row, WorldContent } from './journal.ts'
import { highestId, lowestId } from './store.ts'

/** The records of one resource in a world file. */
export interface Collection {
  name: string
  fields: readonly string[]
  /** The records of a new world. Missing fields are completed. */
  documented: readonly { order_id: number; borrower_id: number; records: readonly object[] }[]
  complete(given: Record<string, unknown>, id: number, time: string): Record<string, unknown>
  /** Checks a completed record against the contract. Paths start with `/data`, or `/data/0` in a list. */
  findMisfits(record: unknown): readonly Misfit[]
}

const reservedKeys: Record<string, string> = {
  orders: 'the list of orders',
  order_id: 'the id of an order',
  borrowers: "the list of an order's borrowers",
  borrower_id: 'the id of a borrower',
  next_ids: 'the next id of each collection',
}

/**
 * Checks that each collection's name can be used in a world file.
 *
 * @throws {Error} if a name has another meaning there or is used twice.
 */
export function checkCollections(collections: readonly Collection[]): readonly Collection[] {
  const uses = new Map(Object.entries(reservedKeys))
  for (const { name } of collections) {
    const use = uses.get(name)
    if (use !== undefined)
      throw new Error(`Rename the collection "${name}". In a world file, "${name}" is ${use}.`)
    uses.set(name, 'the collection of another resource')
  }
  return collections
}

/** Reading stops at this number, so that the list of problems doesn't get longer than the file. */
const maxProblems = 100

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
    super(problems.map(({ pointer, message }) => `${pointer || '/'}: ${message}`).join('\n'))
    this.problems = problems
  }

  get messagesByPointer(): Record<string, string[]> {
    const groups = Map.groupBy(this.problems, ({ pointer }) => pointer || '/')
    return Object.fromEntries([...groups].map(([key, all]) => [key, all.map(({ message }) => message)]))
  }
}

/**
 * Checks a parsed world file against the contract.
 *
 * @param time the `created_at` of records without one, `YYYY-MM-DD HH:MM:SS`.
 * @param maxRecords the maximum number of records. Twice as many orders and borrowers are allowed. @default no limit
 * @throws {WorldFileError}
 * @example readWorldFile({ orders: [{ order_id: 1001, borrowers: [{ borrower_id: 2001 }] }] }, [phones], now)
 */
export function readWorldFile(
  file: unknown,
  collections: readonly Collection[],
  time: string,
  maxRecords: number = Number.POSITIVE_INFINITY,
): WorldContent {
  return new WorldFileReader(collections, time, maxRecords).read(file)
}

/** The world file that new worlds start with: the documented records of each collection. */
export function documentedWorld(collections: readonly Collection[]): object {
  const parents = new Set<string>()
  const rows: WorldContent['rows'] = []
  for (const { name, documented } of collections)
    for (const { order_id, borrower_id, records } of documented) {
      const parent = `${order_id}/${borrower_id}`
      parents.add(String(order_id)).add(parent)
      for (const record of records) rows.push({ collection: name, parent, record: record as Row })
    }
  return { orders: writeOrders([...parents], rows) }
}

export function writeWorldFile({ parents, rows, nextIds }: WorldContent): object {
  return { orders: writeOrders(parents, rows), next_ids: nextIds }
}

function writeOrders(parents: string[], rows: WorldContent['rows']): object[] {
  const orders = new Map<string, { order_id: number; borrowers: object[] }>()
  const borrowers = new Map<string, Record<string, unknown>>()
  for (const parent of parents) {
    const [orderId = '', borrowerId] = parent.split('/')
    const order = orders.get(orderId) ?? { order_id: Number(orderId), borrowers: [] }
    orders.set(orderId, order)
    if (borrowerId === undefined) continue
    const borrower = { borrower_id: Number(borrowerId) }
    order.borrowers.push(borrower)
    borrowers.set(parent, borrower)
  }
  for (const { collection, parent, record } of rows) {
    const borrower = borrowers.get(parent) as Record<string, Row[]>
    borrower[collection] ??= []
    borrower[collection].push(record)
  }
  return [...orders.values()]
}

const idRule = `must be an integer from ${lowestId} to ${highestId}; lower ids are reserved for failures`

type Fields = Record<string, unknown>

class WorldFileReader {
  readonly #collections: readonly Collection[]
  readonly #names: string[]
  readonly #time: string
  readonly #maxRecords: number
  readonly #problems: Problem[] = []
  readonly #parents = new Set<string>()
  readonly #found: { collection: Collection; parent: string; pointer: string; given: Fields }[] = []

  constructor(collections: readonly Collection[], time: string, maxRecords: number) {
    this.#collections = collections
    this.#names = collections.map(({ name }) => name)
    this.#time = time
    this.#maxRecords = maxRecords
  }

  read(file: unknown): WorldContent {
    const top = this.#objectAt(file, '', ['orders', 'next_ids'])
    for (const [order, pointer] of this.#itemsAt(top?.orders, '/orders')) this.#readOrder(order, pointer)
    const content = { parents: [...this.#parents], ...this.#buildRows() }
    const nextIds = this.#objectAt(top?.next_ids ?? {}, '/next_ids', this.#names)
    for (const [name, id] of Object.entries(nextIds ?? {})) {
      if (isId(id)) content.nextIds[name] = Math.max(content.nextIds[name] ?? 0, id)
      else this.#report(`/next_ids/${name}`, idRule)
    }
    if (this.#problems.length > 0) throw new WorldFileError(this.#problems)
    return content
  }

  #readOrder(value: unknown, pointer: string): void {
    const order = this.#objectAt(value, pointer, ['order_id', 'borrowers'])
    if (!order) return
    const parent = this.#readParentId(order.order_id, `${pointer}/order_id`, '')
    for (const [borrower, place] of this.#itemsAt(order.borrowers ?? [], `${pointer}/borrowers`))
      this.#readBorrower(borrower, place, `${parent}/`)
  }

  #readBorrower(value: unknown, pointer: string, above: string): void {
    const borrower = this.#objectAt(value, pointer, ['borrower_id', ...this.#names])
    if (!borrower) return
    const parent = this.#readParentId(borrower.borrower_id, `${pointer}/borrower_id`, above)
    for (const collection of this.#collections) {
      const { name, fields } = collection
      if (!(name in borrower)) continue
      for (const [record, place] of this.#itemsAt(borrower[name], `${pointer}/${name}`)) {
        const given = this.#objectAt(record, place, fields)
        if (given) this.#found.push({ collection, parent, pointer: place, given })
        if (this.#found.length > this.#maxRecords) throw tooMany(this.#maxRecords, 'records')
      }
    }
  }

  #readParentId(id: unknown, pointer: string, above: string): string {
    if (!isId(id)) {
      this.#report(pointer, idRule)
      return above
    }
    const parent = `${above}${id}`
    if (this.#parents.has(parent)) this.#report(pointer, 'is used twice')
    this.#parents.add(parent)
    // Enough for each record to have its own order and borrower.
    const limit = 2 * this.#maxRecords
    if (this.#parents.size > limit) throw tooMany(limit, 'orders and borrowers')
    return parent
  }

  /** Records without an id get ids that continue from the highest id in the file. */
  #buildRows(): Pick<WorldContent, 'rows' | 'nextIds'> {
    const rows: WorldContent['rows'] = []
    const nextIds = this.#findNextIds()
    for (const { collection, parent, pointer, given } of this.#found) {
      const { name } = collection
      const next = nextIds[name] ?? lowestId
      const id = isId(given.id) ? given.id : next
      if (id === next) nextIds[name] = next + 1
      const record = collection.complete(given, id, this.#time)
      this.#checkRecord(record, given, collection, pointer)
      rows.push({ collection: name, parent, record: record as unknown as Row })
    }
    return { rows: rows.sort((one, other) => one.record.id - other.record.id), nextIds }
  }

  #findNextIds(): Record<string, number> {
    const nextIds: Record<string, number> = {}
    const taken = new Set<string>()
    for (const { collection, pointer, given } of this.#found) {
      if (!isId(given.id)) {
        if (given.id !== undefined) this.#report(`${pointer}/id`, idRule)
        continue
      }
      const key = `${collection.name}/${given.id}`
      if (taken.has(key)) this.#report(`${pointer}/id`, 'is used twice')
      else nextIds[collection.name] = Math.max(nextIds[collection.name] ?? 0, given.id + 1)
      taken.add(key)
    }
    return nextIds
  }

  #checkRecord(record: Fields, given: Fields, collection: Collection, pointer: string): void {
    for (const { instancePath, message, keyword, params } of collection.findMisfits(record)) {
      const allowed = keyword === 'enum' ? `: ${(params.allowedValues as unknown[]).join(', ')}` : ''
      this.#report(pointer + instancePath.replace(/^\/data(\/0)?/, ''), `${message}${allowed}`)
    }
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

  #report(pointer: string, message: string): void {
    this.#problems.push({ pointer, message })
    if (this.#problems.length === maxProblems) throw new WorldFileError(this.#problems)
  }
}

function tooMany(limit: number, what: string): WorldFileError {
  return new WorldFileError([{ pointer: '', message: `A world holds at most ${limit} ${what}.` }])
}

function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= lowestId && value <= highestId
}
