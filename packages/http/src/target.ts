/** The target of a request: its path, its query, and the template that the path fits. */

/** The path of a target, without the query or the host of an absolute target. `/%70hones` equals `/phones`. */
export function pathOf(target: string): string {
  const end = target.search(/[?#]/)
  const path = decodeUnreserved(end < 0 ? target : target.slice(0, end))
  return path.startsWith('/') ? path : path.replace(/^https?:\/\/[^/]*/i, '')
}

export function queryOf(target: string): URLSearchParams {
  return new URLSearchParams(/\?([^#]*)/.exec(target)?.[1])
}

/** @throws {Error} if the path isn't absolute, ends with a slash, or has dot segments, which clients remove. */
export function checkBasePath(basePath: string): void {
  if (/^(\/(?!\.\.?(\/|$))[\w.~-]+)*$/.test(basePath)) return
  throw new Error(`The base path (--base-path) must be like /vendor, not ${JSON.stringify(basePath)}.`)
}

/** Removes the base path from a target. Returns undefined if the target is outside of it. */
export function stripBasePath(target: string, basePath: string): string | undefined {
  if (basePath === '') return target
  const local = decodeUnreserved(target.replace(/^https?:\/\/[^/?]*/i, ''))
  const rest = local.startsWith(basePath) ? local.slice(basePath.length) : undefined
  if (rest === '' || rest?.startsWith('?')) return `/${rest}`
  return rest?.startsWith('/') ? rest : undefined
}

export interface PathMatch {
  /** With parameters in braces: `/orders/{order_id}`. */
  template: string
  /** The parts of the path in the place of parameters, undecoded. */
  values: string[]
}

/** Compiles the templates of all paths. A fixed part takes precedence over a parameter. */
export function createPathFinder(templates: Iterable<string>): (path: string) => PathMatch | undefined {
  // A brace comes after the letters, so sorting puts fixed parts first.
  const patterns = [...templates].sort().map((template) => {
    const source = template.replace(/[$()*+.?[\\\]^|]/g, '\\$&').replace(/\{[^{}]+\}/g, '([^/]+)')
    return { template, pattern: new RegExp(`^${source}$`) }
  })
  return (path) => {
    for (const { template, pattern } of patterns) {
      const found = pattern.exec(path)
      if (found) return { template, values: found.slice(1) }
    }
    return undefined
  }
}

/**
 * Decodes the characters that mean the same with and without percent-encoding.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2.2
 * @example decodeUnreserved('/%70hones/%2F') // '/phones/%2F'
 */
function decodeUnreserved(target: string): string {
  if (!target.includes('%')) return target
  return target.replace(/%(?:4[1-9a-f]|5[\daf]|6[1-9a-f]|7[\dae]|3\d|2[de])/gi, decodeURIComponent)
}
