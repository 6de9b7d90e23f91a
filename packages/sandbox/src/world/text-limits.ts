/** A world file needs far fewer levels, and the YAML parser is recursive. */
const maxLevels = 500
export const tooDeep = `is nested more than ${maxLevels} levels deep`

/**
 * Checks a JSON or YAML text before it's parsed, because parsing millions of levels or values takes seconds and a
 * gigabyte. Counts brackets, braces and commas.
 *
 * @param maxValues the maximum number of values. @default no limit
 * @returns what is wrong with the text; undefined if it can be parsed.
 */
export function findExcess(text: string, maxValues: number = Number.POSITIVE_INFINITY): string | undefined {
  let level = 0
  let values = 0
  let isString = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x22) isString = !isString
    else if (isString) i += code === 0x5c ? 1 : 0
    else if (code === 0x5b || code === 0x7b) {
      values++
      if (++level > maxLevels) return tooDeep
    } else if (code === 0x5d || code === 0x7d) level--
    else if (code === 0x2c) values++
    if (values > maxValues) return `has more than ${maxValues} values`
  }
  return undefined
}
