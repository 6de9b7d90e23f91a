import type { Delivery, HttpResponse } from '@recoveryconnect/http/message'
import { piecesOf } from '@recoveryconnect/http/pieces'

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
  { status, headers, body, delivery }: HttpResponse,
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
  const pieces = piecesOf(body, delivery)
  return new ReadableStream({
    async pull(controller) {
      const { value } = pieces.next()
      if (!value && delivery.connection !== 'cut') return controller.close()
      if (!value) return controller.error(new TypeError('terminated: the sandbox cut the body'))
      await delay(value.milliseconds, request)
      controller.enqueue(value.bytes)
    },
  })
}
