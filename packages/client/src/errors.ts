/**
 * The types of the errors.
 *
 * All errors share one class, and each has a `kind`. The parts that a log shows (`message`, `stack`, `JSON.stringify`,
 * `util.inspect`) contain no token, phone number, memo or other personal data. The server's response can contain them,
 * so it is available only through getters such as `body`.
 */

/** The properties of every error. */
interface Failure<Kind extends string> extends Error {
  /** The kind of the error: `switch (error.kind)` narrows the type. */
  readonly kind: Kind
  /**
   * The `operationId`. It is `raw` for calls with `openapiClient`, and empty for invalid options of `createClient` or
   * `createOutcome`.
   */
  readonly operation: string
  /** The number of requests sent, including the first one. */
  readonly attempts: number
  /**
   * Whether the API may have carried out the request, in any attempt. If it's `true` for a create, use `createOutcome`
   * before you send it again. `false` assumes that statuses have their usual meaning. The vendor doesn't document any.
   */
  readonly mayHaveBeenCarriedOut: boolean
  /** The status of the last response, if there was one. */
  readonly status?: number
  /** The headers of the last response, if there was one. They can contain personal data. */
  readonly headers: Headers | undefined
  /** The `x-request-id` of the last response, if the server sent one. The vendor doesn't document it. */
  readonly requestId: string | undefined
  /** The body of the last response: its JSON, or its text. It can contain personal data, so don't log it. */
  readonly body: unknown
  /** The underlying error, from the runtime, the abort signal or the token function. Don't log it. */
  readonly reason: unknown
}

/**
 * An argument, an option or the body is invalid, and nothing was sent. If `attempts` isn't 0, `fetch` is at fault: it
 * can't send the request, isn't a working function, or doesn't return an unread `Response`.
 */
export interface InvalidInputError extends Failure<'invalid_input'> {}

/** The token function failed or returned an invalid token. `reason` is what it threw. */
export interface TokenUnavailableError extends Failure<'token_unavailable'> {}

/** 401: the token is missing, unknown or expired, and renewing it didn't help. For a login: wrong credentials. */
export interface UnauthenticatedError extends Failure<'unauthenticated'> {
  readonly status: 401
}

/** 403: the token doesn't permit this operation. */
export interface ForbiddenError extends Failure<'forbidden'> {
  readonly status: 403
}

/**
 * 404 with the API's error body: the record doesn't exist, or the ids don't belong together. A gateway between you and
 * the API can send such a body too. If it names a route, it's an `unexpected_response` instead. Otherwise, the client
 * can't tell, so list the records before you treat one as deleted.
 */
export interface NotFoundError extends Failure<'not_found'> {
  readonly status: 404
}

/** 422 with the API's error body: the API rejected fields and stored nothing. */
export interface ValidationError extends Failure<'validation'> {
  readonly status: 422
  /** The server's messages by field. They can repeat the values that you sent, so don't log them. */
  readonly fieldErrors: Readonly<Record<string, readonly string[]>>
}

/** 429: too many requests. */
export interface RateLimitedError extends Failure<'rate_limited'> {
  readonly status: 429
  /** The delay from `Retry-After` in milliseconds, if the server sent one that can be read. */
  readonly retryAfterMs?: number
}

/** Any other 4xx. Sending the request again won't help, except after a 408, where the outcome is unknown. */
export interface RefusedError extends Failure<'refused'> {
  readonly status: number
}

/** 5xx. */
export interface ServerError extends Failure<'server'> {
  readonly status: number
  /** The delay from `Retry-After` in milliseconds, if the server sent one that can be read. */
  readonly retryAfterMs?: number
}

/** No complete response: the connection was refused, reset or cut off, or the host wasn't found or isn't trusted. */
export interface ConnectionError extends Failure<'connection'> {
  /** The runtime's error code, if it has one, such as `ECONNREFUSED` or `UND_ERR_SOCKET`. */
  readonly code?: string
}

/** No complete response before a timeout. */
export interface TimeoutError extends Failure<'timeout'> {
  /** Which timeout it was: `attemptTimeoutMs` or `totalTimeoutMs`. */
  readonly scope: 'attempt' | 'total'
}

/** The caller's signal aborted the call. `reason` is the signal's reason. */
export interface AbortedError extends Failure<'aborted'> {}

/**
 * A response that doesn't follow the contract: a proxy's page, a redirect, the wrong shape, a number that JavaScript
 * rounds, or too many bytes.
 */
export interface UnexpectedResponseError extends Failure<'unexpected_response'> {
  readonly status: number
  /** The paths that don't match, such as `data.0.number`. Empty if the response as a whole is wrong. */
  readonly problems: readonly string[]
}

/**
 * The list is one page of several: records are missing, so it can't tell you which numbers not to dial. The client
 * doesn't follow pages, because the vendor documents no paging for this list. `body` contains the page.
 */
export interface IncompleteListError extends Failure<'incomplete_list'> {
  readonly status: number
}

/**
 * The API accepted the request but returned a different `valid` or `no_contact` than you sent. Don't dial the number.
 * `body` contains the record.
 */
export interface ContradictionError extends Failure<'contradiction'> {
  readonly status: number
  /** The fields that are different or missing in the response. */
  readonly fields: readonly string[]
}

/**
 * Every error that a call can throw, and the `error` of `.result()`.
 *
 * @example
 * try {
 *   await rc.borrowerPhones.get(ids)
 * } catch (error) {
 *   if (!(error instanceof RecoveryConnectError)) throw error
 *   switch (error.kind) {
 *     case 'not_found': return undefined
 *     case 'rate_limited': return retryLater(error.retryAfterMs ?? 60_000)
 *     default: throw error
 *   }
 * }
 */
export type RecoveryConnectError =
  | InvalidInputError
  | TokenUnavailableError
  | UnauthenticatedError
  | ForbiddenError
  | NotFoundError
  | ValidationError
  | RateLimitedError
  | RefusedError
  | ServerError
  | ConnectionError
  | TimeoutError
  | AbortedError
  | UnexpectedResponseError
  | IncompleteListError
  | ContradictionError

export interface Progress {
  readonly operation: string
  attempts: number
  mayHaveBeenCarriedOut: boolean
  response?: Response
}

interface Hidden {
  headers?: Headers
  body?: unknown
  reason?: unknown
}

/** The same in every copy of this package, so that they recognize each other's errors. */
const brand = Symbol.for('@recoveryconnect/client/error')

const hidden = new WeakMap<object, Readonly<Record<string, unknown>>>()

/** The class with the properties that no log may show by itself. */
class HiddenProperties extends Error {
  static {
    // `util.inspect` with `showHidden` and `getters` reads the getters of a class until it gets to a built-in one.
    const { prototype } = HiddenProperties
    prototype.constructor = Error
    for (const name of ['headers', 'requestId', 'body', 'reason', 'fieldErrors'])
      Object.defineProperty(prototype, name, {
        get() {
          return hidden.get(this)?.[name]
        },
      })
  }
}

const ErrorClass = class RecoveryConnectError extends HiddenProperties {
  override readonly name = 'RecoveryConnectError'

  static override [Symbol.hasInstance](value: unknown): boolean {
    return brand in Object(value)
  }

  get [brand](): true {
    return true
  }

  toJSON(): object {
    return { ...this, message: this.message }
  }
}

/** The class is a function, so that decorators such as `@Catch(RecoveryConnectError)` of NestJS accept it. */
interface RecoveryConnectErrorClass extends CallableFunction {
  readonly prototype: RecoveryConnectError
  [Symbol.hasInstance](value: unknown): value is RecoveryConnectError
}

/**
 * The class of every error. `instanceof` narrows the type to the union of all kinds, also for the errors of another copy
 * of this package. `structuredClone` and `postMessage` drop the properties of an error, so pass on `error.toJSON()`.
 */
export const RecoveryConnectError: RecoveryConnectErrorClass = ErrorClass as never

/** Whether Next.js or React threw the error to control rendering. It isn't a failure, and they must get it unchanged. */
export function isControlFlow(reason: unknown): boolean {
  return 'digest' in Object(reason) || /^NEXT_/.test(Object(reason).code)
}

export function createError(
  kind: RecoveryConnectError['kind'],
  message: string,
  { operation, attempts, mayHaveBeenCarriedOut }: Progress,
  shown: object = {},
  { headers, body, reason }: Hidden = {},
): RecoveryConnectError {
  const error = new ErrorClass(operation ? `${operation}: ${message}` : message)
  const requestId = headers?.get('x-request-id') ?? undefined
  hidden.set(error, { headers, requestId, body, reason, fieldErrors: Object(body).errors })
  return Object.assign(error, { kind, operation, attempts, mayHaveBeenCarriedOut, ...shown }) as never
}

/** Creates the error for input that is rejected before anything is sent. */
export function createInputError(message: string, operation = ''): RecoveryConnectError {
  return createError('invalid_input', message, start(operation))
}

/** The progress of a call that hasn't sent anything. */
export function start(operation: string): Progress {
  return { operation, attempts: 0, mayHaveBeenCarriedOut: false }
}
