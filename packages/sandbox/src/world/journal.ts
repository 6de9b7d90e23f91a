/** What a place that keeps worlds, such as a file, learns of their changes. */
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

/** A world, as a journal sees it. */
export interface JournaledWorld {
  readonly key: string
  readonly content: WorldContent
  faults: Fault[]
  times: number[]
}

/** Every method is called before the response to the request that changed something. */
export interface Journal {
  /** A world exists from now on: it's new or was restored. */
  openWorld?(world: JournaledWorld): void
  replaceWorld(world: JournaledWorld): void
  saveRecord(world: JournaledWorld, collection: string, parent: string, record: Row): void
  removeRecord(world: JournaledWorld, collection: string, id: number): void
  dropWorld(key: string): void
}
