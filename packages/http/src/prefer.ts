/** The documented response that a request asks for. */
export interface Wish {
  code?: string
  example?: string
}

const token = "[\\w!#$%&'*+.^`|~-]+"
/** A preference or a parameter, up to the comma or semicolon after it. Never takes more than linear time. */
const part = new RegExp(
  `[ \\t]*(?:(${token})(?:[ \\t]*=[ \\t]*(?:(${token}|"(?:[^"\\\\]|\\\\.)*")[ \\t]*)?|[ \\t]*))?([,;]|$)`,
  'y',
)

/**
 * Reads the preferences `code` and `example` from a `Prefer` header. Ignores all others, as RFC 7240 demands.
 *
 * The first of two equal preferences counts. Each can also be a parameter of the other: `code=422; example=flag-refused`.
 *
 * @returns what the request asks for, or what is wrong if that can't be read.
 * @see https://www.rfc-editor.org/rfc/rfc7240
 * @example readPrefer('respond-async, code=422, example="flag-refused"') // { code: '422', example: 'flag-refused' }
 */
export function readPrefer(header = ''): Wish | string {
  const wish: Wish = {}
  let preference: string | undefined
  for (part.lastIndex = 0; part.lastIndex < header.length; ) {
    const rest = header.slice(part.lastIndex)
    const [, name = '', value = '', end] = part.exec(header) ?? []
    if (end === undefined)
      return /code|example/i.test(rest)
        ? "The Prefer header can't be read. Write it as in code=404, example=name."
        : wish
    const own = name.toLowerCase()
    preference ??= own
    if (isOwn(own) && isOwn(preference) && wish[own] === undefined) {
      wish[own] = value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value
      if (wish[own] === '') return `Prefer: "${own}" has no value. Write it as in code=404, example=name.`
    }
    if (end === ',') preference = undefined
  }
  return wish
}

function isOwn(name: string): name is keyof Wish {
  return name === 'code' || name === 'example'
}
