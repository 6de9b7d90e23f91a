/** The sandbox as a `fetch` function: for tests without a network, and for the browser. No Node in here. */
import type { Delivery } from './faults.ts'
import type { SandboxResponse } from './kernel.ts'
import { createSandbox, type SandboxOptions } from './sandbox.ts'

export type { Caps } from './store.ts'
export type { SandboxOptions }

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/**
 * A `fetch` that is answered by a sandbox of its own; the host in the URL does not matter.
 *
 * Deadlines and `signal` work as with a real server; a scripted dropped connection rejects with a `TypeError`.
 *
 * @example
 * const fetch = createSandboxFetch()
 * await fetch('https://sandbox.invalid/api/v140/orders/57062885/borrowers/124927241/phones', {
 *   headers: { Authorization: 'Bearer any-token' },
 * })
 */
export function createSandboxFetch(options: SandboxOptions = {}): Fetch {
  const { handle } = createSandbox(options)
  // Node lets a signal go with its request: a deadline was never met if the garbage was collected before it
  // (https://github.com/nodejs/node/issues/55428).
  const underway = new Set<unknown>()
  return async (input, init) => {
    const request = new Request(input, init)
    request.signal.throwIfAborted()
    const { pathname, search } = new URL(request.url)
    const body = request.body ? new Uint8Array(await request.arrayBuffer()) : undefined
    const headers = Object.fromEntries(request.headers)
    const answer = handle({ method: request.method, target: pathname + search, headers, body })
    const held = [input, request]
    underway.add(held)
    return deliver(answer, request.signal).finally(() => underway.delete(held))
  }
}

/**
 * The answer as a `Response`, late or in part where a scripted fault says so.
 *
 * @throws {TypeError} if the fault drops the connection.
 */
export async function deliver(
  { status, headers, body, delivery }: SandboxResponse,
  signal: AbortSignal,
): Promise<Response> {
  if (!delivery) return new Response(body, { status, headers })
  await delay(delivery, signal)
  if (delivery.connection === 'drop') throw new TypeError('fetch failed: the sandbox dropped the connection')
  return new Response(delivery.connection === 'cut' ? cut(body) : body, { status, headers })
}

function delay({ delayMs }: Delivery, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, delayMs)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
}

/** Half of the body, then a broken connection. */
function cut(body: string): ReadableStream<Uint8Array> {
  let sent = false
  return new ReadableStream({
    pull(controller) {
      if (sent) return controller.error(new TypeError('terminated: the sandbox cut the body'))
      sent = true
      controller.enqueue(new TextEncoder().encode(body.slice(0, body.length / 2)))
    },
  })
}
