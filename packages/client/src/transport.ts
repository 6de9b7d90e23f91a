/**
 * Sends requests, and handles timeouts, retries, tokens, redirects and the size limit of a response.
 *
 * The resource methods and `openapiClient` share this code.
 */
import type { Hooks, OutgoingRequest, Settings, TokenSource } from './call.ts'
import { createError, isControlFlow, type Progress, RecoveryConnectError } from './errors.ts'

export interface CallState extends Progress {
  readonly settings: Settings
  /** Whether the request may be sent again if its response was lost. */
  readonly isRepeatable: boolean
  /** Missing if the request is sent without a token. */
  readonly tokens?: TokenSource | undefined
  sending?: boolean
}

/** Full jitter: a random pause up to a limit, which doubles after each attempt up to the longest pause. */
const firstPauseMs = 300
const longestPauseMs = 8_000

/**
 * Error codes from before the first byte was sent: connection refused, name not resolved, certificate not trusted,
 * request refused by undici.
 */
const neverSent = /REFUSED|ENOTFOUND|EAI_|CONNECT_TIMEOUT|CERT|VERIFY|UND_ERR_(INV|NOT)/i
/**
 * The error code or error of a request that `fetch` can't send, such as one with a header that only the runtime may set,
 * and of a `fetch` function with a mistake. A lost connection is a `TypeError` with another message, such as Safari's
 * "is not allowed by Access-Control-Allow-Origin".
 */
const mistake =
  /ERR_INVALID_(ARG|CHAR)|NOT_SUPPORTED|REQ_CONTENT|^(Reference|Syntax|Range)Error|^TypeError.*( is not (an? |it)|undefined|(of|is) null|nvocation)/

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
  const { headers } = request
  headers.accept = 'application/json'
  // The runtime sets it. With a length that is too small, Node never sends the request.
  delete headers['content-length']
  let token = tokens?.fixed ?? (await requestToken(state, end))
  let isRenewed = false
  for (let attempt = 1; ; attempt++) {
    if (token) headers.authorization = `Bearer ${token}`
    const outcome = await sendAttempt(request, state, end)
    if (outcome.status === 401 && !isRenewed) {
      isRenewed = true
      const next = await requestToken(state, end, token)
      if (next && next !== token) {
        token = next
        attempt--
        continue
      }
    }
    const ms = attempt < settings.maxAttempts ? choosePause(outcome, state.isRepeatable, attempt) : Infinity
    if (ms >= end - performance.now()) {
      if (outcome instanceof Error) throw outcome
      return outcome
    }
    callHooks(state, 'onWait', { operation: state.operation, attempt: state.attempts + 1, ms })
    await pause(state, ms)
  }
}

/**
 * Reads `Retry-After` and `retry-after-ms` in milliseconds. A date is compared with the server's own `Date`.
 *
 * @returns infinity for a value that can't be read, and `undefined` without one
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 */
export function parseRetryAfter(headers: Headers): number | undefined {
  const [value, ms] = [headers.get('retry-after'), headers.get('retry-after-ms')]
  if (value === null && ms === null) return undefined
  const wait = Math.max(parseNumbers(ms ?? '0'), parseWait(value ?? '0', headers))
  return wait >= 0 ? wait : Infinity
}

/** Returns `NaN` for a value that can't be read, such as a date whose time zone is unknown. */
function parseWait(value: string, headers: Headers): number {
  const seconds = parseNumbers(value)
  if (seconds >= 0) return seconds * 1000
  // An asctime date ends with the year, and is in UTC.
  const date = value.replace(/:\d\d \d{4}$/, '$& GMT')
  if (!/(GMT|Z|[+-]\d\d:\d\d)$/.test(date)) return NaN
  return Math.max(0, Date.parse(date) - (Date.parse(headers.get('date') ?? '') || Date.now()))
}

/** Returns the largest of several numbers, because a proxy can add a header of its own. */
function parseNumbers(value: string): number {
  return /^[\d.]+([ ,]+[\d.]+)*$/.test(value) ? Math.max(...value.split(',').map(Number)) : NaN
}

async function requestToken(state: CallState, end: number, rejected?: string): Promise<string | undefined> {
  const { request } = state.tokens ?? {}
  if (!request) return undefined
  let token: string | LateError
  try {
    token = await runWithTimeout(state, end - performance.now(), 'total', (signal) =>
      request(rejected, signal),
    )
  } catch (reason) {
    if (isControlFlow(reason)) throw reason
    const why = reason instanceof RecoveryConnectError ? `: ${reason.message}` : ''
    throw createError('token_unavailable', `the token function failed${why}`, state, {}, { reason })
  }
  if (typeof token === 'function') throw token()
  return token
}

/** Returns the pause before the next attempt in milliseconds, or infinity if a retry would be wrong. */
function choosePause(
  outcome: Response | RecoveryConnectError,
  isRepeatable: boolean,
  attempt: number,
): number {
  const { status = 0 } = outcome
  const isFailure = outcome instanceof Error
  const isTemporary = isFailure
    ? outcome.kind === 'connection' || (outcome.kind === 'timeout' && outcome.scope === 'attempt')
    : status === 408 || status >= 500
  // A 429 says that the request wasn't carried out, so even a create can be retried after it.
  if (status !== 429 && !(isRepeatable && isTemporary)) return Infinity
  const requested = isFailure ? 0 : (parseRetryAfter(outcome.headers) ?? 0)
  const jitter = Math.random() * Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1))
  // Plus 1, because a timer may fire a fraction of a millisecond early.
  return Math.ceil(requested + jitter) + 1
}

/** Sends one attempt within its timeout. Returns an error instead of throwing it, except one that isn't the client's. */
async function sendAttempt(
  request: OutgoingRequest,
  state: CallState,
  end: number,
): Promise<Response | RecoveryConnectError> {
  const { attemptTimeoutMs } = state.settings
  const start = performance.now()
  const left = end - start
  const [ms, scope] =
    attemptTimeoutMs < left ? ([attemptTimeoutMs, 'attempt'] as const) : ([left, 'total'] as const)
  const received = await runWithTimeout(state, ms, scope, (signal) => sendOnce(request, state, signal))
  const outcome = typeof received === 'function' ? received() : received
  state.sending = false
  const { status } = outcome
  if (status === 408 || (status && status > 451)) state.mayHaveBeenCarriedOut = true
  callHooks(state, 'onAttempt', {
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
): Promise<Response | LateError> {
  const fetch = state.settings.fetch ?? globalThis.fetch
  state.attempts++
  state.sending = typeof fetch === 'function'
  try {
    const response = (await fetch(url, {
      method,
      headers,
      ...(body && { body: preventReplay(body, state) }),
      signal,
      // A redirect could take the token to another server.
      redirect: 'manual',
      // A cached response could have an outdated `no_contact`. Older Workers have no such option, and throw if it is set.
      ...('cache' in Object(globalThis.Request?.prototype) && { cache: 'no-store' }),
    })) as Response
    if (!response.headers.get || response.bodyUsed || response.body?.locked) throw new SyntaxError()
    const text = await readText(response, state, signal)
    if (typeof text === 'function') return text
    return Object.assign(response, { text: async () => text, json: async () => JSON.parse(text) })
  } catch (reason) {
    if (isControlFlow(reason)) throw reason
    const code = findErrorCode(reason)
    const { name, message } = Object(reason)
    const isMistake = mistake.test(code ?? `${name}: ${message}`)
    if (state.sending && !neverSent.test(code ?? '')) state.mayHaveBeenCarriedOut = true
    const [kind, what] = isMistake
      ? ([
          'invalid_input',
          "fetch can't send this, or isn't a function that returns an unread Response",
        ] as const)
      : (['connection', 'no complete response'] as const)
    return () => createError(kind, code ? `${what} (${code})` : what, state, code ? { code } : {}, { reason })
  }
}

/** If a reused connection is reset, Deno itself resends the request, even a create, unless it can't replay the body. */
function preventReplay(body: string, { isRepeatable }: CallState): string {
  return !isRepeatable && 'Deno' in globalThis ? (new Blob([body]) as never) : body
}

/** Created on first use, because some runtimes have none. */
let decoder: TextDecoder | undefined

/** Reads the body up to the limit. The body of an error response is dropped if it is longer. */
async function readText(
  response: Response,
  state: CallState,
  signal: AbortSignal,
): Promise<string | LateError> {
  const { body, headers, ok, status } = response
  const { maxResponseBytes } = state.settings
  // No body, or a runtime without streams, such as React Native.
  if (!body?.getReader || !globalThis.TextDecoder) return response.text()
  decoder ??= new TextDecoder()
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return decodeChunks(decoder, chunks)
    size += value.length
    chunks.push(value)
    if (size <= maxResponseBytes && !signal.aborted) continue
    reader.cancel().catch(() => {})
    if (!ok || signal.aborted) return ''
    state.mayHaveBeenCarriedOut = true
    const message = `the response exceeds maxResponseBytes (${maxResponseBytes})`
    return () => createError('unexpected_response', message, state, { status, problems: [] }, { headers })
  }
}

/** Decodes a body. A character may be split between two chunks. A body of one chunk takes the decoder's fast path. */
function decodeChunks(decoder: TextDecoder, chunks: Uint8Array[]): string {
  const last = chunks.pop()
  return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('') + decoder.decode(last)
}

type Stoppable = Progress & { readonly settings: Pick<Settings, 'signal'>; readonly sending?: boolean }

/** @throws {RecoveryConnectError} `aborted` if the caller's signal aborts. */
export async function pause(state: Stoppable, ms: number): Promise<void> {
  const stopped = await runWithTimeout<undefined>(state, ms, 'total')
  if (stopped) throw stopped()
}

/** Creates an error. Only if it's called after an `await`, the stack of the error has the caller's line. */
type LateError = () => RecoveryConnectError

/**
 * Runs a task until it settles, its time is up, or the caller's signal aborts. Without a task, it waits until the time
 * is up. It leaves no timer or listener behind.
 */
function runWithTimeout<T>(
  state: Stoppable,
  ms: number,
  scope: 'attempt' | 'total',
  task?: (signal: AbortSignal) => Promise<T>,
): Promise<T | LateError> {
  return new Promise((resolve) => {
    const { signal: outer } = state.settings
    const inner = new AbortController()
    const finish = (value?: T | LateError | Promise<T>) => {
      clearTimeout(timer)
      outer?.removeEventListener('abort', onAbort)
      resolve(value as T)
    }
    const stop = (kind: 'aborted' | 'timeout', message: string, shown: object, reason?: unknown) => {
      if (state.sending) state.mayHaveBeenCarriedOut = true
      finish(() => createError(kind, message, state, shown, { reason }))
      inner.abort()
    }
    const onAbort = () => stop('aborted', 'the signal aborted the call', {}, outer?.reason)
    const onTime = () =>
      task ? stop('timeout', `no complete response within ${scope}TimeoutMs`, { scope }) : finish()
    const timer = setTimeout(onTime, ms)
    if (outer?.aborted) return onAbort()
    outer?.addEventListener('abort', onAbort)
    const running = task?.(inner.signal)
    running?.then(finish, () => finish(running))
  })
}

function findErrorCode(error: unknown): string | undefined {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown } }
  const found = cause?.code ?? code
  return typeof found === 'string' && /^\w{1,60}$/.test(found) ? found : undefined
}

/** Calls hooks and ignores their errors, synchronous or not, so that a hook can't break a call. */
function callHooks<Name extends keyof Hooks>(
  { settings }: CallState,
  name: Name,
  event: Parameters<NonNullable<Hooks[Name]>>[0],
): void {
  for (const hooks of settings.hooks) (async () => hooks[name]?.(event as never))().catch(() => {})
}
