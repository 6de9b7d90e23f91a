/** A connection to the API: what every call goes through. */
import { dataOf, flagsOf } from './answer.ts'
import type { Call, CallOptions, ClientOptions, Operation, Result } from './call.ts'
import { failure, type Progress, RecoveryConnectError } from './errors.ts'
import { checkBody, checkedBaseUrl, filledPath, type Settings, settingsOf } from './input.ts'
import { serverUrl } from './operations.gen.ts'
import { type Tokens, tokensOf } from './tokens.ts'
import { type Outgoing, send } from './transport.ts'

/** A connection to the API without any resource; the factories of the resources take it. */
export interface Connection {
  /** The server, without a slash at its end. */
  readonly baseUrl: string
  /** Makes a call. The generated methods use it; there is no need to call it by hand. */
  call<Answer>(operation: Operation, ids: Ids, body: unknown, options?: CallOptions): Call<Answer>
  /** Sends a request through the transport. The escape hatch uses it, see `openapiClient`. */
  send(request: Outgoing, mayRepeat: boolean, options: CallOptions): Promise<Response>
  /** The resource that a factory makes of this connection; made when it is first asked for, then kept. */
  use<Resource>(factory: (connection: Connection) => Resource): Resource
}

type Ids = Readonly<Record<string, unknown>>

/**
 * A connection without any resource, for programs that bundle only the resources they use.
 *
 * @throws {RecoveryConnectError} `invalid_input` if an option cannot be meant.
 * @example
 * const { list } = borrowerPhones(connect({ token }))
 * const { data } = await list({ order_id: 57062885, borrower_id: 124927241 })
 */
export function connect({ token, baseUrl = serverUrl, ...options }: ClientOptions): Connection {
  const settings = settingsOf(options)
  const server = checkedBaseUrl(baseUrl)
  const tokens = tokensOf(token, { baseUrl: server, fetch: options.fetch })
  const made = new Map<unknown, unknown>()

  const connection: Connection = {
    baseUrl: server,
    call<Answer>(operation: Operation, ids: Ids, body: unknown, options?: CallOptions): Call<Answer> {
      const outcome = run(server, operation, ids, body, options, settings, tokens) as Promise<Result<Answer>>
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
    send: (request, mayRepeat, options) =>
      send(request, { ...started('raw'), mayRepeat, tokens, settings: settingsOf(options, settings) }),
    use<Resource>(factory: (connection: Connection) => Resource): Resource {
      if (!made.has(factory)) made.set(factory, factory(connection))
      return made.get(factory) as Resource
    },
  }
  return connection
}

function started(operation: string): Progress {
  return { operation, attempts: 0, mayHaveBeenCarriedOut: false }
}

async function run(
  baseUrl: string,
  operation: Operation,
  ids: Ids,
  body: unknown,
  options: CallOptions | undefined,
  base: Settings,
  tokens: Tokens,
): Promise<Result<unknown>> {
  const { id, method, path, mayRepeat, anonymous, keys, query } = operation
  const progress = started(id)
  try {
    const settings = options ? settingsOf(options, base, id) : base
    if (keys && !settings.allowUnknownKeys) checkBody(body, keys, id)
    const url = baseUrl + filledPath(path, ids, id) + (query ? queryOf(query, ids) : '')
    const flags = flagsOf(body, operation)
    const headers = new Headers(settings.headers)
    if (body !== undefined) headers.set('content-type', 'application/json')
    const request = { url, method, headers, body: body === undefined ? null : JSON.stringify(body) }
    const journey = Object.assign(progress, { mayRepeat, settings, tokens: anonymous ? undefined : tokens })
    const response = await send(request, journey)
    const data = await dataOf(operation, flags, response, journey)
    return { ok: true, data, response, attempts: progress.attempts }
  } catch (error) {
    return { ok: false, error: error instanceof RecoveryConnectError ? error : strayed(error, progress) }
  }
}

/** The query of the values that are there; a list repeats its name. */
function queryOf(names: readonly string[], ids: Ids): string {
  const pairs = names.flatMap((name) =>
    [ids[name]]
      .flat()
      .flatMap((value) => (value === undefined || value === null ? [] : [[name, String(value)]])),
  )
  return pairs.length ? `?${new URLSearchParams(pairs)}` : ''
}

/** What neither the transport nor the checks threw: a value that cannot be written, or a check that failed itself. */
function strayed(reason: unknown, progress: Progress): RecoveryConnectError {
  return progress.attempts
    ? failure(
        'unexpected_response',
        'the answer could not be checked',
        progress,
        { problems: [] },
        { reason },
      )
    : failure('invalid_input', 'the body or a header cannot be written', progress, {}, { reason })
}
