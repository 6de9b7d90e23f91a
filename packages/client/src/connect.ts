/** Creates connections. Every call goes through a connection. */
import type { ClientOptions, Connection, Settings, Token } from './call.ts'
import {
  callFields,
  checkFields,
  checkToken,
  defaults,
  type Fields,
  mergeSettings,
  parseBaseUrl,
} from './input.ts'
import { serverUrl, version } from './operations.gen.ts'
import { shareRequests } from './tokens.ts'

const clientFields: Fields = {
  ...callFields,
  token: 'any',
  baseUrl: 'string',
  httpHosts: 'Array',
  appInfo: 'string',
}

/**
 * Creates a connection without resources, for programs that bundle only the resources that they use.
 *
 * @throws {RecoveryConnectError} `invalid_input` if an option is invalid.
 * @example
 * const { list } = borrowerPhones(connect({ token }))
 * const { data } = await list({ order_id: 57062885, borrower_id: 124927241 })
 */
export function connect(options: ClientOptions): Connection {
  checkFields('the options', options, clientFields)
  const { token, baseUrl = serverUrl, httpHosts, appInfo = '', ...callOptions } = options
  const server = parseBaseUrl(baseUrl, httpHosts)
  // Browsers name themselves, and the header would cause a CORS preflight.
  const isBrowser = globalThis.navigator?.userAgent?.startsWith('Mozilla')
  // Without `appInfo`, the header starts with a space, which `Headers` removes.
  const name = isBrowser ? undefined : `${appInfo} recoveryconnect-client/${version}`
  const base = mergeSettings({ headers: { 'user-agent': name } }, defaults)
  const source =
    typeof token === 'function'
      ? shareRequests(token, { baseUrl: server, fetch: options.fetch as typeof fetch })
      : checkToken('token', token)
  return createConnection(server, source, mergeSettings(callOptions, base))
}

function createConnection(baseUrl: string, token: Token, settings: Settings): Connection {
  return {
    baseUrl,
    open: (options, operation) => ({
      token,
      settings: options ? mergeSettings(options, settings, operation) : settings,
    }),
    withOptions: (options) => createConnection(baseUrl, token, mergeSettings(options, settings)),
  }
}
