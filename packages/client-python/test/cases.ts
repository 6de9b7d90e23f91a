/**
 * Prints cases with the results of the TypeScript client, so that the Python client can't differ: numbers, reasons not
 * to dial, and `Retry-After`.
 */
import { dialable, mayBeDialled, objectionsTo } from '@recoveryconnect/client'
import { compareNumbers, isDialable, readNumber } from '../../client/src/numbers.ts'
import { parseRetryAfter } from '../../client/src/retry-after.ts'

const prefixes = [
  '',
  '+',
  '+1 ',
  '1-',
  '1',
  'tel:',
  'Tel. ',
  'TEL:+1-',
  '011 1 ',
  '011 44 ',
  '+44 ',
  '0',
  '00',
  '-',
  '(',
  '\u202e',
  '\u202a',
  '#',
  'call ',
]
const wholes = [
  '678-555-0142',
  '6785550142',
  '(678) 555-0142',
  '678.555.0142',
  '678 555 0142',
  '678–555–0142',
  '678\u00a0555\u20110142',
  '678\u00b7555\u22120142',
  '[678] 555 - 0142 ',
  '678\u00ad555\u200b0142',
  '６７８-５５５-０１４２',
  '٦٧٨-٥٥٥-٠١٤٢',
  '۶۷۸-۵۵۵-۰۱۴۲',
  '६७८-५५५-०१४२',
  '๖๗๘-๕๕๕-๐๑๔๒',
  '𞥖𞥗𞥘𞥕𞥕𞥕𞥐𞥑𞥔𞥒',
  '𝟔𝟕𝟖-𝟝𝟝𝟝-𝟶𝟷𝟺𝟸',
  '678-٥٥٥-०१४२',
  '678-555-0143',
  '404-555-0142',
  '678-555-0124',
  '555-0142',
  '5550142',
  '555-0143',
  '8-555-0142',
  '78-555-0142',
  '678-555-014',
  '678-555-01',
  '678-55-0142',
  '555-014',
  '0100',
  '123456',
  '20 7946 0018',
  '078-555-0142',
  '178-555-0142',
  '411-555-0142',
  '911-555-0142',
  '678-055-0142',
  '678-155-0142',
  '678-411-0142',
  '678-911-0142',
  '822-411-0100',
  '822-911-0100',
  '800-555-0100',
  '678-555-01422',
  '887-213-6744',
  'XXX-XXX-0100',
  '678-XXX-0100',
  '***-***-0100',
  '•••-•••-0100',
  '1-800-FLOWERS',
  '678-555-O142',
  '678-555-01__',
  'unknown',
  '',
  '   ',
  '678-555\n-0142',
  '678\u0085555 0142',
  '678\u001c5550142',
  '678\ufeff5550142',
  '678\u20285550142',
  '²²²²²²²²²²',
  'Ⅷ',
  '6785550142é',
]
const suffixes = [
  '',
  ' ',
  'x22',
  ' X 22',
  ' ext. 22',
  ' ext 000022',
  ' ext 0000022',
  ' Ext: 22',
  ' extn. 22',
  ' extension 22',
  ';ext=22',
  ' #22',
  ' 22',
  ' (2)',
  '/0143',
  ', 678-555-0143',
  ' or 555-0143',
  ' ext. ٢٢',
  '\n',
  ' eⅹt 22',
]
const numbers: unknown[] = [
  ...prefixes.flatMap((prefix) => wholes.map((whole) => prefix + whole)),
  ...wholes.flatMap((whole) => suffixes.map((suffix) => whole + suffix)),
  ...digitsOfEveryScript(),
  ...[6785550142, 16785550142, 0, -5, 1e14, null, true, false, {}, [], ['678-555-0142']],
  ...[
    '6785550142'.repeat(30),
    `a${'\u0301\u0323'.repeat(200)}`,
    `${' '.repeat(245)}6785550142`,
    `${' '.repeat(246)}6785550142`,
  ],
]

function digitsOfEveryScript(): string[] {
  return Array.from({ length: 0x11_0000 }, (_, code) => code)
    .filter((code) => /\p{Nd}/u.test(String.fromCodePoint(code)))
    .map((code) => `678555014${String.fromCodePoint(code)}`)
}

const read = [...new Set(numbers.map(readNumber))].sort()
const compared = read.flatMap((one) => read.map((other) => [one, other, compareNumbers(one, other)]))

const phone = { id: 1, number: '678-555-0142', valid: 1, no_contact: 0 }
const borrower = {
  id: 7,
  is_deceased: 0,
  bankruptcy: null,
  active_military: 0,
  deleted_at: null,
  is_violent: 1,
  is_fraud: 1,
}
const address = { id: 9, no_contact: 0 }
const missing = undefined
const values = [missing, null, 0, 1, 2, '0', '1', '', true, false, 'then', [], {}]

/** The record with each of its fields changed to each value, and what isn't a record. */
function variantsOf(record: object, names: string[]): unknown[] {
  const changed = names.flatMap((name) => values.map((value) => ({ ...record, [name]: value })))
  return [record, ...changed, null, 'text', 1, [], {}]
}

const flags = ['valid', 'no_contact', 'deleted_at']
const otherNumbers = [
  '678-555-0142',
  '+1 (678) 555-0142',
  '555-0142',
  '555-0143',
  '678-555-0143',
  'XXX-XXX-0199',
  '',
  '٦٧٨٥٥٥٠١٤٢',
  '678-555-0142 x22',
  '8-555-0142',
]
const others = variantsOf({ ...phone, id: 2 }, flags).concat(
  otherNumbers.flatMap((number) => [0, 1].map((no_contact) => ({ ...phone, id: 2, number, no_contact }))),
  [
    { ...phone, no_contact: 1, number: '678-555-0199' },
    { ...phone, id: missing, valid: 0 },
  ],
)
const dialing: { phone: unknown; records: Record<string, unknown> }[] = [
  ...variantsOf(phone, [...flags, 'number', 'id']).map((phone) => ({ phone, records: { phones: [phone] } })),
  ...others.map((other) => ({ phone, records: { phones: [phone, other] } })),
  ...others.map((other) => ({ phone: { ...phone, number: 'unknown' }, records: { phones: [other] } })),
  ...variantsOf(borrower, ['is_deceased', 'bankruptcy', 'active_military', 'deleted_at', 'id']).map(
    (borrower) => ({ phone, records: { phones: [phone], borrower } }),
  ),
  ...variantsOf(address, ['no_contact', 'id']).map((one) => ({
    phone,
    records: { phones: [phone], addresses: [address, one] },
  })),
  ...[null, 'text', {}, []].map((addresses) => ({ phone, records: { phones: [phone], addresses } })),
  ...[null, 'text', {}, []].map((phones) => ({ phone, records: { phones } })),
]

const retryAfter = [
  '',
  '5',
  ' 5 ',
  '5, 7,6',
  '5 ,7',
  '5x',
  '-5',
  '5.5',
  '1.2.3',
  '0',
  '1e3',
  '2026-03-07T14:00:07Z',
  '2026-03-07T15:00:07+01:00',
  '2026-03-07T14:00:07',
  '2026-03-07',
  '5 March 2026',
  'Sat, 07 Mar 2026 14:00:07 GMT',
  'Sat, 07 Mar 2026 14:00:07',
  'Saturday, 07-Mar-26 14:00:07 GMT',
  'Sat Mar  7 14:00:07 2026',
  'Sat Mar 7 14:00:07 2026',
  '2026-03-07T14:00:07.500Z',
  '5 7',
  '5,',
  '1,x',
  '.',
  'GMT',
  '7 Mar 2026 14:00:07 GMT',
  'Sat, 07 Mar 2026 13:59:00 GMT',
  'soon',
  'Someday',
  '30 seconds',
].flatMap((value) => [missing, '9000', 'x'].map((ms) => ({ value, ms })))
const date = 'Sat, 07 Mar 2026 14:00:00 GMT'

process.stdout.write(
  JSON.stringify({
    numbers: numbers.map((number) => ({
      number,
      read: readNumber(number) ?? null,
      dialable: isDialable(number),
    })),
    compared,
    dialing: dialing.map(({ phone, records }) => ({
      phone,
      records,
      objections: objectionsTo(phone as never, records as never),
      may_be_dialled: mayBeDialled(phone as never),
      dialable: dialable([phone] as never, records as never).length,
    })),
    retryAfter: retryAfter.map(({ value, ms }) => {
      const headers = { 'retry-after': value, ...(ms && { 'retry-after-ms': ms }), date }
      const found = parseRetryAfter(new Headers(headers))
      return { headers, seconds: found === Infinity ? 'infinite' : (found ?? 0) / 1000 }
    }),
  }),
)
