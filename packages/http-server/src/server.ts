/** An HTTP server that hands requests to a function. No request can stop or block it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Received, receiveBody } from './body.ts'
import { HttpError } from './http-error.ts'
import { type Delivery, type HttpRequest, type HttpResponse, jsonResponse } from './message.ts'
import { hasUnknownMethod, renderMethodNotAllowed, renderUnreadable } from './unreadable.ts'

/** Those that the API has anywhere. Without a readable request, the server can't know those of its path. */
const methods = 'GET, POST, PUT, DELETE'

export interface HttpServerOptions {
  /** Must not throw. */
  handle: (request: HttpRequest) => HttpResponse | Promise<HttpResponse>
  /** The maximum size of a body, in bytes. */
  bodyLimitOf: (target: string) => number
  /** The maximum time for a request to arrive, in milliseconds. */
  requestTimeout: number
}

export function createHttpServer({ handle, bodyLimitOf, requestTimeout }: HttpServerOptions): Server {
  /** Sockets that got a response to an incomplete request. If they fail, they don't get a second response. */
  const finished = new WeakSet<Duplex>()
  const timeouts = {
    headersTimeout: requestTimeout,
    requestTimeout,
    connectionsCheckingInterval: requestTimeout / 10,
    keepAliveTimeout: 65_000, // Longer than clients keep idle connections, so that a reused connection doesn't break.
  }
  // Joining turns two `Authorization` headers into an invalid token. By default, Node would ignore the second one.
  const headers = { requireHostHeader: false, joinDuplicateHeaders: true }
  const server = createServer({ ...timeouts, ...headers }, (request, response) => {
    const { url: target = '' } = request
    receiveBody(request, bodyLimitOf(target), (body, isComplete) => {
      if (!isComplete) finished.add(request.socket)
      const handled = rejectWithoutHost(request) ?? handle(toRequest(request, body))
      if (handled instanceof Promise) handled.then((sent) => deliver(response, sent))
      else deliver(response, handled)
    })
  })
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    send(
      response,
      jsonResponse(417, { message: 'The only expectation that is supported is "100-continue".' }),
    )
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (!socket.writable || finished.has(socket) || error.code === 'ECONNRESET') socket.destroy()
    else if (hasUnknownMethod(error)) socket.end(renderMethodNotAllowed(methods))
    else socket.end(renderUnreadable(error))
  })
  server.on('connect', (_, socket: Duplex) => socket.end(renderMethodNotAllowed(methods)))
  return server
}

function rejectWithoutHost({ headers, httpVersion }: IncomingMessage): HttpResponse | undefined {
  if (headers.host !== undefined || httpVersion !== '1.1') return undefined
  return jsonResponse(400, { message: 'An HTTP/1.1 request needs a Host header.' })
}

function toRequest({ method = '', url: target = '', headers }: IncomingMessage, body: Received): HttpRequest {
  if (!(body instanceof HttpError)) return { method, target, headers, body }
  return {
    method,
    target,
    headers,
    get body(): never {
      throw body
    },
  }
}

function deliver(response: ServerResponse, sent: HttpResponse): void {
  const delayMs = sent.delivery?.delayMs ?? 0
  if (delayMs > 0) {
    const timer = setTimeout(send, delayMs, response, sent)
    response.on('close', () => clearTimeout(timer))
  } else {
    send(response, sent)
  }
}

function send(response: ServerResponse, { status, headers, body, delivery }: HttpResponse): void {
  if (delivery?.connection === 'drop') return void response.destroy()
  const length = status === 204 ? undefined : { 'content-length': Buffer.byteLength(body) }
  response.writeHead(status, { ...length, ...headers })
  if (!delivery?.connection && !delivery?.dripBytesPerSecond) return void response.end(body)
  const bytes = Buffer.from(body)
  sendPieces(response, delivery.connection === 'cut' ? bytes.subarray(0, bytes.length / 2) : bytes, delivery)
}

/** Sends about twenty pieces per second, or everything at once, and then ends or breaks the connection. */
function sendPieces(
  response: ServerResponse,
  bytes: Buffer,
  { connection, dripBytesPerSecond }: Delivery,
): void {
  const rate = dripBytesPerSecond ?? Number.POSITIVE_INFINITY
  let timer: NodeJS.Timeout
  let sent = 0
  response.on('close', () => clearTimeout(timer))
  sendNext()

  function sendNext(): void {
    const piece = bytes.subarray(sent, sent + Math.ceil(rate / 20))
    sent += piece.length
    if (piece.length > 0)
      timer = setTimeout(
        () => response.write(piece, (error) => error ?? sendNext()),
        (piece.length / rate) * 1000,
      )
    else if (connection === 'cut') response.destroy()
    else response.end()
  }
}
