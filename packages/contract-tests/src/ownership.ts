/** Knows which records a run created, and blocks writes to other records, so that a run can write to a real server. */
import { type Fields, pathOf } from './operations.ts'
import type { HttpResponse } from './outcome.ts'
import { login, phones, type RecordType, recordTypes } from './record-types.ts'
import type { Target } from './server.ts'

export interface RecordKey {
  type: RecordType
  id: number
}

export class Ownership {
  readonly #marker: string
  readonly #target: Target
  /** Whether the run may write at all. */
  mayWrite: boolean
  readonly #created = new Map<string, RecordKey>()
  readonly #removed = new Set<string>()
  readonly #before = new Set<string>()

  constructor(marker: string, target: Target, writes: boolean) {
    this.#marker = marker
    this.#target = target
    this.mayWrite = writes
  }

  /** Notes a record that existed before the run. */
  noteExisting(record: RecordKey): void {
    this.#before.add(keyOf(record))
  }

  isOwn(type: RecordType, id: number): boolean {
    return this.#created.has(keyOf({ type, id }))
  }

  /** The records that the run created and hasn't removed yet. */
  get remaining(): RecordKey[] {
    return [...this.#created].filter(([key]) => !this.#removed.has(key)).map(([, record]) => record)
  }

  noteRemoved(record: RecordKey): void {
    this.#removed.add(keyOf(record))
  }

  /**
   * The last line of defense: a mistake in a check must not affect someone else's record.
   *
   * @throws {Error} for every request that might touch a record that the run didn't create.
   */
  guard(method: string, path: string, body: unknown): void {
    if (['GET', 'HEAD', 'OPTIONS'].includes(method)) return
    if (!this.mayWrite) throw new Error(`${method} could write, but the run may only read.`)
    if (this.#target.disposable) return
    if (method === 'POST' && path === login.path) return
    if (method === 'POST' && path === pathOf(phones.create, { ...this.#target.ids })) {
      if (typeof body === 'string' ? body.includes(this.#marker) : this.#hasMarker((body as Fields)?.memo))
        return
      throw new Error("The memo of a new record doesn't start with the run marker.")
    }
    const [, id] = /\/phones\/(\d+)$/.exec(path) ?? []
    if (id !== undefined && this.isOwn(phones, Number(id))) return
    throw new Error(`${method} would touch a record that this run did not create.`)
  }

  /**
   * Notes a record that a create returned.
   *
   * A record is ours only if its id is new, because a wrong server may return any record. A phone's memo must have the run
   * marker, too.
   */
  noteCreated(method: string, path: string, { status, body }: HttpResponse): void {
    const { ids, disposable, remembers = true } = this.#target
    const type = recordTypes.find(({ create }) => path === pathOf(create, { ...ids }))
    const { id, memo } = (body as Fields | undefined)?.data ?? {}
    if (method !== 'POST' || status >= 300 || !type || !Number.isSafeInteger(id)) return
    const key = keyOf({ type, id })
    if (this.#removed.has(key) || this.#before.has(key)) return
    const isMarked = type === phones && this.#hasMarker(memo)
    if (isMarked || (disposable && remembers)) this.#created.set(key, { type, id })
  }

  #hasMarker(memo: unknown): boolean {
    return String(memo).startsWith(this.#marker)
  }
}

function keyOf({ type, id }: RecordKey): string {
  return `${type.resource.name} ${id}`
}
