import { describe, expect, test } from 'vitest'
import { createSandboxFetch } from '../src/fetch.ts'
import { borrower, caller, sandbox, seeded, seededBytes } from './calls.ts'

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

test('above the limit on worlds, the least recently used one is evicted', async () => {
  const { call } = await sandbox({ limits: { worlds: 2 } })
  const use = (token: string) => call('GET', `${borrower}/39317578`, undefined, { token })
  await call('DELETE', `${borrower}/39317578`, undefined, { token: 'kept' })
  await call('DELETE', `${borrower}/39317578`, undefined, { token: 'goes' })
  await use('kept')
  await use('newest')
  expect((await use('kept')).status).toBe(404)
  expect((await use('goes')).status).toBe(200)
})

describe('an eviction', () => {
  const evicting = (limits: object) => {
    const warnings: string[] = []
    const options = { limits, warn: (line: string) => warnings.push(line) }
    const call = caller('https://sandbox.invalid', createSandboxFetch(options) as typeof fetch)
    const read = async (count: number) => {
      for (let index = 0; index < count; index++)
        await call('GET', borrower, undefined, { token: `t${index}` })
    }
    const evicted = async () => (await call('GET', '/__sandbox/health')).body.evicted
    return { call, read, evicted, warnings }
  }

  test.each(['worlds', 'records'])('by reads of others, at the limit on %s, loses nothing', async (limit) => {
    const { call, read, evicted, warnings } = evicting({ [limit]: limit === 'worlds' ? 5 : 5 * seeded })
    await call('DELETE', `${borrower}/39317578`, undefined, { token: 'writer' })
    await call('PUT', '/__sandbox/clock', { times: ['2030-01-01 00:00:00'] }, { token: 'timer' })
    await call('POST', '/__sandbox/faults', { status: 503 }, { token: 'breaker' })
    await read(1001)
    expect((await call('GET', borrower, undefined, { token: 'writer' })).body.data).toHaveLength(1)
    const { body } = await call('GET', '/__sandbox/clock', undefined, { token: 'timer' })
    expect(body.now).toBe('2030-01-01 00:00:00')
    expect((await call('GET', borrower, undefined, { token: 'breaker' })).status).toBe(503)
    expect(warnings).toEqual([])
    expect(await evicted()).toBeGreaterThanOrEqual(999)
  })

  test('of a world that was written to is one line, and is counted', async () => {
    const { call, evicted, warnings } = evicting({ worlds: 2 })
    for (const token of ['secret-one', 'secret-two', 'secret-three'])
      await call('POST', borrower, phone, { token })
    expect(warnings).toEqual([expect.stringMatching(/^World 1 was evicted.*lost/)])
    expect(warnings.join()).not.toMatch(/secret|202/)
    expect(await evicted()).toBe(1)
  })
})

test('above the limit on all records, worlds are evicted likewise', async () => {
  const { call } = await sandbox({ limits: { records: 2 * seeded + 2 } })
  const count = async (token: string) => (await call('GET', borrower, undefined, { token })).body.data.length
  for (const token of ['one', 'one', 'two', 'two']) await call('POST', borrower, phone, { token })
  expect((await call('GET', '/__sandbox/health')).body).toMatchObject({ worlds: 1, records: seeded + 2 })
  expect(await count('two')).toBe(4)
})

test('a create in a full world is a 403 that says what to do', async () => {
  const { call } = await sandbox({ limits: { recordsPerWorld: seeded + 1 } })
  expect((await call('POST', borrower, phone)).status).toBe(200)
  const rejected = await call('POST', borrower, phone)
  expect(rejected.status).toBe(403)
  expect(rejected.body.message).toMatch(/full.*delete records.*reset/i)
  expect((await call('PUT', `${borrower}/39317578`, { memo: 'a longer one' })).status).toBe(200)
  await call('DELETE', `${borrower}/39317578`)
  expect((await call('POST', borrower, phone)).status).toBe(200)
})

describe('the limit on the bytes of a world is exact', () => {
  const room = (bytesPerWorld?: number) => {
    const limits = bytesPerWorld === undefined ? {} : { bytesPerWorld }
    return caller('https://sandbox.invalid', createSandboxFetch({ limits }) as typeof fetch)
  }
  const noted = { ...phone, memo: 'é' }
  const sizeOf = async () =>
    Buffer.byteLength(JSON.stringify((await room()('POST', borrower, noted)).body.data))

  test('for a create', async () => {
    const size = await sizeOf()
    expect((await room(seededBytes + size)('POST', borrower, noted)).status).toBe(200)
    const rejected = await room(seededBytes + size - 1)('POST', borrower, noted)
    expect(rejected.status).toBe(403)
  })

  test('for an update, unless it needs no more bytes than before', async () => {
    const call = room(seededBytes + (await sizeOf()))
    const { body } = await call('POST', borrower, noted)
    const update = async (memo: string) => (await call('PUT', `${borrower}/${body.data.id}`, { memo })).status
    expect(await update('ab')).toBe(200)
    expect(await update('abc')).toBe(403)
    expect((await call('GET', `${borrower}/${body.data.id}`)).body.data.memo).toBe('ab')
    expect(await update('a')).toBe(200)
    expect(await update('éa')).toBe(403)
    expect(await update('é')).toBe(200)
  })

  test('and a delete frees the bytes of its record', async () => {
    const call = room(seededBytes + (await sizeOf()))
    for (let times = 0; times < 3; times++) {
      const { status, body } = await call('POST', borrower, noted)
      expect(status).toBe(200)
      expect((await call('POST', borrower, noted)).status).toBe(403)
      await call('DELETE', `${borrower}/${body.data.id}`)
    }
  })

  test('for an import', async () => {
    const world = (await room()('GET', '/__sandbox/world')).body
    expect((await room(seededBytes)('PUT', '/__sandbox/world', world)).status).toBe(200)
    const small = room(seededBytes - 1)
    expect((await small('PUT', '/__sandbox/world', world)).body.errors).toEqual({
      '/': [expect.stringContaining(`${seededBytes - 1} bytes`)],
    })
    const empty = { orders: [{ order_id: 57062885, borrowers: [{ borrower_id: 124927241 }] }] }
    const imported = await small('PUT', '/__sandbox/world', empty)
    expect([imported.status, imported.body]).toEqual([200, { world: 1, records: 2 }])
    expect((await small('POST', borrower, noted)).status).toBe(200)
  })
})

test('health counts the records of all worlds after every kind of change', async () => {
  const { call } = await sandbox({ limits: { records: 3 * seeded } })
  const records = async () => (await call('GET', '/__sandbox/health')).body
  // An order and a borrower.
  const empty = { orders: [{ order_id: 57062885, borrowers: [{ borrower_id: 124927241 }] }] }
  for (const token of ['one', 'two', 'three']) await call('GET', borrower, undefined, { token })
  expect(await records()).toMatchObject({ worlds: 3, records: 3 * seeded })
  await call('DELETE', `${borrower}/39317578`, undefined, { token: 'two' })
  expect(await records()).toMatchObject({ worlds: 3, records: 3 * seeded - 1 })
  await call('POST', borrower, phone, { token: 'two' })
  expect(await records()).toMatchObject({ worlds: 3, records: 3 * seeded })
  await call('PUT', '/__sandbox/world', empty, { token: 'two' })
  expect(await records()).toMatchObject({ worlds: 3, records: 2 * seeded + 2 })
  await call('POST', '/__sandbox/reset', undefined, { token: 'two' })
  expect(await records()).toMatchObject({ worlds: 3, records: 3 * seeded })
})

test('every new world starts with the given seed', async () => {
  const seed = { orders: [{ order_id: 7001, borrowers: [{ borrower_id: 8001, phones: [phone] }] }] }
  const { call } = await sandbox({ seed })
  for (const token of ['one', 'two']) {
    const { body } = await call('GET', '/api/v140/orders/7001/borrowers/8001/phones', undefined, { token })
    expect(body.data).toMatchObject([{ type: 6, number: '202-555-0143', valid: 1, no_contact: 0 }])
  }
  expect((await call('GET', borrower)).status).toBe(404)
})
