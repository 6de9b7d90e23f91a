import { once } from 'node:events'
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startSandbox } from '../src/server.ts'
import { borrower, caller, seeded } from './calls.ts'
import { type Confirmed, findLost, start, writeUntilKilled } from './kill.ts'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-'))
  file = join(folder, 'state.db')
})
afterEach(() => rm(folder, { recursive: true }))

const phone = { type: 6, number: '2025550143', memo: 'Zoë 東京 \ud800 \u0000' }

/** Starts a sandbox on the file, uses it and closes it. */
async function withSandbox<T>(use: (call: ReturnType<typeof caller>) => Promise<T>): Promise<T> {
  const running = await startSandbox({ port: 0, stateFile: file })
  return use(caller(running.url)).finally(() => running.close())
}

test('a restart keeps worlds, ids and the next id', async () => {
  const before = await withSandbox(async (call) => {
    const { body } = await call('POST', borrower, phone)
    await call('POST', borrower, phone)
    await call('DELETE', `${borrower}/${body.data.id + 1}`)
    await call('PUT', `${borrower}/39317578`, { memo: 'changed' })
    return (await call('GET', '/__sandbox/world')).body
  })
  await withSandbox(async (call) => {
    expect((await call('GET', '/__sandbox/world')).body).toEqual(before)
    expect((await call('POST', borrower, phone)).body.data).toMatchObject({ id: 39317583, memo: phone.memo })
    expect((await call('GET', '/__sandbox/health')).body).toMatchObject({ worlds: 1, records: seeded + 2 })
  })
})

test('a restart keeps a reset and an import, also of records that can only be read', async () => {
  const people = [
    { borrower_id: 8002, lastname: 'Zoë 東京', addresses: [{ no_contact: 1 }, { id: 5000 }] },
    { borrower_id: 8001, is_deceased: 1, phones: [phone] },
  ]
  const imported = {
    orders: [{ order_id: 7001, borrowers: people }, { order_id: 7000 }],
    next_ids: { addresses: 6000 },
  }
  const importer = { token: 'importer' }
  const exported = await withSandbox(async (call) => {
    await call('DELETE', `${borrower}/39317578`)
    await call('POST', '/__sandbox/reset')
    await call('PUT', '/__sandbox/world', imported, importer)
    await call('POST', '/api/v140/orders/7001/borrowers/8002/phones', phone, importer)
    return (await call('GET', '/__sandbox/world', undefined, importer)).body
  })
  expect(exported.next_ids).toMatchObject({ addresses: 6000, phones: 1002 })
  await withSandbox(async (call) => {
    expect((await call('GET', borrower)).body.data).toHaveLength(2)
    expect((await call('GET', '/__sandbox/world', undefined, importer)).body).toEqual(exported)
  })
})

test('an evicted world is deleted from the file', async () => {
  const running = await startSandbox({ port: 0, stateFile: file, limits: { worlds: 1 } })
  const call = caller(running.url)
  await call('DELETE', `${borrower}/39317578`, undefined, { token: 'first' })
  await call('GET', borrower, undefined, { token: 'second' })
  await running.close()
  await withSandbox(async (again) => {
    expect((await again('GET', '/__sandbox/health')).body).toMatchObject({ worlds: 1, records: seeded })
    expect((await again('GET', borrower, undefined, { token: 'first' })).body.data).toHaveLength(2)
  })
})

test('the file contains no token', async () => {
  await withSandbox((call) => call('POST', borrower, phone, { token: 'very-secret-token' }))
  expect((await readFile(file, 'latin1')).includes('very-secret-token')).toBe(false)
})

test('eight SIGKILLs lose no confirmed change', async () => {
  const confirmed: Confirmed = new Map()
  for (let kill = 1; kill <= 8; kill++) {
    await writeUntilKilled(file, confirmed, kill * 5)
    expect(await findLost(file, confirmed)).toEqual([])
  }
  expect(confirmed.size).toBeGreaterThan(40)
}, 60_000)

describe("a file that can't be used is an error, and isn't changed", () => {
  const middle = (bytes: Buffer) => bytes.indexOf('"memo":"') + 10
  const damages: [string, (bytes: Buffer) => Buffer, RegExp][] = [
    ['empty', () => Buffer.alloc(0), /is empty/],
    ['text', () => Buffer.from('not a database, but long enough to look at'), /damaged|isn't a state file/],
    ['zeros', (bytes) => Buffer.alloc(bytes.length), /damaged|isn't a state file/],
    ['cut off', (bytes) => bytes.subarray(0, bytes.length - 5000), /damaged/],
    [
      'a wrong header',
      (bytes) => Buffer.concat([Buffer.from('X'), bytes.subarray(1)]),
      /damaged|isn't a state/,
    ],
    ['a page of noise', (bytes) => bytes.fill(0xa5, 4096, 8192), /damaged/],
    ['one changed letter', (bytes) => bytes.fill('#', middle(bytes), middle(bytes) + 1), /damaged/],
  ]
  test.each(damages)('%s', async (_, damage, reason) => {
    await withSandbox((call) => call('POST', borrower, phone))
    const damaged = damage(await readFile(file))
    await writeFile(file, damaged)
    const start = startSandbox({ port: 0, stateFile: file })
    await expect(start).rejects.toThrow(reason)
    await expect(start).rejects.toThrow(file)
    expect(await readFile(file)).toEqual(damaged)
  })

  test('a damaged write-ahead log of a killed sandbox', async () => {
    const { process: child, call } = await start('--state', file)
    await call('POST', borrower, phone)
    child.kill('SIGKILL')
    await once(child, 'exit')
    const beside = await readFile(`${file}-wal`)
    beside.fill('#', 60, 64)
    await writeFile(`${file}-wal`, beside)
    const before = await readFile(file)
    await expect(startSandbox({ port: 0, stateFile: file })).rejects.toThrow(file)
    expect([await readFile(file), await readFile(`${file}-wal`)]).toEqual([before, beside])
  })

  test('the database of another program', async () => {
    const other = new DatabaseSync(file)
    other.exec('CREATE TABLE recipes (name TEXT)')
    other.close()
    await expect(startSandbox({ port: 0, stateFile: file })).rejects.toThrow(
      /isn't a state file of the sandbox/,
    )
  })

  test.each([1, 3])('the file of another version: %s', async (version) => {
    await withSandbox((call) => call('POST', borrower, phone))
    const other = new DatabaseSync(file)
    other.exec(`PRAGMA user_version = ${version}`)
    other.close()
    const before = await readFile(file)
    const start = startSandbox({ port: 0, stateFile: file })
    await expect(start).rejects.toThrow(/another version.*--state/)
    expect(await readFile(file)).toEqual(before)
  })

  test('a file that another sandbox uses', async () => {
    await withSandbox(async () => {
      await expect(startSandbox({ port: 0, stateFile: file })).rejects.toThrow(/another sandbox uses it/)
    })
  })

  test("a file in a folder that doesn't exist", async () => {
    const missing = join(folder, 'missing', 'state.db')
    await expect(startSandbox({ port: 0, stateFile: missing })).rejects.toThrow(missing)
  })

  test('a file that was cut within a page', async () => {
    await withSandbox((call) => call('GET', borrower))
    await truncate(file, 100)
    await expect(startSandbox({ port: 0, stateFile: file })).rejects.toThrow(/damaged|isn't a state file/)
  })
})
