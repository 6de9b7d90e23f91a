import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import { connect, type Socket } from 'node:net'
import { createHttpServer } from '@recoveryconnect/http/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHandle } from '../src/http.ts'
import { createResponder } from '../src/respond.ts'

const phones = '/api/v140/orders/57062885/borrowers/124927241/phones'
const bodyBytes = 10_000

// Only the tests of slow clients use the hasty server: on a busy machine, it could cut off any other client too.
let patient: Server
let hasty: Server
beforeAll(async () => {
  const options = {
    handle: createHandle(await createResponder()),
    bodyLimitOf: () => bodyBytes,
    requestTimeout: 30_000,
    paths: [],
  }
  patient = createHttpServer(options)
  hasty = createHttpServer({ ...options, requestTimeout: 500 })
  await Promise.all([patient, hasty].map((server) => once(server.listen(0, '127.0.0.1'), 'listening')))
})
afterAll(() => {
  patient.close()
  hasty.close()
})

describe.each<[string, number, string | Buffer]>([
  ['a broken percent sign', 400, get(`/api/v140/orders/%ff/borrowers/1/phones`)],
  ['a broken percent sign in an unknown path', 400, get('/%')],
  ["bytes in the path that aren't ASCII", 400, Buffer.from(get(`${phones}/\xff\xfe`), 'latin1')],
  ['an encoded NUL', 404, get(`${phones}/%00`)],
  ['dot segments', 404, get(`${phones}/../../1`)],
  ['encoded dot segments', 404, get(`${phones}/%2e%2e`)],
  ['two slashes at the start', 404, get(`//x${phones}`)],
  ['three slashes and an at sign', 404, get('///@x')],
  ['a backslash', 400, get(`\\\\x${phones}`)],
  ['a path of 7,000 segments', 404, get('/a'.repeat(7_000))],
  ['an id of 7,000 digits', 404, get(`${phones}/${'1'.repeat(7_000)}`)],
  [
    'a path that makes regular expressions backtrack',
    404,
    get(`${phones.replace('57062885', '/borrowers/1'.repeat(500))}`),
  ],
  ['a query of broken percent signs', 200, get(`${phones}?${'%'.repeat(3_000)}`)],
  ['a query with names of object properties', 200, get(`${phones}?__proto__=1&constructor=2&toString`)],
  ['a whole URL as the path', 200, get(`http://elsewhere${phones}`)],
  ['an invalid whole URL', 404, get('http://[')],
  ['no path', 404, get('*')],
  ['OPTIONS for the whole server', 404, request('OPTIONS', '*')],
  ['TRACE', 405, request('TRACE', phones)],
  ['a method of WebDAV', 405, request('MKCOL', phones)],
  ['an unknown method', 405, request('FLY', phones)],
  ['an upgrade', 200, get(phones, 'Connection: upgrade\r\nUpgrade: websocket')],
  ['an unknown expectation', 417, get(phones, 'Expect: a miracle')],
  ['the expectation 100-continue', 422, post('{}', 'Expect: 100-continue')],
  ['no Host', 400, `GET ${phones} HTTP/1.1\r\nConnection: close\r\n\r\n`],
  ['HTTP/1.0', 401, `GET ${phones} HTTP/1.0\r\n\r\n`],
  ['another protocol', 400, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ['headers that are too long', 431, get(phones, `X: ${'x'.repeat(20_000)}`)],
  ['too many headers', 431, get(phones, Array.from({ length: 2_000 }, (_, i) => `X-${i}: 1`).join('\r\n'))],
  ['a header without a name', 400, get(phones, ': x')],
  [
    'headers with names of object properties',
    200,
    get(phones, '__proto__: x\r\nconstructor: y\r\ntoString: z'),
  ],
  ['many Prefer headers', 404, get(phones, 'Prefer: code=404\r\nPrefer: wait=1\r\nPrefer: x')],
  ['a Prefer that makes regular expressions backtrack', 400, get(phones, `Prefer: ${'code '.repeat(1_000)}`)],
  ['a Prefer with the name of an object property', 400, get(phones, 'Prefer: example=__proto__')],
  ['an Accept of 3,000 commas', 406, get(phones, `Accept: ${','.repeat(3_000)}`)],
  ['a Content-Type of semicolons', 415, post('{}', undefined, ';'.repeat(3_000))],
  ['two tokens', 200, get(phones, 'Authorization: Bearer y')],
  ['two lengths', 400, get(phones, 'Content-Length: 1\r\nContent-Length: 2')],
  ['a length and chunks', 400, get(phones, 'Content-Length: 1\r\nTransfer-Encoding: chunked')],
  ['an invalid length', 400, get(phones, 'Content-Length: -1')],
  ['an invalid chunk', 400, chunked('zz\r\n')],
  ['malformed JSON', 400, post('{"a":')],
  ['malformed JSON in chunks', 400, chunked('1\r\n{\r\n0\r\n\r\n')],
  ['JSON in chunks', 422, chunked('1\r\n{\r\n1\r\n}\r\n0\r\n\r\n')],
  ['text in chunks', 415, chunked('1\r\n{\r\n0\r\n\r\n', 'text/plain')],
  ["bytes that aren't UTF-8", 400, post(Buffer.from([0x22, 0xff, 0xfe, 0x22]))],
  ['a NUL instead of JSON', 400, post('\0')],
  ['nested lists', 422, post('['.repeat(4_900) + ']'.repeat(4_900))],
  ["lists that aren't closed", 400, post('['.repeat(9_900))],
  [
    'nested objects in a field',
    422,
    post(`{"type":1,"number":${'{"a":'.repeat(1_500)}1${'}'.repeat(1_500)}}`),
  ],
  [
    'nested lists in an unknown field',
    200,
    post(`{"type":1,"number":"","x":${'['.repeat(4_900)}${']'.repeat(4_900)}}`),
  ],
  [
    'fields with names of object properties',
    422,
    post('{"__proto__":{"type":1},"constructor":{"prototype":1},"number":""}'),
  ],
  ['half a surrogate', 200, post('{"type":1,"number":"\\ud800"}')],
  ['a body of the longest allowed length', 200, post(`{"type":1,"number":"${'1'.repeat(bodyBytes - 22)}"}`)],
  ['a body that is one byte too long', 413, post(`{"type":1,"number":"${'1'.repeat(bodyBytes - 21)}"}`)],
  ['chunks that are too long', 413, chunked(`4e20\r\n${'1'.repeat(20_000)}\r\n0\r\n\r\n`)],
])('%s', (_, status, bytes) => {
  test(`gets a ${status} in the contract's format, and the mock keeps running`, async () => {
    const response = await exchange(patient, (socket) => socket.write(bytes))
    expect(response).toMatchObject({ status, type: 'application/json' })
    expect(JSON.parse(response.body)).toHaveProperty(status === 200 ? 'data' : 'message')
    await expectToRun(patient)
  })
})

describe.each<[string, number | undefined, (socket: Socket) => void]>([
  ['sends nothing', 408, () => {}],
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
    'announces a body that is too long',
    413,
    (socket) => socket.write(post('{}').toString().replace(': 2', ': 9999999999')),
  ],
  [
    'never stops sending chunks',
    413,
    (socket) => feed(socket, `POST ${phones} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`),
  ],
  ['closes its half in the middle', 400, (socket) => socket.end(`GET ${phones} HTTP/1.1\r\nHost:`)],
  ['closes its half after the request', 200, (socket) => socket.end(get(phones))],
  [
    'disconnects before the response',
    undefined,
    (socket) => socket.write(get(phones), () => socket.destroy()),
  ],
  [
    'disconnects in the middle of the body',
    undefined,
    (socket) => socket.write(post('{}').subarray(0, -1), () => socket.resetAndDestroy()),
  ],
  ['asks for a tunnel', 405, (socket) => socket.write('CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n')],
])('a client that %s', (_, status, act) => {
  test(`gets ${status ? `a ${status}` : 'no response'}, is disconnected, and the mock keeps running`, async () => {
    expect((await exchange(hasty, act)).status).toBe(status)
    await expectToRun(hasty)
  })
})

test('a connection stays usable after an error', async () => {
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

/** Writes until the other side closes the connection. */
function feed(socket: Socket, start: string): void {
  const chunk = `1000\r\n${'1'.repeat(4096)}\r\n`
  const more = (): unknown => !socket.destroyed && socket.write(chunk, (error) => error ?? setImmediate(more))
  socket.write(start, more)
}

/** Returns everything that the server sent until it closed the connection. If it doesn't, the test times out. */
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

async function expectToRun(server: Server): Promise<void> {
  expect(await exchange(server, (socket) => socket.write(get(phones)))).toMatchObject({ status: 200 })
}
