import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http'
import type { Duplex } from 'node:stream'
import { HttpError } from './http-error.ts'

export interface HttpRequest {
  method: string
  /** As received: path and query, or a whole URL. */
  target: string
  headers: IncomingHttpHeaders
  body: Uint8Array
}

export interface HttpResponse {
  status: number
  headers?: Record<string, string>
  /** Sent as JSON. If undefined, the response has no body. */
  body?: unknown
}

export interface Limits {
  /** The maximum size of a body that the server reads, in bytes. @default 1 MiB */
  bodyBytes?: number
  /** The maximum time for a whole request to arrive, in milliseconds. @default 15 s */
  requestMs?: number
  /** How often the server looks for late requests, in milliseconds. @default 1 s */
  checkMs?: number
}

/**
 * Creates an HTTP server that sends what `respond` returns. No request can stop or block it.
 *
 * If `respond` throws an `HttpError`, the server sends that error. For any other error, it sends a 500.
 */
export function createHttpServer(
  respond: (request: HttpRequest) => Promise<HttpResponse>,
  { bodyBytes = 1024 * 1024, requestMs = 15_000, checkMs = 1_000 }: Limits = {},
): Server {
  const server = createServer({
    requestTimeout: requestMs,
    headersTimeout: requestMs,
    connectionsCheckingInterval: checkMs,
    requireHostHeader: false,
  })
  server.on('request', async (request, response) => {
    send(response, await respondOrFail(request))
  })
  // Without these two and `requireHostHeader: false`, Node sends responses of its own, which have no body.
  server.on('checkExpectation', (_request, response) => {
    send(response, new HttpError(417, 'The only expectation that the mock supports is "100-continue".'))
  })
  server.on('clientError', rejectUnreadable)
  return server

  async function respondOrFail(request: IncomingMessage): Promise<HttpResponse> {
    const { method = '', url: target = '', headers } = request
    try {
      if (request.httpVersion === '1.1' && headers.host === undefined) {
        throw new HttpError(400, 'An HTTP/1.1 request needs a Host header.')
      }
      return await respond({ method, target, headers, body: await readBody(request, bodyBytes) })
    } catch (error) {
      if (error instanceof HttpError) return error
      // Only the name: the message of an unexpected error may quote the request.
      const name = error instanceof Error ? error.name : typeof error
      return { status: 500, body: { message: `The mock failed (${name}). Please report the request.` } }
    }
  }
}

function send(response: ServerResponse, { status, headers, body }: HttpResponse): void {
  if (response.destroyed) return
  if (body === undefined) return void response.writeHead(status, headers).end()
  const bytes = Buffer.from(JSON.stringify(body))
  response.writeHead(status, {
    'content-type': 'application/json',
    ...headers,
    'content-length': bytes.length,
  })
  response.end(bytes)
}

function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
  const chunks: Buffer[] = []
  let length = 0
  const rejectBody = () => {
    request.removeAllListeners('data').resume()
    reject(new HttpError(413, `The body is longer than ${limit} bytes, the maximum that the mock reads.`))
  }
  request.on('error', reject)
  request.on('end', () => resolve(Buffer.concat(chunks)))
  request.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length > limit) rejectBody()
    else chunks.push(chunk)
  })
  if (Number(request.headers['content-length']) > limit) rejectBody()
  return promise
}

/** Handles requests that Node's parser can't read or doesn't get in time. For these, there's no response object. */
function rejectUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const [status, message] = parserErrors[error.code ?? ''] ?? [400, "This isn't a valid HTTP request."]
  const body = JSON.stringify({ message })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

const parserErrors: Record<string, [number, string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, "The request didn't arrive in time."],
  HPE_HEADER_OVERFLOW: [431, 'The headers are too long.'],
}
