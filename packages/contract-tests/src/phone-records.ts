/**
 * The phone records that a run may create on a real server. They're safe to leave behind, and the next run finds them.
 *
 * The number is fictitious (555-01XX), `no_contact` is 1, and the memo starts with the run marker.
 */
import type { components } from '@recoveryconnect/spec'
import fc from 'fast-check'
import type { Fields } from './operations.ts'

type NewPhone = Required<components['schemas']['BorrowerPhoneCreate']>
type Values = { [Name in keyof NewPhone]: NewPhone[Name][] }

export const markerPattern: RegExp = /^recoveryconnect-verify [0-9a-f]{8}\b/

export function makePhone(marker: string, serial: number): Fields {
  const number = `20255501${String(serial % 100).padStart(2, '0')}`
  const phone: NewPhone = {
    type: 6,
    mobile_carrier_id: 1,
    number,
    extension: '22',
    memo: marker,
    valid: 1,
    no_contact: 1,
  }
  return phone
}

/** The fields that even a body without optional fields has, so that the record stays safe. */
export const alwaysSent: string[] = ['memo', 'no_contact']

/** The fields that refer to a table of the vendor. Their values say nothing about a person, so a report may show them. */
export const tableIds: string[] = ['type', 'mobile_carrier_id'] satisfies (keyof NewPhone)[]

/** Other values for each field. If the contract gains a field, this code doesn't compile until you add the field here. */
export function safeValues(marker: string): Values {
  return {
    type: [5, 6],
    mobile_carrier_id: [2, 1, null],
    number: ['2025550161', '202-555-0162'],
    extension: ['0044', '0', null],
    memo: [`${marker} changed`, `${marker} Zoë’s “home” <b>&amp; \\ "42" / päivä`],
    valid: [0, 1],
    no_contact: [1],
  }
}

/** Values only for disposable servers: a crashed run couldn't find the record again, or its number could briefly be dialed. */
export const unsafeValues: Partial<Values> = { memo: [null], no_contact: [0, 1] }

/** Random values for the fields whose schema isn't specific enough. Ids of reference tables are the ids in the samples. */
export function generateValues(marker: string): Record<string, fc.Arbitrary<unknown>> {
  const area = fc.constantFrom('202', '303', '415', '617', '808')
  const line = fc.integer({ min: 0, max: 99 }).map((last) => `01${String(last).padStart(2, '0')}`)
  const digits = fc.tuple(area, fc.constant('555'), line)
  return {
    type: fc.constantFrom(5, 6),
    mobile_carrier_id: fc.constantFrom(1, 2, null),
    number: fc.tuple(digits, fc.constantFrom('', '-')).map(([parts, dash]) => parts.join(dash)),
    memo: fc.constantFrom('', ' a', ' with "quotes"', ' ü', ' 0').map((end) => marker + end),
    no_contact: fc.constant(1),
  }
}
