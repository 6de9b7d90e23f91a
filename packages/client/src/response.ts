/** Turns a response into data or an error. */
import type { Operation } from './call.ts'
import { createError, type RecoveryConnectError } from './errors.ts'
import { type CallState, parseRetryAfter } from './transport.ts'

type Flags = readonly (readonly [name: string, value: unknown])[]

/** Picks the flags (`valid`, `no_contact`) from a body before it is sent, because the caller may change it later. */
export function pickFlags(body: unknown, { keys }: Operation): Flags {
  return Object.entries(keys ? (body as object) : {}).filter(
    ([key, value]) => keys?.[key] === 'flag' && value !== undefined,
  )
}

/**
 * Reads the data from a response.
 *
 * @throws {RecoveryConnectError} if the status is an error, the body doesn't follow the contract, or a flag differs.
 */
export async function readResponse(
  operation: Operation,
  flags: Flags,
  response: Response,
  state: CallState,
): Promise<unknown> {
  const { ok, status, headers } = response
  const body = parseBody(await response.text())
  if (!ok) throw createStatusError(operation, response, body, state)

  state.mayHaveBeenCarriedOut = true
  const unexpected = (message: string, problems: readonly string[]) =>
    createError('unexpected_response', message, state, { status, problems }, { headers, body })
  if (!isObject(body)) throw unexpected("the response isn't a JSON object", [])
  const { data } = body
  if (operation.data && !(operation.data === 'array' ? Array.isArray(data) : isObject(data)))
    throw unexpected(`the response has no ${operation.data} in "data"`, ['data'])
  if (operation.data === 'array' && isPage(body)) {
    const message = "the list is one page of several, and the client doesn't follow pages"
    throw createError('incomplete_list', message, state, { status }, { headers, body })
  }
  const record = data as Record<string, unknown>
  if (operation.confirms && record.success !== true)
    throw unexpected("the response doesn't confirm success", ['data.success'])

  const fields = flags
    .filter(([name, sent]) => String(record[name]) !== String(Number(sent)))
    .map(([name]) => name)
  if (fields.length) {
    const advice = operation.keys?.no_contact ? "don't dial the number" : 'read the record again'
    const message = `the API returned different values than you sent for ${fields.join(' and ')}; ${advice}`
    throw createError('contradiction', message, state, { status, fields }, { headers, body })
  }
  const problems = await state.settings.checkResponse?.(operation.id, body)
  if (problems?.length)
    throw unexpected(`the response doesn't match its schema at ${problems.join(', ')}`, problems)
  return body
}

/**
 * Returns whether a list shows that records are missing. The vendor documents no paging for these lists. Its other
 * lists have `links` and `meta`, `current_page` at the top, or a total, and numbers that can be strings.
 */
function isPage(body: Record<string, unknown>): boolean {
  const { length } = body.data as unknown[]
  return [body, body.meta].filter(isObject).some((part) => {
    const { next, prev } = isObject(part.links) ? part.links : {}
    const { next_page_url, prev_page_url, current_page, last_page, total } = part
    const page = Number(current_page ?? 1)
    const hasOthers = (next ?? prev ?? next_page_url ?? prev_page_url ?? null) !== null
    return hasOthers || page > 1 || Number(last_page) > page || Number(total) > length
  })
}

function createStatusError(
  operation: Operation,
  response: Response,
  body: unknown,
  state: CallState,
): RecoveryConnectError {
  const { status, headers } = response
  const isApiError = isObject(body) && typeof body.message === 'string'
  const create = (kind: RecoveryConnectError['kind'], message: string, shown?: object) =>
    createError(kind, `${message} (${status})`, state, { status, ...shown }, { headers, body })

  if (status === 401) return create('unauthenticated', 'the API rejected the credentials')
  if (status === 403) return create('forbidden', "the token doesn't permit this operation")
  if (status === 404 && isApiError) return create('not_found', "the record doesn't exist")
  if (status === 422 && isApiError && isObject(body.errors)) {
    // The server chooses the names too, so only those that the contract has are shown.
    const known = Object.keys(body.errors).filter((name) => operation.keys?.[name])
    return create('validation', `the API rejected ${known.join(', ') || 'the request'}`)
  }
  const wait = parseRetryAfter(headers)
  const shown = wait === undefined ? {} : { retryAfterMs: wait }
  const advice = wait === undefined ? '' : `, retry after ${wait} ms`
  if (status === 429) return create('rate_limited', `too many requests${advice}`, shown)
  if (status >= 500) return create('server', `the API failed${advice}`, shown)
  if (status >= 400 && status !== 404 && status !== 422)
    return create('refused', 'the API rejected the request')
  state.mayHaveBeenCarriedOut = true
  const problem = status >= 400 ? "the response isn't from the API" : "the client doesn't follow redirects"
  return create('unexpected_response', problem, { problems: [] })
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
