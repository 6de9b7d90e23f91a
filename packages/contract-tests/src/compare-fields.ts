/** Compares records. Says how they differ without showing personal data. */
import type { Json } from '@recoveryconnect/spec/model'
import { type Fields, model } from './operations.ts'
import { Failed } from './outcome.ts'
import { tableIds } from './phone-records.ts'
import { kindOf } from './validate-response.ts'

/**
 * Compares the fields that `expected` names.
 *
 * @throws {Failed} naming the first field that differs.
 */
export function expectFields(seen: Fields, expected: Fields, where: string): void {
  for (const [name, value] of Object.entries(expected)) {
    if (JSON.stringify(seen[name]) === JSON.stringify(value)) continue
    const [wanted, found] = [describeValue(name, value), describeValue(name, seen[name])]
    throw new Failed(`${name} ${wanted} ${where}`, found === wanted ? 'another value of this form' : found)
  }
}

/** Shows codes, but only the form of a text (digits as #, letters as a) and the kind of any other value. */
function describeValue(name: string, value: unknown): string {
  if (value === '' && name === 'memo') return 'an empty string'
  if (typeof value === 'string' && name !== 'memo')
    return `“${value.replace(/\d/g, '#').replace(/\p{L}/gu, 'a')}”`
  if (value === undefined) return 'no such field'
  if (value === null || isCode(name, value)) return String(value)
  const kind = kindOf(value)
  return `${/^[aio]/.test(kind) ? 'an' : 'a'} ${kind}`
}

/** Whether a value can't be personal: an id of a reference table, or a number or flag that the contract lists. */
function isCode(name: string, value: unknown): boolean {
  if (typeof value === 'string') return false
  if (tableIds.includes(name)) return Number.isInteger(value)
  return Object.values(model.schemas).some(({ properties }) =>
    properties[name]?.enum?.includes(value as Json),
  )
}
