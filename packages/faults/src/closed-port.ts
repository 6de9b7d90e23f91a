import { once } from 'node:events'
import { type AddressInfo, connect, type Server } from 'node:net'
import { urlOf } from '@recoveryconnect/http/listen'

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
