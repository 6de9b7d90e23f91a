import type { Operation } from './prism.ts'
import { Refusal } from './refusal.ts'

export interface Destination {
  operation: Operation
  /** The decoded values of the path's parameters, by name. */
  ids: Record<string, string>
}

/**
 * Finds the operation for a method and a path.
 *
 * @throws Refusal 400 for broken percent-encoding, 404 for an unknown path, 405 with `Allow` for an unknown method
 */
export function createRouter(operations: Operation[]): (method: string, path: string) => Destination {
  const paths = [...Map.groupBy(operations, ({ path }) => path)]
    // A fixed segment goes before a parameter, as OpenAPI wants it.
    .sort(([a], [b]) => (a.replaceAll('{', '\uffff') < b.replaceAll('{', '\uffff') ? -1 : 1))
    .map(([template, operations]) => ({ template: template.split('/'), operations }))

  return (method, path) => {
    const segments = decoded(path)
    for (const { template, operations } of paths) {
      const ids = match(template, segments)
      if (!ids) continue
      const operation = operations.find((operation) => operation.method === method)
      if (operation) return { operation, ids }
      const allow = operations.map(({ method }) => method).join(', ')
      throw new Refusal(405, `The method is not supported for this path, which has ${allow}.`, {
        headers: { allow },
      })
    }
    throw new Refusal(404, 'Not found. The contract has no such path.')
  }
}

function decoded(path: string): string[] {
  try {
    return path.split('/').map(decodeURIComponent)
  } catch {
    throw new Refusal(
      400,
      'The path holds a percent sign that starts no character in UTF-8. Write %25 for the sign itself.',
    )
  }
}

/** Undefined where the path is another one. A parameter is never empty. */
function match(template: string[], segments: string[]): Record<string, string> | undefined {
  if (template.length !== segments.length) return
  const ids: Record<string, string> = {}
  for (const [index, part] of template.entries()) {
    const segment = segments[index] ?? ''
    const name = /^{(.+)}$/.exec(part)?.[1]
    if (name && segment) ids[name] = segment
    else if (part !== segment) return
  }
  return ids
}
