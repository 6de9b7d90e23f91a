/**
 * Runs operations in the page, in a sandbox of its own, and renders their requests. The panel loads this module when the
 * reader first uses it.
 */
import { createClient, RecoveryConnectError, type Result } from '@recoveryconnect/client'
import { createSandboxFetch } from '@recoveryconnect/sandbox/fetch'
import { findOperation, readModel } from '@recoveryconnect/spec/model'
import { type Call, describeSample } from '../samples/call.ts'
import { languages } from '../samples/languages.ts'

export interface Outcome {
  /** @example '422 (validation), in 2.1 ms' */
  summary: string
  /** The response as JSON, or the client's message. */
  text: string
  /** The status of a failure; 0 if there is no response. */
  failure?: number
  /** The id of the record that was created. */
  created?: string
}

type Method = (...args: unknown[]) => { result(): Promise<Result<unknown>> }

const model = readModel()
/** It doesn't use the network, so any URL works. It keeps its records until the reader reloads the page. */
const baseUrl = 'https://sandbox.invalid'
const fetch = createSandboxFetch() as typeof globalThis.fetch

/** Renders a call in every language, by the language's id. */
export function renderRequests(id: string, call: Call): Map<string, string> {
  const sample = describeSample(findOperation(model, id), call)
  return new Map(languages.map((language) => [language.id, language.render(sample)]))
}

/** @param isLost if true, the sandbox processes the request, and then drops the connection. */
export async function runOperation(
  operationId: string,
  call: Call,
  token: string,
  isLost: boolean,
): Promise<Outcome> {
  const { resource, name, parameters, body, verb, needsToken } = findOperation(model, operationId)
  if (isLost) await control('faults', token, { operation: operationId, connection: 'drop-response' })
  const start = performance.now()
  const result = await send()
  const time = `in ${(performance.now() - start).toFixed(1)} ms`
  if (!result.ok) {
    const { status, kind, body, message } = result.error
    const summary = `${status ?? ''} (${kind}), ${time}`.trim()
    return { summary, text: body === undefined ? message : formatJson(body), failure: status ?? 0 }
  }
  const id = verb === 'create' && String((result.data as { data: { id: number } }).data.id)
  const summary = `${result.response.status}, ${time}`
  return { summary, text: formatJson(result.data), ...(id && { created: id }) }

  async function send(): Promise<Result<unknown>> {
    try {
      // The panel shows every response, including those that the client would retry.
      const options = { baseUrl, fetch, maxAttempts: 1, allowUnknownKeys: true }
      const rc = createClient({ ...options, token: needsToken ? token : 'none' })
      const { headers } = call
      const args = [...(parameters.length > 0 ? [call.ids] : []), ...(body ? [call.body] : []), { headers }]
      const methods = rc as unknown as Record<string, Record<string, Method>>
      const method = methods[resource]?.[name] as Method
      return await method(...args).result()
    } catch (error) {
      if (error instanceof RecoveryConnectError) return { ok: false, error }
      throw error
    }
  }
}

/** Restores the records that the sandbox started with. */
export async function resetSandbox(token: string): Promise<void> {
  await control('reset', token)
}

async function control(path: string, token: string, body: object = {}): Promise<void> {
  const headers = { authorization: `Bearer ${token}` }
  await fetch(`${baseUrl}/__sandbox/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
}

function formatJson(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}
