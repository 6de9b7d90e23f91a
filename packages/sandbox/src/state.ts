/**
 * Keeps worlds in a SQLite file, with the database that Node brings.
 *
 * Each change is in the file before its request is answered, so what was answered survives the end of the process,
 * however it comes. It is not forced to the disk: a power loss may take the last changes.
 */
import { existsSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { DatabaseSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import type { Journal, Row, World, WorldContent } from './store.ts'

export interface State {
  journal: Journal
  /** What the file held when it was opened. */
  worlds: { key: string; content: WorldContent }[]
  close(): void
}

/** "RCSB": tells a state file of the sandbox from any other database. */
const applicationId = 0x52435342
const version = 1

const tables = `
  CREATE TABLE world (key TEXT PRIMARY KEY, content TEXT NOT NULL, sum INTEGER NOT NULL);
  CREATE TABLE record (
    world TEXT NOT NULL, collection TEXT NOT NULL, id INTEGER NOT NULL, content TEXT NOT NULL, sum INTEGER NOT NULL,
    PRIMARY KEY (world, collection, id)
  ) WITHOUT ROWID;
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${version};`

/**
 * Opens a state file, or creates it.
 *
 * @throws {Error} if the file is damaged, something else, or in use. It is then as it was.
 */
export function openState(file: string): State {
  const worlds = existsSync(file) ? checkedWorlds(file) : undefined
  const database = writable(file, worlds === undefined)
  return {
    journal: journalIn(database),
    worlds: worlds ?? [],
    close() {
      rmSync(`${file}-shm`, { force: true }) // Left by the check's own connection.
      database.close()
    },
  }
}

function writable(file: string, isNew: boolean): DatabaseSync {
  try {
    const database = opened(file)
    // Exclusive: a second sandbox on the same file is refused. Off: the system keeps what was written, as said above.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF')
    if (isNew) database.exec(`BEGIN IMMEDIATE; ${tables} COMMIT`)
    return database
  } catch (error) {
    throw refused(file, `it cannot be written (${(error as Error).message})`, error)
  }
}

/** Reads everything on a connection that cannot write, so that a file which does not fit stays untouched. */
function checkedWorlds(file: string): State['worlds'] {
  if (statSync(file).size === 0) throw refused(file, 'it is empty')
  let database: DatabaseSync | undefined
  try {
    database = opened(file, true)
    if (pragma(database, 'application_id') !== applicationId)
      throw new Error('it is not a state file of the sandbox')
    if (pragma(database, 'user_version') !== version)
      throw new Error('another version of the sandbox wrote it')
    if (pragma(database, 'integrity_check') !== 'ok') throw new Error('it is damaged')
    return worldsIn(database)
  } catch (error) {
    throw refused(file, reasonOf(error as Error & { errcode?: number }), error)
  } finally {
    database?.close()
  }
}

function worldsIn(database: DatabaseSync): State['worlds'] {
  const worlds = new Map<string, WorldContent>()
  for (const row of database
    .prepare('SELECT key, content, sum FROM world ORDER BY rowid')
    .all() as unknown as Kept[]) {
    worlds.set(row.key, { ...JSON.parse(intact(row.content, row.sum, row.key)), rows: [] })
  }
  const records = database.prepare('SELECT world, collection, id, content, sum FROM record ORDER BY id')
  for (const { world, collection, id, content, sum } of records.all() as unknown as KeptRecord[]) {
    const { parent, record } = JSON.parse(intact(content, sum, `${world}/${collection}/${id}`))
    const rows = worlds.get(world)?.rows
    if (!rows) throw new Error('it is damaged')
    rows.push({ collection, parent, record })
  }
  return [...worlds].map(([key, content]) => ({ key, content }))
}

interface Kept {
  key: string
  content: string
  sum: number
}

interface KeptRecord {
  world: string
  collection: string
  id: number
  content: string
  sum: number
}

function journalIn(database: DatabaseSync): Journal {
  const putWorld = database.prepare(
    'INSERT INTO world VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET content = excluded.content, sum = excluded.sum',
  )
  const putRecord = database.prepare('INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?)')
  const deleteWorld = database.prepare('DELETE FROM world WHERE key = ?')
  const deleteRecord = database.prepare('DELETE FROM record WHERE world = ? AND collection = ? AND id = ?')
  const deleteRecords = database.prepare('DELETE FROM record WHERE world = ?')

  function writeWorld({ key, content: { parents, nextIds } }: World): void {
    const content = JSON.stringify({ parents, nextIds })
    putWorld.run(key, content, sumOf(content, key))
  }
  function writeRecord({ key }: World, collection: string, parent: string, record: Row): void {
    const content = JSON.stringify({ parent, record })
    putRecord.run(key, collection, record.id, content, sumOf(content, `${key}/${collection}/${record.id}`))
  }
  return {
    saved: writeRecord,
    removed(world, collection, id) {
      // The next id is one beyond the highest record; only now could the file forget that it was given.
      together(database, () => {
        writeWorld(world)
        deleteRecord.run(world.key, collection, id)
      })
    },
    replaced(world) {
      together(database, () => {
        deleteRecords.run(world.key)
        writeWorld(world)
        for (const { collection, parent, record } of world.content.rows)
          writeRecord(world, collection, parent, record)
      })
    },
    dropped(key) {
      together(database, () => {
        deleteRecords.run(key)
        deleteWorld.run(key)
      })
    },
  }
}

function together(database: DatabaseSync, change: () => void): void {
  database.exec('BEGIN')
  try {
    change()
    database.exec('COMMIT')
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}

/** Only a sandbox that keeps state loads the database: some versions of Node warn that it is new. */
function opened(file: string, readOnly = false): DatabaseSync {
  const { DatabaseSync } = createRequire(import.meta.url)('node:sqlite') as typeof import('node:sqlite')
  return new DatabaseSync(file, { readOnly })
}

function pragma(database: DatabaseSync, name: string): unknown {
  return Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]
}

function sumOf(content: string, key: string): number {
  return crc32(content, crc32(key))
}

function intact(content: string, sum: number, key: string): string {
  if (sumOf(content, key) !== sum) throw new Error('it is damaged')
  return content
}

function reasonOf({ errcode, message }: Error & { errcode?: number }): string {
  if (errcode === undefined) return message
  if (errcode === 5) return 'another sandbox uses it'
  return 'it is damaged or not a state file of the sandbox'
}

function refused(file: string, reason: string, cause?: unknown): Error {
  return new Error(
    `The state file ${file} is refused: ${reason}. It was left as it is; move it away or name another with --state.`,
    { cause },
  )
}
