/** What the hosted sandbox does over time and at its limits. The tests mostly wait, so they run concurrently. */
import { DatabaseSync } from 'node:sqlite'
import { setInterval } from 'node:timers/promises'
import { describe, test } from 'vitest'
import { startWorkerd } from '../src/workers/workerd.ts'
import { borrower, caller, seeded, seededBytes } from './calls.ts'
import { createFolder, fetchUnpooled, findDatabases, startHosted, unlimited } from './hosted.ts'

const phone = { type: 6, number: '2025550143' }

/** Reads one value from the database of the only world in a folder; undefined if there is none. */
async function query(storage: string, sql: string): Promise<unknown> {
  const [file = ''] = (await findDatabases(storage)).filter((name) => name.endsWith('.sqlite'))
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    return Object.values(database.prepare(sql).get() ?? {})[0]
  } finally {
    database.close()
  }
}

describe.concurrent('an idle world', () => {
  test('keeps its records when it is evicted from memory, but not its log', async ({
    expect,
    onTestFinished,
  }) => {
    const { call } = await startHosted(unlimited, {}, onTestFinished)
    const { id } = (await call('POST', borrower, phone)).body.data
    const countLogged = async () => (await call('GET', '/__sandbox/log')).body.requests.length
    expect(await countLogged()).toBe(1)
    // The engine evicts a world after ten seconds without a request. Reading the log is a request, too.
    await expect.poll(countLogged, { interval: 12_000, timeout: 80_000 }).toBe(0)
    expect((await call('GET', `${borrower}/${id}`)).status).toBe(200)
    expect((await call('POST', borrower, phone)).body.data.id).toBe(id + 1)
  })

  test('is deleted after the limit, and its token starts again', async ({ expect, onTestFinished }) => {
    const storage = await createFolder(onTestFinished)
    const { call } = await startHosted({ ...unlimited, IDLE_SECONDS: 2 }, { storage }, onTestFinished)
    await call('POST', borrower, phone)
    const countTables = () => query(storage, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'record'")
    // Nothing else may depend on the limit here: on a busy machine, it can pass between any two requests.
    await expect.poll(countTables, { timeout: 60_000 }).toBe(0)
    expect((await call('GET', borrower)).body.data).toHaveLength(2)
    expect((await call('POST', borrower, phone)).status).toBe(200)
  })

  test('keeps its alarm when it wakes up', async ({ expect, onTestFinished }) => {
    const storage = await createFolder(onTestFinished)
    const alarms: unknown[] = []
    for (const method of ['POST', 'GET', 'GET']) {
      const { url, close } = await startWorkerd({ storage, limits: unlimited })
      await caller(url, fetchUnpooled)(method, borrower, method === 'POST' ? phone : undefined)
      await close()
      alarms.push(await query(storage, 'SELECT CAST(value AS TEXT) FROM _cf_METADATA'))
    }
    expect(alarms).toEqual([expect.stringMatching(/^\d{19}$/), alarms[0], alarms[0]])
  })

  test('is not deleted while it is used', async ({ expect, onTestFinished }) => {
    const { call } = await startHosted({ ...unlimited, IDLE_SECONDS: 10 }, {}, onTestFinished)
    await call('POST', borrower, phone)
    let uses = 0
    for await (const _ of setInterval(1_000)) {
      expect((await call('GET', borrower)).body.data).toHaveLength(3)
      if (++uses === 14) break
    }
  })
})

describe.concurrent('fair use', () => {
  test('too many requests are a 429 that says how long to wait, and affect no other world', async ({
    expect,
    onTestFinished,
  }) => {
    const { call } = await startHosted({ REQUESTS_PER_SECOND: 2, BURST: 100 }, {}, onTestFinished)
    const responses = await Promise.all(Array.from({ length: 150 }, () => call('GET', borrower)))
    const statuses = responses.map(({ status }) => status)
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(100)
    const rejected = responses.find(({ status }) => status === 429)
    expect(rejected?.body).toEqual({ message: 'Too Many Attempts.' })
    expect(Number(rejected?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect(rejected?.headers.get('x-ratelimit-limit')).toBe('100')
    expect(rejected?.headers.get('x-ratelimit-remaining')).toBe('0')
    expect((await call('GET', borrower, undefined, { token: 'other' })).status).toBe(200)
    await expect.poll(async () => (await call('GET', borrower)).status, { timeout: 10_000 }).toBe(200)
  })

  test('a request that writes many rows counts as several requests', async ({ expect, onTestFinished }) => {
    const { call } = await startHosted({ REQUESTS_PER_SECOND: 1, BURST: 100 }, {}, onTestFinished)
    const phones = Array.from({ length: 1_000 }, () => phone)
    const world = { orders: [{ order_id: 7001, borrowers: [{ borrower_id: 8001, phones }] }] }
    expect((await call('PUT', '/__sandbox/world', world)).status).toBe(200)
    const rejected = await call('GET', '/__sandbox/world')
    expect(rejected.status).toBe(429)
    // 1,003 rows count as 100 requests.
    expect(Number(rejected.headers.get('retry-after'))).toBeLessThanOrEqual(2)
    expect((await call('GET', borrower, undefined, { token: 'other' })).status).toBe(200)
  })

  test('the tokens that always fail count for no world', async ({ expect, onTestFinished }) => {
    const { call } = await startHosted({ REQUESTS_PER_SECOND: 1, BURST: 2 }, {}, onTestFinished)
    for (let times = 0; times < 5; times++)
      expect((await call('GET', borrower, undefined, { token: 'sandbox-expired' })).status).toBe(401)
  })

  test('a create or an import above the limits on records and bytes fails', async ({
    expect,
    onTestFinished,
  }) => {
    const room = { RECORDS_PER_WORLD: seeded + 1, BYTES_PER_WORLD: seededBytes + 1_200 }
    const { call } = await startHosted({ ...unlimited, ...room }, {}, onTestFinished)
    const create = (memo: string, token: string) => call('POST', borrower, { ...phone, memo }, { token })
    expect((await create('', 'many')).status).toBe(200)
    const full = await create('', 'many')
    expect(full.status).toBe(403)
    expect(full.body.message).toMatch(/delete records.*reset/i)

    expect((await create('é'.repeat(1_000), 'long')).status).toBe(403)
    const { body } = await create('é'.repeat(300), 'long')
    const one = `${borrower}/${body.data.id}`
    const update = (memo: string) => call('PUT', one, { memo }, { token: 'long' })
    expect((await update('é'.repeat(900))).status).toBe(403)
    expect((await update('')).status).toBe(200)
    expect((await update('é'.repeat(300))).status).toBe(200)
    expect((await call('GET', one, undefined, { token: 'long' })).body.data.memo).toHaveLength(300)
    expect((await call('DELETE', one, undefined, { token: 'long' })).status).toBe(200)
    expect((await create('é'.repeat(300), 'long')).status).toBe(200)

    const { body: world } = await call('GET', '/__sandbox/world', undefined, { token: 'imports' })
    world.orders[0].borrowers[0].phones[0].memo = 'x'.repeat(1_500)
    const rejected = await call('PUT', '/__sandbox/world', world, { token: 'imports' })
    expect(rejected.status).toBe(422)
    expect(rejected.body.errors['/']).toEqual([expect.stringContaining(`${room.BYTES_PER_WORLD} bytes`)])
  })

  test('the control surface reaches only the world of the token', async ({ expect, onTestFinished }) => {
    const { call } = await startHosted(unlimited, {}, onTestFinished)
    await call('GET', borrower, undefined, { token: 'mine' })
    await call('GET', `${borrower}/1`, undefined, { token: 'theirs' })
    const { requests } = (await call('GET', '/__sandbox/log', undefined, { token: 'mine' })).body
    expect(requests).toHaveLength(1)
    for (const [method, path] of [
      ['GET', 'log'],
      ['GET', 'world'],
      ['POST', 'reset'],
      ['GET', 'faults'],
      ['POST', 'faults'],
      ['DELETE', 'faults'],
      ['GET', 'clock'],
    ] as const)
      expect((await call(method, `/__sandbox/${path}`, undefined, { token: '' })).status).toBe(401)
    await call('POST', '/__sandbox/faults', { status: 503 }, { token: 'theirs' })
    expect((await call('GET', borrower, undefined, { token: 'mine' })).status).toBe(200)
    expect((await call('GET', borrower, undefined, { token: 'theirs' })).status).toBe(503)
    expect((await call('GET', '/__sandbox/health', undefined, { token: '' })).status).toBe(200)
  })

  test('a scripted fault shortens or delays the response', async ({ expect, onTestFinished }) => {
    const { url, call } = await startHosted(unlimited, {}, onTestFinished)
    const readLength = async (connection: string) => {
      await call('POST', '/__sandbox/faults', { connection })
      const response = await fetch(`${url}${borrower}/39317578`, {
        headers: { authorization: 'Bearer test' },
      })
      return (await response.text()).length
    }
    expect(await readLength('drop-response')).toBe(0)
    expect(await readLength('cut')).toBeGreaterThan(100)
    const start = performance.now()
    await call('POST', '/__sandbox/faults', { delay_ms: 300 })
    await call('GET', borrower)
    expect(performance.now() - start).toBeGreaterThan(290)
  })
})
