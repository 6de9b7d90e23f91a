/** Bearer tokens: which world a token opens, and how long it's valid. */
import { HttpError } from './http-error.ts'

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

const missing = new HttpError(401, {
  message: 'Unauthenticated. Send the header Authorization: Bearer <token>. This sandbox accepts any token.',
  headers: { 'www-authenticate': 'Bearer' },
})
const expired = new HttpError(401, {
  message: 'Unauthenticated. The token has expired. Get a new one from POST /api/v140/auth.',
  headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
})

/**
 * Reads an `Authorization` header.
 *
 * @throws {HttpError} 401 if the header is missing or isn't a bearer token according to RFC 6750.
 * @example readToken('Bearer my-token').world // 'token:my-token'
 */
export function readToken(header: string | undefined): Identity {
  const token = /^bearer +([\w.~+/-]+=*) *$/i.exec(header ?? '')?.[1]
  if (!token) throw missing
  if (token === expiredToken) return { world: `token:${token}`, fails: 401 }
  if (token === throttledToken) return { world: `token:${token}`, fails: 429 }
  const [, payload, signature] = token.split('.')
  return payload && signature === 'sandbox' ? readPayload(payload) : { world: `token:${token}` }
}

/** @throws {HttpError} 401 or 429 if the token isn't valid at this time. */
export function checkToken({ expires, fails }: Identity, time: number): void {
  if (fails === 429) throw new HttpError(429)
  if (fails === 401 || (expires !== undefined && expires <= time)) throw expired
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
  throw expired
}

function encodePart(value: object): string {
  const ascii = JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return btoa(ascii).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
