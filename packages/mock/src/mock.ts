import { close, listen } from '@recoveryconnect/http/listen'
import { createHttpServer } from '@recoveryconnect/http/server'
import { readModel } from '@recoveryconnect/spec/model'
import { createHandle } from './http.ts'
import { createResponder } from './respond.ts'

export interface MockOptions {
  /** The port to listen on; 0 picks a free one. @default 4010 */
  port?: number | undefined
  /** The address to listen on. @default '127.0.0.1' */
  host?: string | undefined
  /** Lets web pages of all origins, or of these, call the mock. @default false */
  cors?: boolean | readonly string[] | undefined
  /** Put in front of every path: `/vendor`. @default none */
  basePath?: string | undefined
  /** Called for each request, with its path as a template and without any value. */
  onRequest?:
    | ((entry: { method: string; path: string; status: number | null; ms: number }) => void)
    | undefined
}

export interface Mock {
  /** The mock's URL with the base path, without a trailing slash: `http://127.0.0.1:4010`. */
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
export async function startMock(options: MockOptions = {}): Promise<Mock> {
  const { port = 4010, host = '127.0.0.1', basePath = '', ...rest } = options
  const server = createHttpServer({
    ...rest,
    handle: createHandle(await createResponder()),
    bodyLimitOf: () => 1024 * 1024,
    requestTimeout: 30_000,
    basePath,
    paths: readModel().operations.map(({ path }) => path),
  })
  const url = await listen(server, port, host)
  return { url: url + basePath, close: () => close(server) }
}
