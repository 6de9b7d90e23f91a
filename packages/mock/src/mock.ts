import { close, listen } from '@recoveryconnect/http-server/listen'
import { createHttpServer } from './http.ts'
import { createResponder } from './respond.ts'

export interface MockOptions {
  /** The port to listen on; 0 picks a free one. @default 4010 */
  port?: number | undefined
  /** The address to listen on. @default '127.0.0.1' */
  host?: string | undefined
}

export interface Mock {
  /** The mock's URL, without a trailing slash: `http://127.0.0.1:4010`. */
  url: string
  /** Stops listening and closes every open connection. */
  close(): Promise<void>
}

/**
 * Starts a server that sends every documented response of the API, and rejects requests that don't fit the contract.
 *
 * It has no memory: you can't read back what you create. To choose a response, name it in the `Prefer` header, as in
 * `Prefer: code=422, example=number-missing`. The mock accepts any bearer token.
 *
 * @throws the operating system's error if the mock can't listen. If the port is in use, `code` is `EADDRINUSE`.
 *
 * @example
 * const mock = await startMock({ port: 0 })
 * await fetch(`${mock.url}/api/v140/orders/57062885/borrowers/124927241/phones`, {
 *   headers: { authorization: 'Bearer any', prefer: 'example=no-phones' },
 * })
 * await mock.close()
 */
export async function startMock({ port = 4010, host = '127.0.0.1' }: MockOptions = {}): Promise<Mock> {
  const server = createHttpServer(await createResponder())
  return { url: await listen(server, port, host), close: () => close(server) }
}
