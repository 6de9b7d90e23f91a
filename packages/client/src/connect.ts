/** Creates connections. Every call goes through a connection. */
import type { Call, CallOptions, ClientOptions, Connection, Operation, Result } from './call.ts'
import { createError, type Progress, RecoveryConnectError } from './errors.ts'
import { checkBody, fillPath, mergeSettings, parseBaseUrl, type Settings } from './input.ts'
import { serverUrl } from './operations.gen.ts'
import { pickFlags, readResponse } from './response.ts'
import { createTokenSource, type TokenSource } from './tokens.ts'
import { send } from './transport.ts'

/**
 * Creates a connection without resources, for programs that bundle only the resources that they use.
 *
 * @throws {RecoveryConnectError} `invalid_input` if an option is invalid.
 * @example
 * const { list } = borrowerPhones(connect({ token }))
 * const { data } = await list({ order_id: 57062885, borrower_id: 124927241 })
 */
export function connect({ token, baseUrl = serverUrl, ...options }: ClientOptions): Connection {
  const settings = mergeSettings(options)
  const server = parseBaseUrl(baseUrl)
  const tokens = createTokenSource(token, { baseUrl: server, fetch: options.fetch })
  const context = { baseUrl: server, tokens, settings }
  const resources = new Map<unknown, unknown>()

  const connection: Connection = {
    baseUrl: server,
    call<Data>(operation: Operation, ids: Ids, body: unknown, options?: CallOptions): Call<Data> {
      const outcome = run(context, operation, ids, body, options) as Promise<Result<Data>>
      const call = outcome.then((result) => {
        if (result.ok) return result.data
        throw result.error
      })
      const result = () => {
        call.catch(() => {})
        return outcome
      }
      return Object.assign(call, { result })
    },
    send: (request, idempotent, options) =>
      send(request, { ...start('raw'), idempotent, tokens, settings: mergeSettings(options, settings) }),
    use<Resource>(createResource: (connection: Connection) => Resource): Resource {
      if (!resources.has(createResource)) resources.set(createResource, createResource(connection))
      return resources.get(createResource) as Resource
    },
  }
  return connection
}

type Ids = Readonly<Record<string, unknown>>

type Context = { baseUrl: string; tokens: TokenSource; settings: Settings }

function start(operation: string): Progress {
  return { operation, attempts: 0, mayHaveBeenCarriedOut: false }
}

async function run(
  { baseUrl, tokens, settings: base }: Context,
  operation: Operation,
  ids: Ids,
  body: unknown,
  options?: CallOptions,
): Promise<Result<unknown>> {
  const { id, method, path, idempotent, anonymous, keys } = operation
  const progress = start(id)
  try {
    const settings = options ? mergeSettings(options, base, id) : base
    if (keys && !settings.allowUnknownKeys) checkBody(body, keys, id)
    const url = baseUrl + fillPath(path, ids, id)
    const flags = pickFlags(body, operation)
    const headers = new Headers(settings.headers)
    if (body !== undefined) headers.set('content-type', 'application/json')
    const request = { url, method, headers, body: body === undefined ? null : JSON.stringify(body) }
    const state = Object.assign(progress, { idempotent, settings, tokens: anonymous ? undefined : tokens })
    const response = await send(request, state)
    const data = await readResponse(operation, flags, response, state)
    return { ok: true, data, response, attempts: progress.attempts }
  } catch (error) {
    return { ok: false, error: error instanceof RecoveryConnectError ? error : wrapError(error, progress) }
  }
}

/** Before the first attempt, the cause is the request itself. After it, the cause is the caller's `checkResponse`. */
function wrapError(reason: unknown, progress: Progress): RecoveryConnectError {
  return progress.attempts
    ? createError('unexpected_response', 'checkResponse failed', progress, { problems: [] }, { reason })
    : createError('invalid_input', "the body or a header can't be sent", progress, {}, { reason })
}
