/** What the contract says about an operation. `contract.gen.ts` contains one of these for each operation. */
import type { operations } from '@recoveryconnect/spec'

/** The name of an operation in the contract, such as `listBorrowerPhones`. */
export type OperationId = keyof operations

interface DocumentedResponse {
  headers: Record<string, string>
  examples: { name: string; status: number; body: unknown }[]
}

export interface ContractOperation {
  id: OperationId
  method: string
  /** With parameters in braces: `/orders/{order_id}`. Every parameter is a positive integer. */
  path: string
  /** The names of the path parameters. */
  parameters: string[]
  needsToken: boolean
  /** The lists that the path leads through: `orders`, `borrowers`, `phones`. */
  collections: string[]
  /** `fields` are the field names in the contract; null if a body may have any field. */
  body: { required: boolean; fields: string[] | null } | null
  /** By status, range or `default`: `200`, `4XX`. */
  responses: Record<string, DocumentedResponse>
}

/** Finds the entry for a status: its own, the one for its range, or the default. */
export function findByStatus<Entry>(entries: Record<string, Entry>, status: number): Entry | undefined {
  return entries[status] ?? entries[`${Math.floor(status / 100)}XX`] ?? entries.default
}
