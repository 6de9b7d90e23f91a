/** The client of the RecoveryConnect API. The only file that imports openapi-fetch. */
import createOpenapiFetch from 'openapi-fetch'
import type { CallOptions, Connection, Operation } from './connection.ts'
import { Client, serverUrl } from './operations.gen.ts'

export type { Call, CallOptions, Connection } from './connection.ts'
export type { BorrowerPhones, Schemas } from './operations.gen.ts'
export { borrowerPhones, type Client } from './operations.gen.ts'

/** What a client is made from. */
export interface ClientOptions {
  /** The bearer token. */
  token: string
  /** The server. Default: the contract's, which is production. */
  baseUrl?: string
  /** Replaces `globalThis.fetch`. */
  fetch?: typeof globalThis.fetch
}

/**
 * A client with every resource of the contract.
 *
 * @example
 * const rc = createClient({ token })
 * const { data } = await rc.borrowerPhones.list({ order_id: 57062885, borrower_id: 124927241 })
 */
export function createClient(options: ClientOptions): Client {
  return new Client(connect(options))
}

/**
 * A connection without any resource, for programs that bundle only the resources they use.
 *
 * @example const { list } = borrowerPhones(connect({ token }))
 */
export function connect({ token, baseUrl = serverUrl, fetch }: ClientOptions): Connection {
  // The operation tables and the facade's signatures come from one contract, so the types are checked there.
  const request = createOpenapiFetch({ baseUrl }).request as (
    method: string,
    path: string,
    init: object,
  ) => Promise<{ data?: unknown; response: Response }>
  const made = new Map<unknown, unknown>()

  async function send<Answer>(
    { id, method, path }: Operation,
    ids: object,
    body: unknown,
    options: CallOptions | undefined,
  ): Promise<Answer> {
    const { data, response } = await request(method, path, {
      params: { path: ids },
      body,
      headers: { accept: 'application/json', authorization: `Bearer ${token}` },
      fetch: (request: Request) => (fetch ?? globalThis.fetch)(request),
      ...(options?.signal && { signal: options.signal }),
    })
    if (!response.ok || data === undefined) throw new Error(`${id}: the server answered ${response.status}`)
    return data as Answer
  }

  const connection: Connection = {
    call: send,
    use<Resource>(factory: (connection: Connection) => Resource): Resource {
      if (!made.has(factory)) made.set(factory, factory(connection))
      return made.get(factory) as Resource
    },
  }
  return connection
}
