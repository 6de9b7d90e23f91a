/** The fault server, as clients and people use it. */
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterAll, describe, expect, test } from 'vitest'
import { expectations, type FaultName } from '../src/expectations.ts'
import { Runs, remember } from '../src/runs.ts'
import { startFaults } from '../src/server.ts'
import { openConnection, phonesPath, request } from './raw.ts'

const server = await startFaults({ port: 0 })
afterAll(() => server.close())

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const body = JSON.stringify({ type: 6, number: '6785550142', valid: 0, no_contact: 1 })
const baseOf = (name: FaultName) => server.faults.find((fault) => fault.name === name)?.base_url ?? ''

async function call(name: FaultName, token: string, method = 'GET') {
  const sent = { ...(method === 'POST' && { body }), headers: bearer(token), redirect: 'manual' as const }
  return fetch(baseOf(name) + phonesPath, { method, ...sent })
}

async function arrivalsOf(name: FaultName, token: string) {
  const response = await fetch(`${server.url}/faults/${name}/arrivals?run=${encodeURIComponent(token)}`)
  return response.json()
}

describe('the list', () => {
  test('has every fault with what happens, its base URL and the expectations', async () => {
    const list = await (await fetch(`${server.url}/faults`)).json()
    expect(list).toEqual(server.faults)
    expect(list.map(({ name }: { name: string }) => name).sort()).toEqual(Object.keys(expectations).sort())
    for (const { name, title, what, base_url, expect: expected } of server.faults) {
      expect(what).toMatch(/^[A-Z].*\.$/)
      expect(base_url).toMatch(
        new RegExp(`^https?://(127\\.0\\.0\\.1|localhost|no-such-host\\..+\\.invalid).*/${name}$`),
      )
      expect(expected).toEqual(expectations[name as FaultName])
      expect(server.faults.filter((other) => other.title === title || other.what === undefined)).toHaveLength(
        1,
      )
    }
  })

  test('has a host that no name server is asked for, because its name is too long', async () => {
    const { hostname } = new URL(baseOf('host-not-found'))
    expect(hostname).toHaveLength(254)
    await expect(lookup(hostname)).rejects.toMatchObject({ code: 'ENOTFOUND' })
  })

  test('expects an outcome that a client can have', () => {
    for (const expected of Object.values(expectations).flatMap((calls) => Object.values(calls))) {
      expect(expected.attempts).toBeGreaterThanOrEqual(1)
      expect(expected.or).not.toBe(expected.outcome)
      if (expected.outcome === 'ok') expect(expected.may_have_been_carried_out).toBe(true)
    }
  })
})

describe('the arrivals', () => {
  test('are counted by fault, token and operation', async () => {
    await Promise.all([
      call('500', 'one'),
      call('500', 'one', 'POST'),
      call('500', 'two'),
      call('400', 'one'),
    ])
    expect((await arrivalsOf('500', 'one')).requests).toEqual({
      listBorrowerPhones: 1,
      createBorrowerPhone: 1,
    })
    expect((await arrivalsOf('500', 'two')).requests).toEqual({ listBorrowerPhones: 1 })
    expect((await arrivalsOf('400', 'one')).requests).toEqual({ listBorrowerPhones: 1 })
    expect((await arrivalsOf('400', 'two')).requests).toEqual({})
    expect(server.arrivals('500', 'one').requests).toEqual((await arrivalsOf('500', 'one')).requests)
  })

  test('of requests without a token are those of an empty run', async () => {
    await fetch(baseOf('403') + phonesPath)
    expect((await arrivalsOf('403', '')).requests).toEqual({ listBorrowerPhones: 1 })
  })

  test('of a renewed token belong to the run of the first', async () => {
    const statuses = [
      await call('401-new-token-helps', 'old'),
      await call('401-new-token-helps', 'old.renewed'),
    ]
    expect(statuses.map(({ status }) => status)).toEqual([401, 200])
    expect(await arrivalsOf('401-new-token-helps', 'old')).toMatchObject({
      requests: { listBorrowerPhones: 2 },
      responded: { listBorrowerPhones: 1 },
    })
  })

  test('tell how many requests each connection carried, and whether it is open', async () => {
    const connection = await openConnection(server.url)
    const sent = request('GET', `/field-added${phonesPath}`, bearer('connections'))
    await connection.send(sent, ']}')
    await connection.send(sent, ']}')
    expect((await arrivalsOf('field-added', 'connections')).connections).toEqual([
      { requests: 2, open_ms: expect.any(Number), closed: false },
    ])
    connection.socket.destroy()
    await expect
      .poll(async () => (await arrivalsOf('field-added', 'connections')).connections[0].closed)
      .toBe(true)
  })

  test.for(['host', 'port'] as const)('tell what reached another %s', async (to) => {
    const token = `sent-to-another-${to}`
    const response = await call(`redirect-307-${to}`, token, 'POST')
    const location = response.headers.get('location') ?? ''
    expect(new URL(location).hostname).toBe({ host: 'localhost', port: '127.0.0.1' }[to])
    expect(location).not.toContain(token)
    await fetch(location)
    const dashed = body.replace('6785550142', '678-555-0142')
    const followed = await fetch(location, { method: 'POST', body: dashed, headers: bearer(token) })
    expect(await followed.json()).toMatchObject({ data: { no_contact: 1 } })
    expect((await arrivalsOf(`redirect-307-${to}`, token)).elsewhere).toEqual([
      { origin: new URL(location).origin, method: 'GET', token: false, number: false, body: false },
      { origin: new URL(location).origin, method: 'POST', token: true, number: true, body: true },
    ])
  })

  test('tell of a retry before the time in Retry-After', async () => {
    const statuses = [await call('429-seconds', 'hasty'), await call('429-seconds', 'hasty')]
    expect(statuses.map(({ status }) => status)).toEqual([429, 429])
    expect(await arrivalsOf('429-seconds', 'hasty')).toMatchObject({ early: 1, responded: {} })
  })

  test('are forgotten for the least recently used run, and are bounded within a run', () => {
    const runs = new Runs()
    for (let n = 0; n <= 1_000; n++) {
      runs.open('500', `run ${n}`).early = 1
      runs.open('500', 'run 0')
    }
    expect(runs.read('500', 'run 0').early).toBe(1)
    expect(runs.read('500', 'run 1').early).toBe(0)
    expect(runs.read('500', 'run 2').early).toBe(1)
    const records: number[] = []
    for (let n = 0; n < 1_000; n++) remember(records, n)
    expect(records).toHaveLength(100)
  })
})

describe('a request', () => {
  test.for([
    ['of a path that does not exist', 'GET', '/'],
    ['of a fault that does not exist', 'GET', `/reset${phonesPath}`],
    ['of arrivals at no fault', 'GET', '/faults/reset/arrivals'],
    ['of no operation', 'PATCH', `/500${phonesPath}`],
    ['of another path of a fault', 'GET', '/500/api/v140/orders'],
    ['of a fault at another place', 'GET', `/connection-refused${phonesPath}`],
    ['of a TLS fault over plain HTTP', 'GET', `/untrusted-certificate${phonesPath}`],
  ] as const)('%s gets a 404 that says what there is', async ([, method, path]) => {
    const response = await fetch(server.url + path, { method })
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({
      message: expect.stringMatching(/GET \/faults|isn't an operation|base URL/),
      exists: expect.arrayContaining([expect.stringMatching(/^[A-Z]+ \//)]),
    })
  })

  test('can be in chunks, in pieces, and one of several on a connection', async () => {
    const { send, socket } = await openConnection(server.url)
    const head = { ...bearer('pieces'), 'transfer-encoding': 'chunked' }
    const text = request('POST', `/valid-contradicted${phonesPath}`, head)
    for (const piece of [text.slice(0, 40), text.slice(40), `a;x=1\r\n${body.slice(0, 10)}\r\n`])
      await new Promise((resolve) => socket.write(piece, resolve))
    const rest = `${(body.length - 10).toString(16)}\r\n${body.slice(10)}\r\n0\r\n\r\n`
    expect(await send(rest, 'success')).toMatch(/"valid":1,"no_contact":1/)
    expect(await send(request('GET', `/500${phonesPath}`, bearer('pieces')), '}')).toMatch(/^HTTP\/1\.1 500/)
  })

  test('that expects 100 Continue gets it once, before its body', async () => {
    const { send } = await openConnection(server.url)
    const headers = { ...bearer('expects'), expect: '100-continue', 'content-length': String(body.length) }
    const head = request('POST', `/field-added${phonesPath}`, headers)
    expect(await send(head, '\r\n\r\n')).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    expect(await send(body, 'success')).toMatch(/^HTTP\/1\.1 200/)
  })

  test.for([
    ['of HTTP/1.0', request('GET', `/500${phonesPath}`).replace('HTTP/1.1', 'HTTP/1.0'), 500],
    ['with Connection: close', request('GET', `/500${phonesPath}`, { connection: 'close' }), 500],
    ['with Connection: close for the list', request('GET', '/faults', { connection: 'close' }), 200],
    ["that isn't HTTP", 'HELO any\r\n\r\n', 400],
    ['of bytes without a meaning', '\0\x01\x7f\r\n\r\n', 400],
    ["of a URL that can't be parsed", request('GET', 'http://['), 400],
    ['with a length that is no number', request('POST', '/400', { 'content-length': 'any' }), 400],
    ['with a negative length', `${request('POST', '/400', { 'content-length': '-5' })}any`, 400],
    ['with a chunk of no size', `${request('POST', '/400', { 'transfer-encoding': 'chunked' })}any\r\n`, 400],
    [
      'with a chunk without an end',
      `${request('POST', '/400', { 'transfer-encoding': 'chunked' })}${'f'.repeat(20)}\r\n`,
      400,
    ],
    ['in an unknown encoding', request('POST', '/400', { 'transfer-encoding': 'gzip' }), 400],
    ['that is too long', request('POST', '/500', { 'content-length': '9999999' }) + 'x'.repeat(2 ** 20), 400],
  ] as const)('%s is the last on its connection', async ([, text, status]) => {
    const { send } = await openConnection(server.url)
    expect(await send(text)).toMatch(new RegExp(`^HTTP/1.1 ${status}`))
  })
})

describe('a fault stands', () => {
  test.for(['400', '422', '200-html', 'redirect-307-port', '500-endless-body', 'not-http'] as const)(
    '%s with a token and a body of 64 KiB',
    async (name) => {
      const token = name + 'x'.repeat(2 ** 16)
      const { send, socket } = await openConnection(server.url)
      const long = JSON.stringify({ number: 'x'.repeat(2 ** 16) })
      await send(request('POST', `/${name}${phonesPath}`, bearer(token), long), '\r\n')
      expect((await arrivalsOf(name, token)).requests).toEqual({ createBorrowerPhone: 1 })
      socket.destroy()
    },
  )

  test('a token and a body of 64 KiB, with headers that a client accepts', async () => {
    const sent = { method: 'POST', headers: bearer('x'.repeat(2 ** 16)), body: 'x'.repeat(2 ** 16) }
    expect((await fetch(baseOf('400') + phonesPath, sent)).status).toBe(400)
  })

  test('1,000 idle connections', async () => {
    const idle = await Promise.all(Array.from({ length: 1_000 }, () => openConnection(server.url)))
    expect((await call('400', 'beside idle connections')).status).toBe(400)
    for (const { socket } of idle) socket.destroy()
  })
})

test.for([
  ['while it is idle', 'closed-while-idle', 1],
  ['by a reset', 'reset-before-headers', 0],
] as const)(
  'a request that is on its way when a connection ends %s does not arrive',
  async ([, name, responded]) => {
    const { send } = await openConnection(server.url)
    await send(request('GET', `/${name}${phonesPath}`, bearer('race')).repeat(2))
    expect(await arrivalsOf(name, 'race')).toMatchObject({
      requests: { listBorrowerPhones: 1 },
      responded: responded ? { listBorrowerPhones: 1 } : {},
    })
  },
)

test('a response never contains a line break of the request in a header', async () => {
  const sent = { method: 'POST', headers: bearer('lines'), body: JSON.stringify(JSON.parse(body), null, 2) }
  const response = await fetch(baseOf('400') + phonesPath, sent)
  expect(response.headers.get('x-echo')).toContain('6785550142')
})

describe('the server', () => {
  test('says which port is taken', async () => {
    const { port } = new URL(server.url)
    await expect(startFaults({ port: Number(port) })).rejects.toThrow(`Port ${port} on 127.0.0.1 is taken`)
  })

  test.for(['0.0.0.0', '192.0.2.1', 'example.com'])('refuses to listen on %s', async (host) => {
    await expect(startFaults({ port: 0, host })).rejects.toThrow(`not on ${host}`)
  })

  const hasIPv6 = Object.values(networkInterfaces()).some((all) =>
    all?.some(({ address }) => address === '::1'),
  )

  test.skipIf(!hasIPv6)('can listen on IPv6, and its redirects still reach both places', async () => {
    const own = await startFaults({ port: 0, host: '::1' })
    for (const to of ['host', 'port']) {
      const redirected = await fetch(`${own.url}/redirect-307-${to}${phonesPath}`, { redirect: 'manual' })
      await fetch(redirected.headers.get('location') ?? '')
      expect(own.arrivals(`redirect-307-${to}`, '').elsewhere).toHaveLength(1)
    }
    await own.close()
  })

  test('breaks every connection when it closes, and its ports are free', async () => {
    const own = await startFaults({ port: 0 })
    const { send } = await openConnection(own.url)
    const waiting = send(request('GET', `/headers-never-arrive${phonesPath}`, bearer('closing')))
    await expect.poll(() => own.arrivals('headers-never-arrive', 'closing').requests).not.toEqual({})
    await own.close()
    expect(await waiting).toBe('')
    const socket = connect(Number(new URL(own.url).port), '127.0.0.1')
    expect((await once(socket, 'error'))[0].code).toBe('ECONNREFUSED')
  })

  test('nobody else can listen on the port that refuses connections', async () => {
    const { port } = new URL(baseOf('connection-refused'))
    await expect(startFaults({ port: Number(port) })).rejects.toThrow('is taken')
  })
})
