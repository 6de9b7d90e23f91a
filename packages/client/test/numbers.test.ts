import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { compareNumbers, isDialable, readNumber } from '../src/numbers.ts'

const number = '678-555-0142'

describe('is the same number', () => {
  test.each([
    '678-555-0142',
    '6785550142',
    '(678) 555-0142',
    '678.555.0142',
    '678 555 0142',
    '678–555–0142',
    '678\u00a0555\u20110142',
    '678\u00b7555\u22120142',
    '[678] 555 - 0142 ',
    '\u202a+1 (678) 555-0142\u202c',
    '678\u00ad555\u200b0142',
    '+16785550142',
    '+1 678-555-0142',
    '1-678-555-0142',
    '1 (678) 555-0142',
    '16785550142',
    '011 1 678 555 0142',
    'tel:+1-678-555-0142',
    'Tel. 678-555-0142',
    'TEL:6785550142',
    'tel:+16785550142;ext=22',
    '678-555-0142x22',
    '678-555-0142 x 22',
    '678-555-0142 X22',
    '678-555-0142 ext. 22',
    '678-555-0142 ext 000022',
    '678-555-0142 Ext: 22',
    '678-555-0142 extn. 22',
    '1-678-555-0142 extension 22',
    '678-555-0142 #22',
    '６７８-５５５-０１４２',
    '＋１（６７８）５５５－０１４２',
    '٦٧٨-٥٥٥-٠١٤٢',
    '۶۷۸-۵۵۵-۰۱۴۲',
    '६७८-५५५-०१४२',
    '৬৭৮৫৫৫০১৪২',
    '๖๗๘-๕๕๕-๐๑๔๒',
    '𞥖𞥗𞥘𞥕𞥕𞥕𞥐𞥑𞥔𞥒',
    '𝟔𝟕𝟖-𝟝𝟝𝟝-𝟶𝟷𝟺𝟸',
    '678-٥٥٥-०१४२ ext. ٢٢',
    6785550142,
  ])('%s', (other) => {
    expect(compare(number, other)).toBe('same')
  })
})

describe('can be the same number, because digits are missing', () => {
  test.each([
    ['678-555-0142', '555-0142'],
    ['678-555-0142', '5550142'],
    ['678-555-0142', '1-555-0142'],
    ['678-555-0142', '+1 555-0142'],
    ['678-555-0142', '555-0142 x22'],
    ['678-555-0142', '٥٥٥-٠١٤٢'],
    ['404-555-0142', '555-0142'],
    ['678-555-0142', '78-555-0142'],
    ['678-555-0142', '8-555-0142'],
    ['678-555-0142', '678-555-014'],
    ['678-555-0142', '678-555-01'],
    ['678-555-0142', '678-55-0142'],
    ['201-555-0142', '1-555-0142'],
    ['1-785-550-142', '785-550-142'],
    ['78-555-0142', '555-0142'],
    ['678-555-0142', '555-0142 22'],
    ['678-555-0142', '1-555-0142 (2)'],
  ])('%s and %s', (one, other) => {
    expect(compare(one, other)).toMatch(/^(partial|same)$/)
  })
})

describe('is another number', () => {
  test.each([
    ['678-555-0142', '678-555-0143'],
    ['678-555-0142', '404-555-0142'],
    ['678-555-0142', '678-555-0124'],
    ['678-555-0142', '٦٧٨-٥٥٥-٠١٤٣'],
    ['678-555-0142', '６７８-５５５-０１４３'],
    ['678-555-0142', '+1 678-555-0143'],
    ['678-555-0142', '678-555-0143 x0142'],
    ['678-555-0142', '555-0143'],
    ['678-555-0142', '555-0124'],
    ['678-555-0142', '78-555-0143'],
    ['678-555-0142', '678-555-013'],
    ['678-555-0142', '555-0143 22'],
    ['678-555-0142', '+44 20 7946 0018'],
    ['678-555-0142', '011 44 20 7946 0018'],
    ['+44 20 7946 0018', '+44 20 7946 0019'],
    ['678-932-1578', '887-213-6744'],
  ])('%s and %s', (one, other) => {
    expect(compare(one, other)).toBe('different')
  })
})

describe('is unreadable', () => {
  const unreadable: unknown[] = [
    '',
    '   ',
    'unknown',
    'XXX-XXX-0100',
    '678-XXX-0100',
    '678-555-01XX',
    'xxx-xxx-0100',
    '***-***-0100',
    '678-***-0142',
    '•••-•••-0100',
    '###-###-0100',
    '678-555-01__',
    '1-800-FLOWERS',
    '678-555-CALL',
    '678-555-O142',
    '555-014',
    '1-555-014',
    '0100',
    '123456',
    '0678-555-0142',
    '678-555-01422',
    '678-555-0142 22',
    '442079460018',
    '678-555-0142/0143',
    '555-0142/43',
    '678-555-0142, 678-555-0143',
    '678-555-0142 or 555-0143',
    '678-555-0142 #5550143',
    '+1 678-555-01422',
    '\u202e2410-555-876',
    '6785550142'.repeat(100_000),
    null,
    undefined,
    {},
    { toString: 1 },
    Number.NaN,
  ]
  test.each(unreadable.map((other) => [inspect(other).slice(0, 40), other]))('%s', (_, other) => {
    expect(compare(number, other)).toBe('unreadable')
    expect(compare(other, other)).toBe('unreadable')
  })
})

test('a long text takes no time', () => {
  const begin = performance.now()
  // Normalizing this takes Node.js seconds, and ten times as many marks take minutes.
  expect(readNumber(`a${'\u0301\u0323'.repeat(50_000)}`)).toBeUndefined()
  expect(performance.now() - begin).toBeLessThan(1000)
})

test('the digits of every script are read', () => {
  const digits = Array.from({ length: 0x11_0000 }, (_, code) => code).filter((code) =>
    /\p{Nd}/u.test(String.fromCodePoint(code)),
  )
  expect(digits.length).toBeGreaterThan(600)
  for (const [n, code] of digits.entries())
    expect(readNumber(`678555014${String.fromCodePoint(code)}`)).toBe(`678555014${n % 10}`)
})

describe('isDialable', () => {
  test.each([
    '678-555-0142',
    '6785550142',
    '678555-0142',
    '202-555-0100',
    '202-555-0199',
    // The vendor's samples. No area code 887 is assigned.
    '678-932-1578',
    '887-213-6744',
    // The code is reserved for toll-free numbers, which can have an N11 code here.
    '822-411-0100',
    '8224110100',
    '800-555-0100',
    '210-555-0100',
    '919-555-0100',
  ])('accepts %s', (dialable) => {
    expect(isDialable(dialable)).toBe(true)
  })

  test.each([
    ['an area code that starts with 0', '078-555-0142'],
    ['an area code that starts with 1', '178-555-0142'],
    ['the area code 000', '000-555-0142'],
    ['the area code 111', '111-555-0142'],
    ['the area code 411', '411-555-0142'],
    ['the area code 911', '911-555-0142'],
    ['an exchange that starts with 0', '678-055-0142'],
    ['an exchange that starts with 1', '678-155-0142'],
    ['the exchange 000', '678-000-0142'],
    ['the exchange 411', '678-411-0142'],
    ['the exchange 911', '678-911-0142'],
    ['the exchange 911 of a code for services', '822-911-0142'],
    ['nine digits', '678-555-014'],
    ['eleven digits', '678-555-01422'],
    ['seven digits', '555-0142'],
    ['a country code', '1-678-555-0142'],
    ['a country code and a plus', '+16785550142'],
    ['an extension', '678-555-0142 x22'],
    ['brackets', '(678) 555-0142'],
    ['digits of another script', '٦٧٨-٥٥٥-٠١٤٢'],
    ['a line break', '678-555-0142\n'],
    ['nothing', ''],
    ['a number instead of a string', 6785550142],
    ['null', null],
    ['a list', ['678-555-0142']],
  ])('rejects %s', (_, other) => {
    expect(isDialable(other)).toBe(false)
  })
})

/** Both orders give the same result. */
function compare(one: unknown, other: unknown): string {
  const [first, second] = [readNumber(one), readNumber(other)]
  const result = compareNumbers(first, second)
  expect(compareNumbers(second, first)).toBe(result)
  return result
}
