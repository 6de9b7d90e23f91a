/** A token from the vendor's login, renewed before it expires. */
import type { CallOptions, TokenProvider } from './call.ts'
import { connect } from './connect.ts'
import { invalidInput } from './errors.ts'
import { checkedBaseUrl, isToken, settingsOf, tokenRule } from './input.ts'
import { authentication } from './operations.gen.ts'

/** Whose token {@link loginToken} gets. The other options are those of its calls. */
export interface LoginOptions extends Omit<CallOptions, 'signal'> {
  /** Where to log in. Default: the server of the client that asks, over its `fetch`. */
  baseUrl?: string | undefined
  /** The name of the user account. */
  username: string
  /** The password of the account. */
  password: string
  /**
   * How long before its expiry a token is replaced, in milliseconds; at most half of its life. Default: 60,000.
   */
  renewBeforeMs?: number | undefined
}

/**
 * A token function for the vendor's login, `POST /api/v140/auth`. It logs in when a token is first needed, keeps the
 * token until shortly before it expires, and logs in again when the API rejects it. How the vendor's `refresh_token` is
 * used is not documented, so it is not used.
 *
 * A login is a POST and is not repeated after a lost connection: the call that needed it fails with
 * `token_unavailable`, and the next one tries again.
 *
 * @throws {RecoveryConnectError} `invalid_input` if an option cannot be meant.
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
      throw invalidInput(`${name} must be a text that is not empty`)
  settingsOf(options)
  if (options.baseUrl !== undefined) checkedBaseUrl(options.baseUrl)
  // By server: a token of one must not reach another.
  const known = new Map<string, { token: string; renewAt: number }>()

  return async ({ rejected, signal, baseUrl, fetch }) => {
    const kept = known.get(baseUrl)
    if (kept && kept.token !== rejected && Date.now() < kept.renewAt) return kept.token
    const start = Date.now()
    // The login goes without a token; a connection wants one.
    const server = { baseUrl: options.baseUrl ?? baseUrl, fetch: options.fetch ?? fetch }
    const connection = connect({ ...options, ...server, token: 'none' })
    const answer = await authentication(connection).createAccessToken({ username, password }, { signal })
    const token = answer.access_token
    if (!isToken(token)) throw invalidInput(`access_token ${tokenRule}`, 'createAccessToken')
    const life = Number(answer.expires_in) * 1000
    const renewAt = life > 0 ? start + Math.max(life - renewBeforeMs, life / 2) : Number.POSITIVE_INFINITY
    known.set(baseUrl, { token, renewAt })
    return token
  }
}
