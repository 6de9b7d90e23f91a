import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { Duplex } from 'node:stream'
import { Refusal } from './refusal.ts'

export interface Request {
  method: string
  /** As it came: path and query, or a whole URL. */
  target: string
  headers: IncomingHttpHeaders
  /** Empty where none was sent. */
  body: Uint8Array
}

export interface Answer {
  status: number
  headers?: Record<string, string>
  /** Sent as JSON; nothing is sent where it is undefined. */
  body?: unknown
}

export interface Limits {
  /** The longest body that is read, in bytes. @default 1 MiB */
  bodyBytes?: number
  /** How long a whole request may take to arrive, in milliseconds. @default 15 s */
  requestMs?: number
  /** How often late requests are looked for, in milliseconds. @default 1 s */
  checkMs?: number
}

/**
 * An HTTP server that answers each request by `answer`, and that nothing a client sends can end or hold up.
 *
 * `answer` refuses by throwing a `Refusal`; anything else that it throws becomes a 500.
 */
export function createHttpServer(
  answer: (request: Request) => Promise<Answer>,
  { bodyBytes = 1024 * 1024, requestMs = 15_000, checkMs = 1_000 }: Limits = {},
): Server {
  const server = createServer({
    requestTimeout: requestMs,
    headersTimeout: requestMs,
    connectionsCheckingInterval: checkMs,
    requireHostHeader: false,
  })
  server.on('request', async (request, response) => {
    send(response, await answerOrRefusal(request))
  })
  // Without these two and the check for Host, Node answers by itself and without a body.
  server.on('checkExpectation', (_request, response) => {
    send(response, refused(new Refusal(417, 'Of all expectations, only "100-continue" is known here.')))
  })
  server.on('clientError', refuseWhatIsNoRequest)
  return server

  async function answerOrRefusal(request: IncomingMessage): Promise<Answer> {
    const { method = '', url: target = '', headers } = request
    try {
      if (request.httpVersion === '1.1' && headers.host === undefined) {
        throw new Refusal(400, 'In HTTP/1.1, every request needs a Host header.')
      }
      return await answer({ method, target, headers, body: await readBody(request, bodyBytes) })
    } catch (error) {
      return refused(error)
    }
  }
}

function refused(error: unknown): Answer {
  if (error instanceof Refusal) return error
  // The name alone: the message of an unforeseen error may quote the request.
  const name = error instanceof Error ? error.name : typeof error
  return {
    status: 500,
    body: { message: `The mock failed (${name}). Please report the request that did it.` },
  }
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
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

/** Refuses a body that is too long at once, and lets the rest of it run into the void. */
function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
  const chunks: Buffer[] = []
  let length = 0
  const refuse = () => {
    request.removeAllListeners('data').resume()
    reject(new Refusal(413, `The body is longer than ${limit} bytes, and longer ones are not read here.`))
  }
  request.on('error', reject)
  request.on('end', () => resolve(Buffer.concat(chunks)))
  request.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length > limit) refuse()
    else chunks.push(chunk)
  })
  if (Number(request.headers['content-length']) > limit) refuse()
  return promise
}

/** What Node's parser could not read, or did not get in time: there is no request and no response object. */
function refuseWhatIsNoRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const [status, reason, message] = refusalsOfTheParser[error.code ?? ''] ?? notHttp
  const body = JSON.stringify({ message })
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  )
}

const notHttp = [400, 'Bad Request', 'This is not an HTTP request that can be read.'] as const
const refusalsOfTheParser: Record<string, readonly [number, string, string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'The request did not arrive in time.'],
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'The headers are longer than is read here.'],
}
