/** The faults of networks, proxies and servers from the table in the README, and how to cause each. */
import { createServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { gzipSync } from 'node:zlib'
import { generate } from 'selfsigned'
import { expect } from 'vitest'
import { type Handler, http, json, listen, phone, secrets } from './servers.ts'

/** A row of the table. */
export interface Fault {
  /** Its name in the README. */
  name: string
  /** The `kind` of the error. */
  kind: string
  /** Whether reads, updates and deletes are retried. */
  retried: boolean
  /** Whether a create is retried. Default: `false`. */
  createRetried?: boolean
  /** The `mayHaveBeenCarriedOut` of a create. */
  mayHave: boolean
  /** What the server does. Missing if the client must not reach one. */
  handle?: Handler
  /** Returns the URL for a fault without `handle`. */
  target?: () => Promise<string>
}

const echo = Object.values(secrets).join(' ')
const page = `<html><body>${echo}</body></html>`
const tells = { 'x-echo': echo, 'retry-after': '0' }
const problem = { message: `Rejected: ${echo}` }
const respond =
  (bytes: Buffer): Handler =>
  (socket) =>
    void socket.write(bytes)
const cut =
  (bytes: Buffer): Handler =>
  (socket) =>
    void socket.write(bytes, () => socket.resetAndDestroy())

export const faults: Fault[] = [
  {
    name: 'connection refused',
    kind: 'connection',
    retried: true,
    mayHave: false,
    target: closedUrl,
  },
  {
    name: 'host not found',
    kind: 'connection',
    retried: true,
    mayHave: false,
    target: async () => 'https://no-such-host.invalid',
  },
  {
    name: 'untrusted certificate',
    kind: 'connection',
    retried: true,
    mayHave: false,
    target: untrustedUrl,
  },
  {
    name: 'HTTP server at an https URL',
    kind: 'connection',
    retried: true,
    mayHave: true,
    target: plainUrl,
  },
  {
    name: 'reset before the headers',
    kind: 'connection',
    retried: true,
    mayHave: true,
    handle: (socket) => void socket.resetAndDestroy(),
  },
  {
    name: 'closed before the headers',
    kind: 'connection',
    retried: true,
    mayHave: true,
    handle: (socket) => void socket.end(),
  },
  {
    name: 'reset during the headers',
    kind: 'connection',
    retried: true,
    mayHave: true,
    handle: cut(Buffer.from('HTTP/1.1 200 OK\r\nx-')),
  },
  {
    name: 'reset during the body',
    kind: 'connection',
    retried: true,
    mayHave: true,
    handle: cut(http(200, '{"data":[', { 'content-length': 99 })),
  },
  {
    name: 'body ends too early',
    kind: 'connection',
    retried: true,
    mayHave: true,
    handle: (socket) => void socket.end(http(200, '{"data":[]}', { 'content-length': 99 })),
  },
  {
    name: 'chunked body ends too early',
    kind: 'connection',
    retried: true,
    mayHave: true,
    handle: (socket) => void socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"dat'),
  },
  {
    name: "response that isn't HTTP",
    kind: 'connection',
    retried: true,
    mayHave: true,
    handle: (socket) => void socket.end(`SSH-2.0-${echo}\r\n`),
  },
  {
    name: 'wrong `Content-Encoding`',
    kind: 'connection',
    retried: true,
    mayHave: true,
    handle: respond(http(200, page, { 'content-encoding': 'gzip' })),
  },
  { name: 'headers never arrive', kind: 'timeout', retried: true, mayHave: true, handle: () => {} },
  {
    name: 'body never ends',
    kind: 'timeout',
    retried: true,
    mayHave: true,
    handle: respond(http(200, '{"data":[', { 'content-length': 99 })),
  },
  {
    name: '200 with HTML',
    kind: 'unexpected_response',
    retried: false,
    mayHave: true,
    handle: respond(http(200, page, tells)),
  },
  {
    name: '200 with truncated JSON',
    kind: 'unexpected_response',
    retried: false,
    mayHave: true,
    handle: respond(http(200, `{"data":[{"number":"${secrets.number}`, tells)),
  },
  {
    name: '200 without a body',
    kind: 'unexpected_response',
    retried: false,
    mayHave: true,
    handle: respond(http(200, '')),
  },
  {
    name: '204',
    kind: 'unexpected_response',
    retried: false,
    mayHave: true,
    handle: respond(Buffer.from('HTTP/1.1 204 No Content\r\n\r\n')),
  },
  {
    name: '200 with `null`',
    kind: 'unexpected_response',
    retried: false,
    mayHave: true,
    handle: respond(json(200, null)),
  },
  {
    name: '200 with the wrong shape',
    kind: 'unexpected_response',
    retried: false,
    mayHave: true,
    handle: respond(json(200, { data: echo }, tells)),
  },
  {
    name: '200 with a top-level array',
    kind: 'unexpected_response',
    retried: false,
    mayHave: true,
    handle: respond(json(200, [phone], tells)),
  },
  {
    name: '200 with JSON nested 100,000 deep',
    kind: 'unexpected_response',
    retried: false,
    mayHave: true,
    handle: respond(http(200, `${'['.repeat(1e5)}${']'.repeat(1e5)}`)),
  },
  {
    name: '200 with a body over the limit',
    kind: 'unexpected_response',
    retried: false,
    mayHave: true,
    handle: respond(http(200, `{"data":["${echo}${'x'.repeat(2 ** 20)}"]}`)),
  },
  {
    name: '200 with a body over the limit after decompression',
    kind: 'unexpected_response',
    retried: false,
    mayHave: true,
    handle: respond(
      http(200, gzipSync(`{"data":["${'x'.repeat(2 ** 22)}"]}`), { 'content-encoding': 'gzip' }),
    ),
  },
  ...[301, 302, 303, 307, 308].map(
    (status): Fault => ({
      name: `redirect ${status}`,
      kind: 'unexpected_response',
      retried: false,
      mayHave: true,
      handle: respond(http(status, page, { ...tells, location: 'http://127.0.0.1:1/elsewhere' })),
    }),
  ),
  {
    name: '400',
    kind: 'refused',
    retried: false,
    mayHave: false,
    handle: respond(json(400, problem, tells)),
  },
  {
    name: '401',
    kind: 'unauthenticated',
    retried: false,
    mayHave: false,
    handle: respond(json(401, problem, tells)),
  },
  {
    name: '401 without a body',
    kind: 'unauthenticated',
    retried: false,
    mayHave: false,
    handle: respond(http(401, '')),
  },
  {
    name: '403',
    kind: 'forbidden',
    retried: false,
    mayHave: false,
    handle: respond(json(403, problem, tells)),
  },
  {
    name: "404 with the API's error body",
    kind: 'not_found',
    retried: false,
    mayHave: false,
    handle: respond(json(404, problem, tells)),
  },
  {
    name: "404 with a proxy's page",
    kind: 'unexpected_response',
    retried: false,
    mayHave: true,
    handle: respond(http(404, page, tells)),
  },
  {
    name: '405',
    kind: 'refused',
    retried: false,
    mayHave: false,
    handle: respond(json(405, problem, tells)),
  },
  { name: '408', kind: 'refused', retried: true, mayHave: true, handle: respond(http(408, page, tells)) },
  {
    name: "422 with the API's error body",
    kind: 'validation',
    retried: false,
    mayHave: false,
    handle: respond(json(422, { ...problem, errors: { number: [echo], [echo]: [echo] } }, tells)),
  },
  {
    name: "422 with a proxy's page",
    kind: 'unexpected_response',
    retried: false,
    mayHave: true,
    handle: respond(http(422, page, tells)),
  },
  {
    name: '429',
    kind: 'rate_limited',
    retried: true,
    createRetried: true,
    mayHave: false,
    handle: respond(json(429, problem, tells)),
  },
  { name: '499', kind: 'refused', retried: false, mayHave: true, handle: respond(http(499, page, tells)) },
  { name: '500', kind: 'server', retried: true, mayHave: true, handle: respond(json(500, problem, tells)) },
  {
    name: '502 with HTML',
    kind: 'server',
    retried: true,
    mayHave: true,
    handle: respond(http(502, page, tells)),
  },
  {
    name: '503',
    kind: 'server',
    retried: true,
    mayHave: true,
    handle: respond(json(503, problem, tells)),
  },
  {
    name: '500 with an endless body',
    kind: 'server',
    retried: true,
    mayHave: true,
    handle: respond(http(500, page.repeat(2 ** 15), { ...tells, 'content-length': 2 ** 30 })),
  },
]

/** The URL of a port that was closed again. */
async function closedUrl(): Promise<string> {
  const server = createServer()
  const port = await listen(server)
  server.close()
  return `http://127.0.0.1:${port}`
}

async function untrustedUrl(): Promise<string> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }])
  const server = createTlsServer({ cert, key }, () =>
    expect.unreachable('the client must not send a request'),
  )
  return `https://localhost:${await listen(server)}`
}

async function plainUrl(): Promise<string> {
  const server = createServer((socket) => void socket.end(http(400, page)))
  return `https://127.0.0.1:${await listen(server)}`
}
