/** Keeps one world in the SQL storage of a Durable Object, where it survives eviction and restarts. */
import type { Journal, JournaledWorld, Place, Row, WorldContent } from '../world/journal.ts'

interface Sql {
  exec(query: string, ...values: (string | number)[]): Cursor
}

interface Cursor {
  readonly rowsWritten: number
  toArray(): Record<string, unknown>[]
}

const tables = `
  CREATE TABLE world (content TEXT NOT NULL, script TEXT NOT NULL);
  CREATE TABLE record (
    place TEXT NOT NULL, id INTEGER NOT NULL, content TEXT NOT NULL, PRIMARY KEY (place, id)
  ) WITHOUT ROWID;`

/** A Durable Object holds one world, so every token in its sandbox leads to this key. */
export const onlyWorld = 'world'

export class WorldStorage {
  readonly #sql: Sql
  #world: JournaledWorld | undefined
  #script = ''
  /** Whether anything is stored. A world that was only read uses no storage. */
  isUsed = false
  /** Whether a query has failed since the world was opened. The world in memory is then ahead of the stored one. */
  hasFailed = false
  rowsWritten = 0

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** Returns the option for `createSandbox` that continues or starts this world. */
  open(): { journal: Journal } {
    this.#world = undefined
    this.hasFailed = false
    return { journal: this.#createJournal() }
  }

  /** Saves faults and the scripted clock, which the journal doesn't see. Call it after each request. */
  saveScript(): void {
    if (!this.#world) return
    const script = serializeScript(this.#world)
    if (script === this.#script) return
    if (!this.isUsed) this.#write(this.#world, this.#world.content)
    else this.#exec('UPDATE world SET script = ?', script)
    this.#script = script
  }

  #createJournal(): Journal {
    return {
      readWorld: (world) => {
        const { content, script } = this.#read()
        const [faults, times] = JSON.parse(script)
        Object.assign(world, { faults, times })
        this.#world = world
        this.#script = script
        return content
      },
      replaceWorld: (world, content) => this.#write(world, content),
      saveRecord: (_, place, record) => this.#saveRecord(place, record, 'INSERT OR REPLACE'),
      removeRecord: (world, place, id) => {
        this.#exec('DELETE FROM record WHERE place = ? AND id = ?', place, id)
        // The next id follows the highest record, so without this, a deleted id could be reused.
        this.#exec('UPDATE world SET content = ?', serializeIds(world))
      },
    }
  }

  #exec(query: string, ...values: (string | number)[]): Cursor {
    try {
      const cursor = this.#sql.exec(query, ...values)
      this.rowsWritten += cursor.rowsWritten
      return cursor
    } catch (error) {
      this.hasFailed = true
      throw error
    }
  }

  #saveRecord(place: Place, record: Row, insert = 'INSERT'): void {
    const values = [place, record.id, JSON.stringify(record)]
    this.#exec(`${insert} INTO record VALUES (?, ?, ?)`, ...values)
  }

  #read(): { content?: WorldContent; script: string } {
    this.isUsed = this.#exec("SELECT name FROM sqlite_master WHERE name = 'world'").toArray().length > 0
    if (!this.isUsed) return { script: '[[],[]]' }
    const [world] = this.#exec('SELECT content, script FROM world').toArray()
    const records = this.#exec('SELECT place, content FROM record ORDER BY id').toArray()
    const rows = records.map(({ place, content }) => ({
      place: String(place),
      record: JSON.parse(String(content)),
    }))
    return { content: { ...JSON.parse(String(world?.content)), rows }, script: String(world?.script) }
  }

  #write(world: JournaledWorld, content: WorldContent): void {
    if (!this.isUsed) this.#exec(tables)
    this.isUsed = true
    this.#exec('DELETE FROM record')
    this.#exec('DELETE FROM world')
    const script = serializeScript(world)
    this.#exec('INSERT INTO world VALUES (?, ?)', serializeIds(content), script)
    this.#script = script
    for (const { place, record } of content.rows) this.#saveRecord(place, record)
  }
}

function serializeIds({ nextIds }: Pick<JournaledWorld, 'nextIds'>): string {
  return JSON.stringify({ nextIds })
}

function serializeScript({ faults, times }: JournaledWorld): string {
  return JSON.stringify([faults, times])
}
