/** Receives the body of a request. */
import type { IncomingMessage } from 'node:http'
import { HttpError } from './http-error.ts'

/** Bytes, undefined if the request has no body, or why the server doesn't accept it. */
export type Received = Uint8Array | undefined | HttpError

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
  const tooLarge = () => new HttpError(413, { message: `The body is larger than ${limit} bytes.` })
  if (Number(length) > limit) {
    request.resume()
    done(tooLarge(), false)
    return
  }
  let chunks: Buffer[] | undefined = []
  let size = 0
  request.on('data', (chunk: Buffer) => {
    if (!chunks) return
    size += chunk.length
    if (size <= limit) return void chunks.push(chunk)
    chunks = undefined
    done(tooLarge(), false)
  })
  request.on('end', () => {
    if (chunks) done(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks), true)
  })
}
