/** Calls any operation through the generated client, by its id. */
import { type ClientOptions, createClient } from '@recoveryconnect/client'
import type { ContractOperation } from './contract.ts'

/** What came back over the wire, whatever the client made of it. */
export interface Seen {
  status: number
  contentType: string | null
  body: unknown
}

type Facade = Record<string, Record<string, (...args: unknown[]) => Promise<unknown>>>

/**
 * Calls an operation with the given body and returns what came back.
 *
 * @param prefer the `Prefer` header that names the answer, such as `code=404`; for servers that heed it.
 * @example await callThroughClient({ baseUrl, token }, operation('listBorrowerPhones'))
 */
export async function callThroughClient(
  options: ClientOptions,
  { id, tag, ids }: ContractOperation,
  body?: unknown,
  prefer?: string,
): Promise<{ seen: Seen; data?: unknown; error?: unknown }> {
  let seen: Seen | undefined
  const client = createClient({
    ...options,
    // A retry would hide the answer that is asked for.
    maxAttempts: 1,
    fetch: async (input, init) => {
      const request = new Request(input, init)
      if (prefer) request.headers.set('prefer', prefer)
      const response = await fetch(request)
      seen = {
        status: response.status,
        contentType: response.headers.get('content-type'),
        body: JSON.parse(await response.clone().text()),
      }
      return response
    },
  })
  const resource = (client as unknown as Facade)[camelCase(tag)]
  const call = resource?.[id] ?? resource?.[id.match(/^[a-z]+/)?.[0] ?? '']
  if (!call) throw new Error(`The client has no method for ${id} under ${camelCase(tag)}.`)
  const args = [...(Object.keys(ids).length ? [ids] : []), ...(body === undefined ? [] : [body])]
  const outcome: { data?: unknown; error?: unknown } = await call(...args).then(
    (data) => ({ data }),
    (error) => ({ error }),
  )
  if (!seen) throw outcome.error
  return { seen, ...outcome }
}

const camelCase = (tag: string) =>
  tag.toLowerCase().replace(/ (.)/g, (_, letter: string) => letter.toUpperCase())
