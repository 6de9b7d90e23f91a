/** The types that callers, the generated operations and the client share. */
import type { RecoveryConnectError } from './errors.ts'

/**
 * A call in progress: a promise of the response body that rejects with a {@link RecoveryConnectError}.
 *
 * @example const { data } = await rc.borrowerPhones.list(ids)
 */
export interface Call<Data> extends Promise<Data> {
  /**
   * Resolves to the outcome as a value and never rejects. Use it instead of awaiting the call, in the same statement.
   *
   * @example
   * const result = await rc.borrowerPhones.get(ids).result()
   * if (result.ok) console.log(result.data, result.attempts)
   * else console.error(result.error.kind)
   */
  result(): Promise<Result<Data>>
}

/** What {@link Call.result} resolves to. */
export type Result<Data> =
  | {
      readonly ok: true
      readonly data: Data
      /** The last response, for its status and headers. You can read its body again with `text()` and `json()`. */
      readonly response: Response
      /** The number of requests sent, including the first one. */
      readonly attempts: number
    }
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
  /** Extra request headers. The client always sets `Accept` and `Authorization` itself. */
  headers?: Readonly<Record<string, string>> | undefined
  /**
   * Replaces `globalThis.fetch`, which is looked up for each call. The client calls it with a URL and an init object:
   * `fetch(url, { method, headers, body, redirect, signal, cache })`.
   */
  fetch?: typeof globalThis.fetch | undefined
  /** Functions to call for each attempt and each pause. */
  hooks?: Hooks | undefined
  /** Whether to send unknown body fields, and flags other than 0 and 1. Default: `false`; they throw. */
  allowUnknownKeys?: boolean | undefined
  /** Validates each response. See `checkResponses`. Default: no validation. */
  checkResponse?: ResponseCheck | undefined
}

/** Options for a client. */
export interface ClientOptions extends Omit<CallOptions, 'signal'> {
  /**
   * The bearer token without `Bearer`, or a function that returns it. The client calls the function before each call,
   * and once more with `rejected` after a 401. Calls that wait at the same time share one token request. The function
   * is responsible for caching. For an example, see `loginToken`.
   */
  token: string | TokenProvider
  /**
   * The URL of the server, including a path if a proxy adds one. It must use https, or http on the loopback interface.
   * It can't have credentials or a query. Default: the production server.
   */
  baseUrl?: string | undefined
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
  /** Runs after each attempt. Without a complete response, `status` is missing. `ms` includes reading the body. */
  onAttempt?(event: { operation: string; attempt: number; status?: number; ms: number }): void
  /** Runs before each pause. `attempt` is the number of the attempt that follows. */
  onWait?(event: { operation: string; attempt: number; ms: number }): void
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
  /** Whether sending the request twice has the same effect as sending it once. */
  readonly idempotent: boolean
  /** Whether the request is sent without a token. */
  readonly anonymous?: boolean
  /** The fields that its body may have: a `flag` is 0 or 1, and `any` accepts every value. */
  readonly keys?: KnownKeys
  /** The type of `data` in its response. */
  readonly data?: 'array' | 'object'
  /** Whether `data.success` in its response confirms that it succeeded. */
  readonly confirms?: boolean
}

/** The known fields of a body, by name. */
export type KnownKeys = Readonly<Record<string, 'any' | 'flag'>>

/** A connection to the API. Pass it to the function of a resource, such as `borrowerPhones`. */
export interface Connection {
  /** The URL of the server, without a trailing slash. */
  readonly baseUrl: string
  /** Calls an operation. The generated methods use it; you don't need it. */
  call<Data>(
    operation: Operation,
    ids: Readonly<Record<string, unknown>>,
    body: unknown,
    options?: CallOptions,
  ): Call<Data>
  /** Sends a request with the token, timeouts and retries of this connection. `openapiClient` uses it. */
  send(request: OutgoingRequest, idempotent: boolean, options: CallOptions): Promise<Response>
  /** Creates a resource with this connection on first use, then returns the same one. */
  use<Resource>(createResource: (connection: Connection) => Resource): Resource
}

/** The parts of a request that are sent. */
export interface OutgoingRequest {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly body?: string | ArrayBuffer | null
}
