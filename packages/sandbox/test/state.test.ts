import { once } from 'node:events'
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startSandbox } from '../src/server.ts'
import { borrower, caller, seeded } from './calls.ts'
import { type Answered, lost, start, writeUntilKilled } from './kill.ts'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-'))
  file = join(folder, 'state.db')
})
afterEach(() => rm(folder, { recursive: true }))

const phone = { type: 6, number: '2025550143', memo: 'Zoë 東京 \ud800 \u0000' }

/** Starts on the file, does something, ends in an orderly way. */
async function during<T>(use: (call: ReturnType<typeof caller>) => Promise<T>): Promise<T> {
  const running = await startSandbox({ port: 0, stateFile: file })
  return use(caller(running.url)).finally(() => running.close())
}

test('worlds are there again after a restart, ids, counters and all', async () => {
  const before = await during(async (call) => {
    const { body } = await call('POST', borrower, phone)
    await call('POST', borrower, phone)
    await call('DELETE', `${borrower}/${body.data.id + 1}`)
    await call('PUT', `${borrower}/39317578`, { memo: 'changed' })
    return (await call('GET', '/__sandbox/world')).body
  })
  await during(async (call) => {
    expect((await call('GET', '/__sandbox/world')).body).toEqual(before)
    expect((await call('POST', borrower, phone)).body.data).toMatchObject({ id: 39317583, memo: phone.memo })
    expect((await call('GET', '/__sandbox/health')).body).toMatchObject({ worlds: 1, records: seeded + 2 })
  })
})

test('a reset and an import are kept as well', async () => {
  const imported = { orders: [{ order_id: 7001, borrowers: [{ borrower_id: 8001, phones: [phone] }] }] }
  await during(async (call) => {
    await call('DELETE', `${borrower}/39317578`)
    await call('POST', '/__sandbox/reset')
    await call('PUT', '/__sandbox/world', imported, { token: 'importer' })
  })
  await during(async (call) => {
    expect((await call('GET', borrower)).body.data).toHaveLength(2)
    const theirs = '/api/v140/orders/7001/borrowers/8001/phones'
    expect((await call('GET', theirs, undefined, { token: 'importer' })).body.data).toHaveLength(1)
  })
})

test('a world that made room for others is gone from the file, too', async () => {
  const running = await startSandbox({ port: 0, stateFile: file, caps: { worlds: 1 } })
  const call = caller(running.url)
  await call('DELETE', `${borrower}/39317578`, undefined, { token: 'first' })
  await call('GET', borrower, undefined, { token: 'second' })
  await running.close()
  await during(async (again) => {
    expect((await again('GET', '/__sandbox/health')).body).toMatchObject({ worlds: 1, records: seeded })
    expect((await again('GET', borrower, undefined, { token: 'first' })).body.data).toHaveLength(2)
  })
})

test('the file holds no token', async () => {
  await during((call) => call('POST', borrower, phone, { token: 'very-secret-token' }))
  expect((await readFile(file, 'latin1')).includes('very-secret-token')).toBe(false)
})

test('what was answered before a SIGKILL is there after it, eight times in a row', async () => {
  const answered: Answered = new Map()
  for (let kill = 1; kill <= 8; kill++) {
    await writeUntilKilled(file, answered, kill * 5)
    expect(await lost(file, answered)).toEqual([])
  }
  expect(answered.size).toBeGreaterThan(40)
}, 60_000)

describe('a file that does not fit is refused and left as it is', () => {
  const middle = (bytes: Buffer) => bytes.indexOf('"memo":"') + 10
  const damages: [string, (bytes: Buffer) => Buffer, RegExp][] = [
    ['empty', () => Buffer.alloc(0), /is empty/],
    ['text', () => Buffer.from('not a database, but long enough to look at'), /damaged or not a state file/],
    ['zeros', (bytes) => Buffer.alloc(bytes.length), /damaged or not a state file|not a state file/],
    ['cut off', (bytes) => bytes.subarray(0, bytes.length - 5000), /damaged/],
    [
      'a header that is wrong',
      (bytes) => Buffer.concat([Buffer.from('X'), bytes.subarray(1)]),
      /damaged|not a state/,
    ],
    ['a page of noise', (bytes) => bytes.fill(0xa5, 4096, 8192), /damaged/],
    ['one changed letter', (bytes) => bytes.fill('#', middle(bytes), middle(bytes) + 1), /damaged/],
  ]
  test.each(damages)('%s', async (_, damage, reason) => {
    await during((call) => call('POST', borrower, phone))
    const damaged = damage(await readFile(file))
    await writeFile(file, damaged)
    const refused = startSandbox({ port: 0, stateFile: file })
    await expect(refused).rejects.toThrow(reason)
    await expect(refused).rejects.toThrow(file)
    expect(await readFile(file)).toEqual(damaged)
  })

  test('what a killed sandbox left beside its file, when that is damaged', async () => {
    const { process: child, call } = await start('--state', file)
    await call('POST', borrower, phone)
    child.kill('SIGKILL')
    await once(child, 'exit')
    const beside = await readFile(`${file}-wal`)
    beside.fill('#', 60, 64)
    await writeFile(`${file}-wal`, beside)
    const before = await readFile(file)
    await expect(startSandbox({ port: 0, stateFile: file })).rejects.toThrow(/is refused/)
    expect([await readFile(file), await readFile(`${file}-wal`)]).toEqual([before, beside])
  })

  test('a database of something else', async () => {
    const other = new DatabaseSync(file)
    other.exec('CREATE TABLE recipes (name TEXT)')
    other.close()
    await expect(startSandbox({ port: 0, stateFile: file })).rejects.toThrow(
      /not a state file of the sandbox/,
    )
  })

  test('the file of a later version', async () => {
    await during((call) => call('GET', borrower))
    const later = new DatabaseSync(file)
    later.exec('PRAGMA user_version = 2')
    later.close()
    await expect(startSandbox({ port: 0, stateFile: file })).rejects.toThrow(/another version/)
  })

  test('a file that another sandbox uses', async () => {
    await during(async () => {
      await expect(startSandbox({ port: 0, stateFile: file })).rejects.toThrow(/another sandbox uses it/)
    })
  })

  test('a folder that is not there', async () => {
    const missing = join(folder, 'missing', 'state.db')
    await expect(startSandbox({ port: 0, stateFile: missing })).rejects.toThrow(missing)
  })

  test('a file that was cut to a part of a page', async () => {
    await during((call) => call('GET', borrower))
    await truncate(file, 100)
    await expect(startSandbox({ port: 0, stateFile: file })).rejects.toThrow(/damaged|not a state file/)
  })
})
