import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import {
  chmod,
  copyFile,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { startSandbox } from '../src/server.ts'
import { borrower, caller, seeded } from './calls.ts'
import { type Expected, fillOnce, mountDisk } from './full-disk.ts'
import { type Confirmed, findLost, killFirstStart, startTwo, writeUntilKilled } from './kill.ts'

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

test('a world that was written to is read again when its token comes back, and one that was only read is not stored', async () => {
  const warnings: string[] = []
  const running = await startSandbox({
    port: 0,
    stateFile: file,
    limits: { worlds: 1 },
    warn: (line) => warnings.push(line),
  })
  const call = caller(running.url)
  await call('DELETE', `${borrower}/39317578`, undefined, { token: 'first' })
  for (const token of ['second', 'third']) await call('GET', borrower, undefined, { token })
  expect((await call('GET', borrower, undefined, { token: 'first' })).body.data).toHaveLength(1)
  expect((await call('GET', '/__sandbox/health')).body).toMatchObject({ worlds: 1, evicted: 3 })
  expect(warnings).toEqual([])
  await running.close()
  const stored = new DatabaseSync(file)
  expect(stored.prepare('SELECT count(*) AS worlds FROM world').get()).toEqual({ worlds: 1 })
  stored.close()
})

test.each([undefined, 0o644])(
  'only its user can read the file, also if its mode was %s before',
  async (mode) => {
    if (mode !== undefined) await writeFile(file, '', { mode })
    const running = await startSandbox({ port: 0, stateFile: file })
    await caller(running.url)('POST', borrower, phone)
    const modes = (await readdir(folder)).map((name) => statSync(join(folder, name)).mode & 0o777)
    expect(modes).toEqual(modes.map(() => 0o600))
    await running.close()
    expect(await readdir(folder)).toEqual(['state.db'])
  },
)

describe('a file is a new one if it', () => {
  test('is empty', async () => {
    await writeFile(file, '')
    await withSandbox((call) => call('DELETE', `${borrower}/39317578`))
    await withSandbox(async (call) => expect((await call('GET', borrower)).body.data).toHaveLength(1))
  })

  test('has no tables', async () => {
    const other = new DatabaseSync(file)
    other.exec('PRAGMA journal_mode = WAL; VACUUM')
    other.close()
    expect(statSync(file).size).toBeGreaterThan(0)
    await withSandbox((call) => call('DELETE', `${borrower}/39317578`))
    await withSandbox(async (call) => expect((await call('GET', borrower)).body.data).toHaveLength(1))
  })

  test('was being created when the sandbox was killed', async () => {
    for (const changes of [1, 2, 3, 4, 5]) {
      const first = join(folder, `${changes}.db`)
      await killFirstStart(first, changes)
      expect(await findLost(first, new Map())).toEqual([])
    }
  })
})

test('two sandboxes that start on a new file at once: one listens, the other says why not', async () => {
  const { winner, error } = await startTwo(file)
  expect(error.message).toMatch(/another sandbox uses it/)
  expect((await winner.call('POST', borrower, phone)).status).toBe(200)
  winner.process.kill('SIGKILL')
  await once(winner.process, 'close')
})

test('a disk that fills three times loses nothing that was confirmed, and keeps nothing that failed', async ({
  skip,
}) => {
  const disk = mountDisk()
  // `state-failures.test.ts` lets each statement fail everywhere.
  if (!disk) return skip('Left out: a disk that fills, because this user cannot mount one')
  onTestFinished(() => disk.unmount())
  const expected: Expected = new Map()
  for (let round = 0; round < 3; round++) {
    const { wrong, failed } = await fillOnce(disk.path, expected)
    expect(wrong).toEqual([])
    expect(failed).toBeGreaterThan(0)
  }
})

describe('a damaged row costs itself, and one line says so', () => {
  const rows: [string, string, RegExp, (call: ReturnType<typeof caller>) => Promise<void>][] = [
    [
      'a record',
      "UPDATE record SET content = '{' WHERE id = 39317582",
      /record 57062885\/124927241\/phones\/39317582 of world [\w-]{8}\.$/,
      async (call) => {
        const { data } = (await call('GET', borrower)).body
        expect(data.map(({ id }: { id: number }) => id)).toEqual([39317578, 39317579, 39317581])
        // Its id isn't used again.
        expect((await call('POST', borrower, phone)).body.data.id).toBe(39317583)
      },
    ],
    [
      'a number that is too large for JavaScript',
      'UPDATE record SET sum = 9223372036854775807 WHERE id = 39317582',
      /39317582/,
      async (call) => expect((await call('GET', borrower)).body.data).toHaveLength(3),
    ],
    [
      'a record without a world',
      "INSERT INTO record VALUES ('nobody', '57062885/124927241/phones', 5000, '{}', 1)",
      /record 57062885\/124927241\/phones\/5000 of world nobody/,
      async (call) => expect((await call('GET', borrower)).body.data).toHaveLength(4),
    ],
    [
      'the next ids of a world',
      'UPDATE world SET content = NULLIF(content, content) || 1, sum = 5 WHERE 0; UPDATE world SET sum = 5',
      /the next ids of world/,
      async (call) => {
        expect((await call('GET', borrower)).body.data).toHaveLength(4)
        expect((await call('POST', borrower, phone)).body.data.id).toBe(39317583)
      },
    ],
  ]
  test.each(rows)('%s', async (_, damage, line, check) => {
    await withSandbox(async (call) => {
      for (const _ of [1, 2]) await call('POST', borrower, phone)
    })
    const other = new DatabaseSync(file)
    other.exec(damage)
    other.close()
    const warnings: string[] = []
    const running = await startSandbox({ port: 0, stateFile: file, warn: (text) => warnings.push(text) })
    await check(caller(running.url)).finally(() => running.close())
    expect(warnings).toEqual([expect.stringMatching(line)])
    expect(warnings.join()).not.toMatch(/202|Zo/)
  })
})

test('the file of an earlier version that was killed has the changes in its write-ahead log', async () => {
  await withSandbox((call) => call('POST', borrower, phone))
  const earlier = new DatabaseSync(file)
  earlier.exec('PRAGMA journal_mode = WAL; DELETE FROM record WHERE id = 39317578')
  const killed = join(folder, 'killed.db')
  for (const suffix of ['', '-wal']) await copyFile(file + suffix, killed + suffix)
  earlier.close()
  const running = await startSandbox({ port: 0, stateFile: killed })
  const { body } = await caller(running.url)('GET', borrower)
  await running.close()
  expect(body.data.map(({ id }: { id: number }) => id)).toEqual([39317579, 39317581])
  expect(await readdir(folder)).toEqual(['killed.db', 'state.db'])
})

test.each([':memory:', 'file:state.db?mode=memory'])(
  'a name that means something else to SQLite is the name of a file: %s',
  async (name) => {
    const script = `
    const { startSandbox } = await import(${JSON.stringify(new URL('../src/server.ts', import.meta.url))})
    const { url, close } = await startSandbox({ port: 0, stateFile: ${JSON.stringify(name)} })
    const headers = { authorization: 'Bearer test' }
    await fetch(url + '/__sandbox/reset', { method: 'POST', headers })
    await close()`
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { cwd: folder })
    expect(await readdir(folder)).toEqual([name])
    expect((await stat(join(folder, name))).size).toBeGreaterThan(0)
  },
)

test('a link to a file that does not exist yet creates the file', async () => {
  const target = join(folder, 'target.db')
  await symlink(target, file)
  await withSandbox((call) => call('POST', borrower, phone))
  expect((await stat(target)).mode & 0o777).toBe(0o600)
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
})

describe("a file that can't be used is an error, and isn't changed", () => {
  const damages: [string, (bytes: Buffer) => Buffer, RegExp][] = [
    ['text', () => Buffer.from('not a database, but long enough to look at'), /damaged|isn't a state file/],
    ['zeros', (bytes) => Buffer.alloc(bytes.length), /damaged|isn't a state file/],
    ['cut off', (bytes) => bytes.subarray(0, bytes.length - 5000), /damaged/],
    [
      'a wrong header',
      (bytes) => Buffer.concat([Buffer.from('X'), bytes.subarray(1)]),
      /damaged|isn't a state/,
    ],
    ['a page of noise', (bytes) => bytes.fill(0xa5, 4096, 8192), /damaged/],
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
    const start = startSandbox({ port: 0, stateFile: missing })
    await expect(start).rejects.toThrow(missing)
    await expect(start).rejects.toThrow(/folder doesn't exist/)
  })

  test('a folder', async () => {
    await expect(startSandbox({ port: 0, stateFile: folder })).rejects.toThrow(/isn't a file/)
  })

  test('a device', async () => {
    // The administrator could change the mode of the real one.
    if (process.getuid?.() === 0) await promisify(execFile)('mknod', ['-m', '666', file, 'c', '1', '3'])
    else await symlink('/dev/null', file)
    await expect(startSandbox({ port: 0, stateFile: file })).rejects.toThrow(/isn't a file/)
    expect((await stat(file)).mode & 0o777).toBe(0o666)
  })

  test.each([0o000, 0o400])('a file of mode %i', async (mode) => {
    await withSandbox((call) => call('POST', borrower, phone))
    await chmod(file, mode)
    await chmod(folder, 0o777)
    // The administrator may do everything, so another user tries.
    const script = `
      const { startSandbox } = await import(${JSON.stringify(new URL('../src/server.ts', import.meta.url))})
      if (process.getuid?.() === 0) process.setuid(65534)
      await startSandbox({ port: 0, stateFile: ${JSON.stringify(file)} })`
    const { stderr } = await promisify(execFile)(process.execPath, [
      '--input-type=module',
      '-e',
      script,
    ]).catch((error) => error)
    expect(stderr).toMatch(/isn't allowed to read and write it/)
  })

  test('a file that was cut within a page', async () => {
    await withSandbox((call) => call('GET', borrower))
    await truncate(file, 100)
    await expect(startSandbox({ port: 0, stateFile: file })).rejects.toThrow(/damaged|isn't a state file/)
  })
})
