/** A list in a world file, and the rules for its records. */
import type { Misfit, Validator } from '@recoveryconnect/spec/validators'

/** The generator derives it from the paths and schemas of the contract. */
export interface Collection {
  name: string
  /** The key of an item's id in a world file: `borrower_id`, or `id`. */
  idKey: string
  /** The name of the list whose items contain it; undefined at the top. */
  parent?: string
  /** The fields of a record that a world file can set. */
  fields: readonly string[]
  /** Undefined if the contract has no operations for these records. They only have an id. */
  rules?: RecordRules
}

export type Fields = Record<string, unknown>

/** What the contract can't express about the records of a resource. */
export interface RecordRules {
  /** The records of a new world. Missing fields are completed. `parents` has the ids in the path, the outer one first. */
  documented: readonly { parents: readonly number[]; records: readonly object[] }[]
  /** Adds the fields that a world file leaves out. */
  complete(given: Fields, more: { id: number; time: string; parents: readonly number[] }): object
  /** Checks a completed record against the contract. Paths start with `/data`, or `/data/0` in a list. */
  findMisfits(record: unknown): readonly Misfit[]
}

/** The fields of a record that the item has, except its id. */
export function pickFields({ fields }: Collection, item: Fields): Fields {
  const known = fields.filter((field) => field !== 'id' && field in item)
  return Object.fromEntries(known.map((field) => [field, item[field]]))
}

/** @example findMisfits: (record) => misfitsIn(listBorrowers.responses[200], { data: [record] }) */
export function misfitsIn(validate: Validator<unknown>, body: unknown): readonly Misfit[] {
  return validate(body) ? [] : (validate.errors ?? [])
}
