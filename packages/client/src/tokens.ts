/** Provides the tokens for requests. Requests that need a token at the same time share one token request. */
import type { Token, TokenProvider, TokenRequest } from './call.ts'
import { checkToken } from './input.ts'

type Server = Pick<TokenRequest, 'baseUrl' | 'fetch'>

/** Makes the calls that need a token at the same time share one request to a token function. */
export function shareRequests(provider: TokenProvider, server: Server): Token {
  let latest: string | undefined
  let current: ReturnType<typeof start> | undefined

  return async (rejected, signal) => {
    // In Next.js, a token can be that of one visitor, and a request can hang until another one has finished.
    if (Symbol.for('next-patch') in globalThis) return callProvider(rejected, signal)
    // The API rejected an older token, and there's already a newer one.
    if (rejected && latest && rejected !== latest) return latest
    if (!current?.isOpen || (rejected && !current.rejected)) current = start(rejected)
    const request = current
    request.waiting++
    signal.addEventListener('abort', () => {
      if (--request.waiting) return
      request.isOpen = false
      request.controller.abort()
    })
    return request.token.finally(() => {
      request.isOpen = false
    })
  }

  function start(rejected: string | undefined) {
    const controller = new AbortController()
    return {
      rejected,
      controller,
      waiting: 0,
      isOpen: true,
      token: callProvider(rejected, controller.signal),
    }
  }

  async function callProvider(rejected: string | undefined, signal: AbortSignal): Promise<string> {
    latest = checkToken('the token', await provider({ ...server, ...(rejected && { rejected }), signal }))
    return latest
  }
}
