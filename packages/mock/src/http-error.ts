type Details = Partial<Pick<HttpError, 'headers' | 'errors'>>

export class HttpError extends Error {
  override name = 'HttpError'
  readonly status: number
  readonly headers: Record<string, string>
  readonly errors: Record<string, string[]> | undefined

  constructor(status: number, message: string, { headers = {}, errors }: Details = {}) {
    super(message)
    this.status = status
    this.headers = headers
    this.errors = errors
  }

  /** The contract's `ErrorResponse`, or its `ValidationErrorResponse` if there are `errors`. */
  get body(): { message: string; errors?: Record<string, string[]> } {
    return { message: this.message, ...(this.errors && { errors: this.errors }) }
  }
}
