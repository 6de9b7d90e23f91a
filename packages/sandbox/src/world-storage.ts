/** One world in the SQL storage of a Durable Object: what was answered survives eviction and restart. */
import type { Journal, World, WorldContent } from './store.ts'

/** The part of `SqlStorage` that is used. */
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
    collection TEXT NOT NULL, id INTEGER NOT NULL, content TEXT NOT NULL, PRIMARY KEY (collection, id)
  ) WITHOUT ROWID;`

/** An object holds one world; in its sandbox every token leads there. */
export const onlyWorld = 'world'

export class WorldStorage {
  readonly #sql: Sql
  #world: World | undefined
  /** What a test scripted, as it is stored. */
  #script = ''
  /** Whether anything is stored: a world that was only looked at takes no room. */
  #isUsed = false
  #hasFailed = false
  #rowsWritten = 0

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** How many rows were written so far. */
  get rowsWritten(): number {
    return this.#rowsWritten
  }

  /** Whether the database refused something since the world was opened: what is in memory is then ahead of it. */
  get hasFailed(): boolean {
    return this.#hasFailed
  }

  get isUsed(): boolean {
    return this.#isUsed
  }

  /** What a sandbox needs to go on with this world, or to begin it. */
  open(): { journal: Journal; kept: { key: string; content: WorldContent }[] } {
    this.#world = undefined
    this.#hasFailed = false
    const { content, script } = this.#stored()
    let isSeed = !content
    const journal: Journal = {
      opened: (world) => {
        this.#world = world
        const [faults, times] = JSON.parse(script)
        Object.assign(world, { faults, times })
        this.#script = script
      },
      saved: (world, collection, parent, record) => {
        if (!this.#isUsed) return this.#write(world)
        this.#exec(
          'INSERT OR REPLACE INTO record VALUES (?, ?, ?)',
          collection,
          record.id,
          JSON.stringify({ parent, record }),
        )
      },
      removed: (world, collection, id) => {
        if (!this.#isUsed) return this.#write(world)
        this.#exec('DELETE FROM record WHERE collection = ? AND id = ?', collection, id)
        // The next id is one beyond the highest record; only now could it be forgotten that it was given.
        this.#exec('UPDATE world SET content = ?', worldOf(world))
      },
      replaced: (world) => {
        // The seed is there anyway.
        if (!isSeed) this.#write(world)
        isSeed = false
      },
      dropped: () => {},
    }
    return { journal, kept: content ? [{ key: onlyWorld, content }] : [] }
  }

  /** Faults and a scripted clock change without a word to the journal; called after each request. */
  keepScript(): void {
    if (!this.#world) return
    const script = scriptOf(this.#world)
    if (script === this.#script) return
    if (!this.#isUsed) this.#write(this.#world)
    else this.#exec('UPDATE world SET script = ?', script)
    this.#script = script
  }

  #exec(query: string, ...values: (string | number)[]): Cursor {
    try {
      const cursor = this.#sql.exec(query, ...values)
      this.#rowsWritten += cursor.rowsWritten
      return cursor
    } catch (error) {
      this.#hasFailed = true
      throw error
    }
  }

  #stored(): { content?: WorldContent; script: string } {
    this.#isUsed = this.#exec("SELECT name FROM sqlite_master WHERE name = 'world'").toArray().length > 0
    if (!this.#isUsed) return { script: '[[],[]]' }
    const [world] = this.#exec('SELECT content, script FROM world').toArray()
    const records = this.#exec('SELECT collection, content FROM record ORDER BY id').toArray()
    const rows = records.map(({ collection, content }) => ({
      collection: String(collection),
      ...JSON.parse(String(content)),
    }))
    return { content: { ...JSON.parse(String(world?.content)), rows }, script: String(world?.script) }
  }

  /** Writes the whole world. */
  #write(world: World): void {
    if (!this.#isUsed) this.#exec(tables)
    this.#isUsed = true
    this.#exec('DELETE FROM record')
    this.#exec('DELETE FROM world')
    const script = scriptOf(world)
    this.#exec('INSERT INTO world VALUES (?, ?)', worldOf(world), script)
    this.#script = script
    for (const { collection, parent, record } of world.content.rows)
      this.#exec(
        'INSERT INTO record VALUES (?, ?, ?)',
        collection,
        record.id,
        JSON.stringify({ parent, record }),
      )
  }
}

function worldOf({ content: { parents, nextIds } }: World): string {
  return JSON.stringify({ parents, nextIds })
}

function scriptOf({ faults, times }: World): string {
  return JSON.stringify([faults, times])
}
