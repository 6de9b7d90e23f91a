/**
 * Keeps worlds in a SQLite file, with the database that Node includes.
 *
 * Each change is in the file before its response is sent, so it survives no matter how the process ends. The changes
 * aren't flushed to the disk, so a power loss may lose the last ones.
 */
import { accessSync, chmodSync, closeSync, constants, existsSync, openSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import {
  collectionOf,
  type Journal,
  type JournaledWorld,
  type Place,
  type Row,
  StorageError,
  type WorldContent,
} from '../world/journal.ts'

interface StateFile {
  /** For `createSandbox`. */
  journal: Journal
  close(): void
}

type Warn = (message: string) => void

/** "RCSB": distinguishes a state file of the sandbox from any other database. */
const applicationId = 0x52435342
const version = 2

const tables = `
  CREATE TABLE world (key TEXT PRIMARY KEY, content TEXT NOT NULL, sum INTEGER NOT NULL);
  CREATE TABLE record (
    world TEXT NOT NULL, place TEXT NOT NULL, id INTEGER NOT NULL, content TEXT NOT NULL, sum INTEGER NOT NULL,
    PRIMARY KEY (world, place, id)
  ) WITHOUT ROWID;
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${version};`

/**
 * Opens a state file, or creates it. A file without tables is a new one.
 *
 * @param warn receives one line for each damaged row. Such a row is left out.
 * @throws {Error} if the file is damaged as a whole, in use, not accessible or not a state file. In that case, nothing
 * in it is changed.
 */
export function openStateFile(file: string, warn: Warn): StateFile {
  let database: DatabaseSync | undefined
  try {
    claim(file)
    database = open(file)
    for (const row of findDamage(database)) warn(`A damaged row in the state file is left out: ${row}.`)
    protect(file, warn)
    const journal = createJournal(database)
    return { journal, close: () => database?.close() }
  } catch (error) {
    database?.close()
    throw new Error(
      `Can't use the state file ${file}: ${reasonOf(error)}. Nothing in it was changed. ` +
        'Solve this, move the file away, or choose another file with --state.',
      { cause: error },
    )
  }
}

/** Creates the file for this user only. SQLite gives the files beside it the same mode. */
function claim(file: string): void {
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600))
  // A device such as /dev/null loses everything, and would get the mode 0600.
  if (!statSync(file).isFile()) throw new Error("it isn't a file")
  for (const path of [file, dirname(file)]) accessSync(path, constants.R_OK | constants.W_OK)
}

/** Loads SQLite only if it's needed: some versions of Node warn that it's experimental. */
function open(file: string): DatabaseSync {
  const { DatabaseSync } = createRequire(import.meta.url)('node:sqlite') as typeof import('node:sqlite')
  // An absolute path is never `:memory:` or a URI, which SQLite wouldn't store in this file.
  const database = new DatabaseSync(resolve(file))
  try {
    // OFF doesn't flush to the disk, as described above. MEMORY keeps records out of temporary files.
    database.exec('PRAGMA busy_timeout = 500; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY')
    // The lock stays until the file is closed, so that a second sandbox can't use it.
    database.exec('BEGIN EXCLUSIVE; PRAGMA locking_mode = EXCLUSIVE')
    if (isNew(database)) database.exec(tables)
    // Earlier versions kept the latest changes in a second file, in which damage stayed unnoticed. After a large change,
    // the journal shrinks again.
    database.exec('COMMIT; PRAGMA journal_mode = DELETE; PRAGMA journal_size_limit = 1048576')
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** @throws {Error} if the file has tables, but can't be used. */
function isNew(database: DatabaseSync): boolean {
  const read = (query: string) => Object.values(database.prepare(query).get() ?? {})[0]
  if (read('SELECT count(*) FROM sqlite_master') === 0) return true
  if (read('PRAGMA application_id') !== applicationId) throw new Error("it isn't a state file of the sandbox")
  if (read('PRAGMA user_version') !== version) throw new Error('another version of the sandbox wrote it')
  if (read('PRAGMA integrity_check') !== 'ok') throw new Error('it is damaged')
  return false
}

/** Numbers are read as texts, because a damaged one may be too large for JavaScript. */
interface StoredRow {
  place: string
  id: string
  key: string
  content: string
  sum: string
}

const worldColumns = "key, CAST(content AS TEXT) AS content, CAST(sum AS TEXT) AS sum, '' AS place, '' AS id"
const recordColumns = `
  world || '/' || place || '/' || id AS key, CAST(content AS TEXT) AS content, CAST(sum AS TEXT) AS sum, place,
  CAST(id AS TEXT) AS id`

/** Names each row that doesn't have the content it was written with, and each record without a world. */
function* findDamage(database: DatabaseSync): Generator<string> {
  const rows = database.prepare(`
    SELECT ${recordColumns}, world IN (SELECT key FROM world) AS hasWorld FROM record
    UNION ALL SELECT ${worldColumns}, 1 FROM world`)
  for (const row of rows.iterate() as Iterable<unknown> as Iterable<StoredRow & { hasWorld: number }>) {
    if (isIntact(row) && row.hasWorld) continue
    const name = row.id ? `record ${row.place}/${row.id}` : 'the next ids'
    yield `${name} of world ${row.key.slice(0, 8)}`.replace(/[^\w/ -]/g, '?')
  }
}

function createJournal(database: DatabaseSync): Journal {
  const [begin, commit, rollBack] = ['BEGIN', 'COMMIT', 'ROLLBACK'].map((query) => database.prepare(query))
  const selectWorld = database.prepare(`SELECT ${worldColumns} FROM world WHERE key = ?`)
  const selectRecords = database.prepare(
    `SELECT ${recordColumns} FROM record WHERE world = ? ORDER BY place, record.id`,
  )
  const putWorld = database.prepare('INSERT OR REPLACE INTO world VALUES (?, ?, ?)')
  const putRecord = database.prepare('INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?)')
  const deleteRecord = database.prepare('DELETE FROM record WHERE world = ? AND place = ? AND id = ?')
  const deleteRecords = database.prepare('DELETE FROM record WHERE world = ?')

  function writeIds(key: string, { nextIds }: Pick<WorldContent, 'nextIds'>): void {
    const content = JSON.stringify({ nextIds })
    putWorld.run(key, content, checksum(content, key))
  }
  function writeRecord(key: string, place: Place, record: Row): void {
    const content = JSON.stringify(record)
    putRecord.run(key, place, record.id, content, checksum(content, `${key}/${place}/${record.id}`))
  }
  function read(key: string): WorldContent | undefined {
    const world = selectWorld.get(key) as unknown as StoredRow | undefined
    if (!world) return undefined
    const { nextIds } = isIntact(world) ? JSON.parse(world.content) : { nextIds: {} }
    const rows: WorldContent['rows'] = []
    for (const row of selectRecords.all(key) as unknown as StoredRow[]) {
      const name = collectionOf(row.place)
      if (isIntact(row)) rows.push({ place: row.place, record: JSON.parse(row.content) })
      // The id of a damaged record isn't used again.
      else nextIds[name] = Math.max(nextIds[name] ?? 0, Number(row.id) + 1)
    }
    return { rows, nextIds }
  }
  let isOpen = false
  function rollBackSafely(): void {
    try {
      rollBack?.run()
      isOpen = false
    } catch {
      // SQLite has already done it, or it's tried again before the next transaction.
    }
  }
  /** Carries out all of it, or nothing. */
  function transact<T>(run: () => T): T {
    try {
      if (isOpen) rollBackSafely()
      begin?.run()
      isOpen = true
      const result = run()
      commit?.run()
      isOpen = false
      return result
    } catch (error) {
      rollBackSafely()
      throw new StorageError(`Nothing was changed. The state file failed: ${reasonOf(error)}.`, {
        cause: error,
      })
    }
  }
  return {
    readWorld: ({ key }) => transact(() => read(key)),
    saveRecord: ({ key }, place, record) => transact(() => writeRecord(key, place, record)),
    removeRecord: (world, place, id) =>
      transact(() => {
        // The next id follows the highest record, so without this, a deleted id could be reused.
        writeIds(world.key, world)
        deleteRecord.run(world.key, place, id)
      }),
    replaceWorld: ({ key }: JournaledWorld, content) =>
      transact(() => {
        deleteRecords.run(key)
        writeIds(key, content)
        for (const { place, record } of content.rows) writeRecord(key, place, record)
      }),
  }
}

/** Earlier versions created files that every user of the machine could read. */
function protect(file: string, warn: Warn): void {
  try {
    for (const path of [file, `${file}-journal`])
      if (existsSync(path) && statSync(path).mode & 0o077) chmodSync(path, 0o600)
  } catch (error) {
    warn(`Other users can read the state file, and its mode can't be changed (${reasonOf(error)}).`)
  }
}

function checksum(content: string, key: string): number {
  return crc32(content, crc32(key))
}

function isIntact({ key, content, sum }: StoredRow): boolean {
  return String(checksum(content, key)) === sum
}

/** By the code of the operating system or of SQLite. */
const reasons: Record<string, string> = {
  EACCES: "this user isn't allowed to read and write it and its folder",
  EPERM: "this user isn't allowed to do that",
  EROFS: 'it is on a read-only file system',
  ENOENT: "its folder doesn't exist",
  ENOSPC: 'the disk is full',
  5: 'another sandbox uses it',
  8: "it can't be written",
  10: 'reading or writing it failed',
  11: 'it is damaged',
  13: 'the disk is full',
  14: "it isn't a file, or a file beside it can't be created",
  26: "it is damaged or isn't a state file of the sandbox",
}

function reasonOf(error: unknown): string {
  const { errcode, code, message } = error as Error & { errcode?: number; code?: string }
  // The lowest byte of SQLite's code is the kind. Its message could quote a value.
  const reason = reasons[errcode === undefined ? (code ?? '') : errcode & 255]
  return reason ?? (code === undefined ? message : `error ${errcode ?? code}`)
}
