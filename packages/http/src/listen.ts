/** Opens and closes ports. */
import { type AddressInfo, isIPv6, type Server, type Socket } from 'node:net'

const connections = new WeakMap<Server, Set<Socket>>()

const reasons: Record<string, (port: number, host: string) => string> = {
  EADDRINUSE: (port, host) =>
    `Port ${port} on ${host} is taken. Stop the other program, or choose another port with --port.`,
  EACCES: (port) => `You don't have permission to use port ${port}. Choose a port above 1023 with --port.`,
  EADDRNOTAVAIL: (_, host) =>
    `This machine doesn't have the address ${host}. Choose another address with --host.`,
  ENOTFOUND: (_, host) => `The host ${host} doesn't exist. Choose another address with --host.`,
}

/**
 * Starts to listen.
 *
 * @param port 0 picks any free port.
 * @returns the URL, without a slash at the end.
 * @throws {Error} with the system's `code` and with what to do, if the port is taken or the host can't be used.
 */
export async function listen(server: Server, port: number, host: string): Promise<string> {
  // Node would listen on every interface.
  if (host === '')
    throw new Error('The host is empty. Use 127.0.0.1, or 0.0.0.0 to listen on every interface.')
  const open = new Set<Socket>()
  connections.set(server, open)
  server.on('connection', (socket: Socket) => {
    open.add(socket.on('error', () => {}).on('close', () => open.delete(socket)))
  })
  await new Promise<void>((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => {
      const message = reasons[error.code ?? '']?.(port, host) ?? error.message
      reject(Object.assign(new Error(message, { cause: error }), { code: error.code }))
    }
    server.once('error', fail).listen(port, host, () => resolve(void server.off('error', fail)))
  })
  return urlOf(server)
}

/** Stops listening and breaks every connection. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    for (const socket of connections.get(server) ?? []) socket.destroy()
  })
}

export function urlOf(server: Server): string {
  const { address, port } = server.address() as AddressInfo
  return `http://${isIPv6(address) ? `[${address}]` : address}:${port}`
}
