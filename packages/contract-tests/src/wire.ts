/** The server as the suite sees it: where it is, what may be done to it, and one request and its answer. */
import { setTimeout as pause } from 'node:timers/promises'
import type { ContractOperation, Node } from './contract.ts'
import { kindOf } from './judge.ts'
import { Broken } from './promise.ts'

export interface Ids {
  order_id: number
  borrower_id: number
}

/** A server that claims to be this API, and what may be done to it. */
export interface Target {
  /** Where the API is, without a slash at the end: `https://api.mbsisystems.com`. */
  url: string
  token: string
  /** A borrower that was set aside for this. */
  ids: Ids
  /** A second one, of which nothing of the first may be visible. */
  other?: Ids
  /** For the authentication call. */
  credentials?: { username: string; password: string }
  /** Sends a request. @default the global fetch */
  fetch?: (url: string, init: RequestInit) => Promise<Response>
  /** Whether what is created can be read back. @default true */
  remembers?: boolean
  /** Whether everything on it may be destroyed. @default false */
  disposable?: boolean
  /** Whether a validating proxy stands in front, which answers what the contract refuses by itself. @default false */
  proxied?: boolean
}

export interface Message {
  method: string
  path: string
  headers: Record<string, string>
  body?: string | undefined
}

export interface Answer {
  status: number
  contentType: string | null
  headers: Headers
  /** Undefined where it is no JSON. */
  body: unknown
}

/** How long an answer may take, in milliseconds. */
const deadline = 15_000
/** How long a run waits in all when it is told to slow down, in milliseconds. */
const patience = 120_000

export class Wire {
  readonly #target: Target
  #waited = 0

  constructor(target: Target) {
    this.#target = target
  }

  /**
   * Sends a request, and again after a pause if the answer is 429: by the contract it was not carried out then.
   *
   * @param isDue whether 429 is the answer that is waited for.
   * @param onLimit is told of each 429.
   * @throws {Broken} if no answer comes.
   */
  async send(
    message: Message,
    {
      isDue = false,
      onLimit,
      signal,
    }: { isDue?: boolean; onLimit?: (answer: Answer) => void; signal?: AbortSignal } = {},
  ): Promise<Answer> {
    const answer = await this.#exchange(message)
    if (answer.status !== 429 || isDue) return answer
    onLimit?.(answer)
    const seconds = Number(answer.headers.get('retry-after') ?? 'NaN')
    const wait = Number.isFinite(seconds) ? Math.max(0, seconds) * 1000 : 5_000
    if (this.#waited + wait > patience) return answer
    this.#waited += Math.max(wait, 10)
    await pause(wait, undefined, signal && { signal })
    return this.send(message, { isDue, ...(onLimit && { onLimit }), ...(signal && { signal }) })
  }

  async #exchange({ method, path, headers, body }: Message): Promise<Answer> {
    const send = this.#target.fetch ?? fetch
    const init = { method, headers, redirect: 'manual', signal: AbortSignal.timeout(deadline) } as const
    try {
      const response = await send(this.#target.url + path, { ...init, ...(body !== undefined && { body }) })
      const text = await response.text()
      const contentType = response.headers.get('content-type')
      return { status: response.status, contentType, headers: response.headers, body: parsed(text) }
    } catch (error) {
      throw new Broken('an answer', failureOf(error as Error))
    }
  }
}

/** The path of an operation; ids that are not given are those of the documented example. */
export function pathOf(
  { path, ids: examples }: ContractOperation,
  ids: Record<string, number | string>,
): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => String(ids[name] ?? examples[name]))
}

/** The records of a list, as far as they have an id; undefined if it is no list. */
export function recordsIn({ status, body }: Answer): { id: number; memo: unknown }[] | undefined {
  const data = (body as Node | undefined)?.data
  return status === 200 && Array.isArray(data)
    ? data.filter((one) => kindOf(one?.id) === 'integer')
    : undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Without the message, which may quote what was sent. */
function failureOf(error: Error): string {
  if (error.name === 'TimeoutError') return `no answer within ${deadline / 1000} s`
  const { code } = (error.cause ?? {}) as { code?: string }
  return `a connection that failed (${code ?? error.name})`
}
