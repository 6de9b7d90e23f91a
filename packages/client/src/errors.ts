/**
 * What can go wrong, as types.
 *
 * Every failure of this package is one class, told apart by `kind`. What a log would show (`message`, `stack`,
 * `JSON.stringify`, `util.inspect`) holds no token, no number and no memo; what the server said can hold them and
 * is therefore behind getters that have to be asked for by name.
 */

/** What every failure tells. */
interface Failure<Kind extends string> extends Error {
  /** Tells the failures apart: `switch (error.kind)` narrows. */
  readonly kind: Kind
  /** The contract's `operationId`; `raw` for calls of the escape hatch, empty for options of a client. */
  readonly operation: string
  /** How many requests were sent, the first one included. */
  readonly attempts: number
  /**
   * Whether the API may have done what was asked, in any of the attempts. After `true` on a create, look before you send
   * it again, see `createOutcome`. `false` rests on what the statuses mean, which the vendor does not document.
   */
  readonly mayHaveBeenCarriedOut: boolean
  /** The status of the last answer, if there was one. */
  readonly status?: number
  /** The headers of the last answer, if there was one. They can hold whatever a server put there. */
  readonly headers: Headers | undefined
  /** The last answer's `x-request-id`, if the server sends one; none is documented. */
  readonly requestId: string | undefined
  /** The last answer's body: its JSON, else its text. It can hold personal data: do not log it. */
  readonly body: unknown
  /** What the runtime, the abort signal or the token function gave as its reason. Do not log it. */
  readonly reason: unknown
}

/** A call, an option or a body that cannot be meant. Refused before anything was sent. */
export interface InvalidInputError extends Failure<'invalid_input'> {}

/** The token function failed, or gave something that is no token. `reason` holds what it threw. */
export interface TokenUnavailableError extends Failure<'token_unavailable'> {}

/**
 * 401: the token is missing, unknown or expired, and another one did not help where one could be asked for. For a login:
 * the name or the password is wrong.
 */
export interface UnauthenticatedError extends Failure<'unauthenticated'> {
  readonly status: 401
}

/** 403: the token may not do this. */
export interface ForbiddenError extends Failure<'forbidden'> {
  readonly status: 403
}

/** 404 with the contract's body: no such record, or ids that do not belong together. */
export interface NotFoundError extends Failure<'not_found'> {
  readonly status: 404
}

/** 422 with the contract's body: fields were refused, nothing was stored. */
export interface ValidationError extends Failure<'validation'> {
  readonly status: 422
  /** The reasons by field, in the server's words, which may repeat what was sent: do not log them. */
  readonly fieldErrors: Readonly<Record<string, readonly string[]>>
}

/** 429: too many requests. */
export interface RateLimitedError extends Failure<'rate_limited'> {
  readonly status: 429
  /** How long the server asks to wait, in milliseconds, if it said so. */
  readonly retryAfterMs?: number
}

/** Any other 4xx. The same request will be refused again, except after a 408, which leaves open what became of it. */
export interface RefusedError extends Failure<'refused'> {
  readonly status: number
}

/** 5xx. */
export interface ServerError extends Failure<'server'> {
  readonly status: number
  /** How long the server asks to wait, in milliseconds, if it said so. */
  readonly retryAfterMs?: number
}

/** No complete answer: refused, reset, not resolved, not trusted, cut off. */
export interface ConnectionError extends Failure<'connection'> {
  /** The runtime's code, `ECONNREFUSED` or `UND_ERR_SOCKET` for example, where it has one. */
  readonly code?: string
}

/** No complete answer in time. */
export interface TimeoutError extends Failure<'timeout'> {
  /** Which deadline passed: that of one `attempt`, or the `total` one. */
  readonly scope: 'attempt' | 'total'
}

/** The caller's signal ended the call. `reason` holds the signal's reason. */
export interface AbortedError extends Failure<'aborted'> {}

/** An answer that is not the contract's: a proxy's page, a redirect, a wrong shape, too many bytes. */
export interface UnexpectedResponseError extends Failure<'unexpected_response'> {
  readonly status: number
  /** Where the answer departs from what was asked for, as paths like `data.0.number`; empty if it is none at all. */
  readonly problems: readonly string[]
}

/**
 * The API accepted the request and answered with another `valid` or `no_contact` than was sent. Treat the number as
 * one that must not be dialled. The record stands in `body`.
 */
export interface ContradictionError extends Failure<'contradiction'> {
  readonly status: number
  /** The fields that came back otherwise, or not at all. */
  readonly fields: readonly string[]
}

/**
 * Everything that a call can throw, and what `.result()` carries.
 *
 * @example
 * try {
 *   await rc.borrowerPhones.get(ids)
 * } catch (error) {
 *   if (!(error instanceof RecoveryConnectError)) throw error
 *   switch (error.kind) {
 *     case 'not_found': return undefined
 *     case 'rate_limited': return later(error.retryAfterMs ?? 60_000)
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
  | ContradictionError

/** What is known about a request while it is on its way. */
export interface Progress {
  readonly operation: string
  attempts: number
  mayHaveBeenCarriedOut: boolean
}

/** What a log must not show. */
interface Hidden {
  headers?: Headers
  body?: unknown
  reason?: unknown
}

const Failed = class RecoveryConnectError extends Error {
  override readonly name = 'RecoveryConnectError'
  readonly #hidden: Hidden

  constructor(message: string, shown: object, hidden: Hidden) {
    super(message)
    Object.assign(this, shown)
    this.#hidden = hidden
  }

  get headers(): Headers | undefined {
    return this.#hidden.headers
  }

  get requestId(): string | undefined {
    return this.#hidden.headers?.get('x-request-id') ?? undefined
  }

  get body(): unknown {
    return this.#hidden.body
  }

  get reason(): unknown {
    return this.#hidden.reason
  }

  get fieldErrors(): unknown {
    return (this.#hidden.body as { errors?: unknown } | undefined)?.errors
  }

  toJSON(): object {
    return { ...this, message: this.message }
  }
}

/** The class of every error; `instanceof` narrows to the union of all kinds. */
export const RecoveryConnectError: {
  readonly prototype: RecoveryConnectError
  [Symbol.hasInstance](value: unknown): value is RecoveryConnectError
} = Failed as never

/** An error of a kind, with what is known about the request. */
export function failure<Kind extends RecoveryConnectError['kind']>(
  kind: Kind,
  message: string,
  { operation, attempts, mayHaveBeenCarriedOut }: Progress,
  shown: object = {},
  hidden: Hidden = {},
): RecoveryConnectError {
  const text = operation ? `${operation}: ${message}` : message
  return new Failed(text, { kind, operation, attempts, mayHaveBeenCarriedOut, ...shown }, hidden) as never
}

/** Where no request is on its way yet. */
export function invalidInput(message: string, operation = ''): RecoveryConnectError {
  return failure('invalid_input', message, { operation, attempts: 0, mayHaveBeenCarriedOut: false })
}
