/** The sandbox as an HTTP server: reads bytes within limits, hands them to the kernel, delivers the answer. */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { largestBodyOf } from './control.ts'
import { guard, isLoopback } from './guard.ts'
import type { SandboxResponse } from './kernel.ts'
import { page } from './page.ts'
import { createSandbox, type Sandbox, type SandboxOptions } from './sandbox.ts'
import { readSeed } from './seed.ts'
import { openState } from './state.ts'
import { defaultCaps } from './store.ts'

export type { SandboxOptions }

export interface ServerOptions extends Omit<SandboxOptions, 'journal' | 'kept' | 'worldKey'> {
  /** 0 takes any free port. @default 4020 */
  port?: number
  /** @default '127.0.0.1' */
  host?: string
  /** Whether `/__sandbox/` and the page answer; `own` if each token reaches its own world alone. @default true on loopback, else false */
  control?: boolean | 'own'
  /** How long a request may take to arrive, in milliseconds; then 408. @default 30000 */
  requestTimeout?: number
  /** A world file, JSON or YAML, that every new world starts with; see `seed` for one that is parsed already. */
  seedFile?: string
  /** Keeps the worlds in this file across restarts. @default in memory only */
  stateFile?: string
}

export interface RunningSandbox {
  /** Where it listens, such as `http://127.0.0.1:4020`. */
  url: string
  /** Ends every connection and closes the state file. */
  close(): Promise<void>
}

/**
 * Starts a sandbox.
 *
 * @throws {Error} if the port is taken, or the seed or state file does not fit; the message says what and where.
 * @example
 * const sandbox = await startSandbox({ port: 0 })
 * await fetch(`${sandbox.url}/api/v140/orders/57062885/borrowers/124927241/phones`, {
 *   headers: { Authorization: 'Bearer any-token' },
 * })
 * await sandbox.close()
 */
export async function startSandbox(options: ServerOptions = {}): Promise<RunningSandbox> {
  const {
    port = 4020,
    host = '127.0.0.1',
    control = isLoopback(host),
    requestTimeout = 30_000,
    ...more
  } = options
  const { seedFile, stateFile, ...rest } = more
  const seed = seedFile === undefined ? rest.seed : readSeed(seedFile)
  const state = stateFile === undefined ? undefined : openState(stateFile)
  try {
    const sandbox = createSandbox({
      ...rest,
      seed,
      control,
      worldKey: hashed,
      ...(state && { journal: state.journal, kept: state.worlds }),
    })
    const limitOf = (target: string) => largestBodyOf(target, { ...defaultCaps, ...rest.caps })
    const server = createHttpServer(sandbox, guard(host, control !== false), limitOf, requestTimeout)
    const url = await listening(server, port, host)
    return { url, close: () => closed(server).finally(() => state?.close()) }
  } catch (error) {
    state?.close()
    throw error
  }
}

function createHttpServer(
  sandbox: Sandbox,
  admits: ReturnType<typeof guard>,
  limitOf: (target: string) => number,
  requestTimeout: number,
): Server {
  const answered = new WeakSet<Duplex>()
  const timeouts = {
    headersTimeout: requestTimeout,
    requestTimeout,
    connectionsCheckingInterval: requestTimeout / 10,
    keepAliveTimeout: 65_000, // Longer than clients keep idle connections: else a reused one breaks now and then.
  }
  // Two tokens are none: of two headers of one name none is preferred.
  const headers = { requireHostHeader: false, joinDuplicateHeaders: true }
  const server = createServer({ ...timeouts, ...headers }, (request, response) => {
    receive(request, limitOf(request.url ?? ''), (body, complete) => {
      if (!complete) answered.add(request.socket)
      deliver(response, admits(request) ?? answerOf(sandbox, request, body))
    })
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (!socket.writable || answered.has(socket)) socket.destroy()
    else socket.end(rawAnswer(error.code))
  })
  server.on('connect', (_, socket: Duplex) => socket.end(rawAnswer('HPE_INVALID_METHOD')))
  return server
}

function answerOf(sandbox: Sandbox, request: IncomingMessage, body: Uint8Array | undefined): SandboxResponse {
  const { method = '', url: target = '', headers } = request
  if (target === '/' && method === 'GET') return page
  return sandbox.handle({ method, target, headers, body })
}

/** Hands over the body when it is there, or as soon as it is too large; the rest of it is then thrown away. */
function receive(
  request: IncomingMessage,
  limit: number,
  done: (body: Uint8Array | undefined, complete: boolean) => void,
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

function deliver(response: ServerResponse, answer: SandboxResponse): void {
  const delayMs = answer.delivery?.delayMs ?? 0
  if (delayMs > 0) {
    const timer = setTimeout(send, delayMs, response, answer)
    response.on('close', () => clearTimeout(timer))
  } else {
    send(response, answer)
  }
}

function send(response: ServerResponse, { status, headers, body, delivery }: SandboxResponse): void {
  if (delivery?.connection === 'drop') {
    response.destroy()
    return
  }
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  if (delivery?.connection === 'cut') response.write(body.slice(0, body.length / 2), () => response.destroy())
  else response.end(body)
}

/** The answer to what is not even HTTP. */
function rawAnswer(code: string | undefined): string {
  const [status, message, more] = {
    HPE_INVALID_METHOD: [
      '405 Method Not Allowed',
      'The method is not supported.',
      'Allow: GET, POST, PUT, DELETE\r\n',
    ],
    HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers are too large.', ''],
    ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request did not arrive in time.', ''],
  }[code ?? ''] ?? ['400 Bad Request', 'The request is not valid HTTP.', '']
  const body = JSON.stringify({ message })
  const headers = `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n${more}`
  return `HTTP/1.1 ${status}\r\n${headers}\r\n${body}`
}

function listening(server: Server, port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${port} on ${host} is taken: end the other program or choose another port with --port.`
      reject(error.code === 'EADDRINUSE' ? new Error(taken, { cause: error }) : error)
    })
    server.listen(port, host, () => {
      const { address, family, port: actual } = server.address() as AddressInfo
      resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${actual}`)
    })
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** No world and no state file is named by a token. */
function hashed(identity: string): string {
  return createHash('sha256').update(identity).digest('base64url')
}
