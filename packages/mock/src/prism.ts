import { parse } from 'node:querystring'
import { HttpError } from '@recoveryconnect/http/http-error'
import { listAllowed } from '@recoveryconnect/http/methods'
import { createInstance, getHttpOperationsFromSpec, type PrismHttpComponents } from '@stoplight/prism-http'
import type { MockRequest, MockResponse } from './http.ts'
import type { Preference } from './prefer.ts'

export interface Prism {
  /**
   * Finds the operation for a method and a path.
   *
   * @throws {HttpError} 404 for an unknown path, 405 with `Allow` for a method that the path doesn't support.
   */
  route(method: string, path: string): Promise<PrismOperation>
  /** Validates a request and mocks the response to it. */
  mock(operation: PrismOperation, request: PrismRequest): Promise<Outcome>
}

type PrismOperation = Awaited<ReturnType<typeof getHttpOperationsFromSpec>>[number]

interface PrismRequest extends Pick<MockRequest, 'headers'> {
  path: string
  query: string
  body: unknown
  preference: Preference | undefined
}

interface Outcome {
  violations: Violation[]
  /** The response if there are no violations. */
  response: MockResponse
}

export interface Violation {
  in: 'security' | 'path' | 'query' | 'header' | 'body'
  /** The parameter or property, or `body` for the whole body. */
  field: string
  /** Continues a sentence: `must be an integer`. Never quotes the value. */
  reason: string
}

const levels = ['trace', 'debug', 'info', 'success', 'warn', 'error', 'fatal']
const logger = Object.assign(Object.fromEntries(levels.map((level) => [level, () => {}])), {
  child: () => logger,
}) as unknown as PrismHttpComponents['logger']
// The response isn't validated, because the tests of the contract validate every example.
const config = {
  isProxy: false,
  checkSecurity: true,
  validateRequest: true,
  validateResponse: false,
} as const
const rest = { errors: true, upstreamProxy: undefined, mock: { dynamic: false } } as const
const mocker = createInstance({ ...config, ...rest }, { logger })
// Prism has no function for its router alone, so this instance returns the operation instead of a response.
const router = createInstance(
  { ...config, ...rest, checkSecurity: false, validateRequest: false },
  {
    logger,
    mock:
      ({ resource }) =>
      () => ({ _tag: 'Right', right: resource as never }),
  },
)

/**
 * Reads a bundled OpenAPI document with Prism.
 *
 * Only this file imports Prism, because Prism's authors call its programmatic interface experimental. We don't use
 * Prism's own server: `GET /api/v140/orders/%ff/borrowers` stops it, and malformed JSON makes it hang.
 */
export async function createPrism(document: object): Promise<Prism> {
  // Prism resolves the references in place, so it gets a copy.
  const operations = await getHttpOperationsFromSpec(structuredClone(document))
  const methods = [...new Set(operations.map(({ method }) => method.toUpperCase()))]
  const find = async (method: string, path: string) => {
    const input = { method: method.toLowerCase() as 'get', url: { path } }
    const found = await router.request(input, operations)()
    return found._tag === 'Right' ? (found.right.output as unknown as PrismOperation) : found.left
  }

  return {
    async route(method, path) {
      const found = await find(method, path)
      if (!(found instanceof Error)) return found
      // Prism quotes the path, which may contain a phone number: GET /api/v140/phones/202-555-0143.
      if (!('status' in found && found.status === 405))
        throw new HttpError(404, { message: 'Not found. The contract has no such path.' })
      // Prism sends no `Allow`, which RFC 9110 requires: PATCH /api/v140/auth.
      const others = await Promise.all(methods.map((other) => find(other, path)))
      const allow = listAllowed(methods.filter((_, index) => !(others[index] instanceof Error)))
      const message = `This path doesn't support the method. It supports ${allow}.`
      throw new HttpError(405, { message, headers: { allow } })
    },
    mock: mockResponse,
  }
}

async function mockResponse(operation: PrismOperation, request: PrismRequest): Promise<Outcome> {
  const { path, query, headers, body, preference } = request
  const input = {
    method: operation.method as 'get',
    url: { path, query: parse(query) as Record<string, string | string[]> },
    headers: {
      ...(headers as Record<string, string>),
      // Prism accepts only this spelling, but RFC 9110 ignores the case: Authorization: bearer x.
      authorization: headers.authorization?.replace(/^bearer /i, 'Bearer ') as string,
      // Prism throws if it can't read these: Accept: ;; and Content-Type: ;. The mock checks them itself.
      ...({ accept: undefined, 'content-type': undefined } as object),
    },
    body,
  }
  // A new object each time, because Prism changes it.
  const mock = {
    dynamic: false,
    ...(preference && { code: preference.status }),
    ...(preference?.example && { exampleKey: preference.example }),
  }
  const result = await mocker.request(input, [operation], { ...config, ...rest, mock })()
  if (result._tag === 'Left') throw result.left
  const { output, validations } = result.right
  return {
    violations: [...findOddIds(operation, path), ...validations.input.map(toViolation)],
    response: { status: output.statusCode, headers: toText(output.headers), body: output.body },
  }
}

/** Prism reads ids as JavaScript does, so it accepts these for {order_id}: 0x10, 1e3, %20, 9223372036854775808. */
function* findOddIds({ path: template, request }: PrismOperation, path: string): Iterable<Violation> {
  const segments = path.split('/')
  for (const [index, part] of template.split('/').entries()) {
    const parameter = request?.path?.find(({ name }) => part === `{${name}}`)
    if (parameter?.schema?.type !== 'integer') continue
    const isValid = isInteger(segments[index] ?? '')
    if (!isValid) yield { in: 'path', field: parameter.name, reason: 'must be an integer of at most 64 bits' }
  }
}

/** Whether a text is an integer in digits that fits into 64 bits, the widest integers of OpenAPI. */
export function isInteger(text: string): boolean {
  return /^-?\d+$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)
}

type Diagnostic = { code?: string | number; path?: string[]; message: string }

function toViolation({ code, path: [place = '', ...path] = [], message }: Diagnostic): Violation {
  if (code === 401) return { in: 'security', field: 'authorization', reason: message }
  const missing = /required property '(.+)'/.exec(message)?.[1]
  if (missing) path = [...path, missing]
  return {
    in: place === 'path' || place === 'query' || place === 'header' ? place : 'body',
    field: path.join('.') || 'body',
    reason: missing || !place ? 'is required' : reasonIn(message),
  }
}

/** Prism puts the field in front of the validator's message, and the validator omits articles. */
function reasonIn(message: string): string {
  const reason = /\bmust\b.*/s.exec(message)?.[0] ?? 'is invalid'
  return reason.replace(/^must be ([a-z,]+)$/, (_, types: string) => {
    const kinds = types.replace(
      /\b(?!null)[a-z]/g,
      (letter) => (/[aio]/.test(letter) ? 'an ' : 'a ') + letter,
    )
    return `must be ${kinds.replaceAll(',', ' or ')}`
  })
}

/** Leaves out headers without a value: documented ones that have no example. */
function toText(headers: Record<string, unknown> = {}): Record<string, string> {
  const present = Object.entries(headers).filter(([, value]) => value !== null && value !== undefined)
  return Object.fromEntries(present.map(([name, value]) => [name.toLowerCase(), String(value)]))
}
