/** Talks to the fault server over a bare socket, so that each byte is known. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface RawConnection {
  socket: Socket
  /** Sends text, and returns what the server sends until it contains the given text or the connection ends. */
  send(text: string, until?: string): Promise<string>
}

export async function openConnection(url: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname.replace(/[[\]]/g, ''), port: Number(port) })
  await once(socket, 'connect')
  let received = ''
  let isOver = false
  let notify = () => {}
  socket
    .setEncoding('utf8')
    .on('data', (text: string) => {
      received += text
      notify()
    })
    .on('error', () => {})
    .on('close', () => {
      isOver = true
      notify()
    })
  return {
    socket,
    send: async (text, until) => {
      received = ''
      socket.write(text)
      while (!isOver && !(until && received.includes(until)))
        await new Promise<void>((resolve) => (notify = resolve))
      return received
    },
  }
}

export const phonesPath = '/api/v140/orders/57062885/borrowers/124927241/phones'

/** The bytes of a request. */
export function request(
  method: string,
  target: string,
  headers: Record<string, string> = {},
  body = '',
): string {
  const all = { host: 'any', ...(body && { 'content-length': String(Buffer.byteLength(body)) }), ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return [`${method} ${target} HTTP/1.1`, ...lines, '', body].join('\r\n')
}
