/** The shapes of an operation: what the contract says of it, and what a behaviour adds. */
import type { operations } from '@recoveryconnect/spec'
import type { World } from './store.ts'

export type OperationId = keyof operations

/** Field names that the contract knows, nested as in a body; null where any name may stand. */
export type Fields = { [name: string]: Fields } | null

export interface DocumentedAnswers {
  headers: Record<string, string>
  /** `status` is given where the answer stands under a range such as `4XX`. */
  examples: { name: string; status?: number; body: unknown }[]
}

export interface ContractOperation {
  id: OperationId
  method: string
  /** With parameters in braces: `/orders/{order_id}`. */
  path: string
  /** The type of each path parameter. */
  parameters: Record<string, string>
  /** Whether it needs a token. */
  secured: boolean
  body: { required: boolean; fields: Fields } | null
  /** By status or range: `200`, `4XX`. */
  answers: Record<string, DocumentedAnswers>
}

type BodyOf<O> = O extends { requestBody: { content: { 'application/json': infer Body } } }
  ? Body
  : O extends { requestBody?: { content: { 'application/json': infer Body } } }
    ? Body | undefined
    : undefined

type AnswerOf<O> = O extends { responses: { 200: { content: { 'application/json': infer Body } } } }
  ? Body
  : never

/** One checked request, as a behaviour sees it. */
export interface Call<K extends OperationId> {
  params: operations[K]['parameters'] extends { path: infer Path } ? Path : Record<string, never>
  body: BodyOf<operations[K]>
  world: World
  /** The time that a write is stamped with, `YYYY-MM-DD HH:MM:SS`. A scripted clock moves on with each call. */
  now(): string
}

/**
 * Carries out one operation on a world and returns the body of its success.
 *
 * @throws {Refusal} when the request cannot be carried out.
 */
export type Behaviour<K extends OperationId> = (call: Call<K>) => AnswerOf<operations[K]>

/** One behaviour per operation: an operation that the contract gains does not compile until it has one. */
export type Behaviours = { [K in OperationId]: Behaviour<K> }
