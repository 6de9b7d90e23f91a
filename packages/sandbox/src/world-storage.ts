/** One world in the SQL storage of a Durable Object: what was answered survives eviction and restart. */
import type { Journal, World, WorldContent } from './store.ts'

/** The part of `SqlStorage` that is used. */
interface Sql {
  exec(query: string, ...values: (string | number)[]): { toArray(): Record<string, unknown>[] }
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

  constructor(sql: Sql) {
    this.#sql = sql
  }

  get isUsed(): boolean {
    return this.#isUsed
  }

  /** What a sandbox needs to go on with this world, or to begin it. */
  open(): { journal: Journal; kept: { key: string; content: WorldContent }[] } {
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
        this.#sql.exec(
          'INSERT OR REPLACE INTO record VALUES (?, ?, ?)',
          collection,
          record.id,
          JSON.stringify({ parent, record }),
        )
      },
      removed: (world, collection, id) => {
        if (!this.#isUsed) return this.#write(world)
        this.#sql.exec('DELETE FROM record WHERE collection = ? AND id = ?', collection, id)
        // The next id is one beyond the highest record; only now could it be forgotten that it was given.
        this.#sql.exec('UPDATE world SET content = ?', worldOf(world))
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
    this.#script = script
    this.#sql.exec('UPDATE world SET script = ?', script)
  }

  #stored(): { content?: WorldContent; script: string } {
    this.#isUsed = this.#sql.exec("SELECT name FROM sqlite_master WHERE name = 'world'").toArray().length > 0
    if (!this.#isUsed) return { script: '[[],[]]' }
    const [world] = this.#sql.exec('SELECT content, script FROM world').toArray()
    const records = this.#sql.exec('SELECT collection, content FROM record ORDER BY id').toArray()
    const rows = records.map(({ collection, content }) => ({
      collection: String(collection),
      ...JSON.parse(String(content)),
    }))
    return { content: { ...JSON.parse(String(world?.content)), rows }, script: String(world?.script) }
  }

  /** Writes the whole world. */
  #write(world: World): void {
    if (!this.#isUsed) this.#sql.exec(tables)
    this.#isUsed = true
    this.#sql.exec('DELETE FROM record')
    this.#sql.exec('DELETE FROM world')
    this.#script = scriptOf(world)
    this.#sql.exec('INSERT INTO world VALUES (?, ?)', worldOf(world), this.#script)
    for (const { collection, parent, record } of world.content.rows)
      this.#sql.exec(
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
