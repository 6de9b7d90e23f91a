/** A token from the vendor's login, renewed before it expires. */
import type { CallOptions, ClientOptions, TokenProvider } from './call.ts'
import { connect } from './connect.ts'
import { invalidInput } from './errors.ts'
import { isToken, tokenRule } from './input.ts'
import { authentication } from './operations.gen.ts'

/** Whose token {@link loginToken} gets, and from where. The other options are those of its calls. */
export interface LoginOptions extends Omit<CallOptions, 'signal'>, Pick<ClientOptions, 'baseUrl'> {
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
  // The login goes without a token; a connection wants one.
  const { createAccessToken } = authentication(connect({ ...options, token: 'none' }))
  let token: string | undefined
  let renewAt = 0

  return async ({ rejected, signal }) => {
    if (token !== undefined && token !== rejected && Date.now() < renewAt) return token
    const start = Date.now()
    const answer = await createAccessToken({ username, password }, { signal })
    if (!isToken(answer.access_token)) throw invalidInput(`access_token ${tokenRule}`, 'createAccessToken')
    const life = Number(answer.expires_in) * 1000
    token = answer.access_token
    renewAt = life > 0 ? start + Math.max(life - renewBeforeMs, life / 2) : Number.POSITIVE_INFINITY
    return token
  }
}
