import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAnswerer } from '../src/answer.ts'
import { createHttpServer } from '../src/http.ts'
import { contract } from './contract-under-test.ts'

const phones = '/api/v140/orders/57062885/borrowers/124927241/phones'
const bodyBytes = 10_000

// The hasty one serves the slow clients; to all others it could be unfair on a busy machine.
let patient: Server
let hasty: Server
beforeAll(async () => {
  const answer = await createAnswerer(contract)
  patient = createHttpServer(answer, { bodyBytes })
  hasty = createHttpServer(answer, { bodyBytes, requestMs: 500, checkMs: 50 })
  await Promise.all([patient, hasty].map((server) => once(server.listen(0, '127.0.0.1'), 'listening')))
})
afterAll(() => {
  patient.close()
  hasty.close()
})

describe.each<[string, number, string | Buffer]>([
  ['a broken percent sign', 400, get(`/api/v140/orders/%ff/borrowers/1/phones`)],
  ['a broken percent sign where no route is', 400, get('/%')],
  ['bytes in the path that are no ASCII', 400, Buffer.from(get(`${phones}/\xff\xfe`), 'latin1')],
  ['an encoded NUL', 404, get(`${phones}/%00`)],
  ['dot segments', 404, get(`${phones}/../../1`)],
  ['encoded dot segments', 404, get(`${phones}/%2e%2e`)],
  ['two slashes at the start', 404, get(`//x${phones}`)],
  ['three slashes and an at sign', 404, get('///@x')],
  ['a backslash', 400, get(`\\\\x${phones}`)],
  ['a path of 7,000 segments', 404, get('/a'.repeat(7_000))],
  ['an id of 7,000 digits', 404, get(`${phones}/${'1'.repeat(7_000)}`)],
  [
    'a path that makes patterns backtrack',
    404,
    get(`${phones.replace('57062885', '/borrowers/1'.repeat(500))}`),
  ],
  ['a query of broken percent signs', 200, get(`${phones}?${'%'.repeat(3_000)}`)],
  ['a query of names that objects have', 200, get(`${phones}?__proto__=1&constructor=2&toString`)],
  ['a whole URL as the path', 200, get(`http://elsewhere${phones}`)],
  ['a whole URL that is none', 404, get('http://[')],
  ['no path', 404, get('*')],
  ['OPTIONS for the whole server', 404, request('OPTIONS', '*')],
  ['TRACE', 405, request('TRACE', phones)],
  ['a method of WebDAV', 405, request('MKCOL', phones)],
  ['a method that there is not', 400, request('FLY', phones)],
  ['an upgrade', 200, get(phones, 'Connection: upgrade\r\nUpgrade: websocket')],
  ['an expectation', 417, get(phones, 'Expect: a miracle')],
  ['the expectation that there is', 422, post('{}', 'Expect: 100-continue')],
  ['no Host', 400, `GET ${phones} HTTP/1.1\r\nConnection: close\r\n\r\n`],
  ['HTTP/1.0', 401, `GET ${phones} HTTP/1.0\r\n\r\n`],
  ['another protocol', 400, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ['headers that are too long', 431, get(phones, `X: ${'x'.repeat(20_000)}`)],
  [
    'too many headers to count',
    431,
    get(phones, Array.from({ length: 2_000 }, (_, i) => `X-${i}: 1`).join('\r\n')),
  ],
  ['a header without a name', 400, get(phones, ': x')],
  [
    'a header named like what objects have',
    200,
    get(phones, '__proto__: x\r\nconstructor: y\r\ntoString: z'),
  ],
  ['many Prefer headers', 404, get(phones, 'Prefer: code=404\r\nPrefer: wait=1\r\nPrefer: x')],
  ['a Prefer that makes patterns backtrack', 200, get(phones, `Prefer: ${'code '.repeat(1_000)}`)],
  ['a Prefer named like what objects have', 400, get(phones, 'Prefer: example=__proto__')],
  ['an Accept of 3,000 commas', 406, get(phones, `Accept: ${','.repeat(3_000)}`)],
  ['a Content-Type of semicolons', 415, post('{}', undefined, ';'.repeat(3_000))],
  ['two tokens', 200, get(phones, 'Authorization: Bearer y')],
  ['two lengths', 400, get(phones, 'Content-Length: 1\r\nContent-Length: 2')],
  ['a length and chunks', 400, get(phones, 'Content-Length: 1\r\nTransfer-Encoding: chunked')],
  ['a length that is none', 400, get(phones, 'Content-Length: -1')],
  ['a chunk that is none', 400, chunked('zz\r\n')],
  ['malformed JSON', 400, post('{"a":')],
  ['malformed JSON in chunks', 400, chunked('1\r\n{\r\n0\r\n\r\n')],
  ['JSON in chunks', 422, chunked('1\r\n{\r\n1\r\n}\r\n0\r\n\r\n')],
  ['text in chunks', 415, chunked('1\r\n{\r\n0\r\n\r\n', 'text/plain')],
  ['bytes that are no UTF-8', 400, post(Buffer.from([0x22, 0xff, 0xfe, 0x22]))],
  ['a NUL for JSON', 400, post('\0')],
  ['lists in lists', 422, post('['.repeat(4_900) + ']'.repeat(4_900))],
  ['lists that never end', 400, post('['.repeat(9_900))],
  ['objects in a field', 422, post(`{"type":1,"number":${'{"a":'.repeat(1_500)}1${'}'.repeat(1_500)}}`)],
  [
    'lists in a field that is not known',
    200,
    post(`{"type":1,"number":"","x":${'['.repeat(4_900)}${']'.repeat(4_900)}}`),
  ],
  [
    'fields that objects have',
    422,
    post('{"__proto__":{"type":1},"constructor":{"prototype":1},"number":""}'),
  ],
  ['half a surrogate', 200, post('{"type":1,"number":"\\ud800"}')],
  ['a body of just the allowed length', 200, post(`{"type":1,"number":"${'1'.repeat(bodyBytes - 22)}"}`)],
  ['a body that is one byte too long', 413, post(`{"type":1,"number":"${'1'.repeat(bodyBytes - 21)}"}`)],
  ['chunks that are too long', 413, chunked(`4e20\r\n${'1'.repeat(20_000)}\r\n0\r\n\r\n`)],
])('%s', (_, status, bytes) => {
  test(`is answered ${status}, in the shape of the contract, and the mock lives on`, async () => {
    const answer = await exchange(patient, (socket) => socket.write(bytes))
    expect(answer).toMatchObject({ status, type: 'application/json' })
    expect(JSON.parse(answer.body)).toHaveProperty(status === 200 ? 'data' : 'message')
    await expectToLive(patient)
  })
})

describe.each<[string, number | undefined, (socket: Socket) => void]>([
  ['says nothing', 408, () => {}],
  [
    'stops in the middle of the headers',
    408,
    (socket) => socket.write(`GET ${phones} HTTP/1.1\r\nHost: x\r\n`),
  ],
  [
    'stops in the middle of the body',
    408,
    (socket) => socket.write(post('{}').toString().replace(': 2', ': 3')),
  ],
  [
    'promises more than is read',
    413,
    (socket) => socket.write(post('{}').toString().replace(': 2', ': 9999999999')),
  ],
  [
    'sends chunks for ever',
    413,
    (socket) => feed(socket, `POST ${phones} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`),
  ],
  ['hangs up its half in the middle', 400, (socket) => socket.end(`GET ${phones} HTTP/1.1\r\nHost:`)],
  ['hangs up its half after the request', 200, (socket) => socket.end(get(phones))],
  ['is gone before the answer', undefined, (socket) => socket.write(get(phones), () => socket.destroy())],
  [
    'is gone in the middle of the body',
    undefined,
    (socket) => socket.write(post('{}').subarray(0, -1), () => socket.resetAndDestroy()),
  ],
  ['asks for a tunnel', undefined, (socket) => socket.write('CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n')],
])('a client that %s', (_, status, act) => {
  test(`${status ? `is answered ${status}` : 'gets no answer'}, is let go, and the mock lives on`, async () => {
    expect((await exchange(hasty, act)).status).toBe(status)
    await expectToLive(hasty)
  })
})

test('a connection serves further requests after a refusal', async () => {
  const keep = (bytes: string | Buffer) => bytes.toString().replace('Connection: close\r\n', '')
  const requests = [keep(get('/%')), keep(post('{')), keep(post('1'.repeat(bodyBytes + 1))), get(phones)]
  const { all } = await exchange(patient, (socket) => socket.write(requests.join('')))
  expect([...all.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual([
    '400',
    '400',
    '413',
    '200',
  ])
})

function get(path: string, header = 'X: y'): string {
  return request('GET', path, header).toString()
}

function request(method: string, path: string, header = 'X: y'): string {
  return `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer x\r\n${header}\r\n\r\n`
}

function post(body: string | Buffer, header = 'X: y', type = 'application/json'): Buffer {
  const bytes = Buffer.from(body)
  return Buffer.concat([
    Buffer.from(
      request('POST', phones, `Content-Type: ${type}\r\nContent-Length: ${bytes.length}\r\n${header}`),
    ),
    bytes,
  ])
}

function chunked(chunks: string, type = 'application/json'): string {
  return request('POST', phones, `Content-Type: ${type}\r\nTransfer-Encoding: chunked`) + chunks
}

/** Writes for as long as the other side takes it. */
function feed(socket: Socket, start: string): void {
  const chunk = `1000\r\n${'1'.repeat(4096)}\r\n`
  const more = (): unknown => !socket.destroyed && socket.write(chunk, (error) => error ?? setImmediate(more))
  socket.write(start, more)
}

/** What came back until the server let go; a server that does not let go fails the test by its timeout. */
async function exchange(server: Server, act: (socket: Socket) => void) {
  const { port } = server.address() as AddressInfo
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk as Buffer))
  socket.on('end', () => socket.end())
  socket.on('error', () => {})
  await once(socket, 'connect')
  act(socket)
  if (!socket.closed) await once(socket, 'close')
  const all = Buffer.concat(chunks).toString().replace('HTTP/1.1 100 Continue\r\n\r\n', '')
  const [head = '', body = ''] = all.split('\r\n\r\n')
  const status = /^HTTP\/1\.1 (\d+)/.exec(head)?.[1]
  return { all, body, status: status && Number(status), type: /^content-type: (.+)$/im.exec(head)?.[1] }
}

async function expectToLive(server: Server): Promise<void> {
  expect(await exchange(server, (socket) => socket.write(get(phones)))).toMatchObject({ status: 200 })
}
