/** Every promise of the contract that a server can be asked about, in the order of a run. */
import type { ContractPromise } from './promise.ts'
import { examples } from './promises/examples.ts'
import { generated } from './promises/generated.ts'
import { isolation } from './promises/isolation.ts'
import { lifecycle } from './promises/lifecycle.ts'
import { reading } from './promises/reading.ts'
import { refusals } from './promises/refusals.ts'
import { lives } from './promises/resources.ts'
import { tokens } from './promises/tokens.ts'
import { updating } from './promises/updating.ts'

export const promises: readonly ContractPromise[] = [
  ...reading,
  ...tokens,
  ...lifecycle,
  ...updating,
  ...isolation.filter(({ destroys }) => !destroys),
  ...examples,
  ...lives,
  ...refusals,
  ...generated,
  // What empties a borrower comes last.
  ...isolation.filter(({ destroys }) => destroys),
]
