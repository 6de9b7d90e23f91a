/** The types that callers, the generated operations and the client share. */
import type { RecoveryConnectError } from './errors.ts'

/**
 * A call in progress: a promise of the response body that rejects with a {@link RecoveryConnectError}.
 *
 * @example const { data } = await rc.borrowerPhones.list(ids)
 */
export interface Call<Data> extends Promise<Data> {
  /**
   * Resolves to the outcome as a value. Use it instead of awaiting the call, in the same statement. It rejects only with
   * errors that a framework throws to control rendering, such as those of Next.js.
   *
   * @example
   * const result = await rc.borrowerPhones.get(ids).result()
   * if (result.ok) console.log(result.data, result.attempts)
   * else console.error(result.error.kind)
   */
  result(): Promise<Result<Data>>
  /**
   * Resolves to the data together with the response, for its status and headers. It rejects like the call. Use it
   * instead of awaiting the call, in the same statement.
   *
   * @example
   * const { data, response } = await rc.borrowerPhones.list(ids).withResponse()
   * console.log(data.data.length, response.headers.get('x-request-id'))
   */
  withResponse(): Promise<Success<Data>>
}

/** What {@link Call.withResponse} resolves to. */
export interface Success<Data> {
  readonly data: Data
  /** The last response, for its status and headers. You can read its body again with `text()` and `json()`. */
  readonly response: Response
  /** The number of requests sent, including the first one. */
  readonly attempts: number
}

/** What {@link Call.result} resolves to. */
export type Result<Data> =
  | ({ readonly ok: true } & Success<Data>)
  | { readonly ok: false; readonly error: RecoveryConnectError }

/** Options for a single call. If an option is missing or `undefined`, the client's value applies. */
export interface CallOptions {
  /** Ends the call immediately, even during a pause, with an error of kind `aborted`. */
  signal?: AbortSignal | undefined
  /** The timeout for one attempt, including the body, in milliseconds: 1 to 2,147,483,647. Default: 10,000. */
  attemptTimeoutMs?: number | undefined
  /** The timeout for the whole call, including pauses and the token, in milliseconds: same range. Default: 60,000. */
  totalTimeoutMs?: number | undefined
  /**
   * The maximum number of attempts, 1 or more. Default: 3. A create is retried only after a 429. Renewing the token
   * allows one extra request.
   */
  maxAttempts?: number | undefined
  /** The maximum size of a response body after decompression, in bytes. Default: 1,048,576. */
  maxResponseBytes?: number | undefined
  /**
   * Extra request headers. Those of a call replace those of its client by name, and `null` removes one. The client always
   * sets `Accept`, `Authorization` and, with a body, `Content-Type` itself, and `fetch` sets `Content-Length`.
   */
  headers?: HeadersOption | undefined
  /** Replaces `globalThis.fetch`, which is looked up for each call. */
  fetch?: Fetch | undefined
  /** Functions to call for each attempt and each pause. Those of a call run after those of its client. */
  hooks?: Hooks | undefined
  /** Whether to send unknown body fields, and flags other than 0 and 1. Default: `false`; they throw. */
  allowUnknownKeys?: boolean | undefined
  /**
   * Whether to retry an update with `no_contact: 0` or `valid: 1` after a lost response. Default: `false`, because the
   * retry could clear a do-not-contact flag that someone set in the meantime.
   */
  retryClearedFlags?: boolean | undefined
  /** Validates each response. See `checkResponses`. Default: no validation. */
  checkResponse?: ResponseCheck | undefined
}

/**
 * A `fetch` function, as far as the client uses it. Those of every runtime, undici and node-fetch fit. Your own function
 * must not follow redirects, retry, or return a cached response.
 */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchResponse>

/** What the client passes to {@link Fetch}. */
export interface FetchInit {
  method: string
  /** By name, in lower case. */
  headers: Record<string, string>
  /** Missing if the request has no body. */
  body?: string
  redirect: 'manual'
  signal: AbortSignal
  cache?: 'no-store'
}

/** What the client reads of a response. */
export interface FetchResponse {
  readonly status: number
  readonly ok: boolean
  readonly headers: { get(name: string): string | null }
  /** The client reads it in parts, if it has `getReader`. Otherwise, it calls `text()`. */
  readonly body?: unknown
  text(): Promise<string>
}

/** Headers as an object, as pairs, or as `Headers`. `undefined` counts as missing. */
export type HeadersOption =
  | Readonly<Record<string, string | null | undefined>>
  | Iterable<readonly [name: string, value: string | null | undefined]>

/** Options for a client, and for all of its calls. */
export interface ClientOptions extends CallOptions {
  /**
   * The bearer token without `Bearer`, or a function that returns it. The client calls the function before each call,
   * and once more with `rejected` after a 401. Except in Next.js, calls that wait at the same time share one token
   * request. The token must therefore not depend on who calls. The function is responsible for caching. For an example,
   * see `loginToken`.
   */
  token: string | TokenProvider
  /**
   * The URL of the server, including a path if a proxy adds one. It must use https, or http on the loopback interface.
   * It can't have credentials or a query. Default: the production server.
   */
  baseUrl?: string | undefined
  /**
   * Other hosts that `baseUrl` may use http for, such as `['sandbox']` in Docker Compose: names in lower case, without
   * ports. Everybody on the network between you and such a host can read the token and the personal data. Default: none.
   */
  httpHosts?: readonly string[] | undefined
  /** The name of your program, such as `example-dialer/2.1.0`. It goes into `User-Agent`, except in browsers. */
  appInfo?: string | undefined
}

/**
 * Returns a token.
 *
 * @example const token: TokenProvider = async ({ rejected, signal }) => readSecret({ refresh: !!rejected, signal })
 */
export type TokenProvider = (request: TokenRequest) => Promise<string>

/** The argument of a {@link TokenProvider}. */
export interface TokenRequest {
  /** The token that the API rejected with a 401, if any. Return a different one. */
  readonly rejected?: string
  /** Aborts when no call is waiting for the token anymore. */
  readonly signal: AbortSignal
  /** The client's base URL. */
  readonly baseUrl: string
  /** The client's `fetch` option. */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/**
 * Functions that the client calls during a call. They never receive headers or bodies. Errors that they throw are
 * ignored.
 *
 * @example const hooks: Hooks = { onAttempt: ({ operation, status, ms }) => metrics.record(operation, status, ms) }
 */
export interface Hooks {
  /** Runs after each attempt. Without a complete response, `status` is undefined. `ms` includes reading the body. */
  onAttempt?:
    | ((event: { operation: string; attempt: number; status?: number | undefined; ms: number }) => void)
    | undefined
  /** Runs before each pause. `attempt` is the number of the attempt that follows. */
  onWait?: ((event: { operation: string; attempt: number; ms: number }) => void) | undefined
}

/**
 * Validates a response body. Returns the paths that don't match the schema, such as `data.0.number`, and never the
 * values. Returns an empty list or `undefined` if the response is valid.
 */
export type ResponseCheck = (
  operation: string,
  body: unknown,
) => readonly string[] | undefined | Promise<readonly string[] | undefined>

/** An operation of the contract, with what the client needs to send it. Generated. */
export interface Operation {
  /** The `operationId`. */
  readonly id: string
  readonly method: string
  /** The path template: `/api/v140/orders/{order_id}`. */
  readonly path: string
  /** Whether the request is sent without a token. */
  readonly anonymous?: boolean
  /** The fields that its body may have: a `flag` is 0 or 1. */
  readonly keys?: Readonly<Record<string, 'any' | 'flag'>>
  /** The type of `data` in its response. */
  readonly data?: 'Array' | 'Object'
  /** Whether `data.success` in its response confirms that it succeeded. */
  readonly confirms?: boolean
}

/** A connection to the API. Pass it to the function of a resource, such as `borrowerPhones`, or to `openapiClient`. */
export interface Connection {
  /** The URL of the server, without a trailing slash. */
  readonly baseUrl: string
  /** Returns a copy with other options. It shares the token with this connection. */
  withOptions(options: CallOptions): Connection
  /** Returns what a call needs. The generated methods and `openapiClient` use it; you don't need it. */
  open(options: CallOptions | undefined, operation: string): Opened
}

/** The options of a call, and the token of its connection. */
export interface Opened {
  readonly settings: Settings
  readonly token: Token
}

/** The options of a call, together with those of its client. The names of the headers are in lower case. */
export interface Settings extends Omit<CallOptions, 'headers' | 'hooks'> {
  attemptTimeoutMs: number
  totalTimeoutMs: number
  maxAttempts: number
  maxResponseBytes: number
  headers: Readonly<Record<string, string>>
  hooks: readonly Hooks[]
}

/**
 * The token of a connection, or a function that requests the current one, or a different one if the API rejected a token.
 * Callers share a request that is in progress. It ends when the signals of all its callers are aborted.
 */
export type Token = string | ((rejected: string | undefined, signal: AbortSignal) => Promise<string>)

/** An id, as the API returns it: a positive integer up to 2^63 - 1. Use a bigint or a string beyond 2^53. */
export type Id = number | bigint | string

/** The parts of a request that are sent. */
export interface OutgoingRequest {
  readonly url: string
  readonly method: string
  /** Headers besides those of the settings. The names are in lower case. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | undefined
}
