/** An answer that refuses the request, in the shape that the contract gives to errors. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly status: number
  readonly headers: Record<string, string>
  /** The reasons by field, where fields were refused. */
  readonly errors: Record<string, string[]> | undefined

  constructor(
    status: number,
    message: string,
    {
      headers = {},
      errors,
    }: { headers?: Record<string, string>; errors?: Record<string, string[]> | undefined } = {},
  ) {
    super(message)
    this.status = status
    this.headers = headers
    this.errors = errors
  }

  /** `ErrorResponse` of the contract, or `ValidationErrorResponse` where fields were refused. */
  get body(): { message: string; errors?: Record<string, string[]> } {
    return { message: this.message, ...(this.errors && { errors: this.errors }) }
  }
}
