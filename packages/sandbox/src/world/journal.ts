/** The interface for a storage, such as a file, that receives the changes to worlds. */
import type { Fault } from './faults.ts'

export interface Row {
  id: number
}

/** A list of records in a world. `parent` joins the ids above it: `57062885/124927241`. It's empty at the top. */
export interface Place {
  collection: string
  parent: string
}

export interface PlacedRow extends Place {
  record: Row
}

/** Everything in a world, flat. */
export interface WorldContent {
  rows: PlacedRow[]
  nextIds: Record<string, number>
}

/** A world as it was stored. Earlier versions stored the paths of orders and borrowers, not their records. */
export interface SavedWorld {
  key: string
  content: WorldContent & { parents?: string[] }
}

export interface JournaledWorld {
  readonly key: string
  readonly content: WorldContent
  faults: Fault[]
  times: number[]
}

/** Every method is called before the response to the request that made the change. */
export interface Journal {
  openWorld?(world: JournaledWorld): void
  replaceWorld(world: JournaledWorld): void
  saveRecord(world: JournaledWorld, place: Place, record: Row): void
  removeRecord(world: JournaledWorld, place: Place, id: number): void
  dropWorld(key: string): void
}

/** Writes a place as text: `57062885/124927241/phones`. */
export function joinPlace({ collection, parent }: Place): string {
  return `${parent}/${collection}`
}

/** Earlier versions stored the collection as the place, and the parent beside the record. */
export function readRow(place: string, content: unknown): PlacedRow {
  const end = place.lastIndexOf('/')
  if (end < 0) return { collection: place, ...(content as Omit<PlacedRow, 'collection'>) }
  return { collection: place.slice(end + 1), parent: place.slice(0, end), record: content as Row }
}
