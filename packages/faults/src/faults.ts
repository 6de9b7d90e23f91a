/** Every fault, in the order of the tables. */
import type { Fault } from './fault.ts'
import { bodies, redirects } from './faults/bodies.ts'
import { broken, reused, unreachable } from './faults/connections.ts'
import { wrongRecords } from './faults/records.ts'
import { retryAfter, statuses } from './faults/statuses.ts'

export const faults: readonly Fault[] = [
  ...unreachable,
  ...broken,
  ...reused,
  ...bodies,
  ...redirects,
  ...wrongRecords,
  ...statuses,
  ...retryAfter,
]
