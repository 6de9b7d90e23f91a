/** Opens and closes ports. */
import { once } from 'node:events'
import { type AddressInfo, connect, type Server, type Socket } from 'node:net'

const connections = new WeakMap<Server, Set<Socket>>()

export async function listen(server: Server, port: number, host: string): Promise<void> {
  const open = new Set<Socket>()
  connections.set(server, open)
  server.on('connection', (socket: Socket) => {
    open.add(socket.on('error', () => {}).on('close', () => open.delete(socket)))
  })
  // A TLS server has a second socket on top, whose errors are of no interest either.
  server.on('secureConnection', (socket: Socket) => socket.on('error', () => {}))
  server.listen(port, host)
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error
    throw new Error(`Port ${port} on ${host} is taken. Choose another port, or 0 for any free one.`)
  })
}

/** Breaks every connection. */
export async function close(server: Server): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  for (const socket of connections.get(server) ?? []) socket.destroy()
  await closed
}

export function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

/**
 * Reserves a port that refuses connections while the server runs. It is the local port of a connection to the server,
 * so no other process can listen on it.
 */
export async function closedPort(server: Server): Promise<{ url: string; release: () => void }> {
  const { address, port } = server.address() as AddressInfo
  const socket = connect({ port, host: address })
  socket.on('error', () => {})
  await once(socket, 'connect')
  const url = urlOf(server).replace(/:\d+$/, `:${socket.localPort}`)
  return { url, release: () => socket.destroy() }
}
