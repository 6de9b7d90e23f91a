/** The path in the target of a request. */

/**
 * Decodes the characters that mean the same with and without percent-encoding.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2.2
 * @example decodeUnreserved('/%70hones/%2F') // '/phones/%2F'
 */
export function decodeUnreserved(target: string): string {
  if (!target.includes('%')) return target
  return target.replace(/%(?:4[1-9a-f]|5[\daf]|6[1-9a-f]|7[\dae]|3\d|2[de])/gi, decodeURIComponent)
}

/** @throws {Error} if the path isn't absolute, or ends with a slash. */
export function checkBasePath(basePath: string): void {
  if (/^(\/[\w.~-]+)*$/.test(basePath)) return
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

/**
 * Returns a function that finds the template of a path, such as `/orders/{order_id}`, so that a log has no values.
 *
 * @param templates of all paths. One without parameters takes precedence.
 */
export function createTemplateFinder(templates: readonly string[]): (target: string) => string {
  const patterns = templates
    .toSorted((one, other) => one.split('{').length - other.split('{').length)
    .map((template) => ({
      template,
      pattern: new RegExp(`^${template.replace(/[.+]/g, '\\$&').replace(/\{[^{}]+\}/g, '[^/]+')}$`),
    }))
  return (target) => {
    const path = decodeUnreserved(target).split('?', 1)[0] ?? ''
    return patterns.find(({ pattern }) => pattern.test(path))?.template ?? '(unknown path)'
  }
}
