/** Checks input before anything is sent. No error message contains a value: it could be a secret or a phone number. */
import type { CallOptions, HeadersOption, Settings } from './call.ts'
import { createInputError } from './errors.ts'

export const defaults: Settings = {
  attemptTimeoutMs: 10_000,
  totalTimeoutMs: 60_000,
  maxAttempts: 3,
  maxResponseBytes: 1_048_576,
  headers: {},
  hooks: [],
}

/** The longest delay of a JavaScript timer. Timers with a longer delay fire immediately. */
const longestMs = 2 ** 31 - 1

/** The ranges of whole numbers. All numbers in the contract are whole, and JSON can't represent larger ones exactly. */
const ranges = {
  flag: [0, 1],
  count: [1, longestMs],
  ms: [0, longestMs],
  any: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  // The format int64, which a number can't hold.
  id: [1, 2n ** 63n - 1n],
} as const

/** The kinds of values. `any` has a range only for numbers. The other kinds are named like a type or a class. */
type Kind = keyof typeof ranges | 'boolean' | 'function' | 'object' | 'string' | 'Array' | 'AbortSignal'

/** The names that an object may have, with the kinds of their values. */
export type Fields = Readonly<Record<string, Kind>>

export const callFields = {
  signal: 'AbortSignal',
  attemptTimeoutMs: 'count',
  totalTimeoutMs: 'count',
  maxAttempts: 'count',
  maxResponseBytes: 'count',
  headers: 'object',
  fetch: 'function',
  hooks: 'object',
  allowUnknownKeys: 'boolean',
  retryClearedFlags: 'boolean',
  checkResponse: 'function',
} satisfies Fields

/** Merges the options of a call into those of its client. Options that are `undefined` count as missing. */
export function mergeSettings(options: CallOptions, base: Settings, operation?: string): Settings {
  checkFields('the options', options, callFields, operation)
  const { headers, hooks, ...others } = options
  if (hooks) checkFields('hooks', hooks, { onAttempt: 'function', onWait: 'function' }, operation)
  const given = Object.entries(others).filter(([, value]) => value !== undefined)
  return {
    ...base,
    ...Object.fromEntries(given),
    headers: headers ? mergeHeaders(base.headers, headers, operation) : base.headers,
    hooks: base.hooks.concat(hooks ?? []),
  }
}

function mergeHeaders(base: Settings['headers'], given: HeadersOption, operation?: string) {
  try {
    const merged = new Headers(base)
    const isRecord = nameType(given) === 'Object' && !(Symbol.iterator in given)
    for (const pair of isRecord ? Object.entries(given) : (given as Iterable<unknown>)) {
      // A string is iterable too: ['a: b'] would set the header a.
      if (!Array.isArray(pair) || pair.length !== 2) throw pair
      const [name, value] = pair
      if (value === null) merged.delete(name)
      else if (typeof value === 'string') merged.set(name, value)
      else if (value !== undefined) throw value
    }
    return Object.fromEntries(merged)
  } catch {
    throw createInputError(
      'the names and values of headers and appInfo must be strings that HTTP allows',
      operation,
    )
  }
}

/** Rejects unknown names, values of another kind, and inherited values, which a copy or JSON would leave out. */
export function checkFields(what: string, given: unknown, known: Fields, operation?: string): void {
  const names = Object.keys(known)
  const list = `Known: ${names.join(', ')}`
  const isLost = (name: string) =>
    known[name] !== 'function' && name in (given as object) && !Object.hasOwn(given as object, name)
  if (nameType(given) !== 'Object' || 'toJSON' in (given as object) || names.some(isLost))
    throw createInputError(`${what} must be a plain object. ${list}`, operation)
  for (const [name, value] of Object.entries(given as object)) {
    if (Object.hasOwn(known, name)) checkValue(name, value, known[name] as Kind, operation)
    else {
      const shown = showName(name, /^[A-Z_]{1,40}$/i)
      const hint = `Did you mean ${findClosest(name, names)}?`
      throw createInputError(`${shown} is unknown in ${what}. ${hint} ${list}`, operation)
    }
  }
}

/** Hides a name that could be personal data, because it isn't written like those of the contract. */
export function showName(name: string, harmless = /^([a-z_]{1,40}(_\d)?|\d{1,4})$/): string {
  return harmless.test(name) ? name : '(name hidden)'
}

/** Rejects a value of another kind. `undefined` is accepted, except as an id. */
export function checkValue(name: string, value: unknown, kind: Kind, operation?: string): void {
  const range: readonly [number, number | bigint] | undefined = ranges[kind as keyof typeof ranges]
  // Workers with a compatibility date before 2024-09-26 call a signal an `Object`, so its class counts too.
  const types = ['any', value !== null && typeof value, nameType(value), Object(value).constructor?.name]
  const isValid =
    typeof value === 'number' || kind === 'id'
      ? range && isWhole(value) && value >= range[0] && value <= range[1]
      : value === undefined || types.includes(kind)
  if (isValid) return
  const rule = range ? `a whole number from ${range.join(' to ')}` : `of type ${kind}`
  throw createInputError(`${name} must be ${rule}`, operation)
}

/** Whether a value is an exact whole number, or digits, which JavaScript compares like the number that they are. */
function isWhole(value: unknown): value is number {
  const isText = typeof value === 'bigint' || typeof value === 'string'
  return Number.isSafeInteger(value) || (isText && /^[1-9]\d{0,18}$/.test(`${value}`))
}

/** A replacer for `JSON.stringify` that throws what JSON would leave out or write as something else. */
export function checkExact(_: string, value: unknown): unknown {
  if (
    typeof value === 'number'
      ? !(Math.abs(value) <= Number.MAX_SAFE_INTEGER)
      : /Fun|Sym|Map|Set|Pro/.test(nameType(value))
  )
    throw value
  return value
}

/** Finds the name that has the most letters of the given one in the same order, and the fewest others. */
function findClosest(given: string, names: readonly string[]): string | undefined {
  const score = (name: string) => {
    let [from, found] = [0, -name.length / 2]
    for (const letter of given.toLowerCase()) {
      const at = name.toLowerCase().indexOf(letter, from) + 1
      if (at) [from, found] = [at, found + 1]
    }
    return found
  }
  return [...names].sort((one, other) => score(other) - score(one))[0]
}

/** Returns the name of a value's class, such as `Object`, also for a value of another realm. */
export function nameType(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1)
}

/**
 * Parses the URL of a server.
 *
 * @param httpHosts the hosts that http works for, besides the loopback interface
 */
export function parseBaseUrl(baseUrl: string, httpHosts: readonly string[] = []): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  const { protocol, hostname, href, origin, pathname } = url ?? ({} as URL)
  const isHttpAllowed =
    httpHosts.includes(hostname) || /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
  const isAllowed = protocol === 'https:' || (protocol === 'http:' && isHttpAllowed)
  if (!isAllowed || href !== origin + pathname)
    throw createInputError(
      'baseUrl must be an https URL (http only for localhost and httpHosts) without credentials, query or fragment',
    )
  return href.replace(/\/+$/, '')
}

/** Returns a token that can be sent in an HTTP header. */
export function checkToken(name: string, token: unknown, operation?: string): string {
  if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) return token
  throw createInputError(`${name} must be visible ASCII characters, without "Bearer" or spaces`, operation)
}

/** Inserts the ids into a path template, in which every second part is the name of an id. */
export function fillPath(path: string, ids: Record<string, unknown>, operation?: string): string {
  const parts = path.split(/[{}]/).map((part, n) => {
    if (n % 2 === 0) return part
    const id = ids?.[part]
    checkValue(part, id, 'id', operation)
    return id
  })
  return parts.join('')
}
