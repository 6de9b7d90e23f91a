/** Finds the operation of a request from the contract's paths, and reads the ids in the path. */
import { HttpError } from '@recoveryconnect/http/http-error'
import { createPathFinder, type PathMatch } from '@recoveryconnect/http/target'
import { methodNotAllowed } from './http-error.ts'
import type { ContractOperation } from './operation.ts'

export interface Route extends PathMatch {
  operations: readonly ContractOperation[]
}

/**
 * Compiles the contract's paths. Paths aren't normalized: dot segments and extra slashes are a 404.
 *
 * @returns a function that finds the route of a path, and throws an `HttpError` (404) for an unknown path.
 */
export function createRouter(operations: readonly ContractOperation[]): (path: string) => Route {
  const byPath = Map.groupBy(operations, ({ path }) => path)
  const find = createPathFinder(byPath.keys())
  return (path) => {
    const match = find(path)
    if (match) return { ...match, operations: byPath.get(match.template) ?? [] }
    const more = byPath.size > 10 ? ` and ${byPath.size - 10} more` : ''
    const paths = [...byPath.keys()].slice(0, 10).join(', ')
    throw new HttpError(404, { message: `Not found: unknown path. The API has ${paths}${more}.` })
  }
}

/** @throws {HttpError} 405 with `Allow` for a method that the path doesn't support. */
export function findOperation({ operations }: Route, method: string): ContractOperation {
  const operation =
    operations.find((one) => one.method === method) ??
    (method === 'HEAD' ? operations.find((one) => one.method === 'GET') : undefined)
  if (!operation) throw methodNotAllowed(operations.map((one) => one.method))
  return operation
}

/**
 * Reads the ids in a path.
 *
 * @throws {HttpError} 404 if one isn't a positive integer.
 */
export function readParams({ parameters }: ContractOperation, { values }: Route): Record<string, number> {
  const params: Record<string, number> = {}
  for (const [index, name] of parameters.entries()) {
    const id = /^[1-9]\d{0,15}$/.test(values[index] ?? '') ? Number(values[index]) : Number.NaN
    if (!Number.isSafeInteger(id))
      throw new HttpError(404, { message: `Not found: ${name} must be a positive integer.` })
    params[name] = id
  }
  return params
}
