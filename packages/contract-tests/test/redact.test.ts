/** What the redactor masks, what it leaves, and what a report never shows. */
import { describe, expect, test } from 'vitest'
import { renderJUnit } from '../src/junit.ts'
import { createRedactor, redact } from '../src/redact.ts'
import { renderReport } from '../src/report.ts'
import { verify } from '../src/suite.ts'
import { inProcess } from './in-process.ts'
import { type Body, changeRecords, serverWith } from './wrong-servers/defect.ts'

const clean = createRedactor(['s3cret-token', 'pass word', 'abc', undefined])

describe('masks', () => {
  test.each([
    ['the token', 'seen s3cret-token here', 'seen [redacted] here'],
    ['the token in a name', '/data/*/s3cret-token', '/data/*/[redacted]'],
    ['the password, each time', 'pass word, pass word', '[redacted], [redacted]'],
    ['another token', 'Bearer abcdef.123==', 'Bearer [redacted]'],
    ['another token, in lower case', 'bearer abcdef', 'Bearer [redacted]'],
    ['a JWT', 'eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl', '[redacted]'],
    ['a number with dashes', '202-555-0143', '[number]'],
    ['a number with spaces and a country code', '+1 (202) 555 0143', '[number]'],
    ['a number with the country right before it', '1202-555-0143', '[number]'],
    ['a number with the country and a plus right before it', '+1202-555-0143', '[number]'],
    ['a number in brackets, without a space', '(202)555-0143', '[number]'],
    ['a number in brackets after the country code', '+1(202)555-0143', '[number]'],
    ['a number with dots', 'to 202.555.0143.', 'to [number].'],
    ['ten digits', 'to 2025550143', 'to [number]'],
    ['a social security number', 'of 123-45-6789.', 'of [number].'],
    ['ten digits with the country', 'to 12025550143', 'to [number]'],
  ])('%s', (_, text, left) => expect(clean(text)).toBe(left))
})

describe('leaves', () => {
  test.each([
    ['a secret that is too short', 'abc'],
    ['an id', 'the record 39317581'],
    ['a time', '2026-03-07 14:18:07'],
    ['a long id', '9007199254740991'],
    ["a number that isn't a phone number", 'seed 155501992'],
  ])('%s', (_, text) => expect(clean(text)).toBe(text))
})

test('every text of a value, at any depth, and nothing else', () => {
  const value = { a: ['s3cret-token', 1, null, true], b: { c: '202-555-0143' } }
  expect(redact(value, clean)).toEqual({ a: ['[redacted]', 1, null, true], b: { c: '[number]' } })
})

describe('a report of wrong shapes shows nothing personal', () => {
  const personal = {
    firstname: 'Waltraud',
    middle_initial: 'Ω',
    lastname: 'O’Brien-Ñandú',
    birthday: '1970-12-24',
    license_no: 'X48151623',
    ssn: '123-45-6789',
    address_1: '٤٢ Quincunx Lane',
    number: '202-555-0143',
    memo: 'calls at night',
  }
  const values = Object.values(personal)
  /** The same values where the contract has others, or in fields and records that it doesn't have. */
  const shapes: [string, (record: Body) => unknown][] = [
    ['as objects', (one) => ({ ...one, ...personal, firstname: personal, ssn: { [personal.ssn]: 1 } })],
    ['as keys', (one) => ({ ...one, ...Object.fromEntries(values.map((value) => [value, value])) })],
    ['as numbers', (one) => ({ ...one, birthday: 19701224, license_no: 48151623, ssn: 123456789 })],
    [
      'in place of other fields',
      (one) => Object.fromEntries(Object.keys(one).map((name, at) => [name, values[at % 9]])),
    ],
    ['instead of a record', () => values.join(' ')],
    ['that change', (one) => Object.fromEntries(Object.entries(one).map(addToText))],
  ]
  let reads = 0
  const addToText = ([name, value]: [string, unknown]) =>
    name in personal ? [name, `${personal[name as keyof typeof personal]} ${++reads}`] : [name, value]
  test.each(shapes)('%s', async (_, change) => {
    const fetch = serverWith(changeRecords(({ path }) => !path.endsWith('/auth'), change))
    const report = await verify(inProcess({ fetch, disposable: false }), { write: true, seed: 1 })
    expect(report.causes.length + report.drift.length).toBeGreaterThan(0)
    const text = [JSON.stringify(report), renderReport(report), renderJUnit(report)].join('\n')
    expect(text).not.toMatch(/Waltraud|Ω|Brien|Ñandú|1970|1224|48151623|6789|٤|Quincunx|0143|night/)
  })
})
