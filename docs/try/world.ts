/** The sandbox inside the page or the shared one of this site, and calls to it through the client as a partner's. */
import { createClient, RecoveryConnectError, type Result } from '@recoveryconnect/client'
import { createSandboxFetch } from '@recoveryconnect/sandbox/fetch'
import type { Operation } from '../contract.ts'
import { type Call, methodOf } from '../samples.ts'

/** What came back, or what came instead. */
export interface Outcome {
  /** `200`, or the kind of failure where there is no answer. */
  status: string
  /** The answer as JSON, or what the client says. */
  text: string
  milliseconds: number
}

type Method = (...args: unknown[]) => { result(): Promise<Result<unknown>> }

export type World = ReturnType<typeof createWorld>

/** A world that forgets everything with the page. Nothing is sent: the address only has to be one. */
export function worldInThisPage(): World {
  return createWorld('https://sandbox.invalid', 'try-it', createSandboxFetch() as typeof globalThis.fetch)
}

/**
 * A world of the sandbox that this site is served with: whoever has the token sees the same.
 *
 * @throws {Error} if the site comes without one, or the token cannot be one; the message is for the reader.
 */
export async function sharedWorld(token: string): Promise<World> {
  const world = createWorld(location.origin, token, globalThis.fetch)
  const health = await fetch('/__sandbox/health').catch(() => undefined)
  const isThere = health?.ok && health.headers.get('content-type') === 'application/json'
  if (!isThere) throw new Error('This site comes without a shared sandbox; see the guide “Shared sandbox”.')
  return world
}

function createWorld(baseUrl: string, token: string, fetch: typeof globalThis.fetch) {
  const rc = createClient({
    baseUrl,
    token,
    // The page shows each answer as it is, also one that a program would ask for again.
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
    /** Makes the call. `lost` carries it out and then drops the connection. */
    async run(operation: Operation, { ids, body, headers }: Call, lost: boolean): Promise<Outcome> {
      if (lost) await control('faults', { operation: operation.id, connection: 'drop-answer' })
      const { resource, method } = methodOf(operation)
      const resources = rc as unknown as Record<string, Record<string, Method>>
      const args = [operation.parameters.length > 0 && ids, operation.request && body, { headers }]
      const start = performance.now()
      const result = await resources[resource]
        ?.[method]?.(...args.filter((arg) => arg !== false && arg !== undefined))
        .result()
      const milliseconds = performance.now() - start
      if (!result) throw new Error(`The client has no ${resource}.${method}.`)
      return { ...outcomeOf(result), milliseconds }
    },

    async reset(): Promise<void> {
      await control('reset')
    },

    /** The records of a list, or undefined where there is no such list. */
    async records(path: string): Promise<Record<string, unknown>[] | undefined> {
      const headers = { authorization: `Bearer ${token}` }
      const response = await fetch(baseUrl + path, { headers }).catch(() => undefined)
      if (!response?.ok) return undefined
      return ((await response.json()) as { data: Record<string, unknown>[] }).data
    },
  }
}

function outcomeOf(result: Result<unknown>): Pick<Outcome, 'status' | 'text'> {
  if (result.ok) return { status: String(result.response.status), text: pretty(result.data) }
  const { error } = result
  if (!(error instanceof RecoveryConnectError)) throw error
  const text = error.body === undefined ? error.message : pretty(error.body)
  return { status: error.status ? `${error.status} (${error.kind})` : error.kind, text }
}

function pretty(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}
