/** The interface for a storage, such as a file, that receives the changes to worlds. */
import type { Fault } from './faults.ts'

export interface Row {
  id: number
}

/** A list of records in a world: the ids above it and its collection, such as `57062885/124927241/phones`. */
export type Place = string

/** Everything in a world, flat. */
export interface WorldContent {
  rows: { place: Place; record: Row }[]
  /** By collection. */
  nextIds: Record<string, number>
}

export interface SavedWorld {
  readonly key: string
  readonly content: WorldContent
}

export interface JournaledWorld extends SavedWorld {
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

export function collectionOf(place: Place): string {
  return place.slice(place.lastIndexOf('/') + 1)
}
