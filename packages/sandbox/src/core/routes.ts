/** Finds the operation of a request from the contract's paths, and reads the ids in the path. */
import { decodeUnreserved } from '@recoveryconnect/http-server/target'
import { HttpError, methodNotAllowed } from './http-error.ts'
import type { ContractOperation } from './operation.ts'

interface Match {
  operation: ContractOperation
  /** The parts of the path in the place of parameters, undecoded. */
  values: string[]
}

/** @throws {HttpError} 404 for an unknown path, 405 with `Allow` for a method that the path doesn't support. */
type Route = (method: string, path: string) => Match

type Methods = Map<string, ContractOperation>

/** A tree of path parts, so the cost of a request doesn't grow with the number of paths. */
interface Branch {
  fixed: Map<string, Branch>
  parameter?: Branch
  methods?: Methods
}

/** Compiles the contract's paths. Paths aren't normalized: dot segments and extra slashes are a 404. */
export function createRouter(operations: readonly ContractOperation[]): Route {
  const root: Branch = { fixed: new Map() }
  for (const operation of operations) {
    const branch = operation.path.split('/').reduce(addPart, root)
    branch.methods ??= new Map()
    branch.methods.set(operation.method, operation)
  }
  return (method, path) => {
    const values: string[] = []
    const methods = findMethods(root, path.split('/'), 0, values)
    if (!methods)
      throw new HttpError(404, { message: `Not found: unknown path. The API has ${listPaths(operations)}.` })
    const operation = methods.get(method) ?? (method === 'HEAD' ? methods.get('GET') : undefined)
    if (!operation) throw methodNotAllowed(methods.keys())
    return { operation, values }
  }
}

/**
 * Reads the ids in a path.
 *
 * @throws {HttpError} 404 if one isn't a positive integer.
 */
export function readParams({ operation, values }: Match): Record<string, number> {
  const params: Record<string, number> = {}
  const names = operation.path.matchAll(/\{([^{}]+)\}/g)
  for (const value of values) {
    const name = names.next().value?.[1] ?? ''
    const id = readId(value)
    if (id === undefined)
      throw new HttpError(404, { message: `Not found: ${name} must be a positive integer.` })
    params[name] = id
  }
  return params
}

/** The path of a request target, without the query or the host of an absolute target. `/%70hones` equals `/phones`. */
export function pathOf(target: string): string {
  const end = target.search(/[?#]/)
  const path = decodeUnreserved(end < 0 ? target : target.slice(0, end))
  return path.startsWith('/') ? path : path.replace(/^https?:\/\/[^/]*/i, '')
}

/** The query of a request target. */
export function queryOf(target: string): URLSearchParams {
  return new URLSearchParams(/\?([^#]*)/.exec(target)?.[1])
}

function addPart(branch: Branch, part: string): Branch {
  if (part.startsWith('{')) {
    branch.parameter ??= { fixed: new Map() }
    return branch.parameter
  }
  const next = branch.fixed.get(part) ?? { fixed: new Map() }
  branch.fixed.set(part, next)
  return next
}

/** Collects the values of parameters. A fixed part takes precedence over a parameter. */
function findMethods(branch: Branch, parts: string[], index: number, values: string[]): Methods | undefined {
  if (index === parts.length) return branch.methods
  const part = parts[index] as string
  const fixed = branch.fixed.get(part)
  const methods = fixed && findMethods(fixed, parts, index + 1, values)
  if (methods || !branch.parameter || part === '') return methods
  const count = values.push(part)
  const found = findMethods(branch.parameter, parts, index + 1, values)
  if (!found) values.length = count - 1
  return found
}

/** Also returns undefined for broken percent-encoding. */
function readId(part: string): number | undefined {
  let text = part
  try {
    if (part.includes('%')) text = decodeURIComponent(part)
  } catch {
    return undefined
  }
  const id = /^[1-9]\d{0,15}$/.test(text) ? Number(text) : 0
  return id > 0 && Number.isSafeInteger(id) ? id : undefined
}

/** The first ten paths. */
function listPaths(operations: readonly ContractOperation[]): string {
  const paths = [...new Set(operations.map(({ path }) => path))]
  const more = paths.length > 10 ? ` and ${paths.length - 10} more` : ''
  return `${paths.slice(0, 10).join(', ')}${more}`
}
