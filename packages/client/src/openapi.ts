/** The escape hatch. The only file that imports openapi-fetch, and bundled only by those who use it. */
import type { paths } from '@recoveryconnect/spec'
import createOpenapiFetch, { type Client as OpenapiClient } from 'openapi-fetch'
import type { Connection } from './connect.ts'
import { invalidInput } from './errors.ts'
import { filledPath } from './input.ts'

/**
 * The typed client of openapi-fetch over the transport of a connection: token, deadlines, retries and limits are the
 * same. It returns `error` for a status outside 2xx where the facade throws, and it does not look at what the bodies
 * say: no unknown key is refused, and no answer is compared with what was sent.
 *
 * @throws {RecoveryConnectError} (its calls) if there is no complete answer, or for a path that cannot be meant.
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
    pathSerializer: (path, ids) => filledPath(path, ids),
    async fetch(request) {
      const { url, method, signal } = request
      if (!url.startsWith(`${baseUrl}/`))
        throw invalidInput("a raw call must go to the connection's baseUrl", 'raw')
      if (/\{|%7b/i.test(url)) throw invalidInput('params.path must hold every name of the path', 'raw')
      const headers = new Headers(request.headers)
      const body = request.body && (await request.arrayBuffer())
      const mayRepeat = method !== 'POST' && method !== 'PATCH'
      const response = await connection.send({ url, method, headers, body }, mayRepeat, { signal })
      // The caller and its middleware may clone it or read it in any way.
      return response.status < 200 ? response : new Response((await response.text()) || null, response)
    },
  })
}
