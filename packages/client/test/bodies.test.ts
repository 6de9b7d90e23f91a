/** Bodies are checked before anything is sent, and sent exactly. */
import { describe, expect, test } from 'vitest'
import { type ClientOptions, createClient, openapiClient } from '../src/client.ts'
import { expectNoSecret } from './leaks.ts'
import { ids, newPhone, secrets } from './servers.ts'

const phoneIds = { ...ids, phone_id: 1 }

describe('an invalid body is rejected before anything is sent', () => {
  /** What JSON leaves out, writes as something else, or has no form for. */
  const changed: [what: string, value: unknown][] = [
    ['a bigint', 1n],
    ['a function', () => 'x'],
    ['an async function', async () => 'x'],
    ['a symbol', Symbol('x')],
    ['a promise', Promise.resolve('x')],
    ['a Map', new Map([['x', 1]])],
    ['a Set', new Set(['x'])],
    ['NaN in an object', { x: Number.NaN }],
    ['infinity in a list', [[-Infinity]]],
    ['an integer beyond 2^53 in an object', { x: { y: 2 ** 53 } }],
    ['a function in a list', [() => 1]],
  ]
  const bodies: [what: string, body: unknown, named: string][] = [
    ['an unknown field', { noContact: 1 }, 'noContact'],
    ['an unknown field next to known ones', { ...newPhone, nocontact: 1 }, 'nocontact'],
    ['a field named like the prototype', JSON.parse('{"__proto__":1}'), '__proto__'],
    ['a field that every object inherits', { constructor: 1 }, 'constructor is unknown'],
    ['a field name that is personal data', { [secrets.number]: 1 }, '(name hidden) is unknown'],
    ['a flag as a boolean', { no_contact: true }, 'no_contact'],
    ['a flag as a string', { no_contact: '1' }, 'no_contact'],
    ['a flag as null', { valid: null }, 'valid'],
    ['a flag of 2', { valid: 2 }, 'valid'],
    ...[Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, -(2 ** 53) - 2, 1e21, 1.5, Number.MIN_VALUE].map(
      (type): [string, unknown, string] => [`the number ${type}`, { type }, 'type must be a whole number'],
    ),
    ['a JSON text', JSON.stringify(newPhone), 'plain object'],
    ['a list', [newPhone], 'plain object'],
    ['null', null, 'plain object'],
    ['nothing', undefined, 'plain object'],
    ['an object with toJSON', { ...newPhone, toJSON: () => ({}) }, 'plain object'],
    ['an inherited field', Object.create({ no_contact: 1 }), 'plain object'],
    [
      'a field that is a getter of a class',
      new (class {
        get no_contact() {
          return 1
        }
      })(),
      'plain object',
    ],
    ...changed.map(([what, memo]): [string, unknown, string] => [what, { memo }, 'JSON']),
  ]
  test.each(bodies)('%s', async (_, body, named) => {
    const { rc, sent } = silent()
    for (const result of [
      await rc.borrowerPhones.create(ids, body as never).result(),
      await rc.borrowerPhones.update(phoneIds, body as never).result(),
    ]) {
      expect(result).toMatchObject({
        error: { kind: 'invalid_input', attempts: 0, message: expect.stringContaining(named) },
      })
      expectNoSecret(!result.ok && result.error)
    }
    expect(sent()).toBe(0)
  })

  test.each([
    ...changed,
    ...[Number.NaN, Infinity, 2 ** 53, -1e21].map((value): [string, unknown] => [String(value), value]),
  ])('and also with allowUnknownKeys, and by openapiClient: %s', async (_, value) => {
    const { rc, sent } = silent({ allowUnknownKeys: true })
    const [params, raw] = [{ path: phoneIds }, openapiClient(rc.connection)]
    for (const name of ['type', 'memo', 'no_contact', 'other']) {
      const body = { ...newPhone, [name]: value } as never
      const path = '/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones'
      for (const call of [
        rc.borrowerPhones.create(ids, body),
        rc.borrowerPhones.update(phoneIds, body),
        raw.POST(path, { params, body }),
        raw.PUT(`${path}/{phone_id}`, { params, body }),
      ])
        await expect(call).rejects.toMatchObject({ kind: 'invalid_input', attempts: 0 })
    }
    expect(sent()).toBe(0)
  })

  test('but the largest and smallest exact integers, and an instance of a class with fields, are sent', async () => {
    const { rc, bodies } = silent()
    const body = new (class {
      type = 2 ** 53 - 1
      mobile_carrier_id = 1 - 2 ** 53
      no_contact = 1 as const
    })()
    await rc.borrowerPhones.update(phoneIds, body).result()
    expect(bodies).toEqual(['{"type":9007199254740991,"mobile_carrier_id":-9007199254740991,"no_contact":1}'])
  })

  test('unless allowUnknownKeys is set', async () => {
    const { rc, bodies } = silent()
    const body = { ...newPhone, priority: 1.5 }
    await rc.borrowerPhones.create(ids, body, { allowUnknownKeys: true }).result()
    expect(bodies).toEqual([JSON.stringify(body)])
  })

  test('and a field that is undefined is left out', async () => {
    const { rc, bodies } = silent()
    await rc.borrowerPhones.update(phoneIds, { no_contact: 1, memo: undefined } as never).result()
    expect(bodies).toEqual(['{"no_contact":1}'])
  })
})

function silent(options: Partial<ClientOptions> = {}) {
  const bodies: unknown[] = []
  const fetch: typeof globalThis.fetch = async (_, init) => {
    bodies.push(init?.body)
    return Response.json({ data: {} })
  }
  return {
    rc: createClient({ token: secrets.token, fetch, ...options }),
    sent: () => bodies.length,
    bodies,
  }
}
