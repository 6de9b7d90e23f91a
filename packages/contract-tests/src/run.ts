/** One run against one server. Sends requests, validates responses, and writes only what it is allowed to write. */
import { randomBytes, randomUUID } from 'node:crypto'
import type { Operation } from '@recoveryconnect/spec/model'
import { Assumptions } from './assumptions.ts'
import { type Fields, type Ids, pathOf, successesOf } from './operations.ts'
import { type Exchange, expectDue, Failed, type HttpResponse, isWrongSuccess, RunEnded } from './outcome.ts'
import { Ownership, type RecordKey } from './ownership.ts'
import { markerPattern } from './phone-records.ts'
import { phones, type RecordType, recordTypes } from './record-types.ts'
import { type HttpRequest, type SendOptions, Server, type Target } from './server.ts'
import { type Drift, findProblems, validateResponse } from './validate-response.ts'

export interface CallOptions {
  /** Path parameters. Default: the ids of the borrower set aside, and the documented examples for the rest. */
  ids?: Ids
  /** Sent as JSON. A string is sent unchanged. */
  body?: unknown
  /** Headers to add to the usual ones or to replace them. `null` removes a header. */
  headers?: Record<string, string | null>
  /** The statuses to expect. Default: the documented statuses of success. */
  due?: number[]
  /** What is special about the request, for the report. Example: `with another scheme`. */
  as?: string
  /** A method that differs from the operation's. The response is then validated only against the documented errors. */
  method?: string
}

export class Run {
  /** The run marker. The memo of every phone that this run creates starts with it. */
  readonly marker: string = `recoveryconnect-verify ${randomUUID().slice(0, 8)}`
  readonly assumptions: Assumptions
  readonly drift: Map<string, Drift & { times: number }> = new Map()
  readonly target: Target & { remembers: boolean; disposable: boolean; proxied: boolean }
  readonly seed: number
  readonly #server: Server
  readonly own: Ownership
  /** Whether a request can ask for a certain response, as with a mock or a sandbox. */
  offersOnDemand = false
  /** Whether the server is for tests and accepts any token. One without responses on demand mustn't. */
  isForAnyToken = false
  /** Has the form of the right token. */
  readonly randomToken: string
  readonly #stopped = new AbortController()
  #serial = 0

  constructor(target: Target, { seed, write }: { seed: number; write: boolean }) {
    this.target = { remembers: true, disposable: false, proxied: false, ...target }
    this.seed = seed
    this.randomToken = randomizeLastPart(target.token)
    const options = [write && '--write', this.target.disposable && '--disposable']
    this.assumptions = new Assumptions(options, this.target.remembers)
    this.#server = new Server(target)
    this.own = new Ownership(this.marker, this.target, write)
  }

  /** Stops sending requests, except to clean up. A request that is in progress still finishes. */
  stop(): void {
    this.#stopped.abort()
  }

  /**
   * Calls an operation and validates the response against the contract.
   *
   * @throws {Failed} if the status isn't expected, or the response doesn't fit the contract.
   */
  async call(called: Operation, options: CallOptions = {}): Promise<Exchange> {
    const { due = successesOf(called), method = called.method, body } = options
    const request = {
      method,
      path: pathOf(called, { ...this.target.ids, ...options.ids }),
      headers: this.#headersFor(called, options),
      body,
    }
    let exchange: Exchange | undefined
    const onResponse = (response: HttpResponse) => {
      exchange = this.#examine(called, { ...options, due }, response)
    }
    await this.#send(request, { returnLimits: due.includes(429), onResponse })
    return expectDue(exchange as Exchange, options.as)
  }

  /** Validates a response, and notes what it says about assumptions and drift. */
  #examine(called: Operation, options: CallOptions & { due: number[] }, response: HttpResponse): Exchange {
    const { due, method = called.method, body, headers } = options
    const documented = method === called.method ? called : onlyErrors(called)
    // A wrong success status must not hide other problems with the response.
    const asStatus = isWrongSuccess(response, due) ? due[0] : response.status
    const { problems, drift } = validateResponse(documented, response, asStatus)
    const exchange: Exchange = {
      ...response,
      operation: documented,
      sent: body,
      isValid: !called.body?.schema || findProblems(called.body.schema, body).length === 0,
      due,
      isOnDemand: headers?.prefer !== undefined,
      problems,
    }
    this.assumptions.observe(exchange)
    for (const one of drift) this.#noteDrift(one)
    return exchange
  }

  #headersFor({ needsToken }: Operation, { body, headers = {} }: CallOptions): Record<string, string> {
    const all = {
      accept: 'application/json',
      ...(needsToken && { authorization: `Bearer ${this.target.token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    }
    return Object.fromEntries(
      Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null),
    )
  }

  makeBody(type: RecordType, fields: Fields = {}): Fields {
    return { ...type.makeBody(this.marker, this.#serial++), ...fields }
  }

  mayCreate({ isSafe }: RecordType): boolean {
    return this.own.mayWrite && (isSafe || this.target.disposable)
  }

  /**
   * Notes the records that exist before the run, and whether the server is one for tests. Removes the phones that an
   * earlier run left behind.
   *
   * @returns the status of the list of phones, and what is wrong with it.
   */
  async begin(): Promise<{ status: number; unread: Failed | undefined }> {
    const response = await this.#callPlainly(phones.list)
    const found = readPhones(response)
    const existing = found instanceof Failed ? [] : found
    for (const type of recordTypes.filter((one) => this.mayCreate(one))) {
      const listed = type === phones ? existing : await this.#callPlainly(type.list).then(recordsIn, () => [])
      for (const { id } of listed ?? []) this.own.noteExisting({ type, id })
    }
    if (this.own.mayWrite && this.target.remembers) {
      for (const { id, memo } of existing)
        if (markerPattern.test(String(memo))) await this.#remove({ type: phones, id })
    }
    const onDemand = await this.#callPlainly(phones.list, {}, { prefer: 'code=404' })
    this.offersOnDemand = onDemand.status === 404
    const authorization = `Bearer ${this.randomToken}`
    this.isForAnyToken =
      this.offersOnDemand && (await this.#callPlainly(phones.list, {}, { authorization })).status < 400
    return { status: response.status, unread: found instanceof Failed ? found : undefined }
  }

  async removeRecords(): Promise<void> {
    if (!this.target.remembers) return
    for (const record of this.own.remaining) await this.#remove(record)
  }

  /**
   * Removes every phone whose memo has the marker of this run.
   *
   * @returns the ids that are still there.
   * @throws {Failed} if the list can't be read.
   */
  async end(): Promise<number[]> {
    await this.removeRecords()
    for (const id of await this.#findOwnPhones()) await this.#remove({ type: phones, id })
    return this.#findOwnPhones()
  }

  async #findOwnPhones(): Promise<number[]> {
    const found = readPhones(await this.#callPlainly(phones.list))
    if (found instanceof Failed) throw found
    return found.filter(({ memo }) => String(memo).startsWith(this.marker)).map(({ id }) => id)
  }

  async #remove(record: RecordKey): Promise<void> {
    const { type, id } = record
    const { status } = await this.#callPlainly(type.delete, { [type.idName]: id })
    if (status < 500 && status !== 429) this.own.noteRemoved(record)
  }

  /** Sends a request that isn't part of a check. It is sent even after the run was stopped. */
  #callPlainly(
    called: Operation,
    ids: Ids = {},
    headers: Record<string, string> = {},
  ): Promise<HttpResponse> {
    return this.#server.send({
      method: called.method,
      path: pathOf(called, { ...this.target.ids, ...ids }),
      headers: { accept: 'application/json', authorization: `Bearer ${this.target.token}`, ...headers },
    })
  }

  async #send(request: HttpRequest, options: SendOptions): Promise<HttpResponse> {
    const { signal } = this.#stopped
    if (signal.aborted) throw new RunEnded('The run was stopped')
    const { method, path, body } = request
    this.own.guard(method, path, body)
    try {
      const response = await this.#server.send(request, { ...options, signal })
      this.own.noteCreated(method, path, response)
      if (response.status === 429 && !options.returnLimits) await this.#expectNoGeneralLimit()
      return response
    } catch (error) {
      if ((error as Error).name === 'AbortError') throw new RunEnded('The run was stopped')
      if (error instanceof Failed) await this.#expectServer(error)
      throw error
    }
  }

  /** If the server limits only one kind of request, the check fails. If it limits every request, the run ends. */
  async #expectNoGeneralLimit(): Promise<void> {
    const { status } = await this.#callPlainly(phones.list)
    if (status === 429) throw new RunEnded('The server limited the requests (429) for too long')
  }

  /** If the server drops only one kind of request, the check fails. If it drops every request, the run ends. */
  async #expectServer({ seen }: Failed): Promise<void> {
    await this.#callPlainly(phones.list).catch(() => {
      throw new RunEnded(`The server stopped responding (${seen})`)
    })
  }

  #noteDrift(drift: Drift): void {
    const key = JSON.stringify(drift)
    this.drift.set(key, { ...drift, times: (this.drift.get(key)?.times ?? 0) + 1 })
  }
}

/** Replaces the last part of a token, such as the signature of a JWT, with a random one of the same length. */
function randomizeLastPart(token: string): string {
  return token.replace(/[\w+/-]+(?==*$)/, ({ length }) =>
    randomBytes(length).toString('hex').slice(0, length),
  )
}

type Listed = { id: number; memo: unknown }[]

/** The records in a list that have an id; undefined if the response isn't a list. */
function recordsIn({ status, body }: HttpResponse): Listed | undefined {
  const data = (body as Fields | undefined)?.data
  return status === 200 && Array.isArray(data) ? data.filter((one) => Number.isInteger(one?.id)) : undefined
}

/** The phones in a list, or what is wrong with the list. */
function readPhones(response: HttpResponse): Listed | Failed {
  const [problem] = validateResponse(phones.list, response).problems
  const { expected, seen } = problem ?? { expected: '200', seen: String(response.status) }
  return recordsIn(response) ?? new Failed(expected, seen, '', phones.list.id)
}

/** The operation with only its documented errors. A method that the contract doesn't have must fail. */
function onlyErrors(known: Operation): Operation {
  return { ...known, responses: known.responses.filter(({ status }) => /^[45]|default/.test(status)) }
}
