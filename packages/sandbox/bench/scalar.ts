/** @scalar/mock-server as its documentation sets it up. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import contract from '@recoveryconnect/spec/openapi.json' with { type: 'json' }
import { createMockServer } from '@scalar/mock-server'

const app = await createMockServer({ document: contract })

/** The adapter between Node's and the web's requests, which its documentation leaves to a package of Hono's. */
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const answer = await app.fetch(
    new Request(`http://${request.headers.host}${request.url}`, {
      method: request.method ?? 'GET',
      headers: request.headers as Record<string, string>,
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    }),
  )
  response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
})
server.keepAliveTimeout = 65_000
server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
