/** Finds the operation of a request by the contract's paths, and reads the ids in them. */
import type { ContractOperation } from './operation.ts'
import { Refusal } from './refusal.ts'

export interface Match {
  operation: ContractOperation
  /** The path's parts, undecoded, that stand for parameters. */
  raw: string[]
}

/** @throws {Refusal} 404 for an unknown path, 405 with `Allow` for a method that the path does not have. */
export type Route = (method: string, path: string) => Match

type Methods = Map<string, ContractOperation>

/** A tree of path parts: a request costs as much as its path is long, however many paths there are. */
interface Branch {
  fixed: Map<string, Branch>
  parameter?: Branch
  methods?: Methods
}

/**
 * Compiles the paths of the contract.
 *
 * Dot segments, double and trailing slashes are not mended: such a path is unknown.
 */
export function createRouter(operations: readonly ContractOperation[]): Route {
  const top: Branch = { fixed: new Map() }
  for (const operation of operations) {
    const branch = operation.path.split('/').reduce(grown, top)
    branch.methods ??= new Map()
    branch.methods.set(operation.method, operation)
  }
  return (method, path) => {
    const raw: string[] = []
    const methods = found(top, path.split('/'), 0, raw)
    if (methods) return { operation: operationOf(methods, method), raw }
    throw new Refusal(404, { message: `Not found: the contract has no such path. ${pathsOf(operations)}` })
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

/** The branch of one more part, made where there is none yet. */
function grown(branch: Branch, part: string): Branch {
  if (part.startsWith('{')) {
    branch.parameter ??= { fixed: new Map() }
    return branch.parameter
  }
  const next = branch.fixed.get(part) ?? { fixed: new Map() }
  branch.fixed.set(part, next)
  return next
}

/** What stands for parameters is collected in `raw`. A part of the contract itself goes before a parameter. */
function found(branch: Branch, parts: string[], index: number, raw: string[]): Methods | undefined {
  if (index === parts.length) return branch.methods
  const part = parts[index] as string
  const fixed = branch.fixed.get(part)
  const methods = fixed && found(fixed, parts, index + 1, raw)
  if (methods || !branch.parameter || part === '') return methods
  const known = raw.push(part) - 1
  const further = found(branch.parameter, parts, index + 1, raw)
  if (!further) raw.length = known
  return further
}

function operationOf(methods: Methods, method: string): ContractOperation {
  const operation = methods.get(method)
  if (operation) return operation
  const allow = [...methods.keys()].join(', ')
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

/** All paths of a small contract, the first ones of a large one. */
function pathsOf(operations: readonly ContractOperation[]): string {
  const paths = [...new Set(operations.map(({ path }) => path))]
  const more = paths.length > 10 ? ` and ${paths.length - 10} more` : ''
  return `It has ${paths.slice(0, 10).join(', ')}${more}.`
}
