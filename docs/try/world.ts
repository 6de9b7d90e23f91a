/** The sandbox that the try page uses, in the page or shared, and the calls to it through the client. */
import { createClient, RecoveryConnectError, type Result } from '@recoveryconnect/client'
import { createSandboxFetch } from '@recoveryconnect/sandbox/fetch'
import type { Operation } from '@recoveryconnect/spec/model'
import type { Call } from '../samples.ts'

export interface Outcome {
  /** `200`, or the kind of the error if there is no response. */
  status: string
  /** The response as JSON, or the client's message. */
  text: string
  milliseconds: number
}

type Method = (...args: unknown[]) => { result(): Promise<Result<unknown>> }

export type World = ReturnType<typeof createWorld>

/** Creates a sandbox that exists as long as the page does. It doesn't use the network, so any URL works. */
export function createWorldInPage(): World {
  return createWorld('https://sandbox.invalid', 'try-it', createSandboxFetch() as typeof globalThis.fetch)
}

/**
 * Connects to the sandbox that is deployed with this site. Everyone who uses the same token sees the same records.
 *
 * @throws {Error} if the site has no sandbox, or the token isn't valid. The page shows the message.
 */
export async function connectToSharedWorld(token: string): Promise<World> {
  const world = createWorld(location.origin, token, globalThis.fetch)
  const health = await fetch('/__sandbox/health').catch(() => undefined)
  const isThere = health?.ok && health.headers.get('content-type') === 'application/json'
  if (!isThere)
    throw new Error('This site has no shared sandbox. To deploy one, see the guide “Shared sandbox”.')
  return world
}

function createWorld(baseUrl: string, token: string, fetch: typeof globalThis.fetch) {
  const rc = createClient({
    baseUrl,
    token,
    // The page shows every response, including those that the client would retry.
    maxAttempts: 1,
    allowUnknownKeys: true,
    fetch: (input, init) => fetch(input, init),
  })
  const control = (path: string, body?: unknown) =>
    fetch(`${baseUrl}/__sandbox/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })

  return {
    /** @param lost if true, the sandbox processes the request, and then drops the connection. */
    async run(operation: Operation, { ids, body, headers }: Call, lost: boolean): Promise<Outcome> {
      if (lost) await control('faults', { operation: operation.id, connection: 'drop-response' })
      const { resource, name } = operation
      const resources = rc as unknown as Record<string, Record<string, Method>>
      const args = [operation.parameters.length > 0 && ids, operation.body && body, { headers }]
      const start = performance.now()
      const result = await resources[resource]
        ?.[name]?.(...args.filter((arg) => arg !== false && arg !== undefined))
        .result()
      const milliseconds = performance.now() - start
      if (!result)
        throw new Error(`The client has no method ${resource}.${name}. Run \`fix\` to generate it.`)
      return { ...readOutcome(result), milliseconds }
    },

    async reset(): Promise<void> {
      await control('reset')
    },

    /** Returns the records of a list, or undefined if the sandbox has no such list. */
    async listRecords(path: string): Promise<Record<string, unknown>[] | undefined> {
      const headers = { authorization: `Bearer ${token}` }
      const response = await fetch(baseUrl + path, { headers }).catch(() => undefined)
      if (!response?.ok) return undefined
      return ((await response.json()) as { data: Record<string, unknown>[] }).data
    },
  }
}

function readOutcome(result: Result<unknown>): Pick<Outcome, 'status' | 'text'> {
  if (result.ok) return { status: String(result.response.status), text: formatJson(result.data) }
  const { error } = result
  if (!(error instanceof RecoveryConnectError)) throw error
  const text = error.body === undefined ? error.message : formatJson(error.body)
  return { status: error.status ? `${error.status} (${error.kind})` : error.kind, text }
}

function formatJson(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}
