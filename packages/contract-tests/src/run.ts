/** One run against one server: sends, judges every answer, and keeps to what it may touch. */
import { randomUUID } from 'node:crypto'
import type { components } from '@recoveryconnect/spec'
import { Assumptions } from './assumptions.ts'
import { type ContractOperation, operation } from './contract.ts'
import { type Drift, judge, misfits, type Problem } from './judge.ts'
import { markerForm, Ownership } from './ownership.ts'
import { Broken, hold, Unready } from './promise.ts'
import { type Answer, pathOf, recordsIn, type Target, Wire } from './wire.ts'

export type Phone = components['schemas']['BorrowerPhoneDetails']
export type NewPhone = components['schemas']['BorrowerPhoneCreate']

/** One request with its answer, and what the contract says of both. */
export interface Exchange extends Answer {
  /** Undefined where the contract has no such operation. */
  operation: ContractOperation | undefined
  /** The body that was sent, parsed. */
  sent: unknown
  /** Whether what was sent is what the contract allows. */
  valid: boolean
  /** The statuses that the check waits for. */
  due: number[]
  /** Whether the answer was asked for by name. */
  onDemand: boolean
  /** Whether the body fits the documented answer. */
  fits: boolean
}

export interface CallOptions {
  /** Other ids than those of the borrower set aside. */
  ids?: Record<string, number | string>
  /** Sent as JSON; a string as it is. */
  body?: unknown
  /** Added to, or in place of, what is always sent. `null` leaves one out. */
  headers?: Record<string, string | null>
  /** The statuses that are right. @default [200] */
  due?: number[]
  /** What is special about the request, for the report: `with another scheme`. */
  as?: string
  /** Another method than the operation's; the answer is then held to the contract's failures alone. */
  method?: string
}

/** Thrown where the run was told to stop. */
export class Interrupted extends Error {}
/** Thrown where going on makes no sense: the server is not there any more, or lets nobody in. The message says which. */
export class Gone extends Error {}
/** Thrown where a promise cannot be looked at here; the message says what it would take. */
export class LeftOut extends Error {}

export class Run {
  /** Stands at the start of the memo of every record that this run creates. */
  readonly marker: string = `recoveryconnect-verify ${randomUUID().slice(0, 8)}`
  readonly assumptions: Assumptions
  readonly drift: Map<string, Drift & { times: number }> = new Map()
  readonly target: Target
  readonly seed: number
  readonly #writes: boolean
  readonly #wire: Wire
  readonly #own: Ownership
  readonly #stopped = new AbortController()
  #serial = 0

  constructor(target: Target, { seed, write }: { seed: number; write: boolean }) {
    this.target = target
    this.seed = seed
    this.#writes = write
    this.assumptions = new Assumptions([write && '--write', this.disposable && '--disposable'])
    this.#wire = new Wire(target)
    this.#own = new Ownership(this.marker, target, write)
  }

  get remembers(): boolean {
    return this.target.remembers ?? true
  }

  get disposable(): boolean {
    return this.target.disposable ?? false
  }

  /** Nothing more is sent from now on, but for cleaning up. A request that is under way ends. */
  stop(): void {
    this.#stopped.abort()
  }

  /**
   * Calls an operation and holds the answer to the contract.
   *
   * @throws {Broken} if the status is none of those that are due, or the answer does not fit.
   */
  async call(id: string, options: CallOptions = {}): Promise<Exchange> {
    const known = operation(id)
    const { due = [200], method = known.method } = options
    const path = pathOf(known, { ...this.target.ids, ...options.ids })
    const headers = Object.entries({
      accept: 'application/json',
      ...(known.secured && { authorization: `Bearer ${this.target.token}` }),
      ...(options.body !== undefined && { 'content-type': 'application/json' }),
      ...options.headers,
    }).filter((entry): entry is [string, string] => entry[1] !== null)
    const judged = method === known.method ? known : failuresOf(known)
    const seen = (answer: Answer): Exchange => ({
      ...answer,
      operation: judged,
      sent: options.body,
      valid: known.request === undefined || misfits(known.request, options.body).length === 0,
      due,
      onDemand: options.headers?.prefer !== undefined,
      fits: judge(judged, answer).fits,
    })
    const answer = await this.#send(
      { method, path, headers: Object.fromEntries(headers), body: options.body },
      due.includes(429),
      (limit) => this.assumptions.observe(seen(limit)),
    )
    const exchange = seen(answer)
    const verdict = judge(judged, answer)
    if (answer.status !== 429 || due.includes(429)) this.assumptions.observe(exchange)
    for (const one of verdict.drift) this.#note({ ...one, operation: known.id })
    const as = options.as ? ` ${options.as}` : ''
    if (!due.includes(answer.status)) {
      // A success of another kind may have faults of its own, which its status must not hide.
      const isSuccess = answer.status >= 200 && answer.status < 300 && due[0] === 200
      const isJudged = isSuccess && answer.body !== undefined
      const hidden = isJudged ? judge(judged, { ...answer, status: 200 }).problems : []
      throw new Broken(due.join(' or '), `${answer.status}${as}${furthermore(hidden)}`)
    }
    const [problem, ...more] = verdict.problems
    if (problem)
      throw new Broken(`${problem.expected} (${answer.status})`, `${problem.seen}${as}${furthermore(more)}`)
    return exchange
  }

  /** An own record, as the server returned it. @throws {Unready} if it cannot be had. */
  async create(fields: Partial<NewPhone> = {}): Promise<Phone> {
    const step = 'createBorrowerPhone'
    const { body } = await this.call(step, { body: this.phone(fields) }).catch(unready(step))
    const phone = (body as { data: Phone }).data
    if (this.remembers && !this.#own.isOwn(phone.id)) {
      const broken = new Broken(
        'a new record with the memo that was sent',
        'a record that is not the new one',
      )
      throw new Unready(step, broken)
    }
    return phone
  }

  /** A body for a record that calls nobody: a fictitious number, not to be contacted, with the marker in its memo. */
  phone(fields: Partial<NewPhone> = {}): Required<NewPhone> {
    const number = `20255501${String(this.#serial++ % 100).padStart(2, '0')}`
    const rest = { type: 6, mobile_carrier_id: 1, extension: '22', valid: 1, no_contact: 1 } as const
    return { ...rest, number, memo: this.marker, ...fields }
  }

  async get(phone_id: number, options: CallOptions = {}): Promise<Phone> {
    const { body } = await this.call('getBorrowerPhone', { ...options, ids: { phone_id, ...options.ids } })
    return (body as { data: Phone }).data
  }

  async list(options: CallOptions = {}): Promise<Phone[]> {
    const { body } = await this.call('listBorrowerPhones', options)
    return (body as { data: Phone[] }).data
  }

  /** The id of some phone that can be read. @throws {LeftOut} if there is none. */
  async anyPhone(): Promise<number> {
    if (!this.remembers) return operation('getBorrowerPhone').ids.phone_id as number
    const [first] = await this.list().catch(unready('listBorrowerPhones'))
    if (first) return first.id
    if (!this.#writes) throw new LeftOut('the borrower has no phone to read')
    return (await this.create()).id
  }

  /**
   * Looks at the borrower before anything else, and removes what an earlier run left behind.
   *
   * @returns the status of the list, and whether it could be read.
   */
  async begin(): Promise<{ status: number; isRead: boolean }> {
    const answer = await this.#plainly('GET', 'listBorrowerPhones')
    const phones = recordsIn(answer)
    this.#own.found(phones?.map(({ id }) => id) ?? [])
    if (this.#writes && this.remembers) {
      for (const { id, memo } of phones ?? []) if (markerForm.test(String(memo))) await this.#remove(id)
    }
    return { status: answer.status, isRead: phones !== undefined }
  }

  /** Whether answers can be asked for by name, as mock and sandbox allow. */
  async answersOnDemand(): Promise<boolean> {
    const { status } = await this.#plainly('GET', 'listBorrowerPhones', {}, { prefer: 'code=404' })
    return status === 404
  }

  /** Removes the records that the last check created. */
  async tidy(): Promise<void> {
    if (!this.remembers) return
    for (const id of this.#own.left) await this.#remove(id)
  }

  /**
   * Removes everything that carries the marker of this run.
   *
   * @returns the ids that are still there.
   * @throws {Broken} if nobody can say.
   */
  async end(): Promise<number[]> {
    await this.tidy()
    for (const id of await this.#marked()) await this.#remove(id)
    return this.#marked()
  }

  async #marked(): Promise<number[]> {
    const answer = await this.#plainly('GET', 'listBorrowerPhones')
    const phones = recordsIn(answer)
    hold(phones !== undefined, 'a list to look at', `${answer.status} without one`)
    return phones.filter(({ memo }) => String(memo).startsWith(this.marker)).map(({ id }) => id)
  }

  async #remove(id: number): Promise<void> {
    const { status } = await this.#plainly('DELETE', 'deleteBorrowerPhone', { phone_id: id })
    if (status < 500 && status !== 429) this.#own.removed(id)
  }

  /** A request of the run itself, which no promise is about. It goes out even when the run was told to stop. */
  #plainly(
    method: string,
    id: string,
    ids: Record<string, number> = {},
    more: Record<string, string> = {},
  ): Promise<Answer> {
    const headers = { accept: 'application/json', authorization: `Bearer ${this.target.token}`, ...more }
    return this.#wire.send({ method, path: pathOf(operation(id), { ...this.target.ids, ...ids }), headers })
  }

  async #send(
    { body, ...message }: { method: string; path: string; headers: Record<string, string>; body: unknown },
    isDue: boolean,
    onLimit: (answer: Answer) => void,
  ): Promise<Answer> {
    const { signal } = this.#stopped
    if (signal.aborted) throw new Interrupted()
    const { method, path } = message
    this.#own.guard(method, path, body)
    const content = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    try {
      const answer = await this.#wire.send({ ...message, body: content }, { isDue, onLimit, signal })
      this.#own.register(method, path, answer)
      // One that limits a single kind of request is wrong; one that limits them all is not.
      if (
        answer.status === 429 &&
        !isDue &&
        (await this.#plainly('GET', 'listBorrowerPhones')).status === 429
      )
        throw new Gone('The server limits the requests (429) for too long')
      return answer
    } catch (error) {
      if ((error as Error).name === 'AbortError') throw new Interrupted()
      // A server that is there and breaks off one kind of request is wrong; one that is not there is not.
      if (error instanceof Broken)
        await this.#plainly('GET', 'listBorrowerPhones').catch(() => {
          throw new Gone(`The server is not there any more (${error.seen})`)
        })
      throw error
    }
  }

  #note(drift: Drift): void {
    const key = JSON.stringify(drift)
    this.drift.set(key, { ...drift, times: (this.drift.get(key)?.times ?? 0) + 1 })
  }
}

/** Turns what breaks a step into what keeps the next one from being asked. */
export function unready(step: string) {
  return (error: unknown): never => {
    throw error instanceof Broken ? new Unready(step, error) : error
  }
}

/** What else is wrong with an answer; some of it, if it is much. */
function furthermore(problems: Problem[]): string {
  const all = [...new Set(problems.map(({ expected, seen }) => `${expected} – ${seen}`))]
  const more = all.length > 5 ? [`${all.length - 5} more`] : []
  return all.length > 0 ? `; furthermore ${[...all.slice(0, 5), ...more].join(', ')}` : ''
}

/** A method that the contract does not have: only the failures of its neighbour can be the answer. */
function failuresOf(known: ContractOperation): ContractOperation {
  const failures = Object.entries(known.responses).filter(([status]) => /^[45]/.test(status))
  return { ...known, responses: Object.fromEntries(failures) }
}
