/** Errors that become error responses in the contract's shapes. */
import { StorageError } from '../world/journal.ts'
import { WorldFullError } from '../world/store.ts'
import { WorldFileError } from '../world/world-file.ts'

interface HttpErrorDetails {
  /** What is wrong and what to do. Default: the documented example for the status. */
  message?: string
  errors?: Record<string, string[]>
  headers?: Record<string, string>
}

/**
 * Thrown to produce an error response.
 *
 * @example throw new HttpError(404, { message: 'Not found: this borrower has no such phone.' })
 */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly status: number
  readonly errors: Record<string, string[]> | undefined
  readonly headers: Record<string, string>

  constructor(status: number, { message = '', errors, headers = {} }: HttpErrorDetails = {}) {
    super(message)
    this.status = status
    this.errors = errors
    this.headers = headers
  }

  get body(): object {
    return this.errors ? { message: this.message, errors: this.errors } : { message: this.message }
  }
}

/** A 422 with Laravel's message and the reasons for each field. */
export function validationError(errors: Record<string, string[]>): HttpError {
  return new HttpError(422, { message: 'The given data was invalid.', errors })
}

export function methodNotAllowed(methods: Iterable<string>): HttpError {
  const names = new Set(methods)
  if (names.has('GET')) names.add('HEAD')
  const allow = [...names.add('OPTIONS')].join(', ')
  const message = `The method isn't supported for this path. Supported: ${allow}.`
  return new HttpError(405, { message, headers: { allow } })
}

/** Turns what was thrown into an error response: a 500 that names only its kind if it is unexpected. */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error
  if (error instanceof WorldFullError) return new HttpError(403, { message: error.message })
  if (error instanceof StorageError) return new HttpError(500, { message: error.message })
  if (error instanceof WorldFileError) return validationError(error.messagesByPointer)
  const { name, code } = error as Error & { code?: string }
  // The message might quote the request, so only the kind is shown.
  return new HttpError(500, { message: `The sandbox has a bug: it failed with ${code ?? name}.` })
}
