/** Receives the body of a request. */
import type { IncomingMessage } from 'node:http'
import { decodeBody, type Received } from './content-coding.ts'
import { tooLarge } from './http-error.ts'

/**
 * Calls `done` with the whole body, or as soon as it exceeds the limit. Then the rest is discarded.
 *
 * @param limit in bytes.
 */
export function receiveBody(
  request: IncomingMessage,
  limit: number,
  done: (body: Received, isComplete: boolean) => void,
): void {
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers
  if (coding === undefined && (length === undefined || length === '0')) {
    done(undefined, true)
    return
  }
  if (Number(length) > limit) {
    request.resume()
    done(tooLarge(limit), false)
    return
  }
  let chunks: Buffer[] | undefined = []
  let size = 0
  request.on('data', (chunk: Buffer) => {
    if (!chunks) return
    size += chunk.length
    if (size <= limit) return void chunks.push(chunk)
    chunks = undefined
    done(tooLarge(limit), false)
  })
  request.on('end', () => {
    if (!chunks) return
    const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)
    const { 'content-encoding': encoding } = request.headers
    if (encoding === undefined || !body?.length) done(body, true)
    else decodeBody(body, encoding, limit, (decoded) => done(decoded, true))
  })
}
