/** Errors that become error responses in the contract's shapes. */
import { HttpError } from '@recoveryconnect/http/http-error'
import { listAllowed } from '@recoveryconnect/http/methods'
import { StorageError } from '../world/journal.ts'
import { WorldFullError } from '../world/store.ts'
import { WorldFileError } from '../world/world-file.ts'

/** A 422 with Laravel's message and the reasons for each field. */
export function validationError(errors: Record<string, string[]>): HttpError {
  return new HttpError(422, { message: 'The given data was invalid.', errors })
}

export function methodNotAllowed(methods: Iterable<string>): HttpError {
  const allow = listAllowed(methods)
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
