/** @scalar/mock-server, set up as in its documentation. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import contract from '@recoveryconnect/spec/openapi.json' with { type: 'json' }
import { createMockServer } from '@scalar/mock-server'

const app = await createMockServer({ document: contract })

/** Adapts Node's requests to the web's. The documentation uses a package of Hono for this. */
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const result = await app.fetch(
    new Request(`http://${request.headers.host}${request.url}`, {
      method: request.method ?? 'GET',
      headers: request.headers as Record<string, string>,
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    }),
  )
  response.writeHead(result.status, Object.fromEntries(result.headers)).end(await result.text())
})
server.keepAliveTimeout = 65_000
server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
