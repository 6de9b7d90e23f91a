/** Calls any operation through the client, by its id. */
import { type ClientOptions, createClient } from '@recoveryconnect/client'
import type { Operation } from '@recoveryconnect/spec/model'
import { exampleIds } from '../src/operations.ts'

/** What the server sent, whatever the client made of it. */
export interface RawResponse {
  status: number
  contentType: string | null
  body: unknown
}

type Methods = Record<string, Record<string, (...args: unknown[]) => Promise<unknown>>>

/**
 * Calls an operation with the given body.
 *
 * @param prefer the `Prefer` header that names the response, such as `code=404`; for servers that support it.
 * @example await callThroughClient({ baseUrl, token }, findOperationById('listBorrowerPhones'))
 */
export async function callThroughClient(
  options: ClientOptions,
  operation: Operation,
  body?: unknown,
  prefer?: string,
): Promise<{ raw: RawResponse; data?: unknown; error?: unknown }> {
  let raw: RawResponse | undefined
  const client = createClient({
    ...options,
    // A retry would hide the response that the test asked for.
    maxAttempts: 1,
    fetch: async (input, init) => {
      const request = new Request(input, init)
      if (prefer) request.headers.set('prefer', prefer)
      const response = await fetch(request)
      raw = {
        status: response.status,
        contentType: response.headers.get('content-type'),
        body: JSON.parse(await response.clone().text()),
      }
      return response
    },
  })
  const call = (client as unknown as Methods)[operation.resource]?.[operation.name]
  if (!call) throw new Error(`The client has no method ${operation.resource}.${operation.name}.`)
  const ids = exampleIds(operation)
  const args = [...(Object.keys(ids).length > 0 ? [ids] : []), ...(body === undefined ? [] : [body])]
  const outcome: { data?: unknown; error?: unknown } = await call(...args).then(
    (data) => ({ data }),
    (error) => ({ error }),
  )
  if (!raw) throw outcome.error
  return { raw, ...outcome }
}
