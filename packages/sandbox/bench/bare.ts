/** The lower bound: a `node:http` server that reads the body and sends a constant response. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { examples } from '../src/core/contract.gen.ts'

const body = JSON.stringify(examples.Created)
const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }

const server = createServer((request, response) => {
  if (request.method === 'GET') response.writeHead(200, headers).end(body)
  else request.resume().on('end', () => response.writeHead(200, headers).end(body))
})
server.keepAliveTimeout = 65_000
server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
