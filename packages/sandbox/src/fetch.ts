/** The sandbox as a `fetch` function, for tests without a network and for browsers. It uses no Node APIs. */
import { toFetchResponse } from './core/fetch-response.ts'
import { createSandbox, type SandboxOptions } from './sandbox.ts'

export type { Limits } from './world/store.ts'
export type { SandboxOptions }

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/**
 * Creates a `fetch` function with its own sandbox. The host of the URL doesn't matter.
 *
 * Timeouts and `signal` work as with a real server. A connection that a fault drops rejects with a `TypeError`.
 *
 * @example
 * const fetch = createSandboxFetch()
 * await fetch('https://sandbox.invalid/api/v140/orders/57062885/borrowers/124927241/phones', {
 *   headers: { Authorization: 'Bearer any-token' },
 * })
 */
export function createSandboxFetch(options: SandboxOptions = {}): Fetch {
  const { handle } = createSandbox(options)
  return async (input, init) => {
    const request = new Request(input, init)
    request.signal.throwIfAborted()
    const { pathname, search } = new URL(request.url)
    const body = request.body ? new Uint8Array(await request.arrayBuffer()) : undefined
    const headers = Object.fromEntries(request.headers)
    const response = handle({ method: request.method, target: pathname + search, headers, body })
    // Node may garbage-collect the signal of a request in flight, and then its timeout never fires
    // (https://github.com/nodejs/node/issues/55428). The timers of the response hold on to this object.
    const held = { signal: request.signal, input, request }
    return toFetchResponse(response, held)
  }
}
