/** Makes request bodies from a schema: bodies that it allows, and bodies that it doesn't allow. */
import type { Schema } from '@recoveryconnect/spec/model'
import fc from 'fast-check'
import type { Fields } from './operations.ts'
import { findProblems } from './validate-response.ts'

export interface BadField {
  field: string
  /** What to put into a valid body; undefined leaves the field out. */
  change: Fields
}

/** One value of each JSON type, and values that programs often confuse with each other. */
const values: unknown[] = [null, true, false, 0, 1, 2, -1, 1.5, '', '1', 'text', [], [1], {}, { a: 1 }]

/** Every way in which one field can be wrong: a missing required field, a wrong type, or a value outside the enum. */
export function misshape({ properties, required }: Schema): BadField[] {
  return Object.entries(properties).flatMap(([field, schema]) => {
    const wrong = values.filter((value) => findProblems(schema, value).length > 0)
    return [...(required.includes(field) ? [undefined] : []), ...wrong].map((value) => ({
      field,
      change: { [field]: value },
    }))
  })
}

/**
 * Random bodies that fit a schema.
 *
 * @param given values for fields whose schema says too little.
 * @param always the fields that every body has. Other fields are sometimes missing.
 */
export function generateBodies(
  { properties }: Schema,
  given: Record<string, fc.Arbitrary<unknown>>,
  always: string[],
): fc.Arbitrary<Fields> {
  const fields = Object.entries(properties).map(([name, schema]) => [
    name,
    given[name] ?? generateValues(schema),
  ])
  return fc.record(Object.fromEntries(fields), { requiredKeys: always })
}

function generateValues(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum)
  return fc.oneof(...schema.types.map(generateValuesOf))
}

/** @throws {Error} for a type that the contract doesn't use yet. */
function generateValuesOf(type: string): fc.Arbitrary<unknown> {
  if (type === 'null') return fc.constant(null)
  if (type === 'integer') return fc.integer({ min: 1, max: 9 })
  if (type === 'boolean') return fc.boolean()
  if (type === 'string') return fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 .,'"äöü-]{0,18}[a-z0-9]$/)
  throw new Error(
    `There are no values for the type ${type}. Add values for the field to the argument "given".`,
  )
}
