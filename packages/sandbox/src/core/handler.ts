/** What a file in `resources/` provides for one tag of the contract. */
import type { operations } from '@recoveryconnect/spec'
import type { RecordRules } from '../world/collection.ts'
import type { Place, Row } from '../world/journal.ts'
import type { World, Worlds } from '../world/store.ts'
import type { OperationId } from './operation.ts'

/** The types let callers send undefined, but a field of parsed JSON is never undefined. */
type Parsed<Body> = { [Field in keyof Body]: Exclude<Body[Field], undefined> }

type BodyOf<O> = O extends { requestBody: { content: { 'application/json': infer Body } } }
  ? Parsed<Body>
  : O extends { requestBody?: { content: { 'application/json': infer Body } } }
    ? Parsed<Body> | undefined
    : undefined

type SuccessOf<O> = O extends { responses: { 200: { content: { 'application/json': infer Body } } } }
  ? Body
  : never

export interface CheckedRequest<K extends OperationId> {
  params: operations[K]['parameters'] extends { path: infer Path } ? Path : Record<string, never>
  body: BodyOf<operations[K]>
  world: World
  /** The list in the world that the path leads to. */
  place: Place
  /** The record that the path names; undefined if the path ends with a list. */
  record: Row | undefined
  /** Whether a number or a password can ask for a failure. */
  onDemand: boolean
  /** The timestamp for a write, `YYYY-MM-DD HH:MM:SS`. Each call advances a scripted clock. */
  now(): string
}

/**
 * Carries out one operation and returns the body of its success response.
 *
 * @throws {HttpError} if the world or a rule of the sandbox doesn't allow it.
 */
export type Handler<K extends OperationId> = (request: CheckedRequest<K>) => SuccessOf<operations[K]>

/** One handler for each operation. A new operation doesn't compile until it has a handler. */
export type Handlers = { [K in OperationId]: Handler<K> }

export interface HandlerContext {
  worlds: Worlds
  /** Milliseconds since 1970. */
  now: () => number
}

/**
 * Exported as `resource` by a file named after its tag: `borrower-phones.ts` for "Borrower Phones".
 *
 * @example export const resource: StoredResource<typeof handlers> = { createHandlers: () => handlers, records }
 */
export interface Resource<Own extends Partial<Handlers>> {
  createHandlers(context: HandlerContext): Own
}

/** A resource whose records a world has. */
export interface StoredResource<Own extends Partial<Handlers>> extends Resource<Own> {
  records: RecordRules
}
