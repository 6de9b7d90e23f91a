/** The client of the RecoveryConnect API, and the names that the package offers beside it. */
import type { ClientOptions } from './call.ts'
import { connect } from './connect.ts'
import { Client } from './operations.gen.ts'

/**
 * A client with every resource of the contract.
 *
 * @throws {RecoveryConnectError} `invalid_input` if an option cannot be meant.
 * @example
 * const rc = createClient({ token })
 * const { data } = await rc.borrowerPhones.list({ order_id: 57062885, borrower_id: 124927241 })
 */
export function createClient(options: ClientOptions): Client {
  return new Client(connect(options))
}

export {
  type CreateAttempt,
  type CreateOutcome,
  createOutcome,
  type DialledPhone,
  dialable,
  mayBeDialled,
} from './borrower-phones.ts'
export type {
  AnswerCheck,
  Call,
  CallOptions,
  ClientOptions,
  Hooks,
  Operation,
  Result,
  TokenAsk,
  TokenProvider,
} from './call.ts'
export { checkAnswers, type Validator } from './check.ts'
export { type Connection, connect } from './connect.ts'
export type {
  AbortedError,
  ConnectionError,
  ContradictionError,
  ForbiddenError,
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
