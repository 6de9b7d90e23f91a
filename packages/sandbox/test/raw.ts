/** Sends raw bytes: requests that `fetch` would correct or reject. */
import { connect } from 'node:net'

export interface RawResponse {
  status: number
  head: string
  body: string
  /** What follows the body that Content-Length announced. */
  rest: string
}

/**
 * Writes to the server and reads until it closes the connection.
 *
 * @param pieces sent one after the other. Then this side closes, unless `halfOpen` is set.
 */
export function raw(url: string, pieces: string[], { halfOpen = false } = {}): Promise<RawResponse> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    let text = ''
    socket.setEncoding('latin1').on('data', (chunk) => {
      text += chunk
    })
    socket.on('error', reject)
    socket.on('close', () => {
      const [head = ''] = text.split('\r\n\r\n', 1)
      const sent = text.slice(head.length + 4)
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? sent.length)
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1])
      resolve({ status, head, body: sent.slice(0, length), rest: sent.slice(length) })
    })
    for (const piece of pieces) socket.write(piece, 'latin1')
    if (!halfOpen) socket.end()
  })
}

/** Formats a request. */
export function request(line: string, headers: string[] = [], body = ''): string {
  return [`${line} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers, '', body].join('\r\n')
}
