/** Gets tokens from the vendor's login and renews them before they expire. */
import type { CallOptions, TokenProvider } from './call.ts'
import { connect } from './connect.ts'
import { createInputError } from './errors.ts'
import { isToken, mergeSettings, parseBaseUrl, tokenRule } from './input.ts'
import { authentication } from './operations.gen.ts'

/** Options for {@link loginToken}: the account, and the options of the login calls. */
export interface LoginOptions extends Omit<CallOptions, 'signal'> {
  /** The server to log in to. Default: the client's server, with the client's `fetch`. */
  baseUrl?: string | undefined
  /** The name of the user account. */
  username: string
  /** The password of the account. */
  password: string
  /** How long before it expires a token is renewed, in milliseconds. At most half of its lifetime. Default: 60,000. */
  renewBeforeMs?: number | undefined
}

/**
 * Creates a token function that logs in with `POST /api/v140/auth`. It logs in when a token is first needed, caches the
 * token until shortly before it expires, and logs in again if the API rejects it. It doesn't use the `refresh_token`,
 * because the vendor doesn't document how to use it.
 *
 * A login isn't retried after a lost connection: the call fails with `token_unavailable`, and the next call logs in
 * again.
 *
 * @throws {RecoveryConnectError} `invalid_input` if an option is invalid.
 * @example
 * const rc = createClient({ token: loginToken({ username: 'example-user', password }) })
 */
export function loginToken({
  username,
  password,
  renewBeforeMs = 60_000,
  ...options
}: LoginOptions): TokenProvider {
  for (const [name, value] of Object.entries({ username, password }))
    if (typeof value !== 'string' || value === '')
      throw createInputError(`${name} must be a non-empty string`)
  mergeSettings(options)
  if (options.baseUrl !== undefined) parseBaseUrl(options.baseUrl)
  // By server, because one server must not receive the token of another.
  const cache = new Map<string, { token: string; renewAt: number }>()

  return async ({ rejected, signal, baseUrl, fetch }) => {
    const cached = cache.get(baseUrl)
    if (cached && cached.token !== rejected && Date.now() < cached.renewAt) return cached.token
    const start = Date.now()
    const server = { baseUrl: options.baseUrl ?? baseUrl, fetch: options.fetch ?? fetch }
    // A connection needs a token, but the login is sent without one.
    const connection = connect({ ...options, ...server, token: 'none' })
    const response = await authentication(connection).createAccessToken({ username, password }, { signal })
    const token = response.access_token
    if (!isToken(token)) throw createInputError(`access_token ${tokenRule}`, 'createAccessToken')
    const lifetime = Number(response.expires_in) * 1000
    const renewAt = lifetime > 0 ? start + Math.max(lifetime - renewBeforeMs, lifetime / 2) : Infinity
    cache.set(baseUrl, { token, renewAt })
    return token
  }
}
