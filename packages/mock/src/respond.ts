import { MIMEType } from 'node:util'
import { HttpError } from '@recoveryconnect/http/http-error'
import { describeMistake, readBearer } from '@recoveryconnect/http/tokens'
import { type Operation, readModel } from '@recoveryconnect/spec/model'
import Negotiator from 'negotiator'
import type { Respond } from './http.ts'
import { readPreference } from './prefer.ts'
import { createPrism, isInteger, type Violation } from './prism.ts'

/**
 * Creates a function that responds to requests as an OpenAPI document specifies. Default: the built contract.
 *
 * The function throws an `HttpError` for a request that the document doesn't allow. It checks, in this order: the path,
 * the method, whether the body is valid JSON, the token, the ids, the body's type and content, `Prefer`, `Accept`.
 */
export async function createResponder(document?: object): Promise<Respond> {
  const model = readModel(document)
  const prism = await createPrism(model.document)

  return async ({ method, target, headers, body }) => {
    const { path, query } = splitTarget(target)
    const operation = await prism.route(method, path)
    const documented = model.operations.find(
      (other) => other.method === operation.method.toUpperCase() && other.path === operation.path,
    )
    const type = mediaType(headers['content-type'])
    const parsed = type === 'application/json' ? parseJson(body) : undefined
    const preference = readPreference(String(headers.prefer ?? ''), documented?.responses ?? [])
    const valid = preference instanceof HttpError ? undefined : preference
    const request = { path, query, headers, body: parsed, preference: valid }
    const { violations, response } = await prism.mock(operation, request)
    rejectToken(violations, headers.authorization)
    rejectIds(violations)
    if (body.length > 0) rejectBodyType(type, documented?.body)
    rejectFields(violations)
    if (preference instanceof HttpError) throw preference
    rejectAccept(headers.accept, response.headers?.['content-type'])
    return { ...response, ...(valid?.body && { body: valid.body }) }
  }
}

/**
 * Also accepts a whole URL, because clients send one to a proxy. The parts of the path are decoded and encoded again,
 * because Prism finds no ids in /api/v140/%6Frders/1/borrowers.
 */
function splitTarget(target: string): { path: string; query: string } {
  const local = target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?]*/i, '')
  const [path = '', ...query] = local.split('?')
  try {
    const parts = path.split('/').map((part) => encodeURIComponent(decodeURIComponent(part)))
    return { path: parts.join('/'), query: query.join('?') }
  } catch {
    // Prism stops: GET /api/v140/orders/%ff/borrowers.
    throw new HttpError(400, {
      message: 'The percent-encoding of the path is invalid. Write %25 for a percent sign.',
    })
  }
}

function mediaType(contentType = ''): string | undefined {
  try {
    return new MIMEType(contentType).essence
  } catch {
    return undefined
  }
}

function parseJson(body: Uint8Array): unknown {
  if (body.length === 0) return undefined
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body)
    return JSON.parse(text, /\d{19}|\de/i.test(text) ? replaceLongInteger : undefined)
  } catch (error) {
    // The error's message quotes the body, which may contain personal data, so only the position is used.
    const position = /position \d+/.exec(error instanceof SyntaxError ? error.message : '')?.[0]
    const place = position ? ` (at ${position})` : ''
    throw new HttpError(400, { message: `The body isn't valid JSON in UTF-8${place}.` })
  }
}

/** Prism accepts {"type": 9223372036854775808} as 64 bits. A fraction is a number, too, but no integer. */
function replaceLongInteger(
  _key: string,
  value: unknown,
  { source = '' }: { source?: string } = {},
): unknown {
  return typeof value !== 'number' || Math.abs(value) < 2 ** 63 || isInteger(source) ? value : 0.5
}

/** Prism sends no `WWW-Authenticate`, which RFC 9110 requires, and accepts "Authorization: Bearer undefined". */
function rejectToken(violations: Violation[], authorization?: string): void {
  const mistake = describeMistake(readBearer(authorization))
  if (!mistake && !violations.some((violation) => violation.in === 'security')) return
  const reason = mistake ?? 'Send "Authorization: Bearer <token>". The mock accepts any token.'
  throw new HttpError(401, {
    message: `Unauthenticated. ${reason}`,
    headers: { 'www-authenticate': 'Bearer' },
  })
}

/** Prism sends 422, which no GET documents: GET /api/v140/orders/x/borrowers. */
function rejectIds(violations: Violation[]): void {
  const id = violations.find((violation) => violation.in === 'path')
  if (id) throw new HttpError(404, { message: `Not found. In the path, ${id.field} ${id.reason}.` })
}

/** Prism accepts JSON without a Content-Type and with application/vnd.api+json, and any chunked body. */
function rejectBodyType(type: string | undefined, documented: Operation['body']): void {
  if (!documented) throw new HttpError(415, { message: "This operation doesn't take a body." })
  if (type !== documented.mediaType)
    throw new HttpError(415, { message: `Send the body as ${documented.mediaType}.` })
}

/** Prism sends the contract's example, which is about another field: POST {"type": "6", "number": "2025550143"}. */
function rejectFields(violations: Violation[]): void {
  if (violations.length === 0) return
  const byField = Map.groupBy(violations, ({ field }) => field)
  const errors = [...byField].map(([field, all]) => [field, all.map(({ reason }) => sentence(field, reason))])
  throw new HttpError(422, { message: 'The given data was invalid.', errors: Object.fromEntries(errors) })
}

function sentence(field: string, reason: string): string {
  return `The ${field}${field === 'body' ? '' : ' field'} ${reason}.`
}

/**
 * Prism sends 500 for "Accept: ;;", and for "Accept: text/html" with "Prefer: code=404". Like Prism, this ignores
 * parameters, which JSON doesn't have.
 */
function rejectAccept(accept = '', contentType: string | undefined): void {
  const accepted = (accept || '*/*').replace(/;(?!\s*q\s*=)(?:"[^"]*"|[^",;])*/gi, '')
  if (!contentType || new Negotiator({ headers: { accept: accepted } }).mediaType([contentType])) return
  throw new HttpError(406, {
    message: `The response is ${contentType}, but the Accept header doesn't allow that type.`,
  })
}
