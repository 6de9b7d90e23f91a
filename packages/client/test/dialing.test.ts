import { describe, expect, test } from 'vitest'
import { dialable, mayBeDialled, objectionsTo } from '../src/client.ts'
import { address, borrower, phone, secrets } from './servers.ts'

const listed = { ...phone, id: 1, deleted_at: undefined }
const phoneObjection = { resource: 'borrowerPhones', id: 1 }

describe('a phone record', () => {
  test.each([
    ['with both flags clear', {}],
    ['from a list', { deleted_at: undefined }],
    ['with ten digits', { number: '6785550142' }],
  ])('%s has no objection', (_, change) => {
    expectObjections({ ...phone, ...change }, [])
  })

  test.each<[string, object, kinds: string[], field: string]>([
    ['with no_contact set', { no_contact: 1 }, ['no_contact'], 'no_contact'],
    ['without no_contact', { no_contact: undefined }, ['unclear'], 'no_contact'],
    ['with no_contact as a string', { no_contact: '0' }, ['unclear'], 'no_contact'],
    ['with no_contact as a boolean', { no_contact: false }, ['unclear'], 'no_contact'],
    ['with no_contact as null', { no_contact: null }, ['unclear'], 'no_contact'],
    ['with an unknown no_contact', { no_contact: 2 }, ['unclear'], 'no_contact'],
    ['that is not valid', { valid: 0 }, ['not_valid'], 'valid'],
    ['with valid as a string', { valid: '1' }, ['unclear'], 'valid'],
    ['with valid as a boolean', { valid: true }, ['unclear'], 'valid'],
    ['without valid', { valid: undefined }, ['unclear'], 'valid'],
    ['that was deleted', { deleted_at: '2026-03-07 14:18:07' }, ['deleted'], 'deleted_at'],
    ['with an empty deleted_at', { deleted_at: '' }, ['deleted'], 'deleted_at'],
    ['with an empty number', { number: '' }, ['not_dialable'], 'number'],
    ['with spaces as number', { number: '   ' }, ['not_dialable'], 'number'],
    ['with words as number', { number: 'unknown' }, ['not_dialable'], 'number'],
    ['with a short number', { number: '555-0142' }, ['not_dialable'], 'number'],
    ['with a country code', { number: '1-678-555-0142' }, ['not_dialable'], 'number'],
    ['with an extension', { number: '678-555-0142 ext. 22' }, ['not_dialable'], 'number'],
    ['with a number that the plan rules out', { number: '078-555-0142' }, ['not_dialable'], 'number'],
    ['with a numeric number', { number: 6785550142 }, ['not_dialable'], 'number'],
    ['without a number', { number: undefined }, ['not_dialable'], 'number'],
  ])('%s has an objection', (_, change, kinds, field) => {
    const expected = kinds.map((kind) => ({ kind, ...phoneObjection, field }))
    expectObjections({ ...phone, id: 1, ...change }, expected)
  })

  test('can have several objections', () => {
    const changed = { ...phone, id: 1, no_contact: 1, valid: 0, number: '', deleted_at: 'then' }
    expect(kindsOf(changed)).toEqual(['no_contact', 'not_valid', 'deleted', 'not_dialable'])
  })

  test.each([[null], [undefined], ['678-555-0142'], [1], [[]], [{}], [() => phone]])(
    "that isn't a record has objections: %s",
    (value) => {
      expect(mayBeDialled(value as never)).toBe(false)
      expect(kindsOf(value)).toEqual(['unclear', 'unclear', 'not_dialable'])
    },
  )
})

describe('another record', () => {
  const twin = { ...listed, id: 2 }
  const blocked = { ...twin, no_contact: 1 as const }

  test.each<[string, unknown, objection?: [kind: string, field: string]]>([
    ['with the same number', twin],
    ['with the same number with no_contact', blocked, ['no_contact', 'no_contact']],
    ['with the same number that is not valid', { ...twin, valid: 0 }, ['not_valid', 'valid']],
    ['with the same number without no_contact', { ...twin, no_contact: null }, ['unclear', 'no_contact']],
    ['with a country code', { ...blocked, number: '+1 (678) 555-0142' }, ['no_contact', 'no_contact']],
    ['with an extension', { ...blocked, number: '678-555-0142 x22' }, ['no_contact', 'no_contact']],
    ['in digits of another script', { ...blocked, number: '٦٧٨٥٥٥٠١٤٢' }, ['no_contact', 'no_contact']],
    ['that was deleted', { ...blocked, deleted_at: 'then' }, ['no_contact', 'no_contact']],
    ['that was deleted, without a flag against it', { ...twin, deleted_at: 'then' }],
    ['with the last seven digits', { ...blocked, number: '555-0142' }, ['no_contact', 'no_contact']],
    ['with seven other digits', { ...blocked, number: '555-0143' }],
    ['with another number', { ...blocked, number: '678-555-0143' }],
    ['with a masked number', { ...blocked, number: 'XXX-XXX-0199' }, ['unreadable_number', 'number']],
    ['without a number', { ...blocked, number: '' }, ['unreadable_number', 'number']],
    ['with an unreadable number and clear flags', { ...twin, number: '***' }],
  ])('%s', (_, other, objection) => {
    const expected = objection
      ? [{ kind: objection[0], resource: 'borrowerPhones', id: 2, field: objection[1] }]
      : []
    const phones = [listed, other] as never
    expect(objectionsTo(listed, { phones })).toEqual(expected)
    // The record can be a copy, and the list can leave it out.
    expect(objectionsTo({ ...listed }, { phones })).toEqual(expected)
    expect(objectionsTo(listed, { phones: [other] as never })).toEqual(expected)
    expect(dialable(phones).some(({ id }) => id === 1)).toBe(expected.length === 0)
    expect(dialable([listed], { phones: [other] as never })).toEqual(expected.length ? [] : [listed])
  })

  test.each([[null], [undefined], [{}], ['678-555-0142']])(
    "that isn't a record is unreadable: %s",
    (other) => {
      const phones = [listed, other] as never
      expect(kindsOf(listed, { phones })).toEqual(['unreadable_number'])
      expect(dialable(phones)).toEqual([])
    },
  )

  test.each([
    [null],
    [undefined],
    [Object.assign([], { 1: twin })],
    [{ data: [blocked] }],
    [new Set([blocked])],
  ])('can be in a list that is no whole list: %s', (phones) => {
    expect(kindsOf(listed, { phones })).toEqual(['unreadable_number'])
    expect(dialable([listed], { phones: phones as never })).toEqual([])
  })

  test('with the same id objects, although it has another number', () => {
    const renumbered = { ...listed, number: '678-555-0199', no_contact: 1 as const }
    expect(kindsOf(listed, { phones: [renumbered] })).toEqual(['no_contact'])
    expect(dialable([listed] as never, { phones: [renumbered] as never })).toEqual([])
  })

  test('is compared in a list of 20,000 without comparing each pair', () => {
    const phones = Array.from({ length: 20_000 }, (_, n) => ({
      ...listed,
      id: n,
      number: `${200 + (n % 2)}-555-${String(n >> 1).padStart(4, '0')}`,
      no_contact: (n % 2) as 0 | 1,
    }))
    const begin = performance.now()
    expect(dialable(phones)).toHaveLength(10_000)
    expect(performance.now() - begin).toBeLessThan(5000)
  })

  test('lists an objection of the record and its copy once', () => {
    const phones = [blocked, { ...blocked }]
    expect(objectionsTo(blocked, { phones })).toEqual([
      { kind: 'no_contact', resource: 'borrowerPhones', id: 2, field: 'no_contact' },
    ])
  })

  test('objects to an unreadable number, which may be its own', () => {
    const unreadable = { ...listed, number: 'unknown' }
    expect(kindsOf(unreadable, { phones: [blocked] })).toEqual(['not_dialable', 'no_contact'])
  })
})

describe('the borrower', () => {
  test('without objections', () => {
    expect(kindsOf(listed, { borrower })).toEqual([])
    expect(dialable([listed], { borrower })).toEqual([listed])
  })

  test.each<[string, object, kind: string, field: string]>([
    ['is deceased', { is_deceased: 1 }, 'deceased', 'is_deceased'],
    ['is deceased, as a string', { is_deceased: '1' }, 'unclear', 'is_deceased'],
    ['has no is_deceased', { is_deceased: undefined }, 'unclear', 'is_deceased'],
    ['is on active duty', { active_military: 1 }, 'active_military', 'active_military'],
    ['is on active duty, as a boolean', { active_military: true }, 'unclear', 'active_military'],
    ['has no active_military', { active_military: undefined }, 'unclear', 'active_military'],
    ['has a bankruptcy', { bankruptcy: { chapter: 7 } }, 'bankruptcy', 'bankruptcy'],
    ['has false as bankruptcy', { bankruptcy: false }, 'bankruptcy', 'bankruptcy'],
    ['has 0 as bankruptcy', { bankruptcy: 0 }, 'bankruptcy', 'bankruptcy'],
    ['has an empty bankruptcy', { bankruptcy: '' }, 'bankruptcy', 'bankruptcy'],
    ['has an empty list as bankruptcy', { bankruptcy: [] }, 'bankruptcy', 'bankruptcy'],
    ['has no field bankruptcy', { bankruptcy: undefined }, 'unclear', 'bankruptcy'],
    ['was deleted', { deleted_at: '2026-03-07 14:18:07' }, 'deleted', 'deleted_at'],
    ['has no deleted_at', { deleted_at: undefined }, 'unclear', 'deleted_at'],
  ])('%s', (_, change, kind, field) => {
    const changed = { ...borrower, ...change }
    expect(objectionsTo(listed, { phones: [listed], borrower: changed })).toEqual([
      { kind, resource: 'borrowers', id: borrower.id, field },
    ])
    expect(dialable([listed], { borrower: changed })).toEqual([])
  })

  test('has no objection because it is marked as violent or fraudulent', () => {
    expect(kindsOf(listed, { borrower: { ...borrower, is_violent: 1, is_fraud: 1 } })).toEqual([])
  })

  test.each([[undefined], [null], [[borrower]], ['Example']])("%s isn't a record", (value) => {
    expect(new Set(kindsOf(listed, { borrower: value }))).toEqual(new Set(['unclear']))
    expect(dialable([listed], { borrower: value as never })).toEqual([])
  })
})

test('the records can be getters of a class', () => {
  class Case {
    get phones() {
      return [listed]
    }
    get borrower() {
      return { ...borrower, is_deceased: 1 as const }
    }
    get addresses() {
      return [{ ...address, no_contact: 1 as const }]
    }
  }
  expect(objectionsTo(listed, new Case()).map(({ kind }) => kind)).toEqual(['deceased', 'no_contact'])
  expect(dialable([listed], new Case())).toEqual([])
})

describe('an address', () => {
  test.each([
    ['none', []],
    ['one without objections', [address]],
  ])('%s', (_, addresses) => {
    expect(kindsOf(listed, { addresses })).toEqual([])
    expect(dialable([listed], { addresses })).toEqual([listed])
  })

  test.each([
    ['with no_contact', { no_contact: 1 }, 'no_contact'],
    ['with no_contact as a string', { no_contact: '0' }, 'unclear'],
    ['without no_contact', { no_contact: undefined }, 'unclear'],
  ])('%s', (_, change, kind) => {
    const addresses = [address, { ...address, id: 9, ...change }] as never
    expect(objectionsTo(listed, { phones: [listed], addresses })).toEqual([
      { kind, resource: 'borrowerAddresses', id: 9, field: 'no_contact' },
    ])
    expect(dialable([listed], { addresses })).toEqual([])
  })

  test.each([[undefined], [null], [{ data: [address] }], [[null]]])("%s isn't a list of records", (value) => {
    expect(kindsOf(listed, { addresses: value })).toEqual(['unclear'])
    expect(dialable([listed], { addresses: value as never })).toEqual([])
  })
})

test('the reasons come in one list, without personal data', () => {
  const phones = [
    { ...listed, no_contact: 1 as const },
    { ...listed, id: 2, valid: 0 as const, number: `${secrets.number} and ${secrets.memo}` },
  ]
  const objections = objectionsTo(listed, {
    phones,
    borrower: { ...borrower, is_deceased: 1, bankruptcy: secrets.ssn },
    addresses: [{ ...address, no_contact: 1 }],
  })
  expect(objections.map(({ kind }) => kind)).toEqual([
    'no_contact',
    'unreadable_number',
    'deceased',
    'bankruptcy',
    'no_contact',
  ])
  for (const secret of Object.values(secrets)) expect(JSON.stringify(objections)).not.toContain(secret)
})

function expectObjections(record: object, expected: object[]): void {
  const value = record as never
  expect(objectionsTo(value, { phones: [value] })).toEqual(expected)
  expect(dialable([value])).toEqual(expected.length ? [] : [value])
  expect(mayBeDialled(value)).toBe(expected.length === 0)
}

function kindsOf(record: unknown, records: object = {}): string[] {
  return objectionsTo(record as never, { phones: [], ...records }).map(({ kind }) => kind)
}
