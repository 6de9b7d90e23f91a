/** What callers, the generated operations and the client agree on. Types only. */
import type { RecoveryConnectError } from './errors.ts'

/**
 * A call on its way: a promise of the answer, rejected with a {@link RecoveryConnectError}.
 *
 * @example const { data } = await rc.borrowerPhones.list(ids)
 */
export interface Call<Answer> extends Promise<Answer> {
  /**
   * The outcome as a value; never rejects. Ask for it in the same turn as the call, in place of awaiting it.
   *
   * @example
   * const result = await rc.borrowerPhones.get(ids).result()
   * if (result.ok) console.log(result.data, result.attempts)
   * else console.error(result.error.kind)
   */
  result(): Promise<Result<Answer>>
}

/** What {@link Call.result} resolves to. */
export type Result<Answer> =
  | {
      readonly ok: true
      readonly data: Answer
      /** The last response: `status`, `headers`. Its body has been read; `text()` and `json()` repeat it. */
      readonly response: Response
      /** How many requests were sent, the first one included. */
      readonly attempts: number
    }
  | { readonly ok: false; readonly error: RecoveryConnectError }

/** What a single call may change; what is left out or `undefined` is as the client has it. */
export interface CallOptions {
  /** Ends the call at once, waiting included, with the kind `aborted`. */
  signal?: AbortSignal | undefined
  /** Milliseconds for one attempt, its body included: 1 to 2,147,483,647. Default: 10,000. */
  attemptTimeoutMs?: number | undefined
  /** Milliseconds for all attempts, waiting and token included: 1 to 2,147,483,647. Default: 60,000. */
  totalTimeoutMs?: number | undefined
  /**
   * How often a request is sent at most: 1 and more. Default: 3. A create is sent again only after 429. A renewed
   * token allows one further request.
   */
  maxAttempts?: number | undefined
  /** The most bytes that a response body may have, after decompression. Default: 1,048,576. */
  maxResponseBytes?: number | undefined
  /** Further headers. `Accept` and `Authorization` are the client's own. */
  headers?: Readonly<Record<string, string>> | undefined
  /**
   * Replaces `globalThis.fetch`, which is looked up at each call. It is called with a URL and an init, as
   * `fetch(url, { method, headers, body, redirect, signal, cache })`.
   */
  fetch?: typeof globalThis.fetch | undefined
  /** What to tell about the requests, see {@link Hooks}. */
  hooks?: Hooks | undefined
  /**
   * Sends body keys that the contract does not know, and flags other than 0 and 1. Default: `false`, they are
   * refused before anything is sent.
   */
  allowUnknownKeys?: boolean | undefined
  /** Holds each answer against a schema, see `checkAnswers`. Default: none. */
  checkAnswer?: AnswerCheck | undefined
}

/** What a client is made from. */
export interface ClientOptions extends Omit<CallOptions, 'signal'> {
  /**
   * The bearer token, without `Bearer`, or a function that has it: asked before each call, and once more with
   * `rejected` when the API answers 401. Calls that wait at the same time share one answer. Caching is the
   * function's business, see `loginToken`.
   */
  token: string | TokenProvider
  /**
   * The server, with the path that its proxy adds, if any: https, or http on the loopback interface. No credentials, no
   * query. Default: the contract's server, which is production.
   */
  baseUrl?: string | undefined
}

/**
 * Finds a token.
 *
 * @example const token: TokenProvider = async ({ rejected, signal }) => readSecret({ refresh: !!rejected, signal })
 */
export type TokenProvider = (ask: TokenAsk) => Promise<string>

/** What a {@link TokenProvider} is told. */
export interface TokenAsk {
  /** The token that the API refused, if it did: another one is needed. */
  readonly rejected?: string
  /** Ends when no call waits for the answer any more. */
  readonly signal: AbortSignal
  /** The server that the token is for, as the client has it. */
  readonly baseUrl: string
  /** The client's `fetch`, if it was given one. */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/**
 * Called while a request is on its way; never with headers or bodies. What a hook throws is ignored.
 *
 * @example const hooks: Hooks = { onAttempt: ({ operation, status, ms }) => metrics.record(operation, status, ms) }
 */
export interface Hooks {
  /** After each attempt. `status` is missing if there was no complete answer; `ms` covers the body. */
  onAttempt?(event: { operation: string; attempt: number; status?: number; ms: number }): void
  /** Before a pause. `attempt` is the one that will follow it. */
  onWait?(event: { operation: string; attempt: number; ms: number }): void
}

/**
 * Finds what is wrong with an answer: the paths of what departs from the schema, as `data.0.number`, never values.
 * Empty or `undefined` if nothing is.
 */
export type AnswerCheck = (
  operation: string,
  answer: unknown,
) => readonly string[] | undefined | Promise<readonly string[] | undefined>

/** One operation of the contract, as far as a request needs it. Generated. */
export interface Operation {
  /** The contract's `operationId`. */
  readonly id: string
  readonly method: string
  /** The path template, `/api/v140/orders/{order_id}`. */
  readonly path: string
  /** Whether sending it twice does the same as sending it once. */
  readonly mayRepeat: boolean
  /** Whether it is sent without a token. */
  readonly anonymous?: boolean
  /** The names of its query parameters. */
  readonly query?: readonly string[]
  /** The keys that its body may have. */
  readonly keys?: KnownKeys
  /** What `data` in its answer is. */
  readonly data?: 'array' | 'object'
  /** Whether `data.success` in its answer says that it was carried out. */
  readonly confirms?: boolean
}

/** `any` value, a 0/1 `flag`, or the known keys of an object below. */
export interface KnownKeys {
  readonly [key: string]: 'any' | 'flag' | KnownKeys
}
