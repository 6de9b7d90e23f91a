import type { Delivery } from '../world/faults.ts'
import type { SandboxResponse } from './http.ts'

/**
 * Builds a `Response`, with the delay or the broken connection of a scripted fault.
 *
 * @throws {TypeError} if the fault drops the connection.
 */
export async function toFetchResponse(
  { status, headers, body, delivery }: SandboxResponse,
  signal: AbortSignal,
): Promise<Response> {
  if (!delivery) return new Response(status === 204 ? null : body, { status, headers })
  await delay(delivery, signal)
  if (delivery.connection === 'drop') throw new TypeError('fetch failed: the sandbox dropped the connection')
  return new Response(delivery.connection === 'cut' ? cutInHalf(body) : body, { status, headers })
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

/** Sends half of the body, then fails as a broken connection does. */
function cutInHalf(body: string): ReadableStream<Uint8Array> {
  let isSent = false
  return new ReadableStream({
    pull(controller) {
      if (isSent) return controller.error(new TypeError('terminated: the sandbox cut the body'))
      isSent = true
      controller.enqueue(new TextEncoder().encode(body.slice(0, body.length / 2)))
    },
  })
}
