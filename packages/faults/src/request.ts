/** Parses HTTP requests from the bytes of a socket, because a server of Node can't be made to break a connection. */

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
  if (!method || !target) return { state: 'invalid' }
  const headers = Object.fromEntries(lines.map(parseHeader))
  const content = received.slice(end + 4)
  const body = headers['transfer-encoding'] ? readChunks(content) : readLength(content, headers)
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

function readLength(content: string, headers: Record<string, string>): Content | undefined {
  const length = Number(headers['content-length'] ?? 0)
  return content.length < length ? undefined : { text: content.slice(0, length), length }
}

function readChunks(content: string): Content | undefined {
  let text = ''
  for (let from = 0; ; ) {
    const [line = '', size = ''] = /^([\da-f]+)[^\r\n]*\r\n/i.exec(content.slice(from)) ?? []
    const length = Number.parseInt(size, 16)
    const to = from + line.length + length
    if (!line || content.length < to + 2) return undefined
    text += content.slice(from + line.length, to)
    if (length === 0) return { text, length: to + 2 }
    from = to + 2
  }
}

function decode(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString()
}
