import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createClient } from '../src/client.ts'

const ids = { order_id: 57062885, borrower_id: 124927241 }

test('a call names the record, asks for JSON and carries the token', async () => {
  const requests: IncomingMessage[] = []
  const rc = await clientOf((request, response) => {
    requests.push(request)
    response.end('{"data":[]}')
  })
  expect(await rc.borrowerPhones.list(ids)).toEqual({ data: [] })
  expect(requests[0]).toMatchObject({
    method: 'GET',
    url: '/api/v140/orders/57062885/borrowers/124927241/phones',
    headers: { accept: 'application/json', authorization: 'Bearer secret' },
  })
})

test('a body goes out as JSON and says so; where there is none, nothing does', async () => {
  const requests: { type: string | undefined; length: string | undefined }[] = []
  const rc = await clientOf((request, response) => {
    const { 'content-type': type, 'content-length': length } = request.headers
    requests.push({ type, length })
    response.end('{"data":{"no_contact":1,"success":true}}')
  })
  await rc.borrowerPhones.update({ ...ids, phone_id: 1 }, { no_contact: 1 })
  await rc.borrowerPhones.delete({ ...ids, phone_id: 1 })
  expect(requests).toEqual([
    { type: 'application/json', length: '16' },
    { type: undefined, length: undefined },
  ])
})

test('a failure throws', async () => {
  const rc = await clientOf((_, response) => response.writeHead(404).end('{"message":"Not found."}'))
  await expect(rc.borrowerPhones.get({ ...ids, phone_id: 1 })).rejects.toThrow('404')
})

async function clientOf(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return createClient({
    token: 'secret',
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  })
}
