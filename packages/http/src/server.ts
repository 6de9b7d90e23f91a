/** An HTTP server that hands requests to a function. No request can stop or block it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { receiveBody } from './body.ts'
import type { Received } from './content-coding.ts'
import { addCors, type Cors } from './cors.ts'
import { HttpError } from './http-error.ts'
import {
  type Delivery,
  type Handle,
  type HttpRequest,
  type HttpResponse,
  jsonResponse,
  type RequestEntry,
} from './message.ts'
import { piecesOf } from './pieces.ts'
import { checkBasePath, createPathFinder, pathOf, stripBasePath } from './target.ts'
import { hasUnknownMethod, renderMethodNotAllowed, renderUnreadable } from './unreadable.ts'

/** Those that the API has anywhere. Without a readable request, the server can't know those of its path. */
const methods = 'GET, POST, PUT, DELETE, HEAD, OPTIONS'

export interface HttpServerOptions {
  handle: Handle
  /** The maximum size of a body, in bytes. */
  bodyLimitOf: (target: string) => number
  /** The maximum time for a request to arrive, in milliseconds. */
  requestTimeout: number
  /** The templates of all paths, for `onRequest`. */
  paths: readonly string[]
  cors?: Cors | undefined
  /** Whether a target is never for pages of other origins. @default none */
  isPrivate?: (target: string) => boolean
  basePath?: string | undefined
  onRequest?: ((entry: RequestEntry) => void) | undefined
}

/** @throws {Error} if `cors` or `basePath` is wrong. */
export function createHttpServer(options: HttpServerOptions): Server {
  const { bodyLimitOf, requestTimeout, cors, isPrivate = () => false, basePath = '' } = options
  checkBasePath(basePath)
  const handle = cors ? addCors(options.handle, cors, isPrivate) : options.handle
  const log = options.onRequest && createLog(options.onRequest, options.paths)
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
    const target = stripBasePath(request.url ?? '', basePath)
    log?.(request.method, target, response)
    receiveBody(request, bodyLimitOf(target ?? ''), (body, isComplete) => {
      if (!isComplete) finished.add(request.socket)
      const handled =
        rejectHost(request) ??
        (target === undefined ? outside(basePath) : handle(toRequest(request, { target, basePath }, body)))
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
    if (!socket.writable || error.code === 'ECONNRESET') socket.destroy()
    // If the client goes on sending, the next check destroys the socket. At once, it might not have read the response.
    else if (finished.has(socket)) socket.end()
    else if (hasUnknownMethod(error)) socket.end(renderMethodNotAllowed(methods))
    else socket.end(renderUnreadable(error))
  })
  server.on('connect', (_, socket: Duplex) => socket.end(renderMethodNotAllowed(methods)))
  return server
}

/** RFC 9112 requires one host in HTTP/1.1. */
function rejectHost({ headers: { host }, httpVersion }: IncomingMessage): HttpResponse | undefined {
  if (host === undefined ? httpVersion !== '1.1' : !host.includes(',')) return undefined
  return jsonResponse(400, { message: 'An HTTP/1.1 request needs one Host header.' })
}

function outside(basePath: string): HttpResponse {
  return jsonResponse(404, { message: `Not found. Every path here starts with ${basePath}/.` })
}

function toRequest(
  { method = '', headers }: IncomingMessage,
  { target, basePath }: Pick<HttpRequest, 'target' | 'basePath'>,
  body: Received,
): HttpRequest {
  if (!(body instanceof HttpError)) return { method, target, basePath, headers, body }
  return {
    method,
    target,
    basePath,
    headers,
    get body(): never {
      throw body
    },
  }
}

type Log = (method: string | undefined, target: string | undefined, response: ServerResponse) => void

function createLog(onRequest: (entry: RequestEntry) => void, paths: readonly string[]): Log {
  const findPath = createPathFinder(paths)
  return (method = '', target = '', response) => {
    const start = performance.now()
    response.on('close', () => {
      const ms = Math.round((performance.now() - start) * 10) / 10
      const status = response.writableFinished ? response.statusCode : null
      const path = findPath(pathOf(target))?.template ?? '(unknown path)'
      onRequest({ method, path, status, ms })
    })
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
  // One flat list, because copying the object for each response is slower.
  const lines: (string | number)[] = []
  for (const name in headers) lines.push(name, headers[name] as string)
  if (status !== 204 && headers['content-length'] === undefined)
    lines.push('content-length', Buffer.byteLength(body))
  response.writeHead(status, lines as string[])
  if (!delivery?.connection && !delivery?.dripBytesPerSecond) return void response.end(body)
  sendPieces(response, body, delivery)
}

/** Sends the pieces, and then ends or breaks the connection. */
function sendPieces(response: ServerResponse, body: string, delivery: Delivery): void {
  const pieces = piecesOf(body, delivery)
  let timer: NodeJS.Timeout
  response.on('close', () => clearTimeout(timer))
  sendNext()

  function sendNext(): void {
    const { value } = pieces.next()
    if (value)
      timer = setTimeout(
        () => response.write(value.bytes, (error) => error ?? sendNext()),
        value.milliseconds,
      )
    else if (delivery.connection === 'cut') response.destroy()
    else response.end()
  }
}
