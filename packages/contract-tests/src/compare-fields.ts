/** Compares records. Says how they differ without showing personal data. */
import { type Fields, model } from './operations.ts'
import { expectThat } from './outcome.ts'
import { tableIds } from './phone-records.ts'
import { kindOf } from './validate-response.ts'

/**
 * Compares the fields that `expected` names.
 *
 * @throws {Failed} naming the first field that differs.
 */
export function expectFields(seen: Fields, expected: Fields, where: string): void {
  for (const [name, value] of Object.entries(expected)) {
    const isSame = JSON.stringify(seen[name]) === JSON.stringify(value)
    const [wanted, found] = [describeValue(name, value), describeValue(name, seen[name])]
    expectThat(isSame, `${name} ${wanted} ${where}`, found === wanted ? 'another value of this form' : found)
  }
}

/** The values that the contract's schemas list for a field: as JSON, with the name of the field. */
const codes = new Set(
  Object.values(model.schemas).flatMap(({ properties }) =>
    Object.entries(properties).flatMap(([name, schema]) =>
      (schema.enum ?? []).map((code) => JSON.stringify([name, code])),
    ),
  ),
)

/** Shows listed values and ids of reference tables. Shows only the form of other texts: digits as #, letters as a. */
function describeValue(name: string, value: unknown): string {
  const kind = kindOf(value)
  const isTableId = kind === 'integer' && tableIds.includes(name)
  if (value === null || isTableId || codes.has(JSON.stringify([name, value]))) return String(value)
  if (typeof value === 'string' && name !== 'memo')
    return `“${value.replace(/\d/g, '#').replace(/\p{L}/gu, 'a')}”`
  if (value === '') return 'an empty string'
  if (value === undefined) return 'no such field'
  return `${/^[aio]/.test(kind) ? 'an' : 'a'} ${kind}`
}
