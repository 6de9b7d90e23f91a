/** One run against one server: sends, judges every answer, and keeps to what it may touch. */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { components } from '@recoveryconnect/spec'
import { Assumptions } from './assumptions.ts'
import { type ContractOperation, type Node, operation, operations } from './contract.ts'
import { type Drift, judge, kindOf, misfits } from './judge.ts'
import { Broken, hold } from './promise.ts'

export type Phone = components['schemas']['BorrowerPhoneDetails']
export type NewPhone = components['schemas']['BorrowerPhoneCreate']

export interface Ids {
  order_id: number
  borrower_id: number
}

/** A server that claims to be this API, and what may be done to it. */
export interface Target {
  /** Where the API is, without a slash at the end: `https://api.mbsisystems.com`. */
  url: string
  token: string
  /** A borrower that was set aside for this. */
  ids: Ids
  /** A second one, of which nothing of the first may be visible. */
  other?: Ids
  /** For the authentication call. */
  credentials?: { username: string; password: string }
  /** Sends a request. @default the global fetch */
  fetch?: (url: string, init: RequestInit) => Promise<Response>
  /** Whether what is created can be read back. @default true */
  remembers?: boolean
  /** Whether everything on it may be destroyed. @default false */
  disposable?: boolean
  /** Whether a validating proxy stands in front, which answers what the contract refuses by itself. @default false */
  proxied?: boolean
}

export interface Exchange {
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
  status: number
  contentType: string | null
  headers: Headers
  body: unknown
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
  /** Another method than the operation's; the answer is then held to the contract's failures alone. */
  method?: string
}

/** Thrown where the run was told to stop. */
export class Interrupted extends Error {}
/** Thrown where a promise cannot be looked at here; the message says what it would take. */
export class LeftOut extends Error {}

const markerForm = /^recoveryconnect-verify [0-9a-f]{8}\b/
const deadline = 15_000
/** How long a run waits in all when it is told to slow down, in milliseconds. */
const patience = 120_000

export class Run {
  /** Stands at the start of the memo of every record that this run creates. */
  readonly marker: string = `recoveryconnect-verify ${randomUUID().slice(0, 8)}`
  readonly assumptions: Assumptions = new Assumptions()
  readonly drift: Map<string, Drift & { times: number }> = new Map()
  readonly target: Target
  readonly seed: number
  readonly #writes: boolean
  readonly #owned = new Set<number>()
  readonly #gone = new Set<number>()
  #before = new Set<number>()
  #stopped = false
  #waited = 0
  #serial = 0

  constructor(target: Target, { seed, write }: { seed: number; write: boolean }) {
    this.target = target
    this.seed = seed
    this.#writes = write
  }

  get remembers(): boolean {
    return this.target.remembers ?? true
  }

  get disposable(): boolean {
    return this.target.disposable ?? false
  }

  /** Nothing more is sent from now on, but for cleaning up. A request that is under way ends. */
  stop(): void {
    this.#stopped = true
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
    const answer = await this.#send(method, path, Object.fromEntries(headers), options.body, due)
    const judged = method === known.method ? known : this.#stranger(known)
    const verdict = judge(judged, answer)
    const exchange: Exchange = {
      ...answer,
      operation: judged,
      sent: options.body,
      valid: known.request === undefined || misfits(known.request, options.body).length === 0,
      due,
      onDemand: options.headers?.prefer !== undefined,
      fits: verdict.fits,
    }
    this.assumptions.observe(exchange)
    for (const one of verdict.drift) this.#note({ ...one, operation: known.id })
    hold(due.includes(answer.status), due.join(' or '), `${answer.status}`)
    const [problem] = verdict.problems
    if (problem) throw new Broken(`${problem.expected} (${answer.status})`, problem.seen)
    return exchange
  }

  /** An own record, as the server returned it. @throws {Broken} if it cannot be had. */
  async create(fields: Partial<NewPhone> = {}): Promise<Phone> {
    const { body } = await this.call('createBorrowerPhone', { body: this.phone(fields) })
    const phone = (body as { data: Phone }).data
    const isOwn = !this.remembers || this.#owned.has(phone.id)
    hold(isOwn, 'a new record with the memo that was sent', 'a record that is not the new one')
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
    const [first] = await this.list()
    if (first) return first.id
    if (!this.#writes) throw new LeftOut('the borrower has no phone to read')
    return (await this.create()).id
  }

  /** Looks at the borrower before anything else, and removes what an earlier run left behind. Resolves to the status of its list. */
  async begin(): Promise<number> {
    const { order_id, borrower_id } = this.target.ids
    const path = pathOf(operation('listBorrowerPhones'), { order_id, borrower_id })
    const { status, body } = await this.#fetch('GET', path, this.#plain)
    const phones = recordsIn(body)
    this.#before = new Set(phones.map(({ id }) => id))
    if (!this.#writes || !this.remembers) return status
    for (const { id, memo } of phones) if (markerForm.test(String(memo))) await this.#remove(id)
    return status
  }

  /** Whether answers can be asked for by name, as mock and sandbox allow. */
  async answersOnDemand(): Promise<boolean> {
    const path = pathOf(operation('listBorrowerPhones'), { ...this.target.ids })
    const answer = await this.#fetch('GET', path, { ...this.#plain, prefer: 'code=404' })
    return answer.status === 404
  }

  /** Removes the records that the last check created. */
  async tidy(): Promise<void> {
    if (!this.remembers) return
    for (const id of this.#owned) if (!this.#gone.has(id)) await this.#remove(id)
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
    const path = pathOf(operation('listBorrowerPhones'), { ...this.target.ids })
    const { status, body } = await this.#fetch('GET', path, this.#plain)
    hold(status === 200, 'a list without the records of this run', `${status} for the list`)
    return recordsIn(body).flatMap(({ id, memo }) => (String(memo).startsWith(this.marker) ? [id] : []))
  }

  async #remove(id: number): Promise<void> {
    const path = pathOf(operation('deleteBorrowerPhone'), { ...this.target.ids, phone_id: id })
    const { status } = await this.#fetch('DELETE', path, this.#plain)
    if (status < 500 && status !== 429) this.#gone.add(id)
  }

  get #plain(): Record<string, string> {
    return { accept: 'application/json', authorization: `Bearer ${this.target.token}` }
  }

  async #send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body: unknown,
    due: number[],
  ): Promise<Answer> {
    if (this.#stopped) throw new Interrupted()
    this.#guard(method, path, body)
    const content = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    const answer = await this.#fetch(method, path, headers, content)
    this.#register(method, path, answer)
    if (answer.status !== 429 || due.includes(429)) return answer
    const seconds = Number(answer.headers.get('retry-after') ?? 'NaN')
    const wait = Number.isFinite(seconds) ? seconds * 1000 : 5_000
    if (this.#waited + wait > patience) return answer
    this.#waited += wait
    // Refused for the moment: by the contract it was not carried out, so it may be sent again.
    this.#observeLimit(method, path, answer)
    await pause(wait)
    return this.#send(method, path, headers, body, due)
  }

  /** The last line of defence: a mistake in a promise must not reach a record of somebody else. */
  #guard(method: string, path: string, body: unknown): void {
    if (['GET', 'HEAD', 'OPTIONS'].includes(method)) return
    if (!this.#writes) throw new Error(`${method} could write, and the run was started to read.`)
    if (this.disposable) return
    if (path === operation('createAccessToken').path && method === 'POST') return
    if (path === pathOf(operation('createBorrowerPhone'), { ...this.target.ids }) && method === 'POST') {
      if (typeof body === 'string' || String((body as Node)?.memo).startsWith(this.marker)) return
      throw new Error('A record would be created without the marker in its memo.')
    }
    const id = Number(/\/phones\/(\d+)$/.exec(path)?.[1])
    if (this.#owned.has(id)) return
    throw new Error(`${method} would touch what this run did not create.`)
  }

  /** An id is ours if it is new and the record carries our marker: a wrong server may name somebody else's. */
  #register(method: string, path: string, { status, body }: Answer): void {
    if (method !== 'POST' || status >= 300 || !path.endsWith('/phones')) return
    const { id, memo } = (body as Node)?.data ?? {}
    if (!Number.isSafeInteger(id) || this.#before.has(id) || this.#gone.has(id)) return
    if (String(memo).startsWith(this.marker) || (this.disposable && this.remembers)) this.#owned.add(id)
  }

  #observeLimit(method: string, path: string, answer: Answer): void {
    const found = operations.find(
      (one) => one.method === method && pathOf(one, { ...this.target.ids }) === path,
    )
    if (!found) return
    const { fits } = judge(found, answer)
    const common = { sent: undefined, valid: false, due: [], onDemand: false }
    this.assumptions.observe({ ...answer, ...common, operation: found, fits })
  }

  async #fetch(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string,
  ): Promise<Answer> {
    const send = this.target.fetch ?? fetch
    const init = { method, headers, redirect: 'manual', signal: AbortSignal.timeout(deadline) } as const
    try {
      const response = await send(this.target.url + path, { ...init, ...(body !== undefined && { body }) })
      const text = await response.text()
      const contentType = response.headers.get('content-type')
      return { status: response.status, contentType, headers: response.headers, body: parsed(text) }
    } catch (error) {
      throw new Broken('an answer', failureOf(error as Error))
    }
  }

  /** A method that the contract does not have: only its failures can be the answer. */
  #stranger(known: ContractOperation): ContractOperation {
    const failures = Object.entries(known.responses).filter(([status]) => /^[45]/.test(status))
    return { ...known, responses: Object.fromEntries(failures) }
  }

  #note(drift: Drift): void {
    const key = JSON.stringify(drift)
    this.drift.set(key, { ...drift, times: (this.drift.get(key)?.times ?? 0) + 1 })
  }
}

interface Answer {
  status: number
  contentType: string | null
  headers: Headers
  body: unknown
}

function pathOf({ path, ids: examples }: ContractOperation, ids: Record<string, number | string>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => String(ids[name] ?? examples[name]))
}

function recordsIn(body: unknown): { id: number; memo: unknown }[] {
  const data = (body as Node | undefined)?.data
  return Array.isArray(data) ? data.filter((one) => kindOf(one?.id) === 'integer') : []
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Without the message, which may quote what was sent. */
function failureOf(error: Error): string {
  if (error.name === 'TimeoutError') return `no answer within ${deadline / 1000} s`
  const { code } = (error.cause ?? {}) as { code?: string }
  return `a connection that failed (${code ?? error.name})`
}
