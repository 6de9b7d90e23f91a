/** Checks input before anything is sent. No error message contains a value: it could be a secret or a phone number. */
import type { CallOptions, KnownKeys } from './call.ts'
import { createInputError } from './errors.ts'

export interface Settings extends CallOptions {
  attemptTimeoutMs: number
  totalTimeoutMs: number
  maxAttempts: number
  maxResponseBytes: number
}

const defaults: Settings = {
  attemptTimeoutMs: 10_000,
  totalTimeoutMs: 60_000,
  maxAttempts: 3,
  maxResponseBytes: 1_048_576,
}

/** The longest delay of a JavaScript timer. Timers with a longer delay fire immediately. */
const longestMs = 2 ** 31 - 1

/** Merges the options of a call into those of its client. Options that are `undefined` count as missing. */
export function mergeSettings(options: CallOptions, base: Settings = defaults, operation = ''): Settings {
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  const settings = { ...base, ...Object.fromEntries(given) }
  for (const name of Object.keys(defaults) as (keyof typeof defaults)[])
    checkWholeNumber(name, settings[name], 1, operation)
  return settings
}

/** Rejects a value that isn't a whole number from `least` to the longest delay of a timer. */
export function checkWholeNumber(name: string, value: unknown, least: number, operation: string): void {
  if (!Number.isInteger(value) || (value as number) < least || (value as number) > longestMs)
    throw createInputError(`${name} must be a whole number from ${least} to ${longestMs}`, operation)
}

export function parseBaseUrl(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  if (!url) throw createInputError('baseUrl must be a full URL, such as https://api.example.com')
  if (url.username || url.password)
    throw createInputError("baseUrl can't contain credentials; use the token option")
  if (/[?#]/.test(baseUrl)) throw createInputError("baseUrl can't have a query or a fragment")
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname)))
    throw createInputError('baseUrl must start with https://; http:// works only for localhost')
  return (url.origin + url.pathname).replace(/\/+$/, '')
}

function isLoopback(host: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(host)
}

export function isToken(token: unknown): token is string {
  return typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)
}

export const tokenRule =
  'must be a string of visible ASCII characters, without "Bearer", spaces or line breaks'

/** Inserts the ids into a path template. Rejects ids that would lead to another path. */
export function fillPath(path: string, ids: Record<string, unknown>, operation = ''): string {
  return path.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const id = ids?.[name]
    const isValid = typeof id === 'string' ? /^[\w~-][\w.~-]*$/.test(id) : Number.isSafeInteger(id)
    if (!isValid) throw createInputError(`${name} must be a whole number, as the API returned it`, operation)
    return String(id)
  })
}

/** Rejects fields that the contract doesn't have, flags other than 0 and 1, and numbers that JSON can't represent. */
export function checkBody(body: unknown, known: KnownKeys, operation: string): void {
  const names = Object.keys(known).join(', ')
  if (!isPlainObject(body))
    throw createInputError(`the body must be a plain object; its fields are ${names}`, operation)
  for (const [key, value] of Object.entries(body)) {
    if (!Object.hasOwn(known, key)) {
      const name = /^[A-Za-z_]{1,40}$/.test(key) ? key : '(name hidden)'
      throw createInputError(`the body has an unknown field ${name}; its fields are ${names}`, operation)
    }
    if (value === undefined) continue
    if (known[key] === 'flag' && value !== 0 && value !== 1)
      throw createInputError(`${key} must be 0 or 1`, operation)
    if (typeof value === 'number' && !Number.isFinite(value))
      throw createInputError(`${key} must be a finite number`, operation)
  }
}

/** Whether JSON writes the object as its own properties. */
function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !('toJSON' in value)
}
