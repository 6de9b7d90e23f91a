/** Shapes of operations that the client carries out although the contract has none of them yet. */
import { expect, test } from 'vitest'
import { connect } from '../src/client.ts'
import { borrowerPhones } from '../src/operations.gen.ts'
import { secrets } from './servers.ts'

const sent: { url: string; body: unknown }[] = []
const connection = connect({
  token: secrets.token,
  fetch: async (url, init) => {
    sent.push({ url: String(url), body: init?.body })
    return new Response('{}')
  },
})
const operation = { id: 'listThings', method: 'GET', path: '/things', mayRepeat: true }

test.each<[Record<string, unknown>, string]>([
  [{}, '/things'],
  [{ page: undefined, tag: null }, '/things'],
  [{ page: 0, tag: 'a b&c' }, '/things?page=0&tag=a+b%26c'],
  [{ tag: ['a', undefined, 'b'], other: 1 }, '/things?tag=a&tag=b'],
])('a query of %j', async (given, path) => {
  await connection.call({ ...operation, query: ['page', 'tag'] }, given, undefined)
  expect(sent.at(-1)).toEqual({ url: `https://api.mbsisystems.com${path}`, body: null })
})

const keys = { name: 'any', address: { street: 'any', marked: 'flag' } } as const
test.each<[unknown, string | undefined]>([
  [{ address: { street: 'x', marked: 1 } }, undefined],
  [{ address: null }, undefined],
  [{ address: [{ street: 'x' }, { marked: 0 }] }, undefined],
  [{ name: { free: 1 } }, undefined],
  [{ address: { town: 'x' } }, 'listThings: address has the unknown key town; known are street, marked'],
  [{ address: [{ street: 'x' }, { marked: 2 }] }, 'listThings: marked must be 0 or 1'],
  [{ address: 'x' }, 'listThings: address must be a plain object with keys among street, marked'],
])('a nested body %j', async (body, text) => {
  const { error } = (await connection.call({ ...operation, method: 'PUT', keys }, {}, body).result()) as any
  expect(error?.message).toBe(text)
  if (!text) expect(sent.at(-1)?.body).toBe(JSON.stringify(body))
})

test('a flag that comes back otherwise is about dialling only where there are numbers', async () => {
  const { call } = connect({
    token: secrets.token,
    fetch: async () => Response.json({ data: { marked: 0 } }),
  })
  const { error } = (await call(
    { ...operation, keys: { marked: 'flag' } },
    {},
    { marked: 1 },
  ).result()) as any
  expect(error.message).toBe('listThings: marked did not come back as sent; read the record again')
})

test('a resource is made once', () => {
  expect(connection.use(borrowerPhones)).toBe(connection.use(borrowerPhones))
})
