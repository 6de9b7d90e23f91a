/** Turns a response into data or an error. */
import type { Operation } from './call.ts'
import { createError, type RecoveryConnectError } from './errors.ts'
import { type CallState, parseRetryAfter } from './transport.ts'

type Fail = (kind: RecoveryConnectError['kind'], message: string, shown?: object) => RecoveryConnectError

type Flags = readonly (readonly [name: string, value: unknown])[]

/** Picks the flags (`valid`, `no_contact`) from a body before it is sent, because the caller may change it later. */
export function pickFlags(body: unknown, { keys }: Operation): Flags {
  return keys
    ? Object.entries(body as object).filter(([key, value]) => keys[key] === 'flag' && value !== undefined)
    : []
}

/** Whether sending a request twice has the same effect as sending it once. */
export function isIdempotent(method: string): boolean {
  return method !== 'POST' && method !== 'PATCH'
}

/** Whether a flag permits contact again. If its update were repeated, it could undo someone else's update. */
export function isCleared([name, sent]: Flags[number]): boolean {
  return Number(sent) !== Number(name !== 'valid')
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
  const text = await response.text()
  const parsed = parseBody(text)
  const body = parsed === undefined ? text : parsed
  const fail: Fail = (kind, message, shown) =>
    createError(kind, message, state, { status, ...shown }, { headers, body })
  const problem = ok ? undefined : describeStatus(operation, response, body)
  if (ok || problem?.[0] === 'unexpected_response') state.mayHaveBeenCarriedOut = true
  if (problem) throw fail(...problem)
  const unexpected = (problems: readonly string[], what = "doesn't match the contract") =>
    fail('unexpected_response', `the response ${what} at ${problems.join(', ') || 'its root'}`, { problems })
  if (!isObject(body)) throw unexpected([], "isn't a JSON object")
  const rounded = findRounded(text, body)
  if (rounded) throw unexpected([rounded], 'has a number that JavaScript rounds')
  const { data } = body
  const isList = operation.data === 'array'
  if (operation.data && !(isList ? Array.isArray(data) : isObject(data))) throw unexpected(['data'])
  if (isList && isPage(body)) throw fail('incomplete_list', 'the list is one page of several')
  const record = data as Record<string, unknown>
  if (operation.confirms && record.success !== true) throw unexpected(['data.success'])
  const fields = flags
    .filter(([name, sent]) => String(record[name]) !== String(Number(sent)))
    .map(([name]) => name)
  if (fields.length) {
    const message = `the API returned different values than you sent for ${fields.join(' and ')}; don't dial`
    throw fail('contradiction', message, { fields })
  }
  const problems = await state.settings.checkResponse?.(operation.id, body)
  if (problems?.length) throw unexpected(problems)
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

const kinds: Readonly<Record<number, RecoveryConnectError['kind']>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  422: 'validation',
  429: 'rate_limited',
}

/** Describes a response with an error status: the kind and message of its error, and the other properties. */
function describeStatus({ keys }: Operation, { status, headers }: Response, body: unknown): Parameters<Fail> {
  const { message, errors } = isObject(body) ? body : {}
  // If a message names a route, the path led to no operation, so the API didn't look for the record.
  const isMissing = typeof message === 'string' && !/\broute\b/i.test(message)
  const isFromApi =
    status === 404 ? isMissing : status === 422 ? isMissing && isObject(errors) : status >= 400
  if (!isFromApi)
    return ['unexpected_response', `the response (${status}) isn't from the API`, { problems: [] }]

  const kind = kinds[status] ?? (status < 500 ? 'refused' : 'server')
  const text = `the API responded with ${status} (${kind})`
  // The server chooses the names too, so only those that the contract has are shown.
  const fields = Object.keys(Object(errors)).filter((name) => status === 422 && keys?.[name])
  const retryAfterMs = status > 428 ? parseRetryAfter(headers) : undefined
  return Number.isFinite(retryAfterMs)
    ? [kind, `${text}, retry after ${retryAfterMs} ms`, { retryAfterMs }]
    : [kind, text + (fields.length ? ` to ${fields.join(', ')}` : '')]
}

/**
 * Finds an integer that `JSON.parse` may have rounded, and returns its path, such as `data.0.id`. Most texts have no
 * number with 16 digits or an exponent, so they need no search.
 */
export function findRounded(text: string, body: unknown): string | undefined {
  if (!/[:,[\s]-?\d(\d{15}|[\d.]*[eE])/.test(text)) return undefined
  const found: [path: string, value: object][] = [['', [body]]]
  // Not recursive, because a body can be nested deeply. The list grows while it's read.
  for (const [path, value] of found)
    for (const [name, inner] of Object.entries(value)) {
      const isRounded = typeof inner === 'number' && Math.abs(inner) > Number.MAX_SAFE_INTEGER
      if (!isRounded && Object(inner) !== inner) continue
      const at = `${path}.${/^([a-z_]{1,40}|\d{1,4})$/.test(name) ? name : '?'}`
      // The path starts with the index of the body.
      if (isRounded) return at.slice(3, 200)
      found.push([at, inner])
    }
  return undefined
}

/** Returns `undefined` for a text that isn't JSON. */
export function parseBody(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
