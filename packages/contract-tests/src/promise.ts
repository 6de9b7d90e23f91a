/** What a promise of the contract is, as data, and how a check says that it does not hold. */
import type { Run } from './run.ts'

export interface ContractPromise {
  /** Its name, for people and machines: `update-leaves-the-others`. */
  id: string
  /** The operation it is about. */
  operation: string
  /** The promise in one sentence. */
  says: string
  /** `memory`: only where what is created can be read back. */
  where: 'everywhere' | 'memory'
  /** Sends what writes, or could write if the server is wrong: not sent without `--write`. */
  writes?: true
  /** Could destroy what the run did not create, or leaves the rules for live runs: only on a server made for tests. */
  destroys?: true
  /** Sends what the contract does not allow; a validating proxy would answer it by itself. */
  provokes?: true
  /** What the target has to offer besides. */
  needs?: 'other-borrower' | 'credentials' | 'on-demand'
  /** Fulfils if the promise holds. @throws {Broken} */
  check(run: Run): Promise<void>
}

/** A promise that does not hold. Neither text holds a value that may be personal. */
export class Broken extends Error {
  readonly expected: string
  readonly seen: string

  constructor(expected: string, seen: string) {
    super(`expected ${expected}; seen ${seen}`)
    this.expected = expected
    this.seen = seen
  }
}

/** A step before the one that a promise is about did not hold: of the promise itself nothing is known. */
export class Unready extends Broken {
  /** The operation of that step. */
  readonly step: string

  constructor(step: string, { expected, seen }: Broken) {
    super(expected, seen)
    this.step = step
  }
}

/** @throws {Broken} unless the condition holds. */
export function hold(condition: boolean, expected: string, seen: string): asserts condition {
  if (!condition) throw new Broken(expected, seen)
}

type Fields = Record<string, unknown>

/**
 * Holds one record to what it should be, field by field.
 *
 * @throws {Broken} naming the first field that differs.
 */
export function holdFields(seen: Fields, expected: Fields, where: string): void {
  for (const [name, value] of Object.entries(expected)) {
    const same = JSON.stringify(seen[name]) === JSON.stringify(value)
    hold(same, `${name} ${shown(name, value)} ${where}`, shown(name, seen[name]))
  }
}

/** Flags and ids of reference tables are shown as they are, digits and letters of anything else by their form. */
function shown(name: string, value: unknown): string {
  if (typeof value !== 'string')
    return ['id', 'number'].includes(name) ? typeof value : String(JSON.stringify(value))
  if (name === 'memo') return value === '' ? 'an empty text' : 'a text'
  return `“${value.replace(/\d/g, '#').replace(/\p{L}/gu, 'a')}”`
}
