/** Gets tokens from the vendor's login and renews them before they expire. */
import type { CallOptions, ClientOptions, TokenProvider } from './call.ts'
import { connect } from './connect.ts'
import { createInputError, type RecoveryConnectError } from './errors.ts'
import {
  callFields,
  checkFields,
  checkToken,
  defaults,
  type Fields,
  mergeSettings,
  parseBaseUrl,
} from './input.ts'
import { authentication } from './operations.gen.ts'

/** Options for {@link loginToken}: the account, and the options of the login calls. */
export interface LoginOptions extends Omit<CallOptions, 'signal'>, Pick<ClientOptions, 'httpHosts'> {
  /** The server to log in to. Default: the client's server, with the client's `fetch`. */
  baseUrl?: string | undefined
  /** The name of the user account. */
  username: string
  /** The password of the account. */
  password: string
  /** How long before it expires a token is renewed, in milliseconds. At most half of its lifetime. Default: 60,000. */
  renewBeforeMs?: number | undefined
  /**
   * How long a rejected login is remembered, in milliseconds. During this time, calls fail without another login, so that
   * a wrong password doesn't lock the account. For other credentials, use another client. Default: 300,000.
   */
  retryRejectedAfterMs?: number | undefined
}

const { signal: _, ...repeatedFields } = callFields
const loginFields: Fields = {
  ...repeatedFields,
  baseUrl: 'string',
  httpHosts: 'Array',
  username: 'string',
  password: 'string',
  renewBeforeMs: 'ms',
  retryRejectedAfterMs: 'ms',
}

/**
 * Creates a token function that logs in with `POST /api/v140/auth`. It logs in when a token is first needed, caches the
 * token until shortly before it expires, and logs in again if the API rejects it. It doesn't use the `refresh_token`,
 * because the vendor doesn't document how to use it.
 *
 * A login isn't retried after a lost connection: the call fails with `token_unavailable`, and the next call logs in
 * again. If the API rejects the login (a 4xx other than 408 and 429), calls fail for five minutes without another login.
 *
 * @throws {RecoveryConnectError} `invalid_input` if an option is invalid.
 * @example
 * const rc = createClient({ token: loginToken({ username: 'example-user', password }) })
 */
export function loginToken(options: LoginOptions): TokenProvider {
  checkFields('the options', options, loginFields)
  const { username, password, renewBeforeMs = 60_000, retryRejectedAfterMs = 300_000, ...others } = options
  if (!username || !password) throw createInputError('username and password must be non-empty strings')
  const { baseUrl: ownUrl, httpHosts, ...callOptions } = others
  mergeSettings(callOptions, defaults)
  if (ownUrl !== undefined) parseBaseUrl(ownUrl, httpHosts)
  // By server, because one server must not receive the token of another. Next.js doesn't allow Date.now() here.
  const tokens = new Map<string, { token: string; renewAt: number }>()
  const rejections = new Map<string, { error: RecoveryConnectError; until: number }>()

  return async ({ rejected, signal, baseUrl, fetch }) => {
    const start = performance.now()
    const cached = tokens.get(baseUrl)
    if (cached && cached.token !== rejected && start < cached.renewAt) return cached.token
    const rejection = rejections.get(baseUrl)
    if (rejection && start < rejection.until) throw rejection.error
    const server = {
      baseUrl: ownUrl ?? baseUrl,
      // The client has checked its own URL.
      httpHosts: ownUrl === undefined ? [new URL(baseUrl).hostname] : httpHosts,
      fetch: options.fetch ?? fetch,
    }
    // A connection needs a token, but the login is sent without one.
    const connection = connect({ ...callOptions, ...server, token: 'none' })
    const login = await authentication(connection)
      .createAccessToken({ username, password }, { signal })
      .result()
    if (!login.ok) {
      const { status = 0 } = login.error
      const isRejected = status >= 400 && status < 500 && status !== 408 && status !== 429
      if (isRejected) rejections.set(baseUrl, { error: login.error, until: start + retryRejectedAfterMs })
      throw login.error
    }
    const { access_token, expires_in } = login.data
    const token = checkToken('access_token', access_token, 'createAccessToken')
    const lifetime = Number(expires_in) * 1000
    const renewAt = lifetime > 0 ? start + Math.max(lifetime - renewBeforeMs, lifetime / 2) : Infinity
    tokens.set(baseUrl, { token, renewAt })
    return token
  }
}
