import type { Delivery } from '../world/faults.ts'

export interface SandboxRequest {
  method: string
  /** Path and query as received, undecoded. */
  target: string
  /** By lower-case name. */
  headers: Readonly<Record<string, string | string[] | undefined>>
  body?: string | Uint8Array | undefined
}

export interface SandboxResponse {
  status: number
  /** By lower-case name. */
  headers: Record<string, string>
  /** JSON, or HTML for the page. */
  body: string
  /** What a scripted fault does to the response on its way out. */
  delivery?: Delivery
}

export type HandleRequest = (request: SandboxRequest) => SandboxResponse

export function jsonResponse(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): SandboxResponse {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }
}

const encoder = new TextEncoder()

/** Turns the response to GET into one to HEAD, and a 405 for OPTIONS into a 204 that says what is allowed. */
export function fitToMethod({ method }: SandboxRequest, response: SandboxResponse): SandboxResponse {
  const { status, headers, body } = response
  if (method === 'OPTIONS' && status === 405)
    return { status: 204, headers: { allow: headers.allow ?? '' }, body: '' }
  if (method !== 'HEAD') return response
  const length = String(encoder.encode(body).length)
  return { ...response, headers: { ...headers, 'content-length': length }, body: '' }
}

/** @example isLoopback('127.0.0.1') // true */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i.test(host)
}
