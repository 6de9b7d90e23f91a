/** Where requests have their token from; many requests that need one at the same time ask for it once. */
import type { TokenAsk, TokenProvider } from './call.ts'
import { invalidInput } from './errors.ts'
import { isToken, tokenRule } from './input.ts'

/** A token that stays, or a way to ask for one. */
export interface Tokens {
  readonly fixed?: string
  /**
   * The token of now, or another one in place of the one that was rejected.
   *
   * Who asks while an answer is on its way shares that answer. `signal` ends the waiting of one, and with the last
   * one the asking itself.
   */
  readonly ask?: (rejected: string | undefined, signal: AbortSignal) => Promise<string>
}

type Server = Pick<TokenAsk, 'baseUrl' | 'fetch'>

/** @throws {RecoveryConnectError} `invalid_input` if the token cannot be sent. */
export function tokensOf(token: string | TokenProvider, server: Server): Tokens {
  if (typeof token === 'function') return { ask: shared(token, server) }
  if (!isToken(token)) throw invalidInput(`token ${tokenRule}`)
  return { fixed: token }
}

function shared(provider: TokenProvider, server: Server): NonNullable<Tokens['ask']> {
  let latest: string | undefined
  let asking: ReturnType<typeof begin> | undefined

  return async (rejected, signal) => {
    // Refused with an older token, while a newer one is there.
    if (rejected && latest && rejected !== latest) return latest
    if (!asking || (rejected && !asking.rejected)) asking = begin(rejected)
    const mine = asking
    mine.waiting++
    signal.addEventListener('abort', () => {
      if (--mine.waiting) return
      forget(mine)
      mine.stop.abort()
    })
    return mine.answer.finally(() => forget(mine))
  }

  function begin(rejected: string | undefined) {
    const stop = new AbortController()
    return { rejected, stop, waiting: 0, answer: answered(rejected, stop.signal) }
  }

  async function answered(rejected: string | undefined, signal: AbortSignal): Promise<string> {
    const token = await provider({ ...server, ...(rejected && { rejected }), signal })
    if (!isToken(token)) throw invalidInput(`the token ${tokenRule}`)
    latest = token
    return token
  }

  function forget(mine: typeof asking): void {
    if (asking === mine) asking = undefined
  }
}
