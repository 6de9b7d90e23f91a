/** Serves connections: reads their requests, and lets each meet its fault. */
import type { Socket } from 'node:net'
import { findOperation, operations, parseFields } from './contract.ts'
import { expectations } from './expectations.ts'
import type { Exchange, Fault } from './fault.ts'
import { faults } from './faults.ts'
import type { FaultEntry, Places } from './list.ts'
import { longestRequest, parseRequest, type Request } from './request.ts'
import { json, readableJson } from './response.ts'
import { type Connection, count, type Run, type Runs, remember } from './runs.ts'

/** What all connections share. */
export interface Context {
  runs: Runs
  places: Places
  list: FaultEntry[]
}

/** A connection in use. */
interface Link {
  socket: Socket
  isSecure: boolean
  connection: Connection
  /** The number of its requests, by run. */
  requests: Map<Run, number>
}

/** Reads the requests of a connection, one after the other. */
export function serve(socket: Socket, context: Context, isSecure: boolean): void {
  const connection: Connection = { requests: 0, openedAt: performance.now() }
  const link: Link = { socket, isSecure, connection, requests: new Map() }
  let received = ''
  let isContinued = false
  socket.on('close', () => {
    connection.closedAt = performance.now()
  })
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    // The server closed the connection after its last response, so it doesn't read what arrives later.
    if (!socket.writable) return
    received += chunk
    // A TLS handshake on the plain port.
    if (received.startsWith('\x16'))
      return void socket.end(json(400, { message: "This port doesn't speak TLS." }))
    while (socket.writable) {
      const parsed = parseRequest(received)
      if (parsed.state === 'invalid' || received.length > longestRequest)
        return void socket.end(json(400, { message: "This isn't an HTTP/1.1 request of up to 1 MiB." }))
      if (parsed.state === 'incomplete') {
        if (parsed.expectsContinue && !isContinued) socket.write('HTTP/1.1 100 Continue\r\n\r\n')
        isContinued = parsed.expectsContinue
        return
      }
      received = parsed.rest
      handle(link, parsed.request, context)
    }
  })
}

function handle(link: Link, request: Request, context: Context): void {
  const { pathname, searchParams } = new URL(request.target.replace(/^\/+/, '/'), 'http://any')
  const [, name = '', path = ''] = /^\/([^/]*)(\/.*)?$/.exec(pathname) ?? []
  const fault = faults.find((one) => one.name === name)
  const operation = findOperation(request.method, path)
  const told = request.method === 'GET' && tell(pathname, searchParams.get('run') ?? '', context)
  if (told) respond(link, request, 200, told)
  else if (fault?.behave && operation && link.isSecure === (fault.place === 'untrusted certificate'))
    fault.behave(record(link, request, operation, fault, context))
  else respond(link, request, 404, explain(fault, `${request.method} ${pathname}`, context))
}

/** Returns the list or the arrivals, if that's what the path names. */
function tell(path: string, token: string, { list, runs }: Context): object | undefined {
  if (path === '/faults') return list
  const [, fault = ''] = /^\/faults\/([^/]+)\/arrivals$/.exec(path) ?? []
  return Object.hasOwn(expectations, fault) ? runs.read(fault, token) : undefined
}

/** Says what there is instead of what was requested. */
function explain(fault: Fault | undefined, requested: string, { list, places }: Context): object {
  const entry = list.find(({ name }) => name === fault?.name)
  if (!entry)
    return {
      message: `${requested} doesn't exist. GET /faults lists the faults with their base URLs.`,
      exists: ['GET /faults', 'GET /faults/<fault>/arrivals?run=<token>'],
    }
  const { name, base_url } = entry
  const message = base_url.startsWith(`${places.url}/`)
    ? `${requested} isn't an operation of the API.`
    : `The base URL of this fault is ${base_url}.`
  return { message, exists: operations.map(({ method, path }) => `${method} /${name}${path}`) }
}

function respond({ socket }: Link, { keepAlive }: Request, status: number, value: object): void {
  if (keepAlive) socket.write(readableJson(status, value))
  else socket.end(readableJson(status, value))
}

/** Records the request in its run. */
function record(
  { socket, connection, requests }: Link,
  request: Request,
  operation: Exchange['operation'],
  { name }: Fault,
  { runs, places }: Context,
): Exchange {
  const [, token = ''] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? []
  const run = runs.open(name, token)
  const nth = (requests.get(run) ?? 0) + 1
  requests.set(run, nth)
  count(run.requests, operation.id)
  connection.requests++
  remember(run.connections, connection)
  const { number } = parseFields(request.body)
  if (typeof number === 'string') run.number = number
  const elsewhere = { port: `${places.otherPort}/${run.id}`, host: `${places.otherHost}/${run.id}` }
  return { socket, request, operation, run, token, nth, elsewhere }
}
