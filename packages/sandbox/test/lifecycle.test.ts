import { describe, expect, test } from 'vitest'
import { borrower, sandbox } from './calls.ts'

const phone = { type: 6, number: '2025550143', valid: 1, no_contact: 1 }
const listed = [
  'id',
  'type',
  'mobile_carrier_id',
  'number',
  'extension',
  'memo',
  'valid',
  'no_contact',
  'created_at',
  'updated_at',
]

describe('a created phone', () => {
  test('can be read, and is in the list', async () => {
    const { call } = await sandbox()
    const { body: created } = await call('POST', borrower, phone)
    expect(created.data.number).toBe('202-555-0143')

    const { body: read } = await call('GET', `${borrower}/${created.data.id}`)
    expect(read).toEqual({ data: created.data })

    const { body: list } = await call('GET', borrower)
    expect(list.data).toHaveLength(3)
    expect(list.data.at(-1)).toEqual(Object.fromEntries(listed.map((name) => [name, created.data[name]])))
  })

  test("has the fields of the vendor's samples in their order", async () => {
    const { call } = await sandbox()
    const { body } = await call('POST', borrower, { memo: 'home', number: '202-555-0143', type: 5 })
    expect(Object.keys(body.data)).toEqual([...listed, 'deleted_at', 'migration', 'address_with_number'])
    expect(body.data).toMatchObject({ mobile_carrier_id: null, extension: null, valid: 1, no_contact: 0 })
  })

  test('is stored twice if the create is sent twice', async () => {
    const { call } = await sandbox()
    const first = await call('POST', borrower, phone)
    const second = await call('POST', borrower, phone)
    expect(second.body.data.id).toBe(first.body.data.id + 1)
    expect((await call('GET', borrower)).body.data).toHaveLength(4)
  })

  test('has an id that is never reused, even after a delete', async () => {
    const { call } = await sandbox()
    const { body: first } = await call('POST', borrower, phone)
    await call('DELETE', `${borrower}/${first.data.id}`)
    const { body: second } = await call('POST', borrower, phone)
    expect(second.data.id).toBe(first.data.id + 1)
  })
})

describe('an update', () => {
  test('changes the sent fields and updated_at', async () => {
    const { call } = await sandbox()
    await call('PUT', '/__sandbox/clock', { times: ['2026-11-02 09:00:00'] })
    const { body: before } = await call('GET', `${borrower}/39317578`)
    const { body: after } = await call('PUT', `${borrower}/39317578`, { no_contact: 1 })
    expect(after).toEqual({
      data: { ...before.data, no_contact: 1, updated_at: '2026-11-02 09:00:00' },
      status: 'success',
    })
    expect((await call('GET', `${borrower}/39317578`)).body.data).toEqual(after.data)
  })

  test.each([
    ['an empty object', {}],
    ['the current values', { type: 5, memo: null }],
  ])('with %s changes nothing, not even updated_at', async (_, body) => {
    const { call } = await sandbox()
    const { body: before } = await call('GET', `${borrower}/39317578`)
    const response = await call('PUT', `${borrower}/39317578`, body)
    expect(response.status).toBe(200)
    expect(response.body.data).toEqual(before.data)
  })

  test('with null clears a nullable field', async () => {
    const { call } = await sandbox()
    await call('PUT', `${borrower}/39317578`, { memo: 'work', extension: '007', mobile_carrier_id: 2 })
    const cleared = { memo: null, extension: null, mobile_carrier_id: null }
    expect((await call('PUT', `${borrower}/39317578`, cleared)).body.data).toMatchObject(cleared)
  })

  test('keeps the position of the record in the list', async () => {
    const { call } = await sandbox()
    await call('PUT', `${borrower}/39317578`, { memo: 'work' })
    const { body } = await call('GET', borrower)
    expect(body.data.map(({ id }: { id: number }) => id)).toEqual([39317578, 39317579])
  })
})

test.each(['GET', 'PUT', 'DELETE'])('%s of a deleted phone is 404', async (method) => {
  const { call } = await sandbox()
  expect((await call('DELETE', `${borrower}/39317579`)).body).toEqual({ data: { success: true } })
  const response = await call(
    method,
    `${borrower}/39317579`,
    method === 'PUT' ? { no_contact: 1 } : undefined,
  )
  expect(response.status).toBe(404)
  expect(response.body.message).toMatch(/phone/)
})

test('a phone of the second borrower is a 404 under the first', async () => {
  const { call } = await sandbox()
  const second = '/api/v140/orders/57073907/borrowers/124943338/phones'
  expect((await call('GET', `${second}/39317580`)).body.data.number).toBe('202-555-0180')
  expect((await call('GET', `${borrower}/39317580`)).status).toBe(404)
})

test('a memo is stored unchanged', async () => {
  const { call } = await sandbox()
  for (const memo of [
    '',
    ' padded ',
    'Zoë 東京 👩‍👩‍👧',
    'a\u0000b',
    '\ud800',
    '"\\/\n\u2028',
    '<b>',
    'e\u0301',
  ]) {
    const { body } = await call('POST', borrower, { ...phone, memo })
    expect((await call('GET', `${borrower}/${body.data.id}`)).body.data.memo).toBe(memo)
  }
})

test('an extension keeps its leading zeros', async () => {
  const { call } = await sandbox()
  expect((await call('POST', borrower, { ...phone, extension: '007' })).body.data.extension).toBe('007')
})
