import { MIMEType } from 'node:util'
import Negotiator from 'negotiator'
import { documentedResponses } from './contract.ts'
import type { Answer, Request } from './http.ts'
import { wishOf } from './prefer.ts'
import { operationsOf, type Violation } from './prism.ts'
import { Refusal } from './refusal.ts'
import { createRouter } from './router.ts'

/**
 * Answers requests as a bundled OpenAPI document says.
 *
 * The answer throws a `Refusal` for what the document does not allow. What is looked at first: the path, the method,
 * whether the body is JSON, the token, the ids, the body's type and content, the preferred answer, the accepted types.
 */
export async function createAnswerer(contract: object): Promise<(request: Request) => Promise<Answer>> {
  const route = createRouter(await operationsOf(contract))
  const documented = documentedResponses(contract)

  return async ({ method, target, headers, body }) => {
    const { path, query } = splitTarget(target)
    const { operation, ids } = route(method, path)
    const wish = wishOf(
      String(headers.prefer ?? ''),
      documented.get(`${operation.method} ${operation.path}`) ?? [],
    )
    const { violations, answer } = await operation.ask({
      ids,
      query,
      headers: { ...textual(headers), ...describe(body, headers['content-type']) },
      body: parse(body, headers['content-type']),
      wish: wish instanceof Refusal ? undefined : wish,
    })
    refuse(violations)
    if (wish instanceof Refusal) throw wish
    refuseOtherTypes(headers.accept, answer.headers?.['content-type'])
    return { ...answer, ...(wish?.body && { body: wish.body }) }
  }
}

/** Also takes a whole URL, as a client sends it to a proxy. */
function splitTarget(target: string): { path: string; query: URLSearchParams } {
  const local = target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?]*/i, '')
  const [path = '', ...query] = local.split('?')
  return { path, query: new URLSearchParams(query.join('?')) }
}

/** Without `Accept`, which Prism would negotiate by failing: it answers 500 where it cannot read the header. */
function textual({ accept: _, ...headers }: Request['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
}

/** Says in the headers what the body really is: its length may be missing, its type unreadable. */
function describe(body: Uint8Array, contentType: string | undefined): Record<string, string> {
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

/** JSON where the type says so; anything else stays text, and is refused by its type. */
function parse(body: Uint8Array, contentType: string | undefined): unknown {
  if (body.length === 0) return undefined
  const isJson = /[/+]json$/.test(mediaType(contentType) ?? '')
  try {
    const text = new TextDecoder('utf-8', { fatal: isJson }).decode(body)
    return isJson ? JSON.parse(text) : text
  } catch (error) {
    // The message of the error quotes the body, which may hold personal data: only the position is told.
    const position = /position \d+/.exec(error instanceof SyntaxError ? error.message : '')?.[0]
    throw new Refusal(400, `The body is not valid JSON in UTF-8${position ? ` (from ${position})` : ''}.`)
  }
}

function refuse(violations: Violation[]): void {
  const first = (place: Violation['in']) => violations.find((violation) => violation.in === place)
  if (first('security')) {
    throw new Refusal(401, 'Unauthenticated. Send "Authorization: Bearer <token>"; here any token will do.', {
      headers: { 'www-authenticate': 'Bearer' },
    })
  }
  const id = first('path')
  if (id) throw new Refusal(404, `Not found. In the path, ${id.field} ${id.reason}.`)
  const type = first('content-type')
  if (type) throw new Refusal(415, `${type.reason}.`)
  if (violations.length === 0) return
  const byField = Map.groupBy(violations, ({ field }) => field)
  const errors = [...byField].map(([field, all]) => [field, all.map(({ reason }) => sentence(field, reason))])
  throw new Refusal(422, 'The given data was invalid.', { errors: Object.fromEntries(errors) })
}

function sentence(field: string, reason: string): string {
  return `The ${field}${field === 'body' ? '' : ' field'} ${reason}.`
}

/** JSON has no charset to choose, but clients name one: it would count as another type. */
function refuseOtherTypes(accept = '', contentType: string | undefined): void {
  const wanted = accept.replace(/;\s*charset=[^;,]*/gi, '') || '*/*'
  if (!contentType || new Negotiator({ headers: { accept: wanted } }).mediaType([contentType])) return
  throw new Refusal(406, `The answer is ${contentType}, which the Accept header leaves out.`)
}
