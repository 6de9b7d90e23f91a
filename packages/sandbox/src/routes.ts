/** Finds the operation of a request by the contract's paths, and reads the ids in them. */
import type { ContractOperation } from './operation.ts'
import { Refusal } from './refusal.ts'

export interface Match {
  operation: ContractOperation
  /** The path's parts, undecoded, that stand for parameters. */
  raw: string[]
}

interface Route {
  parts: string[]
  byMethod: Map<string, ContractOperation>
}

/**
 * Compiles the paths of the contract.
 *
 * @returns a function that throws a {@link Refusal}: 404 for an unknown path, 405 with `Allow` for a method that
 * the path does not have. Dot segments, double and trailing slashes are not mended: such a path is unknown.
 */
export function createRouter(
  operations: readonly ContractOperation[],
): (method: string, path: string) => Match {
  const routes = new Map<string, Route>()
  for (const operation of operations) {
    const route = routes.get(operation.path) ?? { parts: operation.path.split('/'), byMethod: new Map() }
    route.byMethod.set(operation.method, operation)
    routes.set(operation.path, route)
  }
  const all = [...routes.values()]
  return (method, path) => {
    const parts = path.split('/')
    for (const route of all) {
      const raw = matched(route.parts, parts)
      if (raw) return { operation: operationOf(route, method), raw }
    }
    throw new Refusal(404, { message: `Not found: the contract has no such path. ${pathsOf(routes)}` })
  }
}

/**
 * The parameters of a path, decoded.
 *
 * @throws {Refusal} 404 if one is not of its type; a positive integer, for an id.
 */
export function parametersOf({ operation, raw }: Match): Record<string, number | string> {
  const params: Record<string, number | string> = {}
  let index = 0
  for (const name in operation.parameters) {
    const part = raw[index++] ?? ''
    const value = operation.parameters[name] === 'integer' ? positiveInteger(part) : decoded(part)
    if (value === undefined)
      throw new Refusal(404, { message: `Not found: ${name} must be a positive integer.` })
    params[name] = value
  }
  return params
}

/** The path of a request target: without query, and without the host that an absolute target starts with. */
export function pathOf(target: string): string {
  const end = target.search(/[?#]/)
  const path = end < 0 ? target : target.slice(0, end)
  return path.startsWith('/') ? path : path.replace(/^https?:\/\/[^/]*/i, '')
}

function matched(parts: string[], given: string[]): string[] | undefined {
  if (parts.length !== given.length) return undefined
  const raw: string[] = []
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] as string
    if (part.charCodeAt(0) === 123) raw.push(given[index] as string)
    else if (part !== given[index]) return undefined
  }
  return raw
}

function operationOf(route: Route, method: string): ContractOperation {
  const operation = route.byMethod.get(method)
  if (operation) return operation
  const allow = [...route.byMethod.keys()].join(', ')
  throw new Refusal(405, {
    message: `The method is not supported for this route. Supported: ${allow}.`,
    headers: { allow },
  })
}

function positiveInteger(part: string): number | undefined {
  const text = part.includes('%') ? decoded(part) : part
  const value = text !== undefined && /^[1-9]\d{0,15}$/.test(text) ? Number(text) : 0
  return value > 0 && Number.isSafeInteger(value) ? value : undefined
}

/** Undefined for broken percent-encoding. */
function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}

function pathsOf(routes: Map<string, Route>): string {
  return `It has ${[...routes.keys()].join(', ')}.`
}
