import { expect, expectTypeOf, test } from 'vitest'
import { createClient, openapiClient, type Schemas } from '../src/client.ts'
import { expectNoSecret } from './leaks.ts'
import { type Handler, http, ids, json, newPhone, secrets, serve } from './servers.ts'

const path = '/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones'

test('a low-level call uses the token and the retries of the connection', async () => {
  const { raw, server } = await rawClient(
    (socket, _, count) => void socket.write(count === 1 ? http(503, '') : json(200, { data: [] })),
  )
  const { data, response } = await raw.GET(path, { params: { path: ids } })
  expectTypeOf(data).toEqualTypeOf<Schemas['BorrowerPhoneList'] | undefined>()
  expect([data, response.status, server.arrived.length]).toEqual([{ data: [] }, 200, 2])
  expect(server.arrived[1]?.headers).toMatchObject({
    authorization: `Bearer ${secrets.token}`,
    accept: 'application/json',
  })
})

test('a low-level call sends bodies, and never retries a POST', async () => {
  const { raw, server } = await rawClient((socket) => void socket.write(http(503, 'busy')))
  const { error, response } = await raw.POST(path, { params: { path: ids }, body: newPhone })
  expect([error, response.status]).toEqual(['busy', 503])
  expect(server.arrived.map(({ body }) => body)).toEqual([JSON.stringify(newPhone)])
})

test('a low-level call never retries a PATCH', async () => {
  const { raw, server } = await rawClient((socket) => void socket.write(http(503, 'busy')))
  await raw.request('patch' as never, path as never, { params: { path: ids } } as never)
  expect(server.arrived.map(({ method }) => method)).toEqual(['PATCH'])
})

test('middleware can read requests and responses', async () => {
  const { raw } = await rawClient((socket) => void socket.write(json(200, { data: [] })))
  const seen: unknown[] = []
  raw.use({
    onRequest: ({ request }) => void seen.push(request.method),
    onResponse: async ({ response }) => void seen.push(await response.clone().json()),
  })
  await raw.GET(path, { params: { path: ids } })
  expect(seen).toEqual(['GET', { data: [] }])
})

test.each<[string, object]>([
  ['an id that changes the path', { params: { path: { ...ids, order_id: '..' } } }],
  ['a missing id', { params: { path: { order_id: 1 } } }],
  ['no ids', {}],
  ['another server', { params: { path: ids }, baseUrl: 'http://127.0.0.1:1' }],
])('a low-level call rejects %s', async (_, init) => {
  const { raw, server } = await rawClient((socket) => void socket.write(json(200, { data: [] })))
  const error = await raw.GET(path, init as never).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ kind: 'invalid_input' })
  expectNoSecret(error)
  expect(server.arrived).toHaveLength(0)
})

test('the signal of a low-level call aborts it', async () => {
  const controller = new AbortController()
  const { raw } = await rawClient(() => controller.abort())
  await expect(raw.GET(path, { params: { path: ids }, signal: controller.signal })).rejects.toMatchObject({
    kind: 'aborted',
  })
})

async function rawClient(handle: Handler) {
  const server = await serve(handle)
  return {
    raw: openapiClient(createClient({ token: secrets.token, baseUrl: server.url }).connection),
    server,
  }
}
