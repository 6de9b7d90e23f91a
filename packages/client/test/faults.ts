/** What networks, proxies and servers do: the table of the README, with what brings each fault about. */
import { createServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { gzipSync } from 'node:zlib'
import { generate } from 'selfsigned'
import { expect } from 'vitest'
import { type Behaviour, http, json, listen, phone, secrets } from './servers.ts'

/** One row. */
export interface Fault {
  /** As the README names it. */
  name: string
  /** The `kind` that the caller sees. */
  kind: string
  /** Whether a read, an update or a delete is sent again. */
  repeated: boolean
  /** Whether a create is sent again. Default: `false`. */
  createRepeated?: boolean
  /** Whether a create that failed like this may have been carried out. */
  mayHave: boolean
  /** What the server does. Missing if none is to be reached. */
  behave?: Behaviour
  /** Where the client goes then. */
  reach?: () => Promise<string>
}

const echo = `${secrets.token} ${secrets.number} ${secrets.memo}`
const page = `<html><body>${echo}</body></html>`
const tells = { 'x-echo': echo, 'retry-after': '0' }
const problem = { message: `Refused: ${echo}` }
const answer =
  (bytes: Buffer): Behaviour =>
  (socket) =>
    void socket.write(bytes)
const cut =
  (bytes: Buffer): Behaviour =>
  (socket) =>
    void socket.write(bytes, () => socket.resetAndDestroy())

export const faults: Fault[] = [
  {
    name: 'connection refused',
    kind: 'connection',
    repeated: true,
    mayHave: false,
    reach: closedUrl,
  },
  {
    name: 'name not resolved',
    kind: 'connection',
    repeated: true,
    mayHave: false,
    reach: async () => 'https://no-such-host.invalid',
  },
  {
    name: 'a certificate that nobody vouches for',
    kind: 'connection',
    repeated: true,
    mayHave: false,
    reach: untrustedUrl,
  },
  {
    name: 'no TLS where it is expected',
    kind: 'connection',
    repeated: true,
    mayHave: true,
    reach: plainUrl,
  },
  {
    name: 'reset before the headers',
    kind: 'connection',
    repeated: true,
    mayHave: true,
    behave: (socket) => void socket.resetAndDestroy(),
  },
  {
    name: 'closed before the headers',
    kind: 'connection',
    repeated: true,
    mayHave: true,
    behave: (socket) => void socket.end(),
  },
  {
    name: 'reset within the headers',
    kind: 'connection',
    repeated: true,
    mayHave: true,
    behave: cut(Buffer.from('HTTP/1.1 200 OK\r\nx-')),
  },
  {
    name: 'reset within the body',
    kind: 'connection',
    repeated: true,
    mayHave: true,
    behave: cut(http(200, '{"data":[', { 'content-length': 99 })),
  },
  {
    name: 'a body that ends too early',
    kind: 'connection',
    repeated: true,
    mayHave: true,
    behave: (socket) => void socket.end(http(200, '{"data":[]}', { 'content-length': 99 })),
  },
  {
    name: 'a chunked body that ends too early',
    kind: 'connection',
    repeated: true,
    mayHave: true,
    behave: (socket) => void socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"dat'),
  },
  {
    name: 'something that is not HTTP',
    kind: 'connection',
    repeated: true,
    mayHave: true,
    behave: (socket) => void socket.end(`SSH-2.0-${echo}\r\n`),
  },
  {
    name: 'a body in another encoding than it says',
    kind: 'connection',
    repeated: true,
    mayHave: true,
    behave: answer(http(200, page, { 'content-encoding': 'gzip' })),
  },
  { name: 'headers that never come', kind: 'timeout', repeated: true, mayHave: true, behave: () => {} },
  {
    name: 'a body that never ends',
    kind: 'timeout',
    repeated: true,
    mayHave: true,
    behave: answer(http(200, '{"data":[', { 'content-length': 99 })),
  },
  {
    name: '200 with HTML',
    kind: 'unexpected_response',
    repeated: false,
    mayHave: true,
    behave: answer(http(200, page, tells)),
  },
  {
    name: '200 with half of a JSON text',
    kind: 'unexpected_response',
    repeated: false,
    mayHave: true,
    behave: answer(http(200, `{"data":[{"number":"${secrets.number}`, tells)),
  },
  {
    name: '200 without a body',
    kind: 'unexpected_response',
    repeated: false,
    mayHave: true,
    behave: answer(http(200, '')),
  },
  {
    name: '204',
    kind: 'unexpected_response',
    repeated: false,
    mayHave: true,
    behave: answer(Buffer.from('HTTP/1.1 204 No Content\r\n\r\n')),
  },
  {
    name: '200 with null',
    kind: 'unexpected_response',
    repeated: false,
    mayHave: true,
    behave: answer(json(200, null)),
  },
  {
    name: '200 in another shape',
    kind: 'unexpected_response',
    repeated: false,
    mayHave: true,
    behave: answer(json(200, { data: echo }, tells)),
  },
  {
    name: '200 with a list at the top',
    kind: 'unexpected_response',
    repeated: false,
    mayHave: true,
    behave: answer(json(200, [phone], tells)),
  },
  {
    name: '200 nested 100,000 deep',
    kind: 'unexpected_response',
    repeated: false,
    mayHave: true,
    behave: answer(http(200, `${'['.repeat(1e5)}${']'.repeat(1e5)}`)),
  },
  {
    name: '200 over the limit',
    kind: 'unexpected_response',
    repeated: false,
    mayHave: true,
    behave: answer(http(200, `{"data":["${echo}${'x'.repeat(2 ** 20)}"]}`)),
  },
  {
    name: '200 over the limit once decompressed',
    kind: 'unexpected_response',
    repeated: false,
    mayHave: true,
    behave: answer(
      http(200, gzipSync(`{"data":["${'x'.repeat(2 ** 22)}"]}`), { 'content-encoding': 'gzip' }),
    ),
  },
  ...[301, 302, 303, 307, 308].map(
    (status): Fault => ({
      name: `redirect ${status}`,
      kind: 'unexpected_response',
      repeated: false,
      mayHave: true,
      behave: answer(http(status, page, { ...tells, location: 'http://127.0.0.1:1/elsewhere' })),
    }),
  ),
  {
    name: '400',
    kind: 'refused',
    repeated: false,
    mayHave: false,
    behave: answer(json(400, problem, tells)),
  },
  {
    name: '401',
    kind: 'unauthenticated',
    repeated: false,
    mayHave: false,
    behave: answer(json(401, problem, tells)),
  },
  {
    name: '401 without a body',
    kind: 'unauthenticated',
    repeated: false,
    mayHave: false,
    behave: answer(http(401, '')),
  },
  {
    name: '403',
    kind: 'forbidden',
    repeated: false,
    mayHave: false,
    behave: answer(json(403, problem, tells)),
  },
  {
    name: "404 with the API's body",
    kind: 'not_found',
    repeated: false,
    mayHave: false,
    behave: answer(json(404, problem, tells)),
  },
  {
    name: "404 with a proxy's page",
    kind: 'unexpected_response',
    repeated: false,
    mayHave: true,
    behave: answer(http(404, page, tells)),
  },
  {
    name: '405',
    kind: 'refused',
    repeated: false,
    mayHave: false,
    behave: answer(json(405, problem, tells)),
  },
  { name: '408', kind: 'refused', repeated: true, mayHave: true, behave: answer(http(408, page, tells)) },
  {
    name: "422 with the API's body",
    kind: 'validation',
    repeated: false,
    mayHave: false,
    behave: answer(json(422, { ...problem, errors: { number: [echo], [echo]: [echo] } }, tells)),
  },
  {
    name: "422 with a proxy's page",
    kind: 'unexpected_response',
    repeated: false,
    mayHave: true,
    behave: answer(http(422, page, tells)),
  },
  {
    name: '429',
    kind: 'rate_limited',
    repeated: true,
    createRepeated: true,
    mayHave: false,
    behave: answer(json(429, problem, tells)),
  },
  { name: '499', kind: 'refused', repeated: false, mayHave: true, behave: answer(http(499, page, tells)) },
  { name: '500', kind: 'server', repeated: true, mayHave: true, behave: answer(json(500, problem, tells)) },
  {
    name: '502 with HTML',
    kind: 'server',
    repeated: true,
    mayHave: true,
    behave: answer(http(502, page, tells)),
  },
  {
    name: '503 that stays',
    kind: 'server',
    repeated: true,
    mayHave: true,
    behave: answer(json(503, problem, tells)),
  },
  {
    name: '500 with an endless page',
    kind: 'server',
    repeated: true,
    mayHave: true,
    behave: answer(http(500, page.repeat(2 ** 15), { ...tells, 'content-length': 2 ** 30 })),
  },
]

/** Where nobody listens any more. */
async function closedUrl(): Promise<string> {
  const server = createServer()
  const port = await listen(server)
  server.close()
  return `http://127.0.0.1:${port}`
}

async function untrustedUrl(): Promise<string> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }])
  const server = createTlsServer({ cert, key }, () => expect.unreachable('a client went on'))
  return `https://localhost:${await listen(server)}`
}

async function plainUrl(): Promise<string> {
  const server = createServer((socket) => void socket.end(http(400, page)))
  return `https://127.0.0.1:${await listen(server)}`
}
