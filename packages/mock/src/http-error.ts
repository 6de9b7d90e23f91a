import { HttpError as SharedError } from '@recoveryconnect/http/http-error'

type Details = Pick<NonNullable<ConstructorParameters<typeof SharedError>[1]>, 'headers' | 'errors'>

export class HttpError extends SharedError {
  constructor(status: number, message: string, details: Details = {}) {
    super(status, { message, ...details })
  }
}
