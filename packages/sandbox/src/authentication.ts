/** Tokens: whose world one opens, until when it is valid, and the call that issues them. */
import { timeIn } from './clock.ts'
import type { Behaviours } from './operation.ts'
import { Refusal } from './refusal.ts'
import type { Resource, Surroundings } from './resource.ts'

/** Requests with these tokens fail: for the unhappy path. */
export const expiredToken = 'sandbox-expired'
export const throttledToken = 'sandbox-throttled'
/** The authentication call refuses this password, and takes any other. */
export const wrongPassword = 'wrong'

const lifetime = 3600

export interface Identity {
  /** The key of its world. */
  world: string
  /** In milliseconds, if the token is one of those that the sandbox issues. */
  expires?: number
  fails?: 401 | 429
}

const missing = new Refusal(401, {
  message: 'Unauthenticated. Send the header Authorization: Bearer <token>; this sandbox takes any token.',
  headers: { 'www-authenticate': 'Bearer' },
})
const expired = new Refusal(401, {
  message: 'Unauthenticated. The token has expired: get a new one from POST /api/v140/auth.',
  headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
})

/**
 * Reads an `Authorization` header.
 *
 * @throws {Refusal} 401 if it is missing or not a bearer token in RFC 6750's form.
 * @example identify('Bearer my-token').world // 'token:my-token'
 */
export function identify(header: string | undefined): Identity {
  const token = /^bearer +([\w.~+/-]+=*) *$/i.exec(header ?? '')?.[1]
  if (!token) throw missing
  if (token === expiredToken) return { world: `token:${token}`, fails: 401 }
  if (token === throttledToken) return { world: `token:${token}`, fails: 429 }
  const [, payload, signature] = token.split('.')
  return payload && signature === 'sandbox' ? issued(payload) : { world: `token:${token}` }
}

/** @throws {Refusal} 401 or 429 if the token is not valid at this time. */
export function admit({ expires, fails }: Identity, time: number): void {
  if (fails === 429) throw new Refusal(429)
  if (fails === 401 || (expires !== undefined && expires <= time)) throw expired
}

export const resource: Resource<Pick<Behaviours, 'createAccessToken'>> = { behaviours: authentication }

/** The behaviour of the authentication call: every user has a world of their own, whichever token opens it. */
function authentication({ worlds, now, worldKey }: Surroundings): Pick<Behaviours, 'createAccessToken'> {
  let serial = 0
  return {
    createAccessToken({ body: { username, password } }) {
      if (password === wrongPassword) throw new Refusal(401)
      const seconds = Math.floor(timeIn(worlds.open(worldKey(worldOf(username))), now) / 1000)
      serial++
      return {
        token_type: 'Bearer',
        expires_in: lifetime,
        access_token: tokenFor({ sub: username, iat: seconds, exp: seconds + lifetime, jti: serial }),
        refresh_token: `sandbox-refresh-${serial}`,
      }
    },
  }
}

/** The world of the user whom a login is about; undefined where its body names none. */
export function worldOfLogin(body: string): string | undefined {
  try {
    const { username } = JSON.parse(body)
    return typeof username === 'string' ? worldOf(username) : undefined
  } catch {
    return undefined
  }
}

function worldOf(username: string): string {
  return `user:${username}`
}

/** In the form of a JWT, as the vendor's are; it needs no secret, because the sandbox keeps none. */
function tokenFor(payload: object): string {
  return `${encoded({ alg: 'none', typ: 'JWT' })}.${encoded(payload)}.sandbox`
}

function issued(payload: string): Identity {
  try {
    const { sub, exp } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')))
    if (typeof sub === 'string' && Number.isSafeInteger(exp))
      return { world: worldOf(sub), expires: exp * 1000 }
  } catch {
    // Not a token of ours: refused below like any other that does not fit.
  }
  throw expired
}

function encoded(value: object): string {
  const ascii = JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return btoa(ascii).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
