/** What a file in `resources/` provides for one tag of the contract. */
import type { operations } from '@recoveryconnect/spec'
import type { OperationId } from '../world/operation-id.ts'
import type { World, Worlds } from '../world/store.ts'
import type { Collection } from '../world/world-file.ts'

type BodyOf<O> = O extends { requestBody: { content: { 'application/json': infer Body } } }
  ? Body
  : O extends { requestBody?: { content: { 'application/json': infer Body } } }
    ? Body | undefined
    : undefined

type SuccessOf<O> = O extends { responses: { 200: { content: { 'application/json': infer Body } } } }
  ? Body
  : never

export interface CheckedRequest<K extends OperationId> {
  params: operations[K]['parameters'] extends { path: infer Path } ? Path : Record<string, never>
  body: BodyOf<operations[K]>
  world: World
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
 * @example export const resource: Resource<typeof handlers> = { createHandlers: () => handlers, collection: phones }
 */
export interface Resource<Own extends Partial<Handlers> = Partial<Handlers>> {
  createHandlers(context: HandlerContext): Own
  /** The resource's records in a world file. Omit it if the resource has no records. */
  collection?: Collection
}
