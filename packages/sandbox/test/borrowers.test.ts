/** The way from an order to the phones: its borrowers, and the addresses of each. */
import { vendorFacts } from '@recoveryconnect/spec/provenance'
import { describe, expect, test } from 'vitest'
import { type Call, sandbox } from './calls.ts'

const borrowersOf = (order: number) => `/api/v140/orders/${order}/borrowers`
const idsOf = ({ body }: { body: { data: { id: number }[] } }) => body.data.map(({ id }) => id)

/** The first documented record of a list. */
function documentedRecord(title: string): object | undefined {
  const found = vendorFacts.operations.find((operation) => operation.title === title)
  return (found?.response as { data: object[] } | undefined)?.data[0]
}

describe('a new world', () => {
  test('has the documented borrowers of the documented order, in their order', async () => {
    const { call } = await sandbox()
    const { body } = await call('GET', borrowersOf(57062885))
    const first = documentedRecord('Retrieve Order Borrowers')
    expect(body.data).toEqual([
      first,
      {
        ...first,
        id: 124941995,
        parent_id: 124941997,
        person_id: 136786891,
        is_primary: 0,
        firstname: expect.any(String),
        created_at: '2026-03-07 13:20:43',
        updated_at: '2026-03-07 13:20:44',
      },
    ])
  })

  test('has the documented addresses of the documented borrower of another order', async () => {
    const { call } = await sandbox()
    expect((await call('GET', borrowersOf(57073907))).body.data).toMatchObject([
      { id: 124943338, order_id: 57073907 },
    ])
    const { body } = await call('GET', `${borrowersOf(57073907)}/124943338/addresses`)
    const first = documentedRecord('Retrieve Borrower Addresses')
    expect(body.data[0]).toEqual(first)
    expect(body.data.slice(1)).toEqual([
      {
        ...first,
        id: 219114268,
        address_id: 120093909,
        name: 'Work Address',
        address_1: '2 Example Street',
        type: 7,
        latitude: '32.75589400',
        longitude: '-111.67095800',
      },
    ])
  })

  test('starts with the documented borrower, who has phones', async () => {
    const { call } = await sandbox()
    const { orders } = (await call('GET', '/__sandbox/world')).body
    expect(orders[0].borrowers[0]).toMatchObject({ borrower_id: 124927241, phones: [{}, {}], addresses: [] })
    expect(orders).toHaveLength(2)
  })

  test('has phones for each order', async () => {
    const { call } = await sandbox()
    const phonesOf = (order: number, id: number) => call('GET', `${borrowersOf(order)}/${id}/phones`)
    expect(idsOf(await phonesOf(57062885, 124927241))).toEqual([39317578, 39317579])
    expect(idsOf(await phonesOf(57062885, 124941995))).toEqual([])
    expect(idsOf(await phonesOf(57073907, 124943338))).toEqual([39317580])
  })
})

const time = '2026-01-02 03:04:05'
const given = {
  orders: [
    {
      order_id: 7002,
      borrowers: [
        {
          borrower_id: 8004,
          is_deceased: 1,
          bankruptcy: { chapter: 7 },
          created_at: time,
          phones: [
            { type: 6, number: '123456' },
            { type: 6, number: '' },
            { type: 6, number: '2025550143' },
          ],
        },
        {
          borrower_id: 8003,
          ssn: '000-00-0000',
          addresses: [{ no_contact: 1, address_1: '3 Example Street' }],
        },
      ],
    },
    { order_id: 7001 },
  ],
}

async function start(): Promise<Call> {
  return (await sandbox({ seed: given, now: () => Date.UTC(2026, 2, 7, 14, 3, 51) })).call
}

describe('a borrower in a world file', () => {
  test('is in the list of its order, and gets the values of the sample for other fields', async () => {
    const call = await start()
    const sample = documentedRecord('Retrieve Order Borrowers')
    const now = '2026-03-07 14:03:51'
    expect((await call('GET', borrowersOf(7002))).body.data).toEqual([
      {
        ...sample,
        ...{ id: 8003, parent_id: 8003, person_id: 8003, order_id: 7002, ssn: '000-00-0000' },
        ...{ created_at: now, updated_at: now },
      },
      {
        ...sample,
        ...{ id: 8004, parent_id: 8004, person_id: 8004, order_id: 7002 },
        ...{ is_deceased: 1, bankruptcy: { chapter: 7 }, created_at: time, updated_at: time },
      },
    ])
    expect((await call('GET', borrowersOf(7001))).body).toEqual({ data: [] })
  })

  test('has its own addresses, completed in the same way', async () => {
    const call = await start()
    expect((await call('GET', `${borrowersOf(7002)}/8003/addresses`)).body.data).toEqual([
      {
        ...documentedRecord('Retrieve Borrower Addresses'),
        ...{ id: 1000, address_id: 1000, no_contact: 1, address_1: '3 Example Street' },
        ...{ created_at: '2026-03-07 14:03:51', updated_at: '2026-03-07 14:03:51' },
      },
    ])
    expect((await call('GET', `${borrowersOf(7002)}/8004/addresses`)).body).toEqual({ data: [] })
  })

  test('always has an empty list of phones in a response, as in the sample', async () => {
    const call = await start()
    const { body } = await call('GET', borrowersOf(7002))
    expect(body.data.map(({ phones }: { phones: unknown }) => phones)).toEqual([[], []])
  })

  test.each<[string, object, string, string]>([
    ['a flag that is neither 0 nor 1', { is_deceased: 2 }, 'is_deceased', 'allowed values: 0, 1'],
    ['a flag that is a string', { active_military: '1' }, 'active_military', 'integer'],
    ['a name that is null', { firstname: null }, 'firstname', 'string'],
    ['a birthday that is a number', { birthday: 5 }, 'birthday', 'string,null'],
    ['the id of its order, which the file already has', { order_id: 7001 }, 'order_id', 'unknown key'],
    ['a mistyped field', { is_dead: 1 }, 'is_dead', 'unknown key'],
    ['a mistyped field of an address', { addresses: [{ street: 1 }] }, 'addresses/0/street', 'unknown key'],
    ['a flag of an address', { addresses: [{ no_contact: true }] }, 'addresses/0/no_contact', 'integer'],
  ])('with %s is an error', async (_, wrong, place, message) => {
    const { call } = await sandbox()
    const orders = [{ order_id: 7001, borrowers: [{ borrower_id: 8001, ...wrong }] }]
    const { status, body } = await call('PUT', '/__sandbox/world', { orders })
    expect(status).toBe(422)
    expect(body.errors[`/orders/0/borrowers/0/${place}`]?.[0]).toContain(message)
  })
})

test('every borrower of every list has phones and addresses, and there are no others', async () => {
  for (const seed of [given, undefined]) {
    const { call } = await sandbox(seed && { seed })
    const world = (await call('GET', '/__sandbox/world')).body
    for (const { order_id, borrowers } of world.orders) {
      const listed = idsOf(await call('GET', borrowersOf(order_id)))
      expect(listed).toEqual(borrowers.map(({ borrower_id }: { borrower_id: number }) => borrower_id))
      for (const { borrower_id, phones, addresses } of borrowers)
        for (const [list, own] of Object.entries({ phones, addresses })) {
          const children = await call('GET', `${borrowersOf(order_id)}/${borrower_id}/${list}`)
          expect(idsOf(children)).toEqual((own as { id: number }[]).map(({ id }) => id))
        }
    }
  }
})

test('an exported world is the same after an import', async () => {
  const { call } = await sandbox({ seed: given })
  const { body } = await call('GET', '/__sandbox/world')
  const other = { token: 'other' }
  expect((await call('PUT', '/__sandbox/world', body, other)).status).toBe(200)
  expect((await call('GET', '/__sandbox/world', undefined, other)).body).toEqual(body)
})

describe("a number of a world file that isn't ten digits", () => {
  const phones = `${borrowersOf(7002)}/8004/phones`
  const numbersIn = async (call: Call) =>
    (await call('GET', phones)).body.data.map(({ number }: { number: string }) => number)

  test('stays as it is, and ten digits get dashes', async () => {
    expect(await numbersIn(await start())).toEqual(['123456', '', '202-555-0143'])
  })

  test('stays when another field changes, but a request may not send it', async () => {
    const call = await start()
    expect((await call('PUT', `${phones}/1000`, { no_contact: 1 })).body.data).toMatchObject({
      number: '123456',
      no_contact: 1,
    })
    expect((await call('PUT', `${phones}/1000`, { number: '123456' })).status).toBe(422)
    expect((await call('POST', phones, { type: 6, number: '123456' })).status).toBe(422)
    expect(await numbersIn(call)).toEqual(['123456', '', '202-555-0143'])
  })
})
