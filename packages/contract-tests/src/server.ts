/** The server under test: where it is, what a run may do to it, and how to send a request. */
import { setTimeout as pause } from 'node:timers/promises'
import { Failed, type HttpResponse } from './outcome.ts'

export interface BorrowerIds {
  order_id: number
  borrower_id: number
}

/** A server that claims to implement this API, and what a run may do to it. */
export interface Target {
  /** The URL of the API without a trailing slash: `https://api.mbsisystems.com`. */
  url: string
  token: string
  /** A borrower set aside for the checks. */
  ids: BorrowerIds
  /** A second borrower, who must not see any record of the first. */
  other?: BorrowerIds
  credentials?: { username: string; password: string }
  /** Sends a request. @default the global fetch */
  fetch?: (url: string, init: RequestInit) => Promise<Response>
  /** Whether you can read a record after creating it. @default true */
  remembers?: boolean
  /** Whether a run may destroy everything on the server. @default false */
  disposable?: boolean
  /** Whether a validating proxy in front of the server rejects what the contract doesn't allow. @default false */
  proxied?: boolean
}

export interface HttpRequest {
  method: string
  path: string
  headers: Record<string, string>
  /** Sent as JSON. A string is sent unchanged. */
  body?: unknown
}

export interface SendOptions {
  returnLimits?: boolean
  /** Called for each response, including each 429 that the run waits for. */
  onResponse?: (response: HttpResponse) => void
  signal?: AbortSignal
}

const timeout = 15_000
/** The maximum total time that a run waits after 429s, in milliseconds. */
const maxWait = 120_000

export class Server {
  readonly #target: Target
  #waited = 0

  constructor(target: Target) {
    this.#target = target
  }

  /**
   * Sends a request. After a 429, it waits and sends the request again, because the contract says that a request with a
   * 429 wasn't carried out.
   *
   * @throws {Failed} if there is no response.
   */
  async send(request: HttpRequest, options: SendOptions = {}): Promise<HttpResponse> {
    const { returnLimits = false, onResponse, signal } = options
    const response = await this.#sendOnce(request)
    onResponse?.(response)
    if (response.status !== 429 || returnLimits) return response
    const seconds = Number(response.headers.get('retry-after') ?? 'NaN')
    const wait = Number.isFinite(seconds) ? Math.max(0, seconds) * 1000 : 5_000
    if (this.#waited + wait > maxWait) return response
    this.#waited += Math.max(wait, 10)
    await pause(wait, undefined, signal && { signal })
    return this.send(request, options)
  }

  async #sendOnce({ method, path, headers, body }: HttpRequest): Promise<HttpResponse> {
    const send = this.#target.fetch ?? fetch
    const init = { method, headers, redirect: 'manual', signal: AbortSignal.timeout(timeout) } as const
    const content = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    try {
      const response = await send(this.#target.url + path, {
        ...init,
        ...(content !== undefined && { body: content }),
      })
      const { status } = response
      const contentType = response.headers.get('content-type')
      return { status, contentType, headers: response.headers, body: parseJson(await response.text()) }
    } catch (error) {
      throw new Failed('a response', describeFailure(error as Error))
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Leaves out the error's message, because it may quote the request. */
function describeFailure(error: Error): string {
  if (error.name === 'TimeoutError') return `no response within ${timeout / 1000} s`
  const { code } = (error.cause ?? {}) as { code?: string }
  return `a failed connection (${code ?? error.name})`
}
