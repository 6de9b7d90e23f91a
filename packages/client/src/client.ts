import type { ClientOptions } from './call.ts'
import { connect } from './connect.ts'
import { type Client, clientOf } from './operations.gen.ts'

/**
 * Creates a client with every resource of the API.
 *
 * @throws {RecoveryConnectError} `invalid_input` if an option is invalid.
 * @example
 * const rc = createClient({ token })
 * const { data } = await rc.borrowerPhones.list({ order_id: 57062885, borrower_id: 124927241 })
 */
export function createClient(options: ClientOptions): Client {
  return clientOf(connect(options))
}

export type * from './call.ts'
export { checkResponses, type Validator } from './check-responses.ts'
export { connect } from './connect.ts'
export { type CreateAttempt, type CreateOutcome, createOutcome } from './create-outcome.ts'
export {
  type DialingRecords,
  type DialledPhone,
  dialable,
  mayBeDialled,
  type Objection,
  objectionsTo,
} from './dialing.ts'
export { readEnvironment } from './environment.ts'
export type {
  AbortedError,
  ConnectionError,
  ContradictionError,
  ForbiddenError,
  IncompleteListError,
  InvalidInputError,
  NotFoundError,
  RateLimitedError,
  RefusedError,
  ServerError,
  TimeoutError,
  TokenUnavailableError,
  UnauthenticatedError,
  UnexpectedResponseError,
  ValidationError,
} from './errors.ts'
export { RecoveryConnectError } from './errors.ts'
export { type LoginOptions, loginToken } from './login.ts'
export { openapiClient } from './openapi.ts'
export * from './operations.gen.ts'
