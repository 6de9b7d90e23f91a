/** What one file brings for one tag of the contract; `resources.gen.ts` gathers them by the names of the tags. */
import type { Behaviours } from './operation.ts'
import type { Worlds } from './store.ts'
import type { Collection } from './world-file.ts'

/** What a behaviour may need beyond its call. */
export interface Surroundings {
  worlds: Worlds
  /** Milliseconds since 1970. */
  now: () => number
  /** Names a world without holding the token. */
  worldKey: (identity: string) => string
}

/**
 * Exported as `resource` by a file that is named after its tag: `borrower-phones.ts` for "Borrower Phones".
 *
 * @example export const resource: Resource<typeof behaviours> = { behaviours: () => behaviours, collection: phones }
 */
export interface Resource<Own extends Partial<Behaviours> = Partial<Behaviours>> {
  behaviours(surroundings: Surroundings): Own
  /** Its records in a world file. Absent where nothing is kept. */
  collection?: Collection
}
