/** What a program sends if its token is missing or isn't a text. None of these can be meant. */
const mistakes: [RegExp, string][] = [
  [/^(undefined|null|none|nil|nan|true|false)$/i, 'is a missing value that became text'],
  [/^\[object \w*\]$|^(function|class) |=>/, 'is an object or a function that became text'],
  [/^\{\{?.*\}$|^\$[\w{(].*$|^<.*>$|^\[.*\]$|^%\w+%$/, "is a placeholder that wasn't replaced"],
  [/^bearer( |$)/i, 'starts with the word Bearer again'],
  [/^(["']).*\1$/, 'is in quotes'],
]

/**
 * Says what a text that can't be meant as a token looks like. Returns undefined if it can be a token.
 *
 * @example describeMistake('undefined') // 'The token is a missing value that became text.'
 */
export function describeMistake(token: string): string | undefined {
  // What is long and has the form of a token is one.
  if (/^[\w.~+/-]{10}[\w.~+/-]*=*$/.test(token)) return undefined
  const mistake = mistakes.find(([pattern]) => pattern.test(token))?.[1]
  return mistake && `The token ${mistake}.`
}

/** The text after `Bearer` in an `Authorization` header. An empty string if there is none. */
export function readBearer(header = ''): string {
  return /^bearer +(.*)/i.exec(header)?.[1]?.trim() ?? ''
}
