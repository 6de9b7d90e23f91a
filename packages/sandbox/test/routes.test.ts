/** The router with paths that the contract doesn't have yet. */
import { describe, expect, test } from 'vitest'
import type { ContractOperation } from '../src/core/operation.ts'
import { createRouter, findOperation, readParams } from '../src/core/routes.ts'

const operation = (path: string, method = 'GET') => {
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
  return { path, method, parameters } as ContractOperation
}
const paths = [
  '/orders/{order_id}',
  '/orders/open',
  '/orders/open/{day}/notes',
  '/orders/{order_id}/{kind}/files',
]

describe('each path finds its operation, whatever the order in the contract', () => {
  const route = createRouter(paths.map((path) => operation(path)))
  test.each([
    ['/orders/7', '/orders/{order_id}', { order_id: 7 }],
    ['/orders/open', '/orders/open', {}],
    ['/orders/open/2/notes', '/orders/open/{day}/notes', { day: 2 }],
    ['/orders/8/2/files', '/orders/{order_id}/{kind}/files', { order_id: 8, kind: 2 }],
  ])('%s', (path, expected, params) => {
    const found = route(path)
    expect(found.template).toBe(expected)
    expect(readParams(findOperation(found, 'GET'), found)).toEqual(params)
  })

  test('a fixed part that leads nowhere gives way to a parameter', () => {
    const { template, values } = route('/orders/open/2/files')
    expect(template).toBe('/orders/{order_id}/{kind}/files')
    expect(values).toEqual(['open', '2'])
  })

  test.each(['/orders', '/orders/', '/orders/7/', '/orders//x/files', '/', '', '/orders/constructor/x'])(
    '%s is unknown',
    (path) => expect(() => route(path)).toThrow(expect.objectContaining({ status: 404 })),
  )
})

test('the error for an unknown path names at most ten paths', () => {
  const route = createRouter(Array.from({ length: 400 }, (_, index) => operation(`/things-${index}`)))
  expect(() => route('/thing')).toThrow(/\/things-0, .*\/things-9 and 390 more/)
})
