/** Turns a response into data or an error. */
import type { Operation } from './call.ts'
import { createError, type RecoveryConnectError } from './errors.ts'
import { nameType, showName } from './input.ts'
import { parseRetryAfter } from './retry-after.ts'
import type { CallState } from './transport.ts'

type Fail = (kind: RecoveryConnectError['kind'], message: string, shown?: object) => RecoveryConnectError

type Fields = Readonly<Record<string, unknown>>

/**
 * Reads the data from a response.
 *
 * @param sent the body of the request
 * @throws {RecoveryConnectError} if the status is an error, the body doesn't follow the contract, or a flag differs.
 */
export async function readResponse(
  { id, keys = {}, data: type, confirms }: Operation,
  sent: string | undefined,
  response: Response,
  state: CallState,
): Promise<unknown> {
  const { ok, status, headers } = response
  const { text = '' } = state
  const body = parseBody(text)
  const fail: Fail = (kind, message, shown) =>
    createError(kind, message, state, { status, ...shown }, { headers, body })
  const unexpected = (what: string, ...problems: readonly string[]) => {
    state.mayHaveBeenCarriedOut = true
    const where = problems.length ? ` at ${problems.join(', ')}` : ''
    return fail('unexpected_response', `the response (${status}) ${what}${where}`, { problems })
  }
  if (!ok && !isFromApi(status, body)) throw unexpected("isn't from the API")
  if (!ok) {
    // The server chooses the names, so only those that the contract has are shown.
    const fields = Object.keys(Object(Object(body).errors)).filter((name) => keys[name])
    throw createStatusError(response, fields, fail)
  }
  if (nameType(body) !== 'Object') throw unexpected("isn't a JSON object")
  const rounded = findRounded(text, body)
  if (rounded) throw unexpected('has a number too large for JavaScript', rounded)
  const { data } = body as { data: Fields }
  if (type && nameType(data) !== type) throw unexpected(mismatch, 'data')
  if (type === 'Array' && isPage(body as Fields))
    throw fail('incomplete_list', 'the list is one page of several')
  if (confirms && data.success !== true) throw unexpected(mismatch, 'data.success')
  const flags: Fields = sent ? JSON.parse(sent) : {}
  const fields = Object.keys(flags).filter(
    (name) => keys[name] === 'flag' && String(data[name]) !== String(Number(flags[name])),
  )
  if (fields.length) {
    const message = `the API returned different values than you sent for ${fields.join(' and ')}; don't dial`
    throw fail('contradiction', message, { fields })
  }
  const { checkResponse } = state.settings
  const problems = checkResponse && (await checkResponse(id, body))
  if (problems?.length) throw unexpected(mismatch, ...problems)
  return body
}

const mismatch = "doesn't match the contract"

/**
 * Returns whether a list shows that records are missing. The vendor documents no paging for these lists. Its other
 * lists have `links` and `meta`, `current_page` at the top, or a total, and numbers that can be strings.
 */
function isPage(body: Fields): boolean {
  const { length } = body.data as unknown[]
  return [body, Object(body.meta) as Fields].some((part) => {
    const { next_page_url, prev_page_url, current_page, last_page, total } = part
    const { next, prev } = Object(part.links)
    const page = Number(current_page ?? 1)
    const other = next ?? prev ?? next_page_url ?? prev_page_url ?? null
    return other !== null || page > 1 || Number(last_page) > page || Number(total) > length
  })
}

/** Whether a response with an error status can be the API's. Proxies and gateways respond with 404 and 422, too. */
function isFromApi(status: number, body: unknown): boolean {
  if (status !== 404 && status !== 422) return status >= 400
  const { message, errors } = Object(body)
  // If a message names a route, the path led to no operation, so the API didn't look for the record.
  const isMissing = typeof message === 'string' && !/\broute\b/i.test(message)
  return isMissing && (status === 404 || nameType(errors) === 'Object')
}

const kinds: Readonly<Record<number, RecoveryConnectError['kind']>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  422: 'validation',
  429: 'rate_limited',
}

/** Creates the error for a response with an error status. */
function createStatusError({ status, headers }: Response, fields: readonly string[], fail: Fail) {
  const kind = kinds[status] ?? (status < 500 ? 'refused' : 'server')
  const retryAfterMs = parseRetryAfter(headers)
  const isTold = Number.isFinite(retryAfterMs)
  const what = isTold ? `; retry after ${retryAfterMs} ms` : fields.length ? `: ${fields.join(', ')}` : ''
  return fail(kind, `the API responded with ${status} (${kind})${what}`, isTold ? { retryAfterMs } : {})
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
      const at = `${path}.${showName(name)}`
      // The path starts with the index of the body.
      if (isRounded) return at.slice(3, 200)
      found.push([at, inner])
    }
  return undefined
}

/** Returns the text itself if it isn't JSON. */
export function parseBody(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
