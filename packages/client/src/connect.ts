/** Creates connections. Every call goes through a connection. */
import type { ClientOptions, Connection, Opened } from './call.ts'
import { callFields, checkFields, defaults, type Fields, mergeSettings, parseBaseUrl } from './input.ts'
import { serverUrl, version } from './operations.gen.ts'
import { createTokenSource } from './tokens.ts'

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
  const { token, baseUrl = serverUrl, httpHosts, appInfo, ...callOptions } = options
  const server = parseBaseUrl(baseUrl, httpHosts)
  // Browsers name themselves, and the header would cause a CORS preflight.
  const isBrowser = globalThis.navigator?.userAgent?.startsWith('Mozilla')
  const names = { 'user-agent': `${appInfo ?? ''} recoveryconnect-client/${version}`.trim() }
  const base = isBrowser ? defaults : mergeSettings({ headers: names }, defaults)
  return createConnection({
    baseUrl: server,
    tokens: createTokenSource(token, { baseUrl: server, fetch: options.fetch as typeof fetch }),
    settings: mergeSettings(callOptions, base),
  })
}

function createConnection({ baseUrl, tokens, settings }: Context): Connection {
  return {
    baseUrl,
    open: (options, operation) => ({
      tokens,
      settings: options ? mergeSettings(options, settings, operation) : settings,
    }),
    withOptions: (options) =>
      createConnection({ baseUrl, tokens, settings: mergeSettings(options, settings) }),
  }
}

interface Context extends Opened {
  readonly baseUrl: string
}
