/** Responses to requests that Node's parser can't read. For these, there is no response object. */
import { STATUS_CODES } from 'node:http'

type Unreadable = Pick<NodeJS.ErrnoException, 'code'> & { rawPacket?: Buffer }

const messages: Record<string, [status: number, message: string]> = {
  HPE_HEADER_OVERFLOW: [431, 'The headers are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "The request didn't arrive in time."],
}

/** @returns the bytes of the response. */
export function renderUnreadable(error: Unreadable): string {
  const [status, message] = explain(error)
  return renderError(status, message)
}

/** @param allow the methods that the server supports. */
export function renderMethodNotAllowed(allow: string): string {
  return renderError(405, `The method isn't supported. Supported: ${allow}.`, `Allow: ${allow}\r\n`)
}

/** Whether the request is valid, except that Node doesn't know its method. */
export function hasUnknownMethod({ code, rawPacket }: Unreadable): boolean {
  return (
    code === 'HPE_INVALID_METHOD' &&
    /^[!-~]+ [!-~]+ HTTP\/1\.\d\r?\n/.test(rawPacket?.toString('latin1') ?? '')
  )
}

function explain({ code = '', rawPacket }: Unreadable): [number, string] {
  // The first byte of a TLS handshake.
  if (rawPacket?.[0] === 0x16)
    return [400, 'This port speaks HTTP, not HTTPS. Use a URL that starts with http://.']
  return messages[code] ?? [400, "The request isn't valid HTTP."]
}

function renderError(status: number, message: string, more = ''): string {
  const body = JSON.stringify({ message })
  const headers = `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n${more}`
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headers}\r\n${body}`
}
