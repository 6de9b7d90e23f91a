/** Starts sandboxes that end with the test, and sends requests to them. */
import { onTestFinished } from 'vitest'
import { collections } from '../src/resources/resources.gen.ts'
import { type RunningSandbox, type ServerOptions, startSandbox } from '../src/server.ts'
import { readWorldFile } from '../src/world/world-file.ts'
import { documentedWorld } from '../src/world/world-file-writer.ts'

export const borrower = '/api/v140/orders/57062885/borrowers/124927241/phones'

const { rows } = readWorldFile(documentedWorld(collections), collections, '2026-03-07 14:03:51')

/** How many records a new world has. */
export const seeded = rows.length
/** How many bytes they have, as a world counts them. */
export const seededBytes = Buffer.byteLength(rows.map(({ record }) => JSON.stringify(record)).join(''))

interface CallResponse {
  status: number
  headers: Headers
  body: any
}

export interface CallOptions {
  /** An empty string sends none. @default 'test' */
  token?: string
  headers?: Record<string, string>
}

export type Call = (
  method: string,
  path: string,
  body?: unknown,
  options?: CallOptions,
) => Promise<CallResponse>

/** Starts a sandbox until the test ends. */
export async function sandbox(options: ServerOptions = {}): Promise<RunningSandbox & { call: Call }> {
  const running = await startSandbox({ port: 0, ...options })
  onTestFinished(() => running.close())
  return { ...running, call: caller(running.url) }
}

/** Sends requests with a token and a JSON body. A body that is a string is sent as it is. */
export function caller(url: string, send: typeof fetch = fetch): Call {
  return async (method, path, body, { token = 'test', headers } = {}) => {
    const response = await send(url + path, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: JSON.parse(text) }
  }
}
