import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { HandleRequest, SandboxResponse } from '../core/http.ts'
import type { Guard } from './guard.ts'
import { page } from './page.ts'

interface HttpServerOptions {
  handle: HandleRequest
  guard: Guard
  bodyLimitOf: (target: string) => number
  requestTimeout: number
}

export function createHttpServer(options: HttpServerOptions): Server {
  const { handle, guard, requestTimeout, bodyLimitOf } = options
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
    const { method = '', url: target = '', headers } = request
    receive(request, bodyLimitOf(target), (body, isComplete) => {
      if (!isComplete) finished.add(request.socket)
      const isPage = target === '/' && method === 'GET'
      deliver(response, guard(request) ?? (isPage ? page : handle({ method, target, headers, body })))
    })
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (!socket.writable || finished.has(socket)) socket.destroy()
    else socket.end(rawResponse(error.code))
  })
  server.on('connect', (_, socket: Duplex) => socket.end(rawResponse('HPE_INVALID_METHOD')))
  return server
}

/** @returns the URL. @throws {Error} if the port is taken. */
export function listen(server: Server, port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${port} on ${host} is taken. Stop the other program, or choose another port with --port.`
      reject(error.code === 'EADDRINUSE' ? new Error(taken, { cause: error }) : error)
    })
    server.listen(port, host, () => {
      const { address, family, port: actual } = server.address() as AddressInfo
      resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${actual}`)
    })
  })
}

export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** Calls `done` with the whole body, or as soon as it exceeds the limit. The rest is then discarded. */
function receive(
  request: IncomingMessage,
  limit: number,
  done: (body: Uint8Array | undefined, isComplete: boolean) => void,
): void {
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers
  if (coding === undefined && (length === undefined || length === '0')) {
    done(undefined, true)
    return
  }
  let chunks: Buffer[] | undefined = []
  let size = 0
  request.on('data', (chunk: Buffer) => {
    if (!chunks) return
    chunks.push(chunk)
    size += chunk.length
    if (size <= limit) return
    done(Buffer.concat(chunks), false)
    chunks = undefined
  })
  request.on('end', () => {
    if (chunks) done(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks), true)
  })
}

function deliver(response: ServerResponse, sent: SandboxResponse): void {
  const delayMs = sent.delivery?.delayMs ?? 0
  if (delayMs > 0) {
    const timer = setTimeout(send, delayMs, response, sent)
    response.on('close', () => clearTimeout(timer))
  } else {
    send(response, sent)
  }
}

function send(response: ServerResponse, { status, headers, body, delivery }: SandboxResponse): void {
  if (delivery?.connection === 'drop') {
    response.destroy()
    return
  }
  const length = status === 204 ? undefined : { 'content-length': Buffer.byteLength(body) }
  response.writeHead(status, { ...length, ...headers })
  if (delivery?.connection === 'cut') response.write(body.slice(0, body.length / 2), () => response.destroy())
  else response.end(body)
}

/** The response to a request that Node can't parse. */
function rawResponse(code: string | undefined): string {
  const [status, message, more] = {
    HPE_INVALID_METHOD: [
      '405 Method Not Allowed',
      "The method isn't supported.",
      'Allow: GET, POST, PUT, DELETE\r\n',
    ],
    HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers are too large.', ''],
    ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', "The request didn't arrive in time.", ''],
  }[code ?? ''] ?? ['400 Bad Request', "The request isn't valid HTTP.", '']
  const body = JSON.stringify({ message })
  const headers = `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n${more}`
  return `HTTP/1.1 ${status}\r\n${headers}\r\n${body}`
}
