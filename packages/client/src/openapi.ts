/** The low-level client. Only this file imports openapi-fetch, so programs that don't use it don't bundle it. */
import type { paths } from '@recoveryconnect/spec'
import createOpenapiFetch, { type Client as OpenapiClient } from 'openapi-fetch'
import type { Connection } from './call.ts'
import { createError, createInputError, type Progress, RecoveryConnectError, start } from './errors.ts'
import { checkExact, fillPath } from './input.ts'
import { findRounded, parseBody } from './response.ts'
import { send } from './transport.ts'

/**
 * Creates an openapi-fetch client that uses the token, timeouts, retries and limits of a connection. Unlike the
 * resource methods, it returns `error` for a status outside 2xx, and that is never an empty value. It doesn't compare
 * bodies with the contract or with the request: it sends unknown fields, and it returns one page of a list as if it
 * were the whole list.
 *
 * @throws {RecoveryConnectError} `invalid_input` if the argument isn't a connection. Its calls throw one if there is no
 *   complete response, a 2xx isn't JSON, or the request can't be created from the options. Your own middleware can throw
 *   other errors.
 * @example
 * const http = openapiClient(rc.connection)
 * const { data, error } = await http.GET('/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones', {
 *   params: { path: { order_id: 57062885, borrower_id: 124927241 } },
 * })
 */
export function openapiClient(connection: Connection): OpenapiClient<paths> {
  if (typeof Object(connection).open !== 'function')
    throw createInputError('openapiClient must get a connection, such as rc.connection')
  const { baseUrl } = connection
  let isCreated = false
  function createRequest(...parts: ConstructorParameters<typeof Request>): Request {
    const request = new Request(...parts)
    isCreated = true
    return request
  }
  // openapi-fetch checks with `instanceof` what a middleware returns.
  createRequest.prototype = globalThis.Request?.prototype

  const client = createOpenapiFetch<paths>({
    baseUrl,
    pathSerializer: (path, ids) => fillPath(path, ids, 'raw'),
    bodySerializer: (body) => JSON.stringify(body, checkExact),
    Request: createRequest as unknown as typeof Request,
    async fetch(request) {
      const { url, method } = request
      if (!url.startsWith(`${baseUrl}/`))
        throw createInputError("the call must use the connection's baseUrl", 'raw')
      if (/^[^?]*(\{|%7b)/i.test(url))
        throw createInputError('params.path must have every parameter of the path', 'raw')
      if (method === 'HEAD')
        throw createInputError("HEAD isn't possible, because a failure would have no error", 'raw')
      const body = await request.text()
      const { settings, token } = connection.open(undefined, 'raw')
      const { signal: own } = settings
      const signal = own ? AbortSignal.any([request.signal, own]) : request.signal
      const headers = Object.fromEntries(request.headers)
      const state = Object.assign(start('raw'), { settings: { ...settings, signal }, token })
      return readResponse(await send({ url, method, headers, body }, state), state)
    },
  })

  const { use, eject, ...calls } = client
  for (const [name, call] of Object.entries(calls as unknown as Record<string, Method>))
    Object.assign(client, {
      async [name](...given: unknown[]) {
        // openapi-fetch creates the request before its first `await`. Its errors would quote a header.
        let isEarly = true
        isCreated = false
        try {
          const running = call(...given.map(convertHeaders))
          isEarly = !isCreated
          return await running
        } catch (reason) {
          if (!isEarly || reason instanceof RecoveryConnectError) throw reason
          const message = "the request can't be created from the options and the body (see error.reason)"
          throw createError('invalid_input', message, start('raw'), {}, { reason })
        }
      },
    })
  return client
}

type Method = (...given: unknown[]) => Promise<unknown>

/** openapi-fetch would send the pairs of a list as headers with the names 0, 1 and so on. */
function convertHeaders(init: unknown): unknown {
  const { headers } = Object(init)
  return Symbol.iterator in Object(headers) ? { ...Object(init), headers: new Headers(headers) } : init
}

/** Returns a new response, so that callers and middleware can clone it and read it in any way. */
async function readResponse(response: Response, progress: Progress): Promise<Response> {
  const { ok, status, statusText } = response
  const text = await response.text()
  const headers = new Headers(response.headers)
  // openapi-fetch doesn't read a body that has the length 0.
  headers.delete('content-length')
  const unexpected = (message: string, problems: string[] = []) => {
    progress.mayHaveBeenCarriedOut = true
    return createError(
      'unexpected_response',
      message,
      progress,
      { status, problems },
      { headers, body: text },
    )
  }

  const body = parseBody(text)
  if (ok && body === text) throw unexpected("the response isn't JSON")
  const rounded = findRounded(text, body)
  if (ok && rounded !== undefined)
    throw unexpected(`the response has a number too large for JavaScript at ${rounded}`, [rounded])
  const isEmpty = !(typeof body === 'string' ? body.trim() : body)
  const message = `the response has no body (${status})`
  try {
    return new Response(isEmpty && !ok ? JSON.stringify({ message }) : text, { status, statusText, headers })
  } catch {
    throw unexpected("the client doesn't follow redirects, has no cache, and knows no status beyond 599")
  }
}
