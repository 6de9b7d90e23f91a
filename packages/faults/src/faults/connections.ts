/** Faults of the connection: it isn't made, breaks, or carries something else than one response per request. */
import { echoOf, type Fault, goodResponse, pageOf, send, sendAndReset, sendGood, sendPart } from '../fault.ts'
import { http } from '../response.ts'

/** How long a connection waits between two bytes of its headers, in milliseconds. */
const dripMs = 20

export const unreachable: Fault[] = [
  {
    name: 'connection-refused',
    title: 'connection refused',
    what: 'The server refuses the connection.',
    place: 'closed port',
  },
  {
    name: 'host-not-found',
    title: 'host not found',
    what: 'The name of the host has no address.',
    place: 'unknown host',
  },
  {
    name: 'untrusted-certificate',
    title: 'untrusted certificate',
    what: 'The certificate of the server is not signed by an authority that the client trusts.',
    place: 'untrusted certificate',
    behave: (exchange) => sendGood(exchange),
  },
  {
    name: 'http-at-https',
    title: 'HTTP server at an https URL',
    what: 'The server responds to a TLS handshake with a plain HTTP response.',
    place: 'HTTP port with https',
  },
]

export const broken: Fault[] = [
  {
    name: 'reset-before-headers',
    title: 'reset before the headers',
    what: 'The server resets the connection after the request, before any header.',
    behave: ({ socket }) => void socket.resetAndDestroy(),
  },
  {
    name: 'closed-before-headers',
    title: 'closed before the headers',
    what: 'The server closes the connection after the request, before any header.',
    behave: ({ socket }) => void socket.end(),
  },
  {
    name: 'reset-during-headers',
    title: 'reset during the headers',
    what: 'The server resets the connection in the middle of the headers.',
    behave: (exchange) => sendAndReset(exchange, Buffer.from('HTTP/1.1 200 OK\r\nx-')),
  },
  {
    name: 'reset-during-body',
    title: 'reset during the body',
    what: 'The server resets the connection in the middle of the body.',
    behave: (exchange) => sendAndReset(exchange, http(200, '{"data":[', { 'content-length': 99 })),
  },
  {
    name: 'body-ends-early',
    title: 'body ends too early',
    what: 'The server closes the connection when the body is shorter than Content-Length says.',
    behave: ({ socket }) => void socket.end(http(200, '{"data":[]}', { 'content-length': 99 })),
  },
  {
    name: 'chunked-body-ends-early',
    title: 'chunked body ends too early',
    what: 'The server closes the connection in the middle of a chunk.',
    behave: ({ socket }) =>
      void socket.end(
        'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"dat',
      ),
  },
  {
    name: 'not-http',
    title: "response that isn't HTTP",
    what: 'The server responds with another protocol.',
    behave: (exchange) => void exchange.socket.end(`SSH-2.0-${echoOf(exchange)}\r\n`),
  },
  {
    name: 'wrong-content-encoding',
    title: 'wrong `Content-Encoding`',
    what: 'The header calls a plain body compressed.',
    behave: (exchange) => send(exchange, http(200, pageOf(exchange), { 'content-encoding': 'gzip' })),
  },
  {
    name: 'headers-never-arrive',
    title: 'headers never arrive',
    what: 'The server takes the request and never responds.',
    behave: () => {},
  },
  {
    name: 'body-never-ends',
    title: 'body never ends',
    what: 'The server sends a part of the body, then nothing more.',
    behave: (exchange) => sendPart(exchange, http(200, '{"data":[', { 'content-length': 99 })),
  },
  {
    name: 'headers-drip',
    title: 'headers drip one byte at a time',
    what: 'The server sends a header one byte at a time, without an end.',
    behave: ({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\nx-drip: ')
      const timer = setInterval(() => socket.write('x'), dripMs)
      socket.on('close', () => clearInterval(timer))
    },
  },
]

/** After the first response, the connection is closed, so that the fault doesn't hit a request of another run. */
const closing = { connection: 'close' }

export const reused: Fault[] = [
  {
    name: 'reused-connection-reset-before-request',
    title: 'reused connection reset before the request arrived',
    what: 'The server resets a connection that the client uses again, and never reads the request.',
    warmUp: true,
    behave: (exchange) => {
      if (exchange.nth === 1) return sendGood(exchange, undefined, isFirst(exchange) ? {} : closing)
      const { run, operation, socket } = exchange
      run.requests[operation.id] = (run.requests[operation.id] ?? 1) - 1
      socket.resetAndDestroy()
    },
  },
  {
    name: 'reused-connection-reset-after-request',
    title: 'reused connection reset after the request arrived',
    what: 'The server resets a connection that the client uses again, after it has read the request.',
    warmUp: true,
    behave: (exchange) => {
      if (exchange.nth > 1) return void exchange.socket.resetAndDestroy()
      sendGood(exchange, undefined, isFirst(exchange) ? {} : closing)
    },
  },
  {
    name: 'closed-while-idle',
    title: 'connection closed while idle',
    what: 'The server closes a connection that the client keeps for its next request.',
    warmUp: true,
    behave: (exchange) => {
      if (isFirst(exchange)) exchange.socket.end(goodResponse(exchange))
      else sendGood(exchange, undefined, closing)
    },
  },
  {
    name: 'response-to-earlier-request',
    title: 'response to an earlier request',
    what: 'The server sends the response to an earlier request twice, so the next request finds it in place of its own.',
    warmUp: true,
    behave: (exchange) => {
      if (exchange.nth > 1) return void exchange.socket.resetAndDestroy()
      if (!isFirst(exchange)) return sendGood(exchange, undefined, closing)
      const response = goodResponse(exchange)
      send(exchange, Buffer.concat([response, response]))
    },
  },
  {
    name: 'trailing-bytes',
    title: 'bytes after the response',
    what: 'The server sends more bytes after the end of the response.',
    behave: (exchange) => {
      const response = goodResponse(exchange, undefined, closing)
      exchange.socket.end(Buffer.concat([response, Buffer.from('\r\ntrailing bytes\r\n\r\n')]))
    },
  },
  {
    name: 'unasked-100-continue',
    title: 'unsolicited `100 Continue`',
    what: "The server sends 100 Continue before the response, although the client didn't ask for it.",
    behave: (exchange) =>
      send(exchange, Buffer.concat([Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'), goodResponse(exchange)])),
  },
]

function isFirst({ run }: Parameters<NonNullable<Fault['behave']>>[0]): boolean {
  return Object.values(run.requests).reduce((sum, times) => sum + times, 0) === 1
}
