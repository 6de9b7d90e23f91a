import type { AddressInfo } from 'node:net'
import contract from '@recoveryconnect/spec/openapi.json' with { type: 'json' }
import { createAnswerer } from './answer.ts'
import { createHttpServer } from './http.ts'

export interface MockOptions {
  /** The port to listen on; 0 takes a free one. @default 4010 */
  port?: number
  /** The address to listen on. @default '127.0.0.1' */
  host?: string
}

export interface Mock {
  /** Where the mock listens, without a slash at the end: `http://127.0.0.1:4010`. */
  url: string
  /** Stops listening and ends every open connection. */
  close(): Promise<void>
}

/**
 * Starts a server that gives every documented answer of the API, and refuses what the contract refuses.
 *
 * It has no memory: what you create, you cannot read back. Name the answer you want in the `Prefer` header,
 * as in `Prefer: code=422, example=number-missing`. Any bearer token will do.
 *
 * @throws the error of the operating system if it cannot listen; `code` is `EADDRINUSE` where the port is taken.
 *
 * @example
 * const mock = await startMock({ port: 0 })
 * await fetch(`${mock.url}/api/v140/orders/57062885/borrowers/124927241/phones`, {
 *   headers: { authorization: 'Bearer any', prefer: 'example=no-phones' },
 * })
 * await mock.close()
 */
export async function startMock({ port = 4010, host = '127.0.0.1' }: MockOptions = {}): Promise<Mock> {
  const server = createHttpServer(await createAnswerer(contract))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, () => resolve(void server.off('error', reject)))
  })
  return {
    url: urlOf(server.address() as AddressInfo),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}
