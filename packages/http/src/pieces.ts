import type { Delivery } from './message.ts'

interface Piece {
  bytes: Uint8Array
  /** How long to wait before sending it. */
  milliseconds: number
}

/** Splits a body as a scripted fault demands: half of it or all, in about twenty pieces per second or at once. */
export function* piecesOf(
  body: string,
  { connection, dripBytesPerSecond: rate = Number.POSITIVE_INFINITY }: Delivery,
): Generator<Piece, undefined> {
  const all = new TextEncoder().encode(body)
  const rest = connection === 'cut' ? all.subarray(0, all.length / 2) : all
  const size = Math.ceil(rate / 20)
  for (let sent = 0; sent < rest.length; sent += size) {
    const bytes = rest.subarray(sent, sent + size)
    yield { bytes, milliseconds: (bytes.length / rate) * 1000 }
  }
}
