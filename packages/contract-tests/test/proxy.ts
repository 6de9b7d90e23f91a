/** Prism as a validating proxy between caller and server; the only file here that imports Prism. */
import { readModel } from '@recoveryconnect/spec/model'
import { getHttpOperationsFromSpec } from '@stoplight/prism-http'
import { createServer } from '@stoplight/prism-http-server'

export interface Proxy {
  url: string
  close(): Promise<void>
}

const silent = Object.assign(
  Object.fromEntries(
    ['trace', 'debug', 'info', 'success', 'warn', 'error', 'fatal'].map((level) => [level, () => {}]),
  ),
  { child: () => silent },
) as never

/**
 * Starts the proxy. A request or a response that breaks the contract becomes an error.
 *
 * @param upstream the server behind it, such as `http://127.0.0.1:4020`.
 */
export async function startProxy(upstream: string): Promise<Proxy> {
  // Prism changes the document: it resolves the references in place.
  const operations = await getHttpOperationsFromSpec(structuredClone(readModel().document))
  const server = createServer(operations, {
    components: { logger: silent },
    cors: false,
    config: {
      isProxy: true,
      upstream: new URL(upstream),
      upstreamProxy: undefined,
      checkSecurity: true,
      validateRequest: true,
      validateResponse: true,
      errors: true,
      mock: { dynamic: false },
    },
  })
  const url = await server.listen(0, '127.0.0.1')
  return { url, close: () => server.close() }
}
