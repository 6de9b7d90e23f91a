/** The router with paths that the contract does not have yet. */
import { describe, expect, test } from 'vitest'
import type { ContractOperation } from '../src/operation.ts'
import { createRouter } from '../src/routes.ts'

const operation = (path: string, method = 'GET') => ({ path, method }) as ContractOperation
const paths = [
  '/orders/{order_id}',
  '/orders/open',
  '/orders/open/{day}/notes',
  '/orders/{order_id}/{kind}/files',
]

describe('each path finds its operation, whichever stands first in the contract', () => {
  const route = createRouter(paths.map((path) => operation(path)))
  test.each([
    ['/orders/7', '/orders/{order_id}', ['7']],
    ['/orders/open', '/orders/open', []],
    ['/orders/open/2/notes', '/orders/open/{day}/notes', ['2']],
    ['/orders/open/2/files', '/orders/{order_id}/{kind}/files', ['open', '2']],
  ])('%s', (path, expected, raw) => {
    expect(route('GET', path)).toMatchObject({ operation: { path: expected }, raw })
  })

  test.each(['/orders', '/orders/', '/orders/7/', '/orders//x/files', '/', '', '/orders/constructor/x'])(
    '%s is none',
    (path) => expect(() => route('GET', path)).toThrow(/no such path/),
  )
})

test('a contract of many paths does not answer a wrong one with all of them', () => {
  const route = createRouter(Array.from({ length: 400 }, (_, index) => operation(`/things-${index}`)))
  expect(() => route('GET', '/thing')).toThrow(/It has \/things-0, .*\/things-9 and 390 more\.$/)
})
