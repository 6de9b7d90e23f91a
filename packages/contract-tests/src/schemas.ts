/** Values that a schema of the contract allows, and values that it does not; both from the schema alone. */
import fc from 'fast-check'
import { type Node, nodeAt, resolve } from './contract.ts'
import { kindOf, misfits } from './judge.ts'

export interface Misshapen {
  field: string
  /** What to put into an otherwise right body; undefined leaves the field out. */
  change: Record<string, unknown>
}

/** One value of each kind of JSON, with what programs mistake for each other. */
const values: unknown[] = [null, true, false, 0, 1, 2, -1, 1.5, '', '1', 'text', [], [1], {}, { a: 1 }]

/**
 * Every way in which one field of an object can be wrong: missing though mandatory, of another type, beyond its enum.
 *
 * @param pointer of the object's schema in the contract.
 */
export function misshapen(pointer: string): Misshapen[] {
  const { properties = {}, required = [] } = nodeAt(pointer)
  return Object.keys(properties).flatMap((field) => {
    const wrong = values.filter((value) => misfits(`${pointer}/properties/${field}`, value).length > 0)
    const changes = wrong.map((value) => ({ [field]: value }))
    return [...(required.includes(field) ? [{ [field]: undefined }] : []), ...changes].map((change) => ({
      field,
      change,
    }))
  })
}

/**
 * Bodies that fit an object's schema. Fields that it does not require come and go.
 *
 * @param given values for fields of which the schema says too little: those that a live run may use.
 */
export function bodies(
  pointer: string,
  given: Record<string, fc.Arbitrary<unknown>>,
  required: string[] = nodeAt(pointer).required ?? [],
): fc.Arbitrary<Record<string, unknown>> {
  const { properties } = nodeAt(pointer)
  const fields = Object.entries<Node>(properties).map(([name, schema]) => [
    name,
    given[name] ?? valuesOf(schema),
  ])
  return fc.record(Object.fromEntries(fields), { requiredKeys: required })
}

/** @throws {Error} for a schema that this does not know how to fill: the contract has grown beyond it. */
function valuesOf(schema: Node): fc.Arbitrary<unknown> {
  const { type, enum: allowed } = resolve(schema)
  if (allowed) return fc.constantFrom(...allowed)
  return fc.oneof(...[type].flat().map(valuesOfType))
}

function valuesOfType(type: string): fc.Arbitrary<unknown> {
  if (type === 'null') return fc.constant(null)
  if (type === 'integer') return fc.integer({ min: 1, max: 9 })
  if (type === 'boolean') return fc.boolean()
  if (type === 'string') return fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 .,'"äöü-]{0,18}[a-z0-9]$/)
  throw new Error(`No values are known for the type ${type ?? kindOf(type)}; give some by the field's name.`)
}
