/** The client of the RecoveryConnect API. The only file that imports openapi-fetch. */
import type { paths } from '@recoveryconnect/spec'
import createOpenapiFetch, { type Client as OpenapiClient } from 'openapi-fetch'
import { dataOf, flagsOf } from './answer.ts'
import type { Call, CallOptions, ClientOptions, Operation, Result } from './call.ts'
import { failure, invalidInput, type Progress, RecoveryConnectError } from './errors.ts'
import { checkBody, checkedBaseUrl, filledPath, type Settings, settingsOf } from './input.ts'
import { Client, serverUrl } from './operations.gen.ts'
import { type Tokens, tokensOf } from './tokens.ts'
import { type Outgoing, send } from './transport.ts'

export type {
  AnswerCheck,
  Call,
  CallOptions,
  ClientOptions,
  Hooks,
  Operation,
  Result,
  TokenProvider,
} from './call.ts'
export type {
  AbortedError,
  ConnectionError,
  ContradictionError,
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  RateLimitedError,
  RefusedError,
  ServerError,
  TimeoutError,
  TokenUnavailableError,
  UnauthenticatedError,
  UnexpectedResponseError,
  ValidationError,
} from './errors.ts'
export { RecoveryConnectError } from './errors.ts'
export * from './operations.gen.ts'

/**
 * A client with every resource of the contract.
 *
 * @throws {RecoveryConnectError} `invalid_input` if an option cannot be meant.
 * @example
 * const rc = createClient({ token })
 * const { data } = await rc.borrowerPhones.list({ order_id: 57062885, borrower_id: 124927241 })
 */
export function createClient(options: ClientOptions): Client {
  return new Client(connect(options))
}

/** A connection to the API without any resource; the factories of the resources take it. */
export interface Connection {
  /** Makes a call. The generated methods use it; there is no need to call it by hand. */
  call<Answer>(
    operation: Operation,
    ids: Record<string, unknown>,
    body: unknown,
    options?: CallOptions,
  ): Call<Answer>
  /** The resource that a factory makes of this connection; made when it is first asked for, then kept. */
  use<Resource>(factory: (connection: Connection) => Resource): Resource
  /**
   * The typed client of openapi-fetch over the same transport: deadlines, retries, token, limits. It answers a
   * status outside 2xx with `error` instead of throwing, and does not compare what was sent with what came back.
   *
   * @example
   * const { data, error } = await rc.raw.GET('/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones', {
   *   params: { path: { order_id: 57062885, borrower_id: 124927241 } },
   * })
   */
  readonly raw: OpenapiClient<paths>
}

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
  const tokens = tokensOf(token)
  const server = checkedBaseUrl(baseUrl)
  const request = createOpenapiFetch({ baseUrl: server, Request: Unsent as never }).request as Sender
  const made = new Map<unknown, unknown>()
  let raw: OpenapiClient<paths> | undefined

  const connection: Connection = {
    call<Answer>(
      operation: Operation,
      ids: Record<string, unknown>,
      body: unknown,
      options?: CallOptions,
    ): Call<Answer> {
      const outcome = run(request, operation, ids, body, options, settings, tokens) as Promise<Result<Answer>>
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
    use<Resource>(factory: (connection: Connection) => Resource): Resource {
      if (!made.has(factory)) made.set(factory, factory(connection))
      return made.get(factory) as Resource
    },
    get raw() {
      raw ??= rawClient(server, settings, tokens)
      return raw
    },
  }
  return connection
}

/** The types of a request stand in the signatures of the generated methods, which come from the same contract. */
type Sender = (method: string, path: string, init: object) => Promise<{ response: Response }>

/** Stands in for `Request`: the transport makes a request of its own for each attempt. */
class Unsent {
  constructor(url: string, init: object) {
    Object.assign(this, init, { url })
  }
}

async function run(
  request: Sender,
  operation: Operation,
  ids: Record<string, unknown>,
  body: unknown,
  options: CallOptions | undefined,
  base: Settings,
  tokens: Tokens,
): Promise<Result<unknown>> {
  const { id, method, path, mayRepeat, anonymous, keys, query } = operation
  const progress = { operation: id, attempts: 0, mayHaveBeenCarriedOut: false }
  try {
    const settings = options ? settingsOf(options, base, id) : base
    if (keys && !settings.allowUnknownKeys) checkBody(body, keys, id)
    const journey = Object.assign(progress, { mayRepeat, settings, tokens: anonymous ? undefined : tokens })
    const flags = flagsOf(body, operation)
    const { response } = await request(method, filledPath(path, ids, id), {
      params: query ? { query: Object.fromEntries(query.map((name) => [name, ids[name]])) } : {},
      body,
      headers: settings.headers,
      fetch: (outgoing: Outgoing) => send(outgoing, journey),
      // The transport has read the body; what it means is a matter of this package.
      parseAs: 'stream',
    })
    const data = await dataOf(operation, flags, response, journey)
    return { ok: true, data, response, attempts: journey.attempts }
  } catch (error) {
    return { ok: false, error: error instanceof RecoveryConnectError ? error : strayed(error, progress) }
  }
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

function rawClient(baseUrl: string, base: Settings, tokens: Tokens): OpenapiClient<paths> {
  return createOpenapiFetch<paths>({
    baseUrl,
    pathSerializer: filledPath,
    async fetch(request) {
      const { url, method, signal } = request
      if (!url.startsWith(`${baseUrl}/`))
        throw invalidInput("a raw call must go to the client's baseUrl", 'raw')
      if (/\{|%7b/i.test(url)) throw invalidInput('params.path must hold each name of the path', 'raw')
      const headers = new Headers(request.headers)
      const body = request.body && (await request.arrayBuffer())
      const mayRepeat = method !== 'POST' && method !== 'PATCH'
      const settings = { ...base, signal }
      const response = await send(
        { url, method, headers, body },
        { operation: 'raw', attempts: 0, mayHaveBeenCarriedOut: false, mayRepeat, settings, tokens },
      )
      return response.status >= 200 ? new Response((await response.text()) || null, response) : response
    },
  })
}
