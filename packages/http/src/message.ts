/** Requests and responses as plain data. What handles them needs neither a server nor Node. */

export interface HttpRequest {
  method: string
  /** Path and query as received, or a whole URL. Without the base path. */
  target: string
  /** What the server has removed from the front of the target: `/vendor`. @default none */
  basePath?: string | undefined
  /** By lower-case name. */
  headers: Readonly<Record<string, string | string[] | undefined>>
  /**
   * The decoded body.
   *
   * @throws {HttpError} when read, if the server doesn't accept the body: 400, 413 or 415.
   */
  readonly body?: Uint8Array | undefined
}

export interface HttpResponse {
  status: number
  /** By lower-case name. */
  headers: Record<string, string>
  /** An empty string for a response without a body. */
  body: string
  /** What a scripted fault does to the response on its way out. */
  delivery?: Delivery
}

/** Must not throw. */
export type Handle = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>

export interface Delivery {
  delayMs: number
  connection?: 'drop' | 'cut'
  dripBytesPerSecond?: number
}

/** A request that got its response, without any value from it. */
export interface RequestEntry {
  method: string
  /** The template: `/orders/{order_id}`. */
  path: string
  /** null if the connection broke before the response was complete. */
  status: number | null
  /** How long the server took, in milliseconds. */
  ms: number
}

export function jsonResponse(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): HttpResponse {
  const all: Record<string, string> = { 'content-type': 'application/json' }
  for (const name in headers) all[name] = headers[name] as string
  return { status, headers: all, body: JSON.stringify(body) }
}
