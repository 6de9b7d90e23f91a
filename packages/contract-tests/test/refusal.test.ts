import { startMock } from '@recoveryconnect/mock'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operation, operations } from '../src/contract.ts'

let mock: Awaited<ReturnType<typeof startMock>>
beforeAll(async () => {
  mock = await startMock({ port: 0 })
})
afterAll(() => mock.close())

const phones = '/api/v140/orders/57062885/borrowers/124927241/phones'
const send = (method: string, path: string, body?: unknown, token = 'Bearer any-token') =>
  fetch(mock.url + path, {
    method,
    headers: { ...(token && { authorization: token }), 'content-type': 'application/json' },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })

describe('a body that the contract refuses is refused', () => {
  const good = operation('createBorrowerPhone').requests['all-fields'] as Record<string, unknown>
  const bad: [string, unknown][] = [
    ['no type', { ...good, type: undefined }],
    ['no number', { ...good, number: undefined }],
    ['a type that is a string', { ...good, type: '6' }],
    ['a number that is a number', { ...good, number: 6789321578 }],
    ['a carrier that is a string', { ...good, mobile_carrier_id: '1' }],
    ['an extension that is a number', { ...good, extension: 22 }],
    ['a memo that is a list', { ...good, memo: ['home'] }],
    ['a flag that is a boolean', { ...good, no_contact: true }],
    ['a flag that is a string', { ...good, no_contact: '1' }],
    ['a flag that is neither 0 nor 1', { ...good, valid: 2 }],
    ['a flag that is null', { ...good, no_contact: null }],
    ['a list', [good]],
    ['null', null],
  ]

  test.each(bad)('create: %s', async (_, body) => {
    const answer = await send('POST', phones, body)
    expect(answer.status).toBe(422)
    expect(await answer.json()).toEqual({ message: expect.any(String), errors: expect.any(Object) })
  })

  test.each(bad.slice(2))('update: %s', async (_, body) => {
    expect((await send('PUT', `${phones}/39317581`, body)).status).toBe(422)
  })

  test('broken JSON', async () => {
    expect((await send('POST', phones, '{"type": 6,')).status).toBe(400)
  })
})

describe('a request without a token is refused', () => {
  const [secured, open] = [true, false].map((wanted) =>
    operations.filter(({ secured }) => secured === wanted),
  )
  test('only the authentication call needs none', () =>
    expect(open?.map(({ id }) => id)).toEqual(['createAccessToken']))
  test.each(secured ?? [])('$id', async ({ method, path, ids, requests }) => {
    const target = path.replace(/\{(\w+)\}/g, (_, name: string) => String(ids[name]))
    const answer = await send(method, target, Object.values(requests)[0], '')
    expect(answer.status).toBe(401)
    expect(await answer.json()).toEqual({ message: expect.any(String) })
  })
})

test.each([
  ['abc', 404],
  ['1.5', 404],
  ['%20', 404],
  ['%ff', 400],
])('the phone id %s is answered %i, in the contract’s shape', async (id, status) => {
  const answer = await send('GET', `${phones}/${id}`)
  expect(answer.status).toBe(status)
  expect(await answer.json()).toEqual({ message: expect.any(String) })
})
