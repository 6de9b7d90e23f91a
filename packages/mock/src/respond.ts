import { MIMEType } from 'node:util'
import { readModel } from '@recoveryconnect/spec/model'
import Negotiator from 'negotiator'
import type { HttpRequest, HttpResponse } from './http.ts'
import { HttpError } from './http-error.ts'
import { readPreference } from './prefer.ts'
import { readOperations, toText, type Violation } from './prism.ts'
import { createRouter } from './router.ts'

/**
 * Creates a function that responds to requests as an OpenAPI document specifies. Default: the built contract.
 *
 * The function throws an `HttpError` for a request that the document doesn't allow. It checks, in this order: the path,
 * the method, whether the body is valid JSON, the token, the ids, the body's type and content, `Prefer`, `Accept`.
 */
export async function createResponder(
  document?: object,
): Promise<(request: HttpRequest) => Promise<HttpResponse>> {
  const model = readModel(document)
  const route = createRouter(await readOperations(model.document))

  return async ({ method, target, headers, body }) => {
    const { path, query } = splitTarget(target)
    const { operation, ids } = route(method, path)
    const documented = model.operations.find(
      (other) => other.method === operation.method && other.path === operation.path,
    )
    const preference = readPreference(String(headers.prefer ?? ''), documented?.responses ?? [])
    const valid = preference instanceof HttpError ? undefined : preference
    const { violations, response } = await operation.mock({
      ids,
      query,
      // Without `Accept`, because Prism responds with a 500 if it can't read it. `rejectOtherTypes` checks it instead.
      headers: {
        ...toText({ ...headers, accept: undefined }),
        ...describeBody(body, headers['content-type']),
      },
      body: parseBody(body, headers['content-type']),
      preference: valid,
    })
    rejectViolations(violations)
    if (preference instanceof HttpError) throw preference
    rejectOtherTypes(headers.accept, response.headers?.['content-type'])
    return { ...response, ...(valid?.body && { body: valid.body }) }
  }
}

/** Also accepts a whole URL, because clients send one to a proxy. */
function splitTarget(target: string): { path: string; query: URLSearchParams } {
  const local = target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?]*/i, '')
  const [path = '', ...query] = local.split('?')
  return { path, query: new URLSearchParams(query.join('?')) }
}

/** The headers that describe the body. The client's own may be missing or unreadable. */
function describeBody(body: Uint8Array, contentType: string | undefined): Record<string, string> {
  return {
    'content-length': String(body.length),
    'content-type': mediaType(contentType) ?? 'application/octet-stream',
  }
}

function mediaType(contentType = ''): string | undefined {
  try {
    return new MIMEType(contentType).essence
  } catch {
    return undefined
  }
}

/** Parses a body with a JSON content type. Any other body stays text, and its type is rejected later. */
function parseBody(body: Uint8Array, contentType: string | undefined): unknown {
  if (body.length === 0) return undefined
  const isJson = /[/+]json$/.test(mediaType(contentType) ?? '')
  try {
    const text = new TextDecoder('utf-8', { fatal: isJson }).decode(body)
    return isJson ? JSON.parse(text) : text
  } catch (error) {
    // The error's message quotes the body, which may contain personal data, so only the position is used.
    const position = /position \d+/.exec(error instanceof SyntaxError ? error.message : '')?.[0]
    throw new HttpError(400, `The body isn't valid JSON in UTF-8${position ? ` (at ${position})` : ''}.`)
  }
}

function rejectViolations(violations: Violation[]): void {
  const first = (place: Violation['in']) => violations.find((violation) => violation.in === place)
  if (first('security')) {
    const headers = { 'www-authenticate': 'Bearer' }
    const message = 'Unauthenticated. Send "Authorization: Bearer <token>". The mock accepts any token.'
    throw new HttpError(401, message, { headers })
  }
  const id = first('path')
  if (id) throw new HttpError(404, `Not found. In the path, ${id.field} ${id.reason}.`)
  const type = first('content-type')
  if (type) throw new HttpError(415, `${type.reason}.`)
  if (violations.length === 0) return
  const byField = Map.groupBy(violations, ({ field }) => field)
  const errors = [...byField].map(([field, all]) => [field, all.map(({ reason }) => sentence(field, reason))])
  throw new HttpError(422, 'The given data was invalid.', { errors: Object.fromEntries(errors) })
}

function sentence(field: string, reason: string): string {
  return `The ${field}${field === 'body' ? '' : ' field'} ${reason}.`
}

/** Ignores a charset in `Accept`, because some clients send one and JSON has only one. */
function rejectOtherTypes(accept = '', contentType: string | undefined): void {
  const accepted = accept.replace(/;\s*charset=[^;,]*/gi, '') || '*/*'
  if (!contentType || new Negotiator({ headers: { accept: accepted } }).mediaType([contentType])) return
  throw new HttpError(406, `The response is ${contentType}, but the Accept header doesn't allow that type.`)
}
