interface HttpErrorDetails {
  /** What is wrong and what to do. */
  message?: string
  /** The reasons for each field. */
  errors?: Record<string, string[]>
  headers?: Record<string, string>
}

/**
 * Thrown to produce an error response in the contract's shapes.
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

/** @param limit in bytes. */
export function tooLarge(limit: number): HttpError {
  return new HttpError(413, { message: `The body is larger than ${limit} bytes.` })
}
