/** Parses HTTP requests from the bytes of a socket, because a server of Node can't be made to break a connection. */

/** The longest request in bytes. */
export const longestRequest = 2 ** 20

/** A request that has arrived in full. */
export interface Request {
  method: string
  /** With the query. */
  target: string
  /** The names are in lower case. */
  headers: Record<string, string>
  body: string
  /** Whether the connection may be used again after the response. */
  keepAlive: boolean
}

/** What the received bytes contain so far. `rest` are the bytes after the request. */
export type Parsed =
  | { state: 'incomplete'; expectsContinue: boolean }
  | { state: 'invalid' }
  | { state: 'complete'; request: Request; rest: string }

/** @param received bytes as a latin1 string. */
export function parseRequest(received: string): Parsed {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return { state: 'incomplete', expectsContinue: false }
  const [start = '', ...lines] = received.slice(0, end).split('\r\n')
  const [, method, target, minor] = /^([A-Z]+) (\S+) HTTP\/1\.([01])$/.exec(start) ?? []
  if (!method || !target || !URL.canParse(target.replace(/^\/+/, '/'), 'http://any'))
    return { state: 'invalid' }
  const headers = Object.fromEntries(lines.map(parseHeader))
  const content = received.slice(end + 4)
  const body = readContent(content, headers)
  if (body === 'invalid') return { state: 'invalid' }
  if (!body) return { state: 'incomplete', expectsContinue: /100-continue/i.test(headers.expect ?? '') }
  const keepAlive =
    minor === '1' ? !/close/i.test(headers.connection ?? '') : /keep-alive/i.test(headers.connection ?? '')
  const request = { method, target, headers, body: decode(body.text), keepAlive }
  return { state: 'complete', request, rest: content.slice(body.length) }
}

interface Content {
  text: string
  /** How many of the received bytes belong to it. */
  length: number
}

function parseHeader(line: string): [name: string, value: string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
}

/** Returns nothing while bytes are missing. */
function readContent(content: string, headers: Record<string, string>): Content | 'invalid' | undefined {
  const { 'transfer-encoding': encoding, 'content-length': size = '0' } = headers
  if (encoding !== undefined) return /^chunked$/i.test(encoding) ? readChunks(content) : 'invalid'
  if (!/^\d+$/.test(size) || Number(size) > longestRequest) return 'invalid'
  const length = Number(size)
  return content.length < length ? undefined : { text: content.slice(0, length), length }
}

function readChunks(content: string): Content | 'invalid' | undefined {
  let text = ''
  for (let from = 0; ; ) {
    const end = content.indexOf('\r\n', from)
    if (end < 0) return undefined
    const line = content.slice(from, end + 2)
    const [, size = ''] = /^([\da-f]{1,6})\s*(;.*)?\r\n$/i.exec(line) ?? []
    if (!size) return 'invalid'
    const length = Number.parseInt(size, 16)
    const to = from + line.length + length
    if (content.length < to + 2) return undefined
    text += content.slice(from + line.length, to)
    if (length === 0) return { text, length: to + 2 }
    from = to + 2
  }
}

function decode(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString()
}
