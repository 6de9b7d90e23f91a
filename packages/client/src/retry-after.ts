/** Reads how long a server asks a client to wait. */

/**
 * Reads `Retry-After` and `retry-after-ms` in milliseconds. A date is compared with the server's own `Date`.
 *
 * @returns infinity for a value that can't be read, and `undefined` without one
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 */
export function parseRetryAfter(headers: Headers | undefined): number | undefined {
  const value = headers?.get('retry-after')
  const ms = headers?.get('retry-after-ms')
  if (!headers || (value ?? ms ?? null) === null) return undefined
  const wait = Math.max(parseNumbers(ms ?? '0'), parseWait(value ?? '0', headers))
  return wait >= 0 ? wait : Infinity
}

/** Returns `NaN` for a value that can't be read, such as a date whose time zone is unknown. */
function parseWait(value: string, headers: Headers): number {
  const seconds = parseNumbers(value)
  if (seconds >= 0) return seconds * 1000
  // An asctime date ends with the year, and is in UTC.
  const date = value.replace(/:\d\d \d{4}$/, '$& GMT')
  if (!/:\d\d.*(GMT|Z|[+-]\d\d:\d\d)$/.test(date)) return NaN
  return Date.parse(date) - (Date.parse(headers.get('date') ?? '') || Date.now())
}

/** Returns the largest of several numbers, because a proxy can add a header of its own. */
function parseNumbers(value: string): number {
  return /^[\d.]+([ ,]+[\d.]+)*$/.test(value) ? Math.max(...value.split(',').map(Number)) : NaN
}
