import type { Delivery } from '../world/faults.ts'
import type { SandboxResponse } from './http.ts'

interface Caller {
  signal: AbortSignal
}

/**
 * Builds a `Response`, with the delay or the broken connection of a scripted fault.
 *
 * @param request its signal ends a delayed or slow response. As long as the response isn't complete, it's kept in memory.
 * @throws {TypeError} if the fault drops the connection.
 */
export async function toFetchResponse(
  { status, headers, body, delivery }: SandboxResponse,
  request: Caller,
): Promise<Response> {
  if (delivery) await delay(delivery.delayMs, request)
  if (delivery?.connection === 'drop') throw new TypeError('fetch failed: the sandbox dropped the connection')
  const isStreamed = delivery?.connection || delivery?.dripBytesPerSecond
  const content = isStreamed ? toStream(body, delivery, request) : body
  return new Response(status === 204 ? null : content, { status, headers })
}

/** Rejects with the reason of the signal if that comes first. */
function delay(milliseconds: number, request: Caller): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(request.signal.reason)
    }
    const timer = setTimeout(() => {
      request.signal.removeEventListener('abort', stop)
      resolve()
    }, milliseconds)
    if (request.signal.aborted) stop()
    else request.signal.addEventListener('abort', stop)
  })
}

/** Sends the body slowly, or half of it and then fails as a broken connection does. */
function toStream(body: string, delivery: Delivery, request: Caller): ReadableStream<Uint8Array> {
  const { connection, dripBytesPerSecond: rate = Number.POSITIVE_INFINITY } = delivery
  const bytes = new TextEncoder().encode(body)
  const rest = connection === 'cut' ? bytes.subarray(0, bytes.length / 2) : bytes
  let sent = 0
  return new ReadableStream({
    async pull(controller) {
      // About twenty pieces per second.
      const piece = rest.subarray(sent, sent + Math.ceil(rate / 20))
      if (piece.length === 0 && connection !== 'cut') return controller.close()
      if (piece.length === 0) return controller.error(new TypeError('terminated: the sandbox cut the body'))
      await delay((piece.length / rate) * 1000, request)
      sent += piece.length
      controller.enqueue(piece)
    },
  })
}
