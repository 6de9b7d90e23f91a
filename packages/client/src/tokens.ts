/** Provides the tokens for requests. Requests that need a token at the same time share one token request. */
import type { TokenProvider, TokenRequest, TokenSource } from './call.ts'
import { createInputError } from './errors.ts'
import { isToken, tokenRule } from './input.ts'

type Server = Pick<TokenRequest, 'baseUrl' | 'fetch'>

/** @throws {RecoveryConnectError} `invalid_input` if the token can't be sent in an HTTP header. */
export function createTokenSource(token: string | TokenProvider, server: Server): TokenSource {
  if (typeof token === 'function') return { request: shareRequests(token, server) }
  if (!isToken(token)) throw createInputError(`token ${tokenRule}`)
  return { fixed: token }
}

function shareRequests(provider: TokenProvider, server: Server): NonNullable<TokenSource['request']> {
  let latest: string | undefined
  let current: ReturnType<typeof start> | undefined

  return async (rejected, signal) => {
    // In Next.js, a token can be that of one visitor, and a request can hang until another one has finished.
    if (Symbol.for('next-patch') in globalThis) return callProvider(rejected, signal)
    // The API rejected an older token, and there's already a newer one.
    if (rejected && latest && rejected !== latest) return latest
    if (!current || (rejected && !current.rejected)) current = start(rejected)
    const request = current
    request.waiting++
    signal.addEventListener('abort', () => {
      if (--request.waiting) return
      forget(request)
      request.controller.abort()
    })
    return request.token.finally(() => forget(request))
  }

  function start(rejected: string | undefined) {
    const controller = new AbortController()
    return { rejected, controller, waiting: 0, token: callProvider(rejected, controller.signal) }
  }

  async function callProvider(rejected: string | undefined, signal: AbortSignal): Promise<string> {
    const token = await provider({ ...server, ...(rejected && { rejected }), signal })
    if (!isToken(token)) throw createInputError(`the token ${tokenRule}`)
    latest = token
    return token
  }

  function forget(request: typeof current): void {
    if (current === request) current = undefined
  }
}
