import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { connect, createClient } from '../src/client.ts'
import { callOperation } from '../src/operation.ts'

const ids = { order_id: 57062885, borrower_id: 124927241 }

test('a call sends the path, the token and Accept', async () => {
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

test('Content-Type is sent only with a body', async () => {
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

test('an error status throws', async () => {
  const rc = await clientOf((_, response) => response.writeHead(404).end('{"message":"Not found."}'))
  await expect(rc.borrowerPhones.get({ ...ids, phone_id: 1 })).rejects.toThrow('404')
})

test('a resource is created once', () => {
  const rc = createClient({ token: 'secret' })
  expect(rc.borrowerPhones).toBe(rc.borrowerPhones)
})

test('a field of any type is sent as it is', async () => {
  const bodies: unknown[] = []
  const fetch: typeof globalThis.fetch = async (_, init) => {
    bodies.push(init?.body)
    return new Response('{}')
  }
  const operation = { id: 'updateThing', method: 'PUT', path: '/things' }
  const keys = { address: 'any' } as const
  for (const address of [null, { street: 'x' }, [{ street: 'x' }]])
    await callOperation(connect({ token: 'secret', fetch }), { ...operation, keys }, {}, { address })
  expect(bodies).toEqual(['{"address":null}', '{"address":{"street":"x"}}', '{"address":[{"street":"x"}]}'])
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
