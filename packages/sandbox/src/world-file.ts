/**
 * The world file: orders, their borrowers, and the records of each, as JSON.
 * One form for a partner's seed, an export and an import.
 */
import type { Misfit } from '@recoveryconnect/spec/validators'
import { milliseconds } from './clock.ts'
import { highestId, lowestId, type Row, type WorldContent } from './store.ts'

/** A kind of record, as it stands in a world file. */
export interface Collection {
  /** Its key beside `order_id` or `borrower_id`. */
  name: string
  /** Which ids stand above a record. */
  under: readonly ('order_id' | 'borrower_id')[]
  /** The fields that a record may have. */
  fields: readonly string[]
  /** What the world of a new token holds, under the ids above it; fields that are left out are completed. */
  documented: readonly { order_id: number; borrower_id?: number; records: readonly object[] }[]
  /** Adds what the file leaves out. */
  complete(given: Record<string, unknown>, id: number, time: string): Record<string, unknown>
  /** What the contract has against the completed record; paths start with `/data`. */
  misfits(record: unknown): readonly Misfit[]
}

/** Where so many places are wrong the reading ends: what is said of a file must not outgrow it. */
const mostProblems = 100

export interface Problem {
  /** Where in the file, as a JSON pointer. */
  pointer: string
  /** What would be right; holds no value from the file. */
  message: string
}

/** Thrown with what is wrong with a world file, a hundred places at most. */
export class WorldFileError extends Error {
  override readonly name = 'WorldFileError'
  readonly problems: Problem[]

  constructor(problems: Problem[]) {
    super(problems.map(({ pointer, message }) => `${pointer || '/'}: ${message}`).join('\n'))
    this.problems = problems
  }
}

interface Reading {
  collections: readonly Collection[]
  time: string
  most: number
  problems: Problem[]
  parents: Set<string>
  /** Records with the place they came from; the id is missing where the file gives none. */
  found: { collection: Collection; parent: string; pointer: string; given: Record<string, unknown> }[]
}

/**
 * Checks a parsed world file against the contract.
 *
 * @param time what `created_at` becomes where the file leaves it out, `YYYY-MM-DD HH:MM:SS`.
 * @param most how many records it may hold, and twice as many orders and borrowers. @default no limit
 * @throws {WorldFileError} naming the places that are wrong.
 * @example readWorldFile({ orders: [{ order_id: 1001, borrowers: [{ borrower_id: 2001 }] }] }, [phones], now)
 */
export function readWorldFile(
  file: unknown,
  collections: readonly Collection[],
  time: string,
  most: number = Number.POSITIVE_INFINITY,
): WorldContent {
  const reading: Reading = { collections, time, most, problems: [], parents: new Set(), found: [] }
  const top = objectAt(file, '', ['orders', 'next_ids'], reading)
  const orders = listAt(top?.orders, '/orders', reading)
  orders.forEach((order, index) => {
    readOrder(order, `/orders/${index}`, reading)
  })
  const content = { parents: [...reading.parents], ...recordsOf(reading) }
  for (const [name, id] of Object.entries(
    objectAt(top?.next_ids ?? {}, '/next_ids', namesOf(collections), reading) ?? {},
  )) {
    if (isId(id)) content.nextIds[name] = Math.max(content.nextIds[name] ?? 0, id)
    else report(reading, `/next_ids/${name}`, idRule)
  }
  if (reading.problems.length > 0) throw new WorldFileError(reading.problems)
  return content
}

/** The world file that a new token starts with: what each collection documents, order by order. */
export function documentedWorld(collections: readonly Collection[]): object {
  const orders = new Map<number, Record<string, unknown>>()
  const borrowers = new Map<string, Record<string, unknown>>()
  for (const { name, documented } of collections) {
    for (const { order_id, borrower_id, records } of documented) {
      const order = orders.get(order_id) ?? { order_id, borrowers: [] }
      orders.set(order_id, order)
      const key = `${order_id}/${borrower_id}`
      const borrower = borrowers.get(key) ?? { borrower_id }
      if (borrower_id !== undefined && !borrowers.has(key)) (order.borrowers as object[]).push(borrower)
      borrowers.set(key, borrower)
      const node = borrower_id === undefined ? order : borrower
      node[name] = records
    }
  }
  return { orders: [...orders.values()] }
}

/** The world file of a world. */
export function writeWorldFile({ parents, rows, nextIds }: WorldContent): object {
  const orders = new Map<string, { order_id: number; borrowers: object[] }>()
  const nodes = new Map<string, Record<string, unknown>>()
  for (const parent of parents) {
    const [orderId = '', borrowerId] = parent.split('/')
    const order = orders.get(orderId) ?? { order_id: Number(orderId), borrowers: [] }
    orders.set(orderId, order)
    if (borrowerId === undefined) {
      nodes.set(parent, order as unknown as Record<string, unknown>)
    } else {
      const borrower = { borrower_id: Number(borrowerId) }
      order.borrowers.push(borrower)
      nodes.set(parent, borrower)
    }
  }
  for (const { collection, parent, record } of rows) {
    const node = nodes.get(parent)
    const records = node?.[collection] as Row[] | undefined
    if (records) records.push(record)
    else if (node) node[collection] = [record]
  }
  return { orders: [...orders.values()], next_ids: nextIds }
}

const idRule = `must be an integer from ${lowestId} to ${highestId}; lower ids are kept for failures`

function readOrder(value: unknown, pointer: string, reading: Reading): void {
  const order = objectAt(value, pointer, ['order_id', 'borrowers', ...names(reading, 1)], reading)
  if (!order) return
  const id = parentId(order.order_id, `${pointer}/order_id`, '', reading)
  readCollections(order, pointer, id, 1, reading)
  listAt(order.borrowers ?? [], `${pointer}/borrowers`, reading).forEach((item, index) => {
    const place = `${pointer}/borrowers/${index}`
    const borrower = objectAt(item, place, ['borrower_id', ...names(reading, 2)], reading)
    if (!borrower) return
    const path = parentId(borrower.borrower_id, `${place}/borrower_id`, `${id}/`, reading)
    readCollections(borrower, place, path, 2, reading)
  })
}

function parentId(id: unknown, pointer: string, above: string, reading: Reading): string {
  if (!isId(id)) {
    report(reading, pointer, idRule)
    return above
  }
  const path = `${above}${id}`
  if (reading.parents.has(path)) report(reading, pointer, 'stands here twice')
  reading.parents.add(path)
  // As many as all records need if each has an order and a borrower of its own.
  if (reading.parents.size > 2 * reading.most) throw tooMany(2 * reading.most, 'orders and borrowers')
  return path
}

function readCollections(
  node: Record<string, unknown>,
  pointer: string,
  parent: string,
  depth: number,
  reading: Reading,
): void {
  for (const collection of reading.collections) {
    if (collection.under.length !== depth || !(collection.name in node)) continue
    const place = `${pointer}/${collection.name}`
    listAt(node[collection.name], place, reading).forEach((given, index) => {
      const record = objectAt(given, `${place}/${index}`, collection.fields, reading)
      if (record) reading.found.push({ collection, parent, pointer: `${place}/${index}`, given: record })
      if (reading.found.length > reading.most) throw tooMany(reading.most, 'records')
    })
  }
}

/** Records with an id first: those without one count on from the highest. */
function recordsOf(reading: Reading): Pick<WorldContent, 'rows' | 'nextIds'> {
  const rows: WorldContent['rows'] = []
  const nextIds: Record<string, number> = {}
  const taken = new Set<string>()
  for (const { collection, pointer, given } of reading.found) {
    if (given.id === undefined) continue
    if (!isId(given.id)) {
      report(reading, `${pointer}/id`, idRule)
      continue
    }
    if (taken.has(`${collection.name}/${given.id}`)) report(reading, `${pointer}/id`, 'stands here twice')
    else nextIds[collection.name] = Math.max(nextIds[collection.name] ?? 0, given.id + 1)
    taken.add(`${collection.name}/${given.id}`)
  }
  for (const { collection, parent, pointer, given } of reading.found) {
    const next = nextIds[collection.name] ?? lowestId
    const id = isId(given.id) ? given.id : next
    if (id === next) nextIds[collection.name] = next + 1
    const record = collection.complete(given, id, reading.time)
    checkRecord(record, given, collection, pointer, reading)
    rows.push({ collection: collection.name, parent, record: record as unknown as Row })
  }
  return { rows: rows.sort((one, other) => one.record.id - other.record.id), nextIds }
}

function checkRecord(
  record: Record<string, unknown>,
  given: Record<string, unknown>,
  collection: Collection,
  pointer: string,
  reading: Reading,
): void {
  for (const { instancePath, message, keyword, params } of collection.misfits(record)) {
    const allowed = keyword === 'enum' ? `: ${(params.allowedValues as unknown[]).join(', ')}` : ''
    report(reading, pointer + instancePath.replace(/^\/data/, ''), `${message}${allowed}`)
  }
  for (const name of ['created_at', 'updated_at']) {
    if (name in given && milliseconds(given[name]) === undefined) {
      report(reading, `${pointer}/${name}`, 'must be a time such as 2026-03-07 14:03:51')
    }
  }
}

function objectAt(
  value: unknown,
  pointer: string,
  keys: readonly string[],
  reading: Reading,
): Record<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    report(reading, pointer, 'must be an object')
    return undefined
  }
  for (const key of Object.keys(value)) {
    const place = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (!keys.includes(key)) report(reading, place, `is not known here; known: ${keys.join(', ')}`)
  }
  return value as Record<string, unknown>
}

function listAt(value: unknown, pointer: string, reading: Reading): unknown[] {
  if (Array.isArray(value)) return value
  report(reading, pointer, 'must be a list')
  return []
}

function tooMany(most: number, what: string): WorldFileError {
  return new WorldFileError([{ pointer: '', message: `A world holds at most ${most} ${what}.` }])
}

function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= lowestId && value <= highestId
}

function names(reading: Reading, depth: number): string[] {
  return namesOf(reading.collections.filter(({ under }) => under.length === depth))
}

function namesOf(collections: readonly Collection[]): string[] {
  return collections.map(({ name }) => name)
}

function report(reading: Reading, pointer: string, message: string): void {
  reading.problems.push({ pointer, message })
  if (reading.problems.length === mostProblems) throw new WorldFileError(reading.problems)
}
