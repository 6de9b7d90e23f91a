/** The low-level client. Only this file imports openapi-fetch, so programs that don't use it don't bundle it. */
import type { paths } from '@recoveryconnect/spec'
import createOpenapiFetch, { type Client as OpenapiClient } from 'openapi-fetch'
import type { Connection } from './call.ts'
import { createInputError } from './errors.ts'
import { fillPath } from './input.ts'

/**
 * Creates an openapi-fetch client that uses the token, timeouts, retries and limits of a connection. Unlike the
 * resource methods, it returns `error` for a status outside 2xx and doesn't look at bodies: it sends unknown fields, it
 * doesn't compare the response with the request, and it returns one page of a list as if it were the whole list.
 *
 * @throws {RecoveryConnectError} from its calls, if there is no complete response or a path parameter is invalid.
 * @example
 * const http = openapiClient(rc.connection)
 * const { data, error } = await http.GET('/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones', {
 *   params: { path: { order_id: 57062885, borrower_id: 124927241 } },
 * })
 */
export function openapiClient(connection: Connection): OpenapiClient<paths> {
  const { baseUrl } = connection
  return createOpenapiFetch<paths>({
    baseUrl,
    pathSerializer: (path, ids) => fillPath(path, ids),
    async fetch(request) {
      const { url, method, signal } = request
      if (!url.startsWith(`${baseUrl}/`))
        throw createInputError("the call must use the connection's baseUrl", 'raw')
      if (/\{|%7b/i.test(url))
        throw createInputError('params.path must have every parameter of the path', 'raw')
      const headers = new Headers(request.headers)
      const body = request.body && (await request.arrayBuffer())
      const idempotent = method !== 'POST' && method !== 'PATCH'
      const response = await connection.send({ url, method, headers, body }, idempotent, { signal })
      // A new Response, so that callers and middleware can clone it and read it in any way.
      return response.status < 200 ? response : new Response((await response.text()) || null, response)
    },
  })
}
