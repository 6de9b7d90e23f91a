/** Responses that aren't the API's: wrong bodies, and redirects. */
import { constants, crc32, deflateRawSync, gzipSync } from 'node:zlib'
import { goodBody } from '../contract.ts'
import { type Exchange, echoOf, type Fault, pageOf, send, tellingHeaders } from '../fault.ts'
import { http, json } from '../response.ts'
import { count } from '../runs.ts'

const respond =
  (responseTo: (exchange: Exchange) => Buffer) =>
  (exchange: Exchange): void =>
    send(exchange, responseTo(exchange))

/** A good body with a field of a given size. */
function longBody(exchange: Exchange, bytes: number): string {
  count(exchange.run.responded, exchange.operation.id)
  const padding = echoOf(exchange) + 'x'.repeat(bytes)
  return JSON.stringify({ ...goodBody(exchange.operation, exchange.request.body), padding })
}

function compress(text: string | Buffer): Buffer {
  return http(200, gzipSync(text), { 'content-encoding': 'gzip' })
}

export const bodies: Fault[] = [
  {
    name: '200-html',
    title: '200 with HTML',
    what: "The response is a proxy's page.",
    behave: respond((exchange) => http(200, pageOf(exchange), tellingHeaders(exchange))),
  },
  {
    name: '200-truncated-json',
    title: '200 with truncated JSON',
    what: 'The body stops in the middle of a number.',
    behave: respond((exchange) =>
      http(200, `{"data":[{"number":"${echoOf(exchange)}`, tellingHeaders(exchange)),
    ),
  },
  {
    name: '200-without-body',
    title: '200 without a body',
    what: 'The response has no body.',
    behave: respond(() => http(200, '')),
  },
  {
    name: '204',
    title: '204',
    what: 'The status is 204, which has no body, and which the contract lacks.',
    behave: respond(() => Buffer.from('HTTP/1.1 204 No Content\r\n\r\n')),
  },
  {
    name: '200-null',
    title: '200 with `null`',
    what: 'The body is null.',
    behave: respond(() => json(200, null)),
  },
  {
    name: '200-wrong-shape',
    title: '200 with the wrong shape',
    what: 'The body has a text where the record or the list should be.',
    behave: respond((exchange) => json(200, { data: echoOf(exchange) }, tellingHeaders(exchange))),
  },
  {
    name: '200-array',
    title: '200 with a top-level array',
    what: 'The body is an array rather than an object.',
    behave: respond((exchange) => json(200, [echoOf(exchange)], tellingHeaders(exchange))),
  },
  {
    name: '200-nested-deeply',
    title: '200 with JSON nested 100,000 deep',
    what: 'The body is nested 100,000 levels deep.',
    behave: respond(() => http(200, `${'['.repeat(1e5)}${']'.repeat(1e5)}`)),
  },
  {
    name: '200-too-long',
    title: '200 with a body over the limit',
    what: 'The body has more than 1 MiB.',
    behave: respond((exchange) => http(200, longBody(exchange, 2 ** 20))),
  },
  {
    name: '200-too-long-after-decompression',
    title: '200 with a body over the limit after decompression',
    what: 'The body has 4 MiB after decompression.',
    behave: respond((exchange) => compress(longBody(exchange, 2 ** 22))),
  },
  {
    name: '200-compressed-bomb',
    title: '200 with a compressed bomb',
    what: 'The body grows a thousandfold, to 64 MiB, when it is decompressed.',
    behave: respond((exchange) => {
      const body = JSON.stringify(goodBody(exchange.operation, exchange.request.body))
      return http(200, createBomb(body), { 'content-encoding': 'gzip' })
    }),
  },
]

export const redirects: Fault[] = (['host', 'port'] as const).flatMap((to) =>
  ([301, 302, 303, 307, 308] as const).map(
    (status): Fault => ({
      name: `redirect-${status}-${to}`,
      title: `redirect ${status} to another ${to}`,
      what: `The server redirects the request to another ${to === 'host' ? 'host' : 'port of the same host'}.`,
      behave: respond((exchange) => {
        const { elsewhere, request } = exchange
        const location = elsewhere[to] + request.target.replace(/^\/+[^/]+/, '')
        return http(status, pageOf(exchange), { ...tellingHeaders(exchange), location })
      }),
    }),
  ),
)

/** Compresses 64 MiB of spaces and a text. It compresses a part of the spaces and repeats it, which takes less time. */
function createBomb(text: string): Buffer {
  const [spaces, times] = [Buffer.alloc(2 ** 20, ' '), 64]
  const part = deflateRawSync(spaces, { finishFlush: constants.Z_FULL_FLUSH })
  let checksum = 0
  for (let n = 0; n < times; n++) checksum = crc32(spaces, checksum)
  const end = Buffer.alloc(8)
  end.writeUInt32LE(crc32(text, checksum))
  end.writeUInt32LE(spaces.length * times + Buffer.byteLength(text), 4)
  const header = Buffer.from('1f8b08000000000000ff', 'hex')
  return Buffer.concat([header, ...Array<Buffer>(times).fill(part), deflateRawSync(text), end])
}
