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

export interface JournaledWorld {
  readonly key: string
  readonly content: WorldContent
  readonly nextIds: Readonly<Record<string, number>>
  faults: Fault[]
  times: number[]
}

/**
 * Stores changes before they're made in memory. A method that throws has stored nothing.
 *
 * A world is first stored as a whole, by `replaceWorld`, just before its first change.
 */
export interface Journal {
  /** Called when a world is opened. Returns what is stored of it; undefined if nothing is. */
  readWorld(world: JournaledWorld): WorldContent | undefined
  replaceWorld(world: JournaledWorld, content: WorldContent): void
  saveRecord(world: JournaledWorld, place: Place, record: Row): void
  removeRecord(world: JournaledWorld, place: Place, id: number): void
}

/** Thrown by a journal that can't store or read. The message says why, without any value. */
export class StorageError extends Error {
  override readonly name = 'StorageError'
}

export function collectionOf(place: Place): string {
  return place.slice(place.lastIndexOf('/') + 1)
}
