/**
 * What happens around one request: deadlines, retries, the token, redirects, the limit of the body.
 *
 * It lies below openapi-fetch, in the place of `fetch`, so that the typed facade and the escape hatch share it.
 */
import { failure, type Progress, RecoveryConnectError } from './errors.ts'
import type { Settings } from './input.ts'
import type { Tokens } from './tokens.ts'

/** A request on its way, which can be sent any number of times. */
export interface Journey extends Progress {
  readonly settings: Settings
  /** Whether sending it twice does the same as sending it once. */
  readonly mayRepeat: boolean
  /** Missing if the request goes without a token. */
  readonly tokens?: Tokens | undefined
  /** Whether an attempt is on the wire. */
  sending?: boolean
}

/** The parts of a `Request` that are sent. */
export interface Outgoing {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly body?: string | ArrayBuffer | null
}

/** Full jitter: a random pause up to the first, up to twice as much after each attempt, up to the longest. */
const firstPauseMs = 300
const longestPauseMs = 8_000

/** Codes of failures before the first byte of the request: refused, not resolved, not trusted. */
const neverSent = /REFUSED|ENOTFOUND|EAI_|CONNECT_TIMEOUT|CERT|VERIFY/i

/**
 * Sends a request until it is answered, or until another attempt would be wrong or too late.
 *
 * The body of the response has been read within the deadlines and the limit; `text()` and `json()` repeat it.
 *
 * @throws {RecoveryConnectError} if there is no complete answer. A status, whichever it is, is an answer.
 */
export async function send(request: Outgoing, journey: Journey): Promise<Response> {
  const { settings, tokens } = journey
  const end = performance.now() + settings.totalTimeoutMs
  const ask = async (rejected?: string) =>
    tokens?.ask &&
    stage(journey, end - performance.now(), 'total', (signal) => asked(journey, rejected, signal))

  request.headers.set('accept', 'application/json')
  let token = tokens?.fixed ?? (await ask())
  let renewed = false
  for (let attempt = 1; ; attempt++) {
    if (token) request.headers.set('authorization', `Bearer ${token}`)
    const outcome = await attempted(request, journey, end)
    if (outcome.status === 401 && !renewed) {
      renewed = true
      const next = await ask(token)
      if (next && next !== token) {
        token = next
        attempt--
        continue
      }
    }
    const pause = attempt < settings.maxAttempts ? pauseAfter(outcome, journey.mayRepeat, attempt) : Infinity
    if (pause >= end - performance.now()) {
      if (outcome instanceof Error) throw outcome
      return outcome
    }
    tell(settings.hooks?.onWait, { operation: journey.operation, attempt: journey.attempts + 1, ms: pause })
    await stage(journey, pause, 'total')
  }
}

/**
 * How long a server asks to wait, in milliseconds. A date is measured against the server's own clock.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 */
export function retryAfterMs(headers: Headers): number | undefined {
  const value = headers.get('retry-after')?.trim() ?? ''
  if (/^\d+(\s*,\s*\d+)*$/.test(value)) return Math.max(...value.split(',').map(Number)) * 1000
  const date = /^[a-z]{3}/i.test(value) ? Date.parse(value.replace(/( GMT)?$/, ' GMT')) : Number.NaN
  return Number.isNaN(date)
    ? undefined
    : Math.max(0, date - (Date.parse(headers.get('date') ?? '') || Date.now()))
}

async function asked(journey: Journey, rejected: string | undefined, signal: AbortSignal) {
  try {
    return await journey.tokens?.ask?.(rejected, signal)
  } catch (reason) {
    const why = reason instanceof RecoveryConnectError ? `: ${reason.message}` : ''
    throw failure('token_unavailable', `the token function gave no token${why}`, journey, {}, { reason })
  }
}

/** The pause before the next attempt, in milliseconds; infinite if there must be none. */
function pauseAfter(outcome: Response | RecoveryConnectError, mayRepeat: boolean, attempt: number): number {
  const { status = 0 } = outcome
  const failed = outcome instanceof Error
  const isPassing = failed
    ? outcome.kind === 'connection' || (outcome.kind === 'timeout' && outcome.scope === 'attempt')
    : status === 408 || status >= 500
  // Of what is waited for, a create goes out again after 429 alone, which says that it was not carried out.
  if (status !== 429 && !(mayRepeat && isPassing)) return Number.POSITIVE_INFINITY
  const asked = failed ? 0 : (retryAfterMs(outcome.headers) ?? 0)
  const jitter = Math.random() * Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1))
  // A timer may fire a fraction of a millisecond early.
  return Math.ceil(asked + jitter) + 1
}

/** The outcome of one attempt, and what the hook is told about it. */
async function attempted(
  request: Outgoing,
  journey: Journey,
  end: number,
): Promise<Response | RecoveryConnectError> {
  const { attemptTimeoutMs, hooks } = journey.settings
  const start = performance.now()
  const left = end - start
  let outcome: Response | RecoveryConnectError
  try {
    const [ms, scope] =
      attemptTimeoutMs < left ? ([attemptTimeoutMs, 'attempt'] as const) : ([left, 'total'] as const)
    outcome = (await stage(journey, ms, scope, (signal) => exchange(request, journey, signal))) as Response
  } catch (error) {
    outcome = error as RecoveryConnectError
  }
  journey.sending = false
  const { status } = outcome
  if (status === 408 || (status && status > 451)) journey.mayHaveBeenCarriedOut = true
  tell(hooks?.onAttempt, {
    operation: journey.operation,
    attempt: journey.attempts,
    ...(status && { status }),
    ms: performance.now() - start,
  })
  return outcome
}

/** One request, one response, with the body read. */
async function exchange(
  { url, method, headers, body }: Outgoing,
  journey: Journey,
  signal: AbortSignal,
): Promise<Response> {
  journey.attempts++
  journey.sending = true
  try {
    const fetch = journey.settings.fetch ?? globalThis.fetch
    // A redirect would carry the token elsewhere; a cached answer could hold a `no_contact` that is out of date.
    const init = {
      method,
      headers,
      body: sentOnce(body, journey),
      signal,
      redirect: 'manual',
      cache: 'no-store',
    } as const
    const response = await fetch(url, init)
    const text = await textOf(response, journey, signal)
    return Object.assign(response, { text: async () => text, json: async () => JSON.parse(text) })
  } catch (error) {
    if (error instanceof RecoveryConnectError) throw error
    const code = codeOf(error)
    if (!code || !neverSent.test(code)) journey.mayHaveBeenCarriedOut = true
    const message = `there was no complete answer${code ? ` (${code})` : ''}`
    throw failure('connection', message, journey, code ? { code } : {}, { reason: error })
  }
}

/**
 * Deno sends a request again by itself if a connection that was used before is reset, a create too, unless the body is
 * one that it cannot replay.
 */
function sentOnce(body: Outgoing['body'], { mayRepeat }: Journey) {
  return body && !mayRepeat && 'Deno' in globalThis ? new Blob([body]) : (body ?? null)
}

/** The body as text. Reading stops at the limit; what a failed request has to say beyond it is left out. */
async function textOf(response: Response, journey: Journey, signal: AbortSignal): Promise<string> {
  const { body, headers, ok, status } = response
  const { maxResponseBytes } = journey.settings
  // No body, or a runtime that cannot read it in pieces, such as React Native.
  if (!body?.getReader) return response.text()
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.length
    chunks.push(value)
    if (size <= maxResponseBytes && !signal.aborted) continue
    reader.cancel().catch(() => {})
    if (!ok || signal.aborted) return ''
    journey.mayHaveBeenCarriedOut = true
    const message = `the answer is longer than ${maxResponseBytes} bytes`
    throw failure('unexpected_response', message, journey, { status, problems: [] }, { headers })
  }
  return decoder.decode(chunks.length === 1 ? chunks[0] : joined(chunks, size))
}

const decoder = new TextDecoder()

function joined(chunks: Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

/**
 * Runs something that ends in time or with the caller's signal, whichever is first; with nothing to run it is a pause.
 * Leaves no timer and no listener behind.
 */
export function stage<T>(
  journey: Progress & { readonly settings: Pick<Settings, 'signal'>; readonly sending?: boolean },
  ms: number,
  scope: 'attempt' | 'total',
  run?: (signal: AbortSignal) => Promise<T> | T,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const { signal: outer } = journey.settings
    const inner = new AbortController()
    const settled = () => {
      clearTimeout(timer)
      outer?.removeEventListener('abort', onAbort)
    }
    const stop = (error: unknown) => {
      settled()
      reject(error)
      inner.abort()
    }
    const ended = (kind: 'aborted' | 'timeout', message: string, shown: object, reason?: unknown) => {
      if (journey.sending) journey.mayHaveBeenCarriedOut = true
      stop(failure(kind, message, journey, shown, { reason }))
    }
    const onAbort = () => ended('aborted', 'the call was aborted by its signal', {}, outer?.reason)
    const onTime = () =>
      run ? ended('timeout', `there was no complete answer in time (${scope})`, { scope }) : done()
    const done = (value?: T) => {
      settled()
      resolve(value)
    }
    const timer = setTimeout(onTime, ms)
    if (outer?.aborted) return onAbort()
    outer?.addEventListener('abort', onAbort)
    if (run) (async () => run(inner.signal))().then(done, stop)
  })
}

function codeOf(error: unknown): string | undefined {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown } }
  const found = cause?.code ?? code
  return typeof found === 'string' && /^\w{1,60}$/.test(found) ? found : undefined
}

/** A hook is told, and cannot harm: neither what it throws nor what it rejects with reaches the call. */
function tell<Event>(hook: ((event: Event) => unknown) | undefined, event: Event): void {
  if (hook) (async () => hook(event))().catch(() => {})
}
