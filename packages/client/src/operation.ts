/** Calls operations: checks the input, sends the request and reads the response. */
import type { Call, CallOptions, Connection, Operation } from './call.ts'
import { createError, isControlFlow, type Progress, RecoveryConnectError, start } from './errors.ts'
import { checkExact, checkFields, fillPath } from './input.ts'
import { isCleared, isIdempotent, pickFlags, readResponse } from './response.ts'
import { send } from './transport.ts'

/** Calls an operation. The generated methods use it. */
export function callOperation<Data>(
  connection: Connection,
  operation: Operation,
  ids: Ids,
  body: unknown,
  options?: CallOptions,
): Call<Data> {
  const progress = start(operation.id)
  const call = run(connection, progress, operation, ids, body, options) as Promise<Data>
  const withResponse = () =>
    call.then((data) => ({ data, response: progress.response as Response, attempts: progress.attempts }))
  const result = () =>
    withResponse().then(
      (success) => ({ ok: true, ...success }) as const,
      (error) => {
        if (error instanceof RecoveryConnectError) return { ok: false, error } as const
        throw error
      },
    )
  return Object.assign(call, { result, withResponse })
}

type Ids = Readonly<Record<string, unknown>>

async function run(
  connection: Connection,
  progress: Progress,
  operation: Operation,
  ids: Ids,
  body: unknown,
  options?: CallOptions,
): Promise<unknown> {
  const { id, method, path, anonymous, keys } = operation
  try {
    const { settings, tokens } = connection.open(options, id)
    if (keys && !settings.allowUnknownKeys) checkFields('the body', body, keys, id)
    const url = connection.baseUrl + fillPath(path, ids, id)
    const flags = pickFlags(body, operation)
    const headers = { ...settings.headers }
    const request = { url, method, headers, body: JSON.stringify(body, checkExact) }
    if (request.body) headers['content-type'] = 'application/json'
    const isRepeatable = isIdempotent(method) && (settings.retryClearedFlags || !flags.some(isCleared))
    const state = Object.assign(progress, { isRepeatable, settings, tokens: anonymous ? undefined : tokens })
    progress.response = await send(request, state)
    return await readResponse(operation, flags, progress.response, state)
  } catch (error) {
    throw error instanceof RecoveryConnectError || isControlFlow(error) ? error : wrapError(error, progress)
  }
}

/** Before the first attempt, the cause is the request itself. After it, the cause is the caller's `checkResponse`. */
function wrapError(reason: unknown, progress: Progress): RecoveryConnectError {
  return progress.attempts
    ? createError('unexpected_response', 'checkResponse failed', progress, { problems: [] }, { reason })
    : createError('invalid_input', "the body or a header can't be sent", progress, {}, { reason })
}
