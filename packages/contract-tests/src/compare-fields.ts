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
    if (plain(name, seen[name]) === plain(name, value)) continue
    const [wanted, found] = [describeValue(name, value), describeValue(name, seen[name])]
    throw new Failed(`${name} ${wanted}`, found === wanted ? 'another value of this form' : found, where)
  }
}

/** A value to compare. A server may write a phone number in another form, because the contract names none. */
function plain(name: string, value: unknown): string {
  const isNumber = name === 'number' && typeof value === 'string' && /^[-+.()\s\d]+$/.test(value)
  return isNumber ? `digits ${value.replace(/\D/g, '')}` : JSON.stringify(value)
}

/** Shows codes, but only the form of a number or a time (digits as #), and the kind of any other value. */
function describeValue(name: string, value: unknown): string {
  if (value === '') return 'an empty string'
  if (typeof value === 'string' && /^[-+.:()\s\d]+$/.test(value)) return `“${value.replace(/\d/g, '#')}”`
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
