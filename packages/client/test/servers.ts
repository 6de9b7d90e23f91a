/** Real servers on free loopback ports. Each closes at the end of the test that started it. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { promisify } from 'node:util'
import { type Operation, readModel } from '@recoveryconnect/spec/model'
import { onTestFinished } from 'vitest'
import type { CallOptions, Client } from '../src/client.ts'

/** A request as the server received it. */
interface Arrived {
  method: string
  path: string
  headers: Record<string, string>
  body: string
}

/** Handles one request: writes a response to the socket, or breaks the connection. */
export type Handler = (socket: Socket, request: Arrived, count: number) => void

/** Registers what runs at the end of a test. A concurrent test passes its own `onTestFinished`. */
export type CleanUp = (end: () => Promise<void>) => void

export const ids = { order_id: 57062885, borrower_id: 124927241 }
/** What no log may show: a token, and personal data. No social security number starts with 000. */
export const secrets = {
  token: 'token-d41d8cd98f',
  number: '678-555-0142',
  memo: 'ask for the neighbor',
  firstname: 'Averil',
  lastname: 'Exampleson',
  birthday: '1970-02-03',
  license_no: 'D0142-98765',
  ssn: '000-12-3456',
  street: '98 Nowhere Boulevard',
}
export const newPhone = {
  type: 6,
  number: secrets.number,
  memo: secrets.memo,
  valid: 1,
  no_contact: 0,
} as const

/** A phone record with the three fields that only single records have. */
export const phone = {
  id: 39317581,
  mobile_carrier_id: null,
  extension: null,
  created_at: '2026-03-07 14:18:07',
  updated_at: '2026-03-07 14:18:07',
  deleted_at: null,
  migration: null,
  address_with_number: 'No address',
  ...newPhone,
}

/** Every operation that returns a list. The client has a method for each. */
export const lists = readModel().operations.filter(({ verb }) => verb === 'list')

/** Calls an operation of {@link lists} with its example ids. */
export function callList(rc: Client, { resource, name, parameters }: Operation, options?: CallOptions) {
  const methods = rc[resource as keyof Client] as unknown as Record<string, Client['borrowers']['list']>
  const given = parameters
    .filter((parameter) => parameter.in === 'path')
    .map(({ name, example }) => [name, example])
  const call = methods[name]?.(Object.fromEntries(given), options)
  if (!call) throw new Error(`the client has no method ${resource}.${name}`)
  return call
}

export const borrower = {
  id: 124927241,
  parent_id: 124927240,
  order_id: ids.order_id,
  person_id: 136781282,
  role: 'borrower',
  is_violent: 0,
  is_primary: 1,
  active_military: 0,
  is_deceased: 0,
  is_fraud: 0,
  created_at: '2026-02-17 10:45:03',
  updated_at: '2026-02-17 10:45:03',
  deleted_at: null,
  bankruptcy: null,
  firstname: secrets.firstname,
  middle_initial: '',
  lastname: secrets.lastname,
  birthday: secrets.birthday,
  license_no: secrets.license_no,
  license_state: null,
  validated: 1,
  migration: null,
  phones: [],
  ssn: secrets.ssn,
} as const

export const address = {
  id: 219114267,
  address_id: 120093908,
  name: 'Home Address',
  address_1: secrets.street,
  address_2: '',
  unit: '',
  zip_code_id: 46261,
  type: 1,
  latitude: '29.42519100',
  longitude: '-98.49459200',
  zip_code: '85123',
  city_name: 'Arizona City',
  state_name: 'Arizona',
  county_name: 'Pinal',
  hits: 0,
  no_contact: 0,
  created_at: '2026-03-09 09:38:27',
  updated_at: '2026-03-09 09:38:27',
} as const

/** Serves HTTP over raw sockets, so that a handler can break it in any way. Records the requests. */
export async function serve(
  handle: Handler,
  cleanUp: CleanUp = onTestFinished,
): Promise<{ url: string; arrived: Arrived[] }> {
  const arrived: Arrived[] = []
  const server = createServer((socket) => {
    let received = ''
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      received += chunk
      for (let next = parseRequest(received); next; next = parseRequest(received)) {
        received = next.rest
        arrived.push(next.request)
        handle(socket, next.request, arrived.length)
      }
    })
  })
  return { url: `http://127.0.0.1:${await listen(server, cleanUp)}`, arrived }
}

/** Starts a server that listens until the end of the test. Returns its port. */
export async function listen(server: Server, cleanUp: CleanUp = onTestFinished): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => {}))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUp(async () => {
    for (const socket of sockets) socket.destroy()
    if (server.listening) await promisify(server.close.bind(server))()
  })
  return (server.address() as AddressInfo).port
}

/** The bytes of a response. Its headers may be wrong on purpose. */
export function http(
  status: number,
  body: string | Buffer,
  headers: Record<string, string | number> = {},
): Buffer {
  const lines = Object.entries({ 'content-length': Buffer.byteLength(body), ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  )
  return Buffer.concat([
    Buffer.from([`HTTP/1.1 ${status} Any`, ...lines, '', ''].join('\r\n')),
    Buffer.from(body),
  ])
}

/** The bytes of a JSON response. */
export function json(status: number, value: unknown, headers: Record<string, string | number> = {}): Buffer {
  return http(status, JSON.stringify(value), { 'content-type': 'application/json', ...headers })
}

function parseRequest(received: string): { request: Arrived; rest: string } | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [start = '', ...lines] = received.slice(0, end).split('\r\n')
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  )
  const from = end + 4
  const to = from + Number(headers['content-length'] ?? 0)
  if (received.length < to) return undefined
  const [method = '', path = ''] = start.split(' ')
  return { request: { method, path, headers, body: received.slice(from, to) }, rest: received.slice(to) }
}
