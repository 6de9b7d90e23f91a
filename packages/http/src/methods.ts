/** HEAD and OPTIONS, which every path supports. */
import type { HttpRequest, HttpResponse } from './message.ts'

const encoder = new TextEncoder()

/** @example listAllowed(['GET', 'POST']) // 'GET, POST, HEAD, OPTIONS' */
export function listAllowed(methods: Iterable<string>): string {
  const names = new Set(methods)
  if (names.has('GET')) names.add('HEAD')
  return [...names.add('OPTIONS')].join(', ')
}

/** Turns the response to GET into one to HEAD, and a 405 for OPTIONS into a 204 that says what is allowed. */
export function fitToMethod({ method }: Pick<HttpRequest, 'method'>, response: HttpResponse): HttpResponse {
  const { status, headers, body } = response
  if (method === 'OPTIONS' && status === 405)
    return { status: 204, headers: { allow: headers.allow ?? '' }, body: '' }
  if (method !== 'HEAD') return response
  const length = String(encoder.encode(body).length)
  return { ...response, headers: { ...headers, 'content-length': length }, body: '' }
}
