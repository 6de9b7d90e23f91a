/** The bytes of responses, which can be wrong on purpose. */
import { STATUS_CODES } from 'node:http'

export type Headers = Record<string, string | number>

/**
 * Returns the bytes of a response. `content-length` is that of the body, and `content-type` is that of a page or of JSON,
 * unless the headers say otherwise.
 */
export function http(status: number, body: string | Buffer, headers: Headers = {}): Buffer {
  const length = Buffer.byteLength(body)
  const type = String(body).startsWith('<') ? 'text/html' : 'application/json'
  const lines = Object.entries({
    'content-length': length,
    ...(length && { 'content-type': type }),
    ...headers,
  })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...lines.map(([name, value]) => `${name}: ${value}`),
    '',
    '',
  ]
  return Buffer.concat([Buffer.from(head.join('\r\n')), Buffer.from(body)])
}

/** Returns the bytes of a JSON response. */
export function json(status: number, value: unknown, headers: Headers = {}): Buffer {
  return http(status, JSON.stringify(value), headers)
}

/** Returns the bytes of a JSON response with indentation, because people read it in a terminal. */
export function readableJson(status: number, value: unknown): Buffer {
  return http(status, `${JSON.stringify(value, null, 2)}\n`)
}
