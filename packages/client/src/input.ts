/** What is refused before anything is sent. No message repeats a value: it could be a secret, or a number. */
import type { CallOptions, ClientOptions, KnownKeys } from './call.ts'
import { invalidInput } from './errors.ts'

/** Every option of a request with its value. */
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

/** The longest time that a timer of JavaScript can wait; with more it fires at once. */
const longestMs = 2 ** 31 - 1

/** The options of a call over those of its client; an option that is `undefined` is one that is left out. */
export function settingsOf(options: CallOptions, base: Settings = defaults, operation = ''): Settings {
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  const settings = { ...base, ...Object.fromEntries(given) }
  for (const name of Object.keys(defaults) as (keyof typeof defaults)[]) {
    const value = settings[name] as number
    if (!Number.isInteger(value) || value < 1 || value > longestMs)
      throw invalidInput(`${name} must be a whole number from 1 to ${longestMs}`, operation)
  }
  return settings
}

/** The base URL without its trailing slashes. */
export function checkedBaseUrl(baseUrl: NonNullable<ClientOptions['baseUrl']>): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  if (!url) throw invalidInput('baseUrl must be a whole URL, as https://api.example.com')
  if (url.username || url.password)
    throw invalidInput('baseUrl must not hold credentials; pass a token instead')
  if (/[?#]/.test(baseUrl)) throw invalidInput('baseUrl must not have a query or a fragment')
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname)))
    throw invalidInput('baseUrl must begin with https://; http:// is for the loopback interface alone')
  return (url.origin + url.pathname).replace(/\/+$/, '')
}

function isLoopback(host: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(host)
}

/** A token as HTTP can carry it. */
export function isToken(token: unknown): token is string {
  return typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)
}

/** What a token must be, for messages. */
export const tokenRule =
  'must be a string of visible ASCII characters, without "Bearer", spaces or line breaks'

/** The path with its ids filled in. Nothing that could lead to another path passes. */
export function filledPath(path: string, ids: Record<string, unknown>, operation = ''): string {
  return path.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const id = ids?.[name]
    const fits = typeof id === 'string' ? /^[\w~-][\w.~-]*$/.test(id) : Number.isSafeInteger(id)
    if (!fits) throw invalidInput(`${name} must be a whole number, as the API gave it`, operation)
    return String(id)
  })
}

/** Refuses keys that the contract does not know, flags other than 0 and 1, and numbers that JSON cannot hold. */
export function checkBody(value: unknown, known: KnownKeys, operation: string, where = 'the body'): void {
  const names = Object.keys(known).join(', ')
  if (!isPlain(value))
    throw invalidInput(`${where} must be a plain object with keys among ${names}`, operation)
  for (const [key, inner] of Object.entries(value)) {
    const rule = Object.hasOwn(known, key) && known[key]
    const name = /^[A-Za-z_]{1,40}$/.test(key) ? key : 'of other characters'
    if (!rule) throw invalidInput(`${where} has the unknown key ${name}; known are ${names}`, operation)
    if (inner === undefined) continue
    if (rule === 'flag' && inner !== 0 && inner !== 1) throw invalidInput(`${key} must be 0 or 1`, operation)
    if (typeof inner === 'number' && !Number.isFinite(inner))
      throw invalidInput(`${key} must be finite`, operation)
    if (typeof rule === 'object' && inner !== null)
      for (const item of Array.isArray(inner) ? inner : [inner]) checkBody(item, rule, operation, key)
  }
}

/** An object that JSON writes as its own keys. */
function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !('toJSON' in value)
}
