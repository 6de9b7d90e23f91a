import { HttpError } from './http-error.ts'
import type { Operation } from './prism.ts'

export interface Route {
  operation: Operation
  ids: Record<string, string>
}

/**
 * Creates a function that finds the operation for a method and a path.
 *
 * @throws {HttpError} 400 for broken percent-encoding, 404 for an unknown path, 405 with `Allow` for an unknown method.
 */
export function createRouter(operations: Operation[]): (method: string, path: string) => Route {
  const paths = [...Map.groupBy(operations, ({ path }) => path)]
    // OpenAPI: a fixed segment takes precedence over a parameter.
    .sort(([a], [b]) => (a.replaceAll('{', '\uffff') < b.replaceAll('{', '\uffff') ? -1 : 1))
    .map(([template, operations]) => ({ template: template.split('/'), operations }))

  return (method, path) => {
    const segments = decodeSegments(path)
    for (const { template, operations } of paths) {
      const ids = matchSegments(template, segments)
      if (!ids) continue
      const operation = operations.find((operation) => operation.method === method)
      if (operation) return { operation, ids }
      const allow = operations.map(({ method }) => method).join(', ')
      throw new HttpError(405, `This path doesn't support the method. It supports ${allow}.`, {
        headers: { allow },
      })
    }
    throw new HttpError(404, 'Not found. The contract has no such path.')
  }
}

function decodeSegments(path: string): string[] {
  try {
    return path.split('/').map(decodeURIComponent)
  } catch {
    throw new HttpError(400, 'The percent-encoding of the path is invalid. Write %25 for a percent sign.')
  }
}

/** Returns undefined if the path doesn't match. A parameter is never empty. */
function matchSegments(template: string[], segments: string[]): Record<string, string> | undefined {
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
