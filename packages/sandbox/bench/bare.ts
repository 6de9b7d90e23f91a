/** The lower bound: a `node:http` server that parses the same JSON and writes the same JSON, and does nothing else. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { examples } from '../src/core/contract.gen.ts'

const { data } = examples.Created

const server = createServer((request, response) => {
  const respond = (fields?: object) => {
    const text = JSON.stringify({ data: { ...data, ...fields }, status: 'success' })
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
    response.writeHead(200, headers).end(text)
  }
  if (request.method === 'GET') return respond()
  const chunks: Buffer[] = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => respond(JSON.parse(Buffer.concat(chunks).toString())))
})
server.keepAliveTimeout = 65_000
server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
