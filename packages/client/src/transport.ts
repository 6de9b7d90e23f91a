/**
 * Sends requests, and handles timeouts, retries, tokens, redirects and the size limit of a response.
 *
 * The resource methods and `openapiClient` share this code.
 */
import type { FetchInit, Hooks, OutgoingRequest, Settings, Token } from './call.ts'
import { createError, isControlFlow, type Progress, RecoveryConnectError } from './errors.ts'
import { parseRetryAfter } from './retry-after.ts'

export interface CallState extends Progress {
  readonly settings: Settings
  /** Missing if the request is sent without a token. */
  readonly token?: Token | undefined
  /** The body of the last response. */
  text?: string
}

const json = 'application/json'

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
  const { url, method, body } = request
  const { settings } = state
  const end = performance.now() + settings.totalTimeoutMs
  const headers: Record<string, string> = { ...settings.headers, ...request.headers, accept: json }
  if (body) headers['content-type'] = json
  // The runtime sets it. With a length that is too small, Node never sends the request.
  delete headers['content-length']
  const init: Omit<FetchInit, 'signal'> = {
    method,
    headers,
    // If a reused connection is reset, Deno itself resends the request, even a create, unless it can't replay the body.
    ...(body && { body: 'Deno' in globalThis ? (new Blob([body]) as never) : body }),
    // A redirect could take the token to another server.
    redirect: 'manual',
    // A cached response could have an outdated `no_contact`. Older Workers have no such option, and throw if it is set.
    ...('cache' in Object(globalThis.Request?.prototype) && { cache: 'no-store' }),
  }
  let token = await requestToken(state, end)
  let isRenewed = false
  for (let attempt = 1; ; attempt++) {
    if (token) headers.authorization = `Bearer ${token}`
    const outcome = await sendAttempt(url, init, state, end)
    if (outcome.status === 401 && !isRenewed) {
      isRenewed = true
      const rejected = token
      token = await requestToken(state, end, rejected)
      if (token !== rejected) {
        attempt--
        continue
      }
    }
    const ms = choosePause(outcome, request, settings, attempt)
    if (ms >= end - performance.now()) {
      if (outcome instanceof Error) throw outcome
      return outcome
    }
    callHooks(state, 'onWait', { attempt: state.attempts + 1, ms })
    await runWithTimeout(state, ms)
  }
}

/** Without a promise if the token is fixed, because every call gets here. */
function requestToken(
  state: CallState,
  end: number,
  rejected?: string,
): Promise<string> | string | undefined {
  const { token } = state
  if (typeof token !== 'function') return token
  return runWithTimeout(state, end - performance.now(), 'total', async (signal) => {
    try {
      return await token(rejected, signal)
    } catch (reason) {
      if (isControlFlow(reason)) throw reason
      const why = reason instanceof RecoveryConnectError ? `: ${reason.message}` : ' (see error.reason)'
      throw createError('token_unavailable', `the token function failed${why}`, state, {}, { reason })
    }
  })
}

/** Returns the pause before the next attempt in milliseconds, or infinity if a retry would be wrong. */
function choosePause(
  outcome: Response | RecoveryConnectError,
  request: OutgoingRequest,
  { maxAttempts, retryClearedFlags }: Settings,
  attempt: number,
): number {
  const { status = 0 } = outcome
  const isTemporary =
    outcome instanceof Error ? /connection|timeout/.test(outcome.kind) : status === 408 || status >= 500
  // A 429 says that the request wasn't carried out, so even a create can be retried after it.
  const isRetried = status === 429 || (isTemporary && isRepeatable(request, retryClearedFlags))
  if (!isRetried || attempt >= maxAttempts) return Infinity
  const jitter = Math.random() * Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1))
  // Plus 1, because a timer may fire a fraction of a millisecond early.
  return Math.ceil((parseRetryAfter(outcome.headers) ?? 0) + jitter) + 1
}

/** Sends one attempt within its timeout. Returns an error instead of throwing it, except one that isn't the client's. */
async function sendAttempt(
  url: string,
  init: Omit<FetchInit, 'signal'>,
  state: CallState,
  end: number,
): Promise<Response | RecoveryConnectError> {
  const { attemptTimeoutMs } = state.settings
  const start = performance.now()
  const left = end - start
  const scope = attemptTimeoutMs < left ? 'attempt' : 'total'
  let outcome: Response | RecoveryConnectError
  try {
    outcome = await runWithTimeout(state, Math.min(attemptTimeoutMs, left), scope, (signal) =>
      sendOnce(url, { ...init, signal }, state),
    )
  } catch (error) {
    if (!(error instanceof RecoveryConnectError)) throw error
    outcome = error
  }
  const { status } = outcome
  const ms = performance.now() - start
  callHooks(state, 'onAttempt', { attempt: state.attempts, status, ms })
  return outcome
}

async function sendOnce(url: string, init: FetchInit, state: CallState): Promise<Response> {
  const { settings, mayHaveBeenCarriedOut } = state
  const { fetch = globalThis.fetch, maxResponseBytes } = settings
  // An attempt whose time was up says nothing about the next one.
  const wasNotCarriedOut = () => {
    if (!init.signal.aborted) state.mayHaveBeenCarriedOut = mayHaveBeenCarriedOut
  }
  state.attempts++
  // Until the outcome shows that it wasn't.
  state.mayHaveBeenCarriedOut = true
  let response: Response
  let text: string | undefined
  try {
    response = (await fetch(url, init)) as Response
    if (!response.headers.get || response.bodyUsed || response.body?.locked) throw new SyntaxError()
    text = await readText(response, maxResponseBytes, init.signal)
  } catch (reason) {
    if (isControlFlow(reason)) throw reason
    const code = findErrorCode(reason)
    const { name, message } = Object(reason)
    const isMistake = mistake.test(code ?? `${name}: ${message}`)
    if (typeof fetch !== 'function' || neverSent.test(code ?? '')) wasNotCarriedOut()
    const [kind, what] = isMistake
      ? ([
          'invalid_input',
          "fetch is missing, can't send the request, or doesn't return an unread Response",
        ] as const)
      : (['connection', 'no complete response'] as const)
    throw createError(kind, `${what} (${code ?? 'see error.reason'})`, state, code ? { code } : {}, {
      reason,
    })
  }
  const { ok, status } = response
  if (text === undefined && ok) {
    const message = `the response exceeds maxResponseBytes (${maxResponseBytes})`
    throw createError(
      'unexpected_response',
      message,
      state,
      { status, problems: [] },
      { headers: response.headers },
    )
  }
  // These statuses say that the API rejected the request.
  if (status >= 400 && status <= 451 && status !== 408) wasNotCarriedOut()
  const known = text ?? ''
  state.text = known
  return Object.assign(response, { text: async () => known, json: async () => JSON.parse(known) })
}

/**
 * Whether sending a request twice has the same effect as sending it once. An update that permits contact again could undo
 * someone else's update.
 */
function isRepeatable({ method, body = '' }: OutgoingRequest, retryClearedFlags = false): boolean {
  const clearsFlag = /"no_contact"\s*:\s*[^\s1]|"valid"\s*:\s*[^\s0]/.test(body)
  return method !== 'POST' && method !== 'PATCH' && (!clearsFlag || retryClearedFlags)
}

/** Created on first use, because some runtimes have none. */
let decoder: TextDecoder | undefined

/** Reads the body up to the limit. Returns `undefined` if it's longer. */
async function readText(
  response: Response,
  maxResponseBytes: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { body } = response
  // No body, or a runtime without streams, such as React Native.
  if (!body?.getReader || !globalThis.TextDecoder) return response.text()
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  while (size <= maxResponseBytes && !signal.aborted) {
    const { done, value } = await reader.read()
    if (done) return decodeChunks(chunks)
    size += value.length
    chunks.push(value)
  }
  reader.cancel().catch(() => {})
  return undefined
}

/** Decodes a body. A character may be split between two chunks. A body of one chunk takes the decoder's fast path. */
function decodeChunks(chunks: Uint8Array[]): string {
  decoder ??= new TextDecoder()
  const last = chunks.pop()
  return chunks.map((chunk) => decoder?.decode(chunk, { stream: true })).join('') + decoder.decode(last)
}

type Stoppable = Progress & { readonly settings: Pick<Settings, 'signal'> }

/**
 * Runs a task until it settles, its time is up, or the caller's signal aborts. Without a task, it waits until the time
 * is up. It leaves no timer or listener behind.
 *
 * @throws {RecoveryConnectError} `aborted` if the caller's signal aborts, `timeout` if the task's time is up.
 */
export async function runWithTimeout<T>(
  state: Stoppable,
  ms: number,
  scope?: 'attempt' | 'total',
  task?: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal } = state.settings
  const controller = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  let onAbort = () => {}
  try {
    return await new Promise<T>((resolve, reject) => {
      onAbort = () =>
        reject(createError('aborted', 'the signal aborted the call', state, {}, { reason: signal?.reason }))
      timer = setTimeout(
        () =>
          task
            ? reject(
                createError('timeout', `no complete response within ${scope}TimeoutMs`, state, { scope }),
              )
            : resolve(undefined as T),
        ms,
      )
      signal?.addEventListener('abort', onAbort)
      if (signal?.aborted) onAbort()
      else task?.(controller.signal).then(resolve, reject)
    })
  } catch (error) {
    controller.abort()
    // Here, the stack has the caller's line. In a timer or a listener, where errors are created, it doesn't.
    if (error instanceof RecoveryConnectError) Error.captureStackTrace?.(error)
    throw error
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}

function findErrorCode(error: unknown): string | undefined {
  const { code, cause } = Object(error)
  return [cause?.code, code].find((one) => /^[A-Z]\w{1,60}$/.test(one))
}

/** Calls hooks and ignores their errors, synchronous or not, so that a hook can't break a call. */
function callHooks<Name extends keyof Hooks>(
  { operation, settings }: CallState,
  name: Name,
  event: Omit<Parameters<NonNullable<Hooks[Name]>>[0], 'operation'>,
): void {
  for (const hooks of settings.hooks)
    (async () => hooks[name]?.({ operation, ...event } as never))().catch(() => {})
}
