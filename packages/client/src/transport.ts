/**
 * Sends requests, and handles timeouts, retries, tokens, redirects and the size limit of a response.
 *
 * The resource methods and `openapiClient` share this code.
 */
import type { OutgoingRequest } from './call.ts'
import { createError, type Progress, RecoveryConnectError } from './errors.ts'
import type { Settings } from './input.ts'
import type { TokenSource } from './tokens.ts'

export interface CallState extends Progress {
  readonly settings: Settings
  /** Whether sending the request twice has the same effect as sending it once. */
  readonly idempotent: boolean
  /** Missing if the request is sent without a token. */
  readonly tokens?: TokenSource | undefined
  sending?: boolean
}

/** Full jitter: a random pause up to a limit, which doubles after each attempt up to the longest pause. */
const firstPauseMs = 300
const longestPauseMs = 8_000

/** Error codes from before the first byte was sent: connection refused, name not resolved, certificate not trusted. */
const neverSent = /REFUSED|ENOTFOUND|EAI_|CONNECT_TIMEOUT|CERT|VERIFY/i

/**
 * Sends a request, and retries it as long as that is safe and there is time left.
 *
 * It reads the body of the response within the timeouts and the size limit. `text()` and `json()` return it again.
 *
 * @throws {RecoveryConnectError} without a complete response. A response with an error status doesn't throw.
 */
export async function send(request: OutgoingRequest, state: CallState): Promise<Response> {
  const { settings, tokens } = state
  const end = performance.now() + settings.totalTimeoutMs
  const getToken = async (rejected?: string) =>
    tokens?.request &&
    runWithTimeout(state, end - performance.now(), 'total', (signal) => requestToken(state, rejected, signal))

  request.headers.set('accept', 'application/json')
  let token = tokens?.fixed ?? (await getToken())
  let isRenewed = false
  for (let attempt = 1; ; attempt++) {
    if (token) request.headers.set('authorization', `Bearer ${token}`)
    const outcome = await sendAttempt(request, state, end)
    if (outcome.status === 401 && !isRenewed) {
      isRenewed = true
      const next = await getToken(token)
      if (next && next !== token) {
        token = next
        attempt--
        continue
      }
    }
    const ms = attempt < settings.maxAttempts ? choosePause(outcome, state.idempotent, attempt) : Infinity
    if (ms >= end - performance.now()) {
      if (outcome instanceof Error) throw outcome
      return outcome
    }
    callHook(settings.hooks?.onWait, { operation: state.operation, attempt: state.attempts + 1, ms })
    await pause(state, ms)
  }
}

/**
 * Reads `Retry-After` in milliseconds. A date is compared with the server's own `Date`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 */
export function parseRetryAfter(headers: Headers): number | undefined {
  const value = headers.get('retry-after')?.trim() ?? ''
  if (/^\d+(\s*,\s*\d+)*$/.test(value)) return Math.max(...value.split(',').map(Number)) * 1000
  const date = /^[a-z]{3}/i.test(value) ? Date.parse(value.replace(/( GMT)?$/, ' GMT')) : Number.NaN
  return Number.isNaN(date)
    ? undefined
    : Math.max(0, date - (Date.parse(headers.get('date') ?? '') || Date.now()))
}

async function requestToken(state: CallState, rejected: string | undefined, signal: AbortSignal) {
  try {
    return await state.tokens?.request?.(rejected, signal)
  } catch (reason) {
    const why = reason instanceof RecoveryConnectError ? `: ${reason.message}` : ''
    throw createError('token_unavailable', `the token function failed${why}`, state, {}, { reason })
  }
}

/** Returns the pause before the next attempt in milliseconds, or infinity if a retry would be wrong. */
function choosePause(outcome: Response | RecoveryConnectError, idempotent: boolean, attempt: number): number {
  const { status = 0 } = outcome
  const isFailure = outcome instanceof Error
  const isTemporary = isFailure
    ? outcome.kind === 'connection' || (outcome.kind === 'timeout' && outcome.scope === 'attempt')
    : status === 408 || status >= 500
  // A 429 says that the request wasn't carried out, so even a create can be retried after it.
  if (status !== 429 && !(idempotent && isTemporary)) return Infinity
  const requested = isFailure ? 0 : (parseRetryAfter(outcome.headers) ?? 0)
  const jitter = Math.random() * Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1))
  // Plus 1, because a timer may fire a fraction of a millisecond early.
  return Math.ceil(requested + jitter) + 1
}

/** Sends one attempt within its timeout. Returns an error instead of throwing it. */
async function sendAttempt(
  request: OutgoingRequest,
  state: CallState,
  end: number,
): Promise<Response | RecoveryConnectError> {
  const { attemptTimeoutMs, hooks } = state.settings
  const start = performance.now()
  const left = end - start
  const scope = attemptTimeoutMs < left ? 'attempt' : 'total'
  const outcome = await runWithTimeout(state, Math.min(attemptTimeoutMs, left), scope, (signal) =>
    sendOnce(request, state, signal),
  ).catch((error: RecoveryConnectError) => error)
  state.sending = false
  const { status } = outcome
  if (status === 408 || (status && status > 451)) state.mayHaveBeenCarriedOut = true
  callHook(hooks?.onAttempt, {
    operation: state.operation,
    attempt: state.attempts,
    ...(status && { status }),
    ms: performance.now() - start,
  })
  return outcome
}

async function sendOnce(
  { url, method, headers, body }: OutgoingRequest,
  state: CallState,
  signal: AbortSignal,
): Promise<Response> {
  state.attempts++
  state.sending = true
  try {
    const fetch = state.settings.fetch ?? globalThis.fetch
    const response = await fetch(url, {
      method,
      headers,
      body: preventReplay(body, state),
      signal,
      // A redirect could take the token to another server.
      redirect: 'manual',
      // A cached response could have an outdated `no_contact`.
      cache: 'no-store',
    })
    const text = await readText(response, state, signal)
    return Object.assign(response, { text: async () => text, json: async () => JSON.parse(text) })
  } catch (error) {
    if (error instanceof RecoveryConnectError) throw error
    const code = findErrorCode(error)
    if (!code || !neverSent.test(code)) state.mayHaveBeenCarriedOut = true
    const message = `no complete response${code ? ` (${code})` : ''}`
    throw createError('connection', message, state, code ? { code } : {}, { reason: error })
  }
}

/** If a reused connection is reset, Deno itself resends the request, even a create, unless it can't replay the body. */
function preventReplay(body: OutgoingRequest['body'], { idempotent }: CallState) {
  return body && !idempotent && 'Deno' in globalThis ? new Blob([body]) : (body ?? null)
}

/** Reads the body up to the limit. The body of an error response is dropped if it is longer. */
async function readText(response: Response, state: CallState, signal: AbortSignal): Promise<string> {
  const { body, headers, ok, status } = response
  const { maxResponseBytes } = state.settings
  // No body, or a runtime without streams, such as React Native.
  if (!body?.getReader) return response.text()
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return decodeChunks(chunks)
    size += value.length
    chunks.push(value)
    if (size <= maxResponseBytes && !signal.aborted) continue
    reader.cancel().catch(() => {})
    if (!ok || signal.aborted) return ''
    state.mayHaveBeenCarriedOut = true
    const message = `the response exceeds maxResponseBytes (${maxResponseBytes})`
    throw createError('unexpected_response', message, state, { status, problems: [] }, { headers })
  }
}

/** Decodes a body. A character may be split between two chunks. A body of one chunk takes the decoder's fast path. */
function decodeChunks(chunks: Uint8Array[]): string {
  const decoder = new TextDecoder()
  const last = chunks.pop()
  return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('') + decoder.decode(last)
}

type Stoppable = Progress & { readonly settings: Pick<Settings, 'signal'>; readonly sending?: boolean }

export function pause(state: Stoppable, ms: number): Promise<void> {
  return runWithTimeout<void>(state, ms, 'total')
}

/**
 * Runs a task until it settles, its time is up, or the caller's signal aborts. Without a task, it waits until the time
 * is up. It leaves no timer or listener behind.
 */
function runWithTimeout<T>(
  state: Stoppable,
  ms: number,
  scope: 'attempt' | 'total',
  task?: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const { signal: outer } = state.settings
    const inner = new AbortController()
    const cleanUp = () => {
      clearTimeout(timer)
      outer?.removeEventListener('abort', onAbort)
    }
    const fail = (error: unknown) => {
      cleanUp()
      reject(error)
      inner.abort()
    }
    const stop = (kind: 'aborted' | 'timeout', message: string, shown: object, reason?: unknown) => {
      if (state.sending) state.mayHaveBeenCarriedOut = true
      fail(createError(kind, message, state, shown, { reason }))
    }
    const onAbort = () => stop('aborted', 'the signal aborted the call', {}, outer?.reason)
    const onTime = () =>
      task ? stop('timeout', `no complete response within ${scope}TimeoutMs`, { scope }) : finish()
    const finish = (value?: T) => {
      cleanUp()
      resolve(value as T)
    }
    const timer = setTimeout(onTime, ms)
    if (outer?.aborted) return onAbort()
    outer?.addEventListener('abort', onAbort)
    if (task) task(inner.signal).then(finish, fail)
  })
}

function findErrorCode(error: unknown): string | undefined {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown } }
  const found = cause?.code ?? code
  return typeof found === 'string' && /^\w{1,60}$/.test(found) ? found : undefined
}

/** Calls a hook and ignores its errors, synchronous or not, so that a hook can't break a call. */
function callHook<Event>(hook: ((event: Event) => unknown) | undefined, event: Event): void {
  if (hook) (async () => hook(event))().catch(() => {})
}
