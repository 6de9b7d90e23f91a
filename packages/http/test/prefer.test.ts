import { describe, expect, test } from 'vitest'
import { readPrefer } from '../src/prefer.ts'

const unreadable = expect.stringContaining('Prefer')

test.each<[header: string | undefined, wish: object | string]>([
  [undefined, {}],
  ['', {}],
  ['code=503', { code: '503' }],
  ['code = 503', { code: '503' }],
  ['CODE\t=\t503 ', { code: '503' }],
  ['code="503"', { code: '503' }],
  ['example=""', unreadable],
  ['example="a \\"b\\", c"', { example: 'a "b", c' }],
  ['code=404, example=not-found', { code: '404', example: 'not-found' }],
  ['code=404; example=not-found', { code: '404', example: 'not-found' }],
  ['code=404, code=503', { code: '404' }],
  ['code=404; code=503', { code: '404' }],
  ['example=a, Example=b', { example: 'a' }],
  [', ,code=503,,', { code: '503' }],
  ['respond-async;;, code=503;;', { code: '503' }],
  ['code', unreadable],
  ['code=', unreadable],
  ['code=, code=503', unreadable],
  ['code==503', unreadable],
  ['code=503 404', unreadable],
  ['code:503', unreadable],
  ['code="503', unreadable],
  ['code=5/3', unreadable],
  ['foo bar, code=503', unreadable],
  ['foo="a, code=503', unreadable],
  ['foo="a, code=503"', {}],
  ['foo="\\", code=503"', {}],
  ['foo; code=503', {}],
  ['codes=503, x-code=503', {}],
  ['foo bar', {}],
  ['__proto__=1, toString=2', {}],
  // The examples of RFC 7240.
  ['respond-async, wait=100', {}],
  ['handling=lenient', {}],
  ['foo; bar', {}],
  ['foo; bar=""', {}],
  ['foo=""; bar', {}],
  ['foo', {}],
  ['Lenient', {}],
  ['return=minimal; foo="some parameter"', {}],
  ['priority=5', {}],
  ['respond-async, wait=100, code=503', { code: '503' }],
])('%j', (header, wish) => {
  expect(readPrefer(header)).toEqual(wish)
})

describe('a header of any form takes linear time', () => {
  const forms = [
    'a',
    'a ',
    ' ',
    '=',
    '= ',
    'a=',
    'a = ',
    '"',
    '\\"',
    'a="',
    '"\\',
    ';',
    ',',
    'a;',
    'a,',
    'code ',
  ]
  test.each(forms)('%j again and again', (form) => {
    for (const text of [form, `a${form}`, `a=${form}`, `a="${form}`]) {
      const start = performance.now()
      readPrefer(`${text}${form.repeat(200_000 / form.length)}\u0001`)
      // Quadratic time would be minutes.
      expect(performance.now() - start).toBeLessThan(2_000)
    }
  })
})
