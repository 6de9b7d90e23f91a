/** The interface for a storage, such as a file, that receives the changes to worlds. */
import type { Fault } from './faults.ts'

export interface Row {
  id: number
}

/** Everything in a world, flat. `parent` joins the ids above a record: `57062885/124927241`. */
export interface WorldContent {
  parents: string[]
  rows: { collection: string; parent: string; record: Row }[]
  nextIds: Record<string, number>
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
  saveRecord(world: JournaledWorld, collection: string, parent: string, record: Row): void
  removeRecord(world: JournaledWorld, collection: string, id: number): void
  dropWorld(key: string): void
}
