/**
 * Keeps worlds in a SQLite file, with the database that Node includes.
 *
 * Each change is in the file before its response is sent, so it survives no matter how the process ends. The changes
 * aren't flushed to the disk, so a power loss may lose the last ones.
 */
import { existsSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { DatabaseSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import type { Journal, JournaledWorld, Place, Row, SavedWorld } from '../world/journal.ts'

interface StateFile {
  /** For `createSandbox`: the worlds in the file, and a journal that keeps it up to date. */
  options: { journal: Journal; savedWorlds: SavedWorld[] }
  close(): void
}

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
 * Opens a state file, or creates it.
 *
 * @throws {Error} if the file is damaged, in use or not a state file. In that case, the file isn't changed.
 */
export function openStateFile(file: string): StateFile {
  const savedWorlds = existsSync(file) ? readWorlds(file) : undefined
  const database = openForWriting(file, savedWorlds === undefined)
  return {
    options: { journal: createJournal(database), savedWorlds: savedWorlds ?? [] },
    close() {
      rmSync(`${file}-shm`, { force: true }) // Left by the connection that read the worlds.
      database.close()
    },
  }
}

function openForWriting(file: string, isNew: boolean): DatabaseSync {
  try {
    const database = open(file)
    // EXCLUSIVE prevents a second sandbox from using the file. OFF doesn't flush to the disk, as described above.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF')
    if (isNew) database.exec(`BEGIN IMMEDIATE; ${tables} COMMIT`)
    return database
  } catch (error) {
    throw unusable(file, `it can't be written (${(error as Error).message})`, error)
  }
}

/** Reads everything on a read-only connection, so that a file that can't be used stays unchanged. */
function readWorlds(file: string): SavedWorld[] {
  if (statSync(file).size === 0) throw unusable(file, 'it is empty')
  let database: DatabaseSync | undefined
  try {
    database = open(file, true)
    if (readPragma(database, 'application_id') !== applicationId)
      throw new Error("it isn't a state file of the sandbox")
    if (readPragma(database, 'user_version') !== version)
      throw new Error('another version of the sandbox wrote it')
    if (readPragma(database, 'integrity_check') !== 'ok') throw new Error('it is damaged')
    return readRows(database)
  } catch (error) {
    throw unusable(file, reasonOf(error as Error & { errcode?: number }), error)
  } finally {
    database?.close()
  }
}

interface StoredRow {
  key: string
  content: string
  sum: number
}

function readRows(database: DatabaseSync): SavedWorld[] {
  const select = (query: string) => database.prepare(query).all() as unknown as StoredRow[]
  const worlds = new Map<string, SavedWorld['content']>()
  for (const row of select('SELECT key, content, sum FROM world ORDER BY rowid'))
    worlds.set(row.key, { ...parseContent(row), rows: [] })
  const key = "world || '/' || place || '/' || id AS key"
  for (const row of select(`SELECT ${key}, content, sum FROM record ORDER BY id`)) {
    const [, world = '', place = ''] = /^([^/]*)\/(.*)\/\d+$/.exec(row.key) ?? []
    const rows = worlds.get(world)?.rows
    if (!rows) throw new Error('it is damaged')
    rows.push({ place, record: parseContent(row) })
  }
  return [...worlds].map(([key, content]) => ({ key, content }))
}

function createJournal(database: DatabaseSync): Journal {
  const putWorld = database.prepare(
    'INSERT INTO world VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET content = excluded.content, sum = excluded.sum',
  )
  const putRecord = database.prepare('INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?)')
  const deleteWorld = database.prepare('DELETE FROM world WHERE key = ?')
  const deleteRecord = database.prepare('DELETE FROM record WHERE world = ? AND place = ? AND id = ?')
  const deleteRecords = database.prepare('DELETE FROM record WHERE world = ?')

  function writeWorld({ key, content: { nextIds } }: JournaledWorld): void {
    const content = JSON.stringify({ nextIds })
    putWorld.run(key, content, checksum(content, key))
  }
  function saveRecord({ key }: JournaledWorld, place: Place, record: Row): void {
    const content = JSON.stringify(record)
    putRecord.run(key, place, record.id, content, checksum(content, `${key}/${place}/${record.id}`))
  }
  return {
    saveRecord,
    removeRecord(world, place, id) {
      inTransaction(database, () => {
        // The next id follows the highest record, so without this, a deleted id could be reused.
        writeWorld(world)
        deleteRecord.run(world.key, place, id)
      })
    },
    replaceWorld(world) {
      inTransaction(database, () => {
        deleteRecords.run(world.key)
        writeWorld(world)
        for (const { place, record } of world.content.rows) saveRecord(world, place, record)
      })
    },
    dropWorld(key) {
      inTransaction(database, () => {
        deleteRecords.run(key)
        deleteWorld.run(key)
      })
    },
  }
}

function inTransaction(database: DatabaseSync, change: () => void): void {
  database.exec('BEGIN')
  try {
    change()
    database.exec('COMMIT')
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}

/** Loads SQLite only if it's needed: some versions of Node warn that it's experimental. */
function open(file: string, readOnly = false): DatabaseSync {
  const { DatabaseSync } = createRequire(import.meta.url)('node:sqlite') as typeof import('node:sqlite')
  return new DatabaseSync(file, { readOnly })
}

function readPragma(database: DatabaseSync, name: string): unknown {
  return Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]
}

function checksum(content: string, key: string): number {
  return crc32(content, crc32(key))
}

function parseContent({ key, content, sum }: StoredRow) {
  if (checksum(content, key) !== sum) throw new Error('it is damaged')
  return JSON.parse(content)
}

function reasonOf({ errcode, message }: Error & { errcode?: number }): string {
  if (errcode === undefined) return message
  if (errcode === 5) return 'another sandbox uses it'
  return "it is damaged or isn't a state file of the sandbox"
}

function unusable(file: string, reason: string, cause?: unknown): Error {
  return new Error(
    `Can't use the state file ${file}: ${reason}. It wasn't changed. Move it away or choose another file with --state.`,
    { cause },
  )
}
