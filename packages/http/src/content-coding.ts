/** Decodes compressed bodies. */
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import { HttpError, tooLarge } from './http-error.ts'

/** Bytes, undefined if the request has no body, or why the server doesn't accept it. */
export type Received = Uint8Array | undefined | HttpError

type Decode = (
  bytes: Uint8Array,
  options: { maxOutputLength: number },
  done: (error: NodeJS.ErrnoException | null, decoded: Buffer) => void,
) => void

const decoders: Record<string, Decode> = {
  gzip: gunzip,
  'x-gzip': gunzip,
  deflate: inflate,
  br: brotliDecompress,
}

/** The longest list of codings. Each costs as much as one body. */
const maxCodings = 3

/**
 * Calls `done` with the decoded body, or with the reason why it can't be decoded.
 *
 * @param coding the header `Content-Encoding`: the codings in the order in which they were applied.
 * @param limit in bytes. Decoding stops there.
 */
export function decodeBody(
  body: Uint8Array,
  coding: string,
  limit: number,
  done: (body: Received) => void,
): void {
  const codings = coding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity')
  const unknown = codings.some((name) => !Object.hasOwn(decoders, name))
  if (unknown || codings.length > maxCodings) return void done(unsupported())
  decodeNext(body)

  function decodeNext(bytes: Uint8Array): void {
    const name = codings.pop() ?? ''
    const decode = decoders[name]
    if (!decode) return void done(bytes)
    decode(bytes, { maxOutputLength: limit }, (error, decoded) => {
      if (!error) decodeNext(decoded)
      else if (error.code === 'ERR_BUFFER_TOO_LARGE') done(tooLarge(limit))
      else
        done(new HttpError(400, { message: `The body isn't valid ${name}, as its Content-Encoding says.` }))
    })
  }
}

function unsupported(): HttpError {
  const message = `The Content-Encoding isn't supported. Use one of gzip, deflate and br, or none.`
  return new HttpError(415, { message, headers: { 'accept-encoding': 'gzip, deflate, br' } })
}
