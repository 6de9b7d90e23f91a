/** Bearer tokens: which world a token opens, and how long it's valid. */
import { HttpError } from '@recoveryconnect/http/http-error'
import { describeMistake, readBearer } from '@recoveryconnect/http/tokens'

const expiredToken = 'sandbox-expired'
const throttledToken = 'sandbox-throttled'

export const tokenLifetime = 3600

interface Identity {
  /** `token:…` or `user:…`. */
  world: string
  /** When the token expires, in milliseconds. Set only for tokens that the sandbox issued. */
  expires?: number
  fails?: 401 | 429
}

/** Which tokens the sandbox accepts. */
export interface TokenRules {
  /** `issued`: only tokens from the authentication call. @default 'any' */
  tokens?: 'any' | 'issued' | undefined
  /**
   * Whether requests can ask for a failure: with `Prefer`, or with the ids, numbers, tokens and the password that the
   * README lists. Scripted faults are always possible. @default true
   */
  onDemand?: boolean | undefined
}

const send = 'Send the header Authorization: Bearer <token>.'
const source = 'POST /api/v140/auth'

/**
 * Reads an `Authorization` header.
 *
 * @throws {HttpError} 401 if the header is missing, isn't a bearer token according to RFC 6750, contains a text that
 * can't be meant as a token, or has a token that the sandbox must have issued but hasn't.
 * @example readToken('Bearer my-token').world // 'token:my-token'
 */
export function readToken(
  header: string | undefined,
  { tokens, onDemand = true }: TokenRules = {},
): Identity {
  const token = readBearer(header)
  const mistake = describeMistake(token)
  if (mistake) throw unauthenticated(`${mistake} ${send}`, 'Bearer')
  if (!/^[\w.~+/-]+=*$/.test(token)) {
    const accepted = tokens === 'issued' ? `Get a token from ${source}.` : 'This sandbox accepts any token.'
    throw unauthenticated(`${send} ${accepted}`, 'Bearer')
  }
  if (onDemand && token === expiredToken) return { world: `token:${token}`, fails: 401 }
  if (onDemand && token === throttledToken) return { world: `token:${token}`, fails: 429 }
  const payload = token.endsWith('.sandbox') && /^[^.]*\.([^.]+)\.[^.]+$/.exec(token)?.[1]
  if (payload) return readPayload(payload)
  if (tokens !== 'issued') return { world: `token:${token}` }
  throw unauthenticated(`This sandbox accepts only tokens from ${source}, and it didn't issue this one.`)
}

/** @throws {HttpError} 401 or 429 if the token isn't valid at this time. */
export function checkToken({ expires, fails }: Identity, time: number): void {
  if (fails === 429) throw new HttpError(429)
  if (fails === 401 || (expires !== undefined && expires <= time)) throw expired()
}

/**
 * Issues a token in JWT format, as the vendor does. The token is unsigned, because the sandbox has no secret.
 *
 * @param time in seconds.
 * @param serial makes tokens that are issued in the same second different.
 */
export function issueToken(username: string, time: number, serial: number): string {
  const payload = { sub: username, iat: time, exp: time + tokenLifetime, jti: serial }
  return `${encodePart({ alg: 'none', typ: 'JWT' })}.${encodePart(payload)}.sandbox`
}

/** Every user has one world, regardless of which of their tokens opens it. */
export function worldOfUser(username: string): string {
  return `user:${username}`
}

function readPayload(payload: string): Identity {
  try {
    const { sub, exp } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')))
    if (typeof sub === 'string' && Number.isSafeInteger(exp))
      return { world: worldOfUser(sub), expires: exp * 1000 }
  } catch {
    // The sandbox didn't issue this token: treat it as expired.
  }
  throw expired()
}

function expired(): HttpError {
  return unauthenticated(`The token has expired. Get a new one from ${source}.`)
}

function unauthenticated(reason: string, challenge = 'Bearer error="invalid_token"'): HttpError {
  const headers = { 'www-authenticate': challenge }
  return new HttpError(401, { message: `Unauthenticated. ${reason}`, headers })
}

function encodePart(value: object): string {
  const ascii = JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return btoa(ascii).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
