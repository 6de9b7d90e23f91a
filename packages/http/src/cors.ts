/** Lets web pages of other origins call a server. */
import type { Handle, HttpRequest, HttpResponse } from './message.ts'

/** The origins whose pages may call the server, or `true` for all. */
export type Cors = boolean | readonly string[]

/**
 * Adds the headers with which browsers let pages of these origins send requests and read the responses.
 *
 * @param isPrivate whether a target is never for other origins.
 * @throws {Error} if one of them isn't an origin.
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function addCors(
  handle: Handle,
  cors: true | readonly string[],
  isPrivate: (target: string) => boolean,
): Handle {
  if (cors !== true) cors.forEach(checkOrigin)
  return (request) => {
    if (isPrivate(request.target)) return handle(request)
    const allowed = allowOrigin(cors, request)
    if (isPreflight(request) && allowed['access-control-allow-origin'])
      return respondToPreflight(request, allowed)
    const handled = handle(request)
    return handled instanceof Promise
      ? handled.then((response) => expose(response, allowed))
      : expose(handled, allowed)
  }
}

function allowOrigin(
  cors: true | readonly string[],
  { headers: { origin } }: HttpRequest,
): Record<string, string> {
  if (cors === true) return { 'access-control-allow-origin': '*' }
  if (typeof origin !== 'string' || !cors.includes(origin)) return { vary: 'Origin' }
  return { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true', vary: 'Origin' }
}

function isPreflight({ method, headers }: HttpRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
}

/** Allows methods that the API doesn't have, so that a page can read the 405. */
function respondToPreflight({ headers }: HttpRequest, allowed: Record<string, string>): HttpResponse {
  const asked = headers['access-control-request-headers']
  return {
    status: 204,
    headers: {
      ...allowed,
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
      // A wildcard wouldn't include `Authorization`.
      ...(asked !== undefined && { 'access-control-allow-headers': String(asked) }),
      'access-control-max-age': '600',
    },
    body: '',
  }
}

/** Lets pages read every header of the response. A wildcard would do that only for requests without credentials. */
function expose(response: HttpResponse, allowed: Record<string, string>): HttpResponse {
  const exposed = Object.keys(response.headers).join(', ')
  return {
    ...response,
    headers: { ...response.headers, ...allowed, 'access-control-expose-headers': exposed },
  }
}

function checkOrigin(origin: string): void {
  if (origin === 'null' || (URL.canParse(origin) && new URL(origin).origin === origin)) return
  throw new Error(`${JSON.stringify(origin)} isn't an origin. Write it as in http://localhost:5173.`)
}
