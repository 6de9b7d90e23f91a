/** Which records are a run's own, and that nothing else is touched: what makes it safe to write to a live server. */
import { type Node, operation } from './contract.ts'
import { type Answer, pathOf, type Target } from './wire.ts'

/** A memo that some run has put its marker into. */
export const markerForm: RegExp = /^recoveryconnect-verify [0-9a-f]{8}\b/

export class Ownership {
  readonly #marker: string
  readonly #target: Target
  readonly #writes: boolean
  readonly #owned = new Set<number>()
  readonly #gone = new Set<number>()
  #before = new Set<number>()

  constructor(marker: string, target: Target, writes: boolean) {
    this.#marker = marker
    this.#target = target
    this.#writes = writes
  }

  /** These records were there first. */
  found(ids: number[]): void {
    this.#before = new Set(ids)
  }

  isOwn(id: number): boolean {
    return this.#owned.has(id)
  }

  /** The own records that were not removed yet. */
  get left(): number[] {
    return [...this.#owned].filter((id) => !this.#gone.has(id))
  }

  removed(id: number): void {
    this.#gone.add(id)
  }

  /**
   * The last line of defence: a mistake in a promise must not reach a record of somebody else.
   *
   * @throws {Error} for whatever is not sure to touch own records alone.
   */
  guard(method: string, path: string, body: unknown): void {
    if (['GET', 'HEAD', 'OPTIONS'].includes(method)) return
    if (!this.#writes) throw new Error(`${method} could write, and the run was started to read.`)
    if (this.#target.disposable) return
    if (method === 'POST' && path === operation('createAccessToken').path) return
    if (method === 'POST' && path === pathOf(operation('createBorrowerPhone'), { ...this.#target.ids })) {
      const isMarked =
        typeof body === 'string' ? body.includes(this.#marker) : this.#isMarked((body as Node)?.memo)
      if (isMarked) return
      throw new Error('A record would be created without the marker in its memo.')
    }
    if (this.#owned.has(Number(/\/phones\/(\d+)$/.exec(path)?.[1]))) return
    throw new Error(`${method} would touch what this run did not create.`)
  }

  /** An id is ours if it is new and the record carries our marker: a wrong server may name somebody else's. */
  register(method: string, path: string, { status, body }: Answer): void {
    if (method !== 'POST' || status >= 300 || !path.endsWith('/phones')) return
    const { id, memo } = (body as Node)?.data ?? {}
    if (!Number.isSafeInteger(id) || this.#before.has(id) || this.#gone.has(id)) return
    const { disposable, remembers = true } = this.#target
    if (this.#isMarked(memo) || (disposable && remembers)) this.#owned.add(id)
  }

  #isMarked(memo: unknown): boolean {
    return String(memo).startsWith(this.#marker)
  }
}
