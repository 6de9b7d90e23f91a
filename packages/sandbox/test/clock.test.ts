/** Times that are formatted one after the other don't affect each other. */
import { expect, test } from 'vitest'
import { timestamp } from '../src/world/clock.ts'

test.each([
  [0, 999, '1970-01-01 00:00:00'],
  [1000, 1999, '1970-01-01 00:00:01'],
  [-1, -1000, '1969-12-31 23:59:59'],
  [Date.UTC(2026, 2, 7, 14, 3, 51), Date.UTC(2026, 2, 7, 14, 3, 51, 999), '2026-03-07 14:03:51'],
])('%d and %d are in the second %s', (first, last, text) => {
  expect([timestamp(last), timestamp(first), timestamp(first + 1000) > text, timestamp(last)]).toEqual([
    text,
    text,
    true,
    text,
  ])
})
