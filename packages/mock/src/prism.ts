import { createInstance, getHttpOperationsFromSpec, type PrismHttpComponents } from '@stoplight/prism-http'
import type { HttpResponse } from './http.ts'
import { HttpError } from './http-error.ts'
import type { Preference } from './prefer.ts'

export interface Operation {
  method: string
  /** The template: `/orders/{order_id}`. */
  path: string
  /** Validates a request and mocks the response to it. */
  mock(request: ParsedRequest): Promise<{ violations: Violation[]; response: HttpResponse }>
}

interface ParsedRequest {
  ids: Record<string, string>
  query: URLSearchParams
  headers: Record<string, string>
  body: unknown
  preference: Preference | undefined
}

export interface Violation {
  in: 'security' | 'content-type' | 'path' | 'query' | 'header' | 'body'
  /** The parameter or property, or `body` for the whole body. */
  field: string
  /** Continues a sentence: `must be an integer`. Never quotes the value. */
  reason: string
}

/**
 * Reads the operations of a bundled OpenAPI document.
 *
 * Only this file imports Prism, because Prism's authors call its programmatic interface experimental. We don't use
 * Prism's own server: a malformed path stops it, and malformed JSON makes it hang.
 */
export async function readOperations(document: object): Promise<Operation[]> {
  // Prism resolves the references in place, so it gets a copy.
  const operations = await getHttpOperationsFromSpec(structuredClone(document))
  return operations.map((operation) => ({
    method: operation.method.toUpperCase(),
    path: operation.path,
    mock: (request) => mockResponse(operation, request),
  }))
}

type PrismError = Error & { status?: number; detail?: string }
type PrismOperation = Awaited<ReturnType<typeof getHttpOperationsFromSpec>>[number]

const levels = ['trace', 'debug', 'info', 'success', 'warn', 'error', 'fatal']
const logger = Object.assign(Object.fromEntries(levels.map((level) => [level, () => {}])), {
  child: () => logger,
}) as unknown as PrismHttpComponents['logger']
const config = {
  isProxy: false,
  checkSecurity: true,
  validateRequest: true,
  validateResponse: true,
  errors: true,
  upstreamProxy: undefined,
} as const
const prism = createInstance({ ...config, mock: { dynamic: false } }, { logger })

async function mockResponse(operation: PrismOperation, request: ParsedRequest) {
  const { ids, query, headers, body, preference } = request
  const input = {
    method: operation.method as 'get',
    url: { path: fillPath(operation, ids), query: queryValues(query) },
    // Prism accepts only this spelling. According to RFC 9110, the case of the scheme doesn't matter.
    headers: {
      ...headers,
      ...(headers.authorization && { authorization: headers.authorization.replace(/^bearer /i, 'Bearer ') }),
    },
    body,
  }
  // A new object each time, because Prism changes it.
  const mock = {
    dynamic: false,
    ...(preference && { code: preference.status }),
    ...(preference?.example && { exampleKey: preference.example }),
  }
  const result = await prism.request(input, [operation], { ...config, mock })()
  if (result._tag === 'Left') {
    const { status = 500, detail, message }: PrismError = result.left
    throw new HttpError(status, detail || message)
  }
  const { output, validations } = result.right
  const violations = [...errorsIn(validations.input).map(toViolation), ...findMissed(operation, ids, body)]
  if (violations.length === 0) assertResponseFits(operation, output.statusCode, errorsIn(validations.output))
  return {
    violations,
    response: { status: output.statusCode, headers: toText(output.headers), body: output.body },
  }
}

function fillPath({ path }: PrismOperation, ids: Record<string, string>): string {
  return path.replace(/{(.+?)}/g, (_, name) => encodeURIComponent(ids[name] ?? ''))
}

function queryValues(query: URLSearchParams): Record<string, string | string[]> {
  const values = [...new Set(query.keys())].map((name) => [name, query.getAll(name)] as const)
  return Object.fromEntries(values.map(([name, all]) => [name, all.length === 1 ? all.join() : all]))
}

type Diagnostic = { code?: string | number; path?: string[]; message: string; severity: number }

function errorsIn(diagnostics: Diagnostic[]): Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === 0)
}

function toViolation({ code, path: [place = '', ...path] = [], message }: Diagnostic): Violation {
  if (code === 401) return { in: 'security', field: 'authorization', reason: message }
  if (code === 415) return { in: 'content-type', field: 'content-type', reason: contentTypeReason(message) }
  const missing = /required property '(.+)'/.exec(message)?.[1]
  if (missing) path = [...path, missing]
  return {
    in: place === 'path' || place === 'query' || place === 'header' ? place : 'body',
    field: path.join('.') || 'body',
    reason: missing || !place ? 'is required' : reasonIn(message),
  }
}

function contentTypeReason(message: string): string {
  const types = /^Supported content types: (.+)$/.exec(message)?.[1]
  return types ? `Send the body as ${types}` : "This operation doesn't take a body"
}

/** Prism puts the field in front of the validator's message, and the validator omits articles. */
function reasonIn(message: string): string {
  const reason = /\bmust\b.*/s.exec(message)?.[0] ?? 'is invalid'
  return reason.replace(/^must be ([a-z,]+)$/, (_, types: string) => {
    const kinds = types
      .split(',')
      .map((type) => (type === 'null' ? type : `${/^[aio]/.test(type) ? 'an' : 'a'} ${type}`))
    return `must be ${kinds.join(' or ')}`
  })
}

function* findMissed(
  { request }: PrismOperation,
  ids: Record<string, string>,
  body: unknown,
): Iterable<Violation> {
  // Prism treats null as no body.
  if (body === null && !request?.body?.required) {
    yield { in: 'body', field: 'body', reason: 'must be an object' }
  }
  for (const { name, schema } of request?.path ?? []) {
    // Prism reads numbers as JavaScript does, so it accepts 0x10, 1e3 and a space as integers.
    if (schema?.type !== 'integer' || /^-?\d+$/.test(ids[name] ?? '')) continue
    yield { in: 'path', field: name, reason: 'must be an integer' }
  }
}

/** Rejects an example that contradicts its schema, because the mock must not send one. */
function assertResponseFits({ iid, path }: PrismOperation, status: number, [error]: Diagnostic[]): void {
  if (!error) return
  throw new HttpError(500, `The contract contradicts itself: ${iid ?? path} ${status}: ${error.message}.`)
}

/** Leaves out headers without a value, such as a documented one that has no example. */
export function toText(headers: Record<string, unknown> = {}): Record<string, string> {
  const present = Object.entries(headers).filter(([, value]) => value !== null && value !== undefined)
  return Object.fromEntries(present.map(([name, value]) => [name.toLowerCase(), String(value)]))
}
