/** The server under test: where it is, what may be done to it, and how a request is sent. */
import { setTimeout as pause } from 'node:timers/promises'
import { Failed, type HttpResponse } from './outcome.ts'

export interface BorrowerIds {
  order_id: number
  borrower_id: number
}

/** A server that claims to be this API, and what may be done to it. */
export interface Target {
  /** Where the API is, without a slash at the end: `https://api.mbsisystems.com`. */
  url: string
  token: string
  /** A borrower set aside for this. */
  ids: BorrowerIds
  /** A second borrower, who must not see any record of the first. */
  other?: BorrowerIds
  /** An account for the authentication call. */
  credentials?: { username: string; password: string }
  /** Sends a request. @default the global fetch */
  fetch?: (url: string, init: RequestInit) => Promise<Response>
  /** Whether a record can be read after it was created. @default true */
  remembers?: boolean
  /** Whether everything on the server may be destroyed. @default false */
  disposable?: boolean
  /** Whether a validating proxy in front rejects what the contract doesn't allow. @default false */
  proxied?: boolean
}

export interface HttpRequest {
  method: string
  path: string
  headers: Record<string, string>
  /** Sent as JSON; a string is sent as it is. */
  body?: unknown
}

export interface SendOptions {
  /** Return a 429 instead of waiting. */
  returnLimits?: boolean
  /** Is told of each response, also of each 429 that is waited out. */
  onResponse?: (response: HttpResponse) => void
  /** Ends the wait after a 429. */
  signal?: AbortSignal
}

/** How long a response may take, in milliseconds. */
const timeout = 15_000
/** How long a run waits after 429s in total, in milliseconds. */
const maxWait = 120_000

export class Server {
  readonly #target: Target
  #waited = 0

  constructor(target: Target) {
    this.#target = target
  }

  /**
   * Sends a request. After a 429 it waits and sends the request again: the contract says that it wasn't carried out.
   *
   * @throws {Failed} if no response comes.
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

/** Leaves out the message, which may quote the request. */
function describeFailure(error: Error): string {
  if (error.name === 'TimeoutError') return `no response within ${timeout / 1000} s`
  const { code } = (error.cause ?? {}) as { code?: string }
  return `a failed connection (${code ?? error.name})`
}
