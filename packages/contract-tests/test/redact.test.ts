/** What the redactor masks, and what it leaves. */
import { describe, expect, test } from 'vitest'
import { createRedactor, redact } from '../src/redact.ts'

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
