/** Calls operations: checks the input, sends the request and reads the response. */
import type { Call, CallOptions, Connection, Operation } from './call.ts'
import { createError, isControlFlow, type Progress, RecoveryConnectError, start } from './errors.ts'
import { checkExact, checkFields, fillPath } from './input.ts'
import { readResponse } from './response.ts'
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
    const { settings, token } = connection.open(options, id)
    if (keys && !settings.allowUnknownKeys) checkFields('the body', body, keys, id)
    const url = connection.baseUrl + fillPath(path, ids, id)
    const json = body === undefined ? undefined : JSON.stringify(body, checkExact)
    const request = { url, method, body: json }
    const state = Object.assign(progress, { settings, token: anonymous ? undefined : token })
    progress.response = await send(request, state)
    return await readResponse(operation, json, progress.response, state)
  } catch (reason) {
    if (reason instanceof RecoveryConnectError || isControlFlow(reason)) throw reason
    // Before the first attempt, the cause is the body. After it, the cause is the caller's `checkResponse`.
    throw progress.attempts
      ? createError('unexpected_response', 'checkResponse failed', progress, { problems: [] }, { reason })
      : createError('invalid_input', "JSON can't represent the body exactly", progress, {}, { reason })
  }
}
