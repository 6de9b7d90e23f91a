/** Starts the fault server, which serves each fault at a base URL of its own and tells what arrived there. */
import { createServer, type Server } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { close, listen } from '@recoveryconnect/http/listen'
import { generate } from 'selfsigned'
import { closedPort } from './closed-port.ts'
import { createElsewhere } from './elsewhere.ts'
import { type FaultEntry, listFaults, type Places } from './list.ts'
import { type Arrivals, Runs } from './runs.ts'
import { type Context, serve } from './serve.ts'
import { renderPromises } from './table.ts'

export type { Expectation, Expectations, Kind } from './expectation.ts'
export { type Arrivals, type FaultEntry, renderPromises }

export interface FaultOptions {
  /** 0 picks any free port. @default 4050 */
  port?: number | undefined
  /** An address of this machine: `127.0.0.1`, `::1` or `localhost`. @default '127.0.0.1' */
  host?: string | undefined
}

export interface RunningFaults {
  /** The URL of the list is `<url>/faults`. A fault is at its `base_url` in the list. */
  url: string
  /** The same list. */
  faults: FaultEntry[]
  /** What arrived at a fault with one token, as `GET /faults/<fault>/arrivals?run=<token>` returns it. */
  arrivals(fault: string, token: string): Arrivals
  /** Breaks every connection. */
  close(): Promise<void>
}

/**
 * Starts the fault server.
 *
 * @throws {Error} if the port is taken, or the host isn't an address of this machine.
 * @example
 * const server = await startFaults({ port: 0 })
 * // Point a client to `${server.url}/reset-before-headers`, call it with a new token, then:
 * console.log(server.arrivals('reset-before-headers', token).requests)
 * await server.close()
 */
export async function startFaults({
  port = 4050,
  host = '127.0.0.1',
}: FaultOptions = {}): Promise<RunningFaults> {
  if (!/^(localhost|127(\.\d+){3}|::1)$/.test(host))
    throw new Error(
      `The fault server listens only on this machine, not on ${host}. Use 127.0.0.1, ::1 or localhost.`,
    )
  const servers: Server[] = []
  const start = (server: Server, on: string, at = 0) => {
    servers.push(server)
    return listen(server, at, on)
  }
  const stop = () => Promise.all(servers.map(close))
  try {
    const context: Context = { runs: new Runs(), places: {} as Places, list: [] }
    certificate ??= createCertificate()
    const otherPort = await start(createElsewhere(context.runs), host)
    const otherHost = nameLocalhost(await start(createElsewhere(context.runs), localhost))
    const tls = createTlsServer(await certificate, (socket) => serve(socket, context, true))
    // The TLS socket lies on top of the connection, and its errors are of no interest either.
    tls.on('secureConnection', (socket) => socket.on('error', () => {}))
    const secure = nameLocalhost(await start(tls, localhost)).replace('http:', 'https:')
    const plain = createServer((socket) => serve(socket, context, false))
    const url = await start(plain, host, port)
    const { url: closed, release } = await closedPort(plain)
    Object.assign(context.places, { url, otherPort, otherHost, secure, closed })
    context.list.push(...listFaults(context.places))
    return {
      url,
      faults: context.list,
      arrivals: (fault, token) => context.runs.read(fault, token),
      close: () => stop().then(release),
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The address behind `localhost`. Redirects use the name, so that they lead to another host. */
const localhost = '127.0.0.1'

function nameLocalhost(url: string): string {
  return url.replace(localhost, 'localhost')
}

/** The same for every server of this process, because it takes time to make. */
let certificate: Promise<{ cert: string; key: string }> | undefined

async function createCertificate(): Promise<{ cert: string; key: string }> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }])
  return { cert, key }
}
