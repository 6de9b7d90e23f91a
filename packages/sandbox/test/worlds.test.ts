import { expect, test } from 'vitest'
import { borrower, sandbox, seeded } from './calls.ts'

const phone = { type: 6, number: '2025550143' }

test('each token has its own world', async () => {
  const { call } = await sandbox()
  await call('DELETE', `${borrower}/39317578`, undefined, { token: 'one' })
  await call('POST', borrower, phone, { token: 'two' })
  const ids = async (token: string) =>
    (await call('GET', borrower, undefined, { token })).body.data.map(({ id }: { id: number }) => id)
  expect(await ids('one')).toEqual([39317579])
  expect(await ids('two')).toEqual([39317578, 39317579, 39317581])
  expect(await ids('three')).toEqual([39317578, 39317579])
})

test('beyond the cap on worlds, the one that was unused for longest goes', async () => {
  const { call } = await sandbox({ caps: { worlds: 2 } })
  const use = (token: string) => call('GET', `${borrower}/39317578`, undefined, { token })
  await call('DELETE', `${borrower}/39317578`, undefined, { token: 'kept' })
  await call('DELETE', `${borrower}/39317578`, undefined, { token: 'goes' })
  await use('kept')
  await use('newest')
  expect((await use('kept')).status).toBe(404)
  expect((await use('goes')).status).toBe(200)
})

test('beyond the cap on all records, worlds go likewise', async () => {
  const { call } = await sandbox({ caps: { records: 2 * seeded + 2 } })
  const count = async (token: string) => (await call('GET', borrower, undefined, { token })).body.data.length
  for (const token of ['one', 'one', 'two', 'two']) await call('POST', borrower, phone, { token })
  expect((await call('GET', '/__sandbox/health')).body).toMatchObject({ worlds: 1, records: seeded + 2 })
  expect(await count('two')).toBe(4)
})

test('a world that is full refuses a create and says what to do', async () => {
  const { call } = await sandbox({ caps: { recordsPerWorld: seeded + 1 } })
  expect((await call('POST', borrower, phone)).status).toBe(200)
  const refused = await call('POST', borrower, phone)
  expect(refused.status).toBe(403)
  expect(refused.body.message).toMatch(/full: delete records or reset/)
  await call('DELETE', `${borrower}/39317578`)
  expect((await call('POST', borrower, phone)).status).toBe(200)
})

test('a seed of one’s own stands in every new world', async () => {
  const seed = { orders: [{ order_id: 7001, borrowers: [{ borrower_id: 8001, phones: [phone] }] }] }
  const { call } = await sandbox({ seed })
  for (const token of ['one', 'two']) {
    const { body } = await call('GET', '/api/v140/orders/7001/borrowers/8001/phones', undefined, { token })
    expect(body.data).toMatchObject([{ type: 6, number: '202-555-0143', valid: 1, no_contact: 0 }])
  }
  expect((await call('GET', borrower)).status).toBe(404)
})
