import { createInstance, getHttpOperationsFromSpec, type PrismHttpComponents } from '@stoplight/prism-http'
import type { Wish } from './prefer.ts'
import { Refusal } from './refusal.ts'

/** One operation of the contract, as Prism understands it. */
export interface Operation {
  id: string
  method: string
  /** With its parameters in braces, as the contract writes it. */
  path: string
  /** Validates a request and mocks the answer to it. */
  ask(question: Question): Promise<{ violations: Violation[]; answer: MockedAnswer }>
}

export interface Question {
  /** The decoded values of the path's parameters, by name. */
  ids: Record<string, string>
  query: URLSearchParams
  headers: Record<string, string>
  /** Parsed; undefined where none was sent. */
  body: unknown
  wish: Wish | undefined
}

export interface Violation {
  in: 'security' | 'content-type' | 'path' | 'query' | 'header' | 'body'
  /** The parameter or property, or `body` for the body as a whole. */
  field: string
  /** Continues a sentence: `must be an integer`. Never quotes the value. */
  reason: string
}

export interface MockedAnswer {
  status: number
  headers: Record<string, string>
  body: unknown
}

/**
 * Reads the operations of a bundled OpenAPI document.
 *
 * This is the only file that imports Prism, whose programmatic interface its authors call experimental.
 * Prism's own server is left out on purpose: a malformed path ends it, malformed JSON hangs it.
 */
export async function operationsOf(contract: object): Promise<Operation[]> {
  // Prism resolves the references in place.
  const operations = await getHttpOperationsFromSpec(structuredClone(contract))
  return operations.map((operation) => ({
    id: operation.iid ?? `${operation.method} ${operation.path}`,
    method: operation.method.toUpperCase(),
    path: operation.path,
    ask: (question) => ask(operation, question),
  }))
}

type PrismOperation = Awaited<ReturnType<typeof getHttpOperationsFromSpec>>[number]

const silent = Object.assign(
  Object.fromEntries(
    ['trace', 'debug', 'info', 'success', 'warn', 'error', 'fatal'].map((level) => [level, () => {}]),
  ),
  { child: () => silent },
) as unknown as PrismHttpComponents['logger']
const config = {
  isProxy: false,
  checkSecurity: true,
  validateRequest: true,
  validateResponse: true,
  errors: true,
  upstreamProxy: undefined,
} as const
const prism = createInstance({ ...config, mock: { dynamic: false } }, { logger: silent })

async function ask(operation: PrismOperation, { ids, query, headers, body, wish }: Question) {
  const request = {
    method: operation.method as 'get',
    url: { path: pathOf(operation, ids), query: valuesIn(query) },
    headers: { ...headers, ...(headers.authorization && { authorization: normal(headers.authorization) }) },
    body,
  }
  // A new object each time: Prism writes into it.
  const mock = {
    dynamic: false,
    ...(wish && { code: wish.status }),
    ...(wish?.example && { exampleKey: wish.example }),
  }
  const result = await prism.request(request, [operation], { ...config, mock })()
  if (result._tag === 'Left') throw refusalOf(result.left)
  const { output, validations } = result.right
  const violations = [...errorsIn(validations.input).map(violationOf), ...oversights(operation, ids, body)]
  if (violations.length === 0) assertOwnAnswer(operation, output.statusCode, errorsIn(validations.output))
  return {
    violations,
    answer: { status: output.statusCode, headers: textual(output.headers), body: output.body },
  }
}

function pathOf({ path }: PrismOperation, ids: Record<string, string>): string {
  return path.replace(/{(.+?)}/g, (_, name) => encodeURIComponent(ids[name] ?? ''))
}

/** Prism takes the scheme only in this spelling; by RFC 9110 its letter case does not matter. */
function normal(authorization: string): string {
  return authorization.replace(/^bearer /i, 'Bearer ')
}

function valuesIn(query: URLSearchParams): Record<string, string | string[]> {
  return Object.fromEntries(
    [...new Set(query.keys())].map((name) => {
      const values = query.getAll(name)
      return [name, values.length === 1 ? (values[0] ?? '') : values]
    }),
  )
}

type Diagnostic = { code?: string | number; path?: string[]; message: string; severity: number }

/** Without the warnings, of which a deprecated parameter is one. */
function errorsIn(diagnostics: Diagnostic[]): Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === 0)
}

function violationOf({ code, path: [place = '', ...path] = [], message }: Diagnostic): Violation {
  if (code === 401) return { in: 'security', field: 'authorization', reason: message }
  if (code === 415) return { in: 'content-type', field: 'content-type', reason: reasonOfType(message) }
  const missing = /required property '(.+)'/.exec(message)?.[1]
  if (missing) path = [...path, missing]
  return {
    in: place === 'path' || place === 'query' || place === 'header' ? place : 'body',
    field: path.join('.') || 'body',
    reason: missing || !place ? 'is required' : reasonIn(message),
  }
}

function reasonOfType(message: string): string {
  const types = /^Supported content types: (.+)$/.exec(message)?.[1]
  return types ? `The body has to be sent as ${types}` : 'This operation takes no body'
}

/** Prism puts the place in front of what the validator says; the validator leaves out the articles. */
function reasonIn(message: string): string {
  const reason = /\bmust\b.*/s.exec(message)?.[0] ?? 'is refused'
  return reason.replace(/^must be ([a-z,]+)$/, (_, types: string) => {
    const kinds = types
      .split(',')
      .map((type) => (type === 'null' ? type : `${/^[aio]/.test(type) ? 'an' : 'a'} ${type}`))
    return `must be ${kinds.join(' or ')}`
  })
}

/** What Prism lets through although the schema does not. */
function* oversights(
  { request }: PrismOperation,
  ids: Record<string, string>,
  body: unknown,
): Iterable<Violation> {
  // It takes null for no body at all.
  if (body === null && !request?.body?.required) {
    yield { in: 'body', field: 'body', reason: 'must be an object' }
  }
  for (const { name, schema } of request?.path ?? []) {
    // Read as JavaScript reads numbers, 0x10, 1e3 and a blank would be integers.
    if (schema?.type !== 'integer' || /^-?\d+$/.test(ids[name] ?? '')) continue
    yield { in: 'path', field: name, reason: 'must be an integer' }
  }
}

/** The mock checks its own answers: an example that does not fit its schema must not go out as if it did. */
function assertOwnAnswer({ iid, path }: PrismOperation, status: number, [wrong]: Diagnostic[]): void {
  if (!wrong) return
  throw new Refusal(500, `The contract contradicts itself: ${iid ?? path} ${status}: ${wrong.message}.`)
}

function refusalOf(error: Error & { status?: number; detail?: string }): Refusal {
  return new Refusal(error.status ?? 500, error.detail || error.message)
}

/** A header without an example has no value. */
function textual(headers: Record<string, unknown> = {}): Record<string, string> {
  const given = Object.entries(headers).filter(([, value]) => value !== null && value !== undefined)
  return Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), String(value)]))
}
