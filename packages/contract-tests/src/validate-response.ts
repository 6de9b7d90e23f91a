/**
 * Uses Ajv to validate a response against the contract: status, content type and body. It's independent of Prism and of
 * the validators that the sandbox uses for its own responses.
 */
import { findResponse, type Operation, type Schema } from '@recoveryconnect/spec/model'
import { Ajv2020, type AnySchema, type ErrorObject } from 'ajv/dist/2020.js'
import { model } from './operations.ts'
import type { Problem } from './outcome.ts'

/** Something in a response that the contract doesn't document. */
export interface Drift {
  operation: string
  kind: 'field' | 'status'
  /** The path of the field, with `*` for any item of a list, or the status. */
  what: string
}

export interface Validation {
  problems: Problem[]
  drift: Drift[]
}

// The formats are for generators of other languages. `type` and `pattern` check the rest.
const lenient = { strict: false, validateSchema: false, validateFormats: false }
const ajv = new Ajv2020({ ...lenient, allErrors: true, verbose: true })
ajv.addSchema(model.document as AnySchema, 'contract')

export function findProblems({ pointer }: Schema, value: unknown): Problem[] {
  const validate = ajv.getSchema(`contract${pointer}`)
  if (!validate) throw new Error(`The contract has no schema at ${pointer}.`)
  return validate(value) ? [] : (validate.errors ?? []).map(describeError)
}

/**
 * @param documentedStatus the status whose documentation applies. Default: the status of the response.
 * @example validateResponse(findOperationById('listBorrowerPhones'), { status: 200, contentType: 'application/json', body })
 */
export function validateResponse(
  operation: Operation,
  { status, contentType, body }: { status: number; contentType: string | null; body: unknown },
  documentedStatus: number = status,
): Validation {
  const drift: Drift[] = isShown(operation, status)
    ? []
    : [{ operation: operation.id, kind: 'status', what: String(status) }]
  const fail = (expected: string, seen: string) => ({ problems: [{ expected, seen }], drift })
  const documented = findResponse(operation, documentedStatus)
  const known = operation.responses.map((response) => response.status).join(', ')
  if (!documented) return fail(`one of the statuses ${known}`, String(status))
  const { schema } = documented
  if (!schema) return { problems: [], drift }
  if (!/^application\/json\s*(;|$)/i.test(contentType ?? ''))
    return fail('application/json', `${contentType?.split(';')[0] ?? 'no content type'} with ${status}`)
  if (body === undefined) return fail('JSON', "a body that isn't JSON")
  const fields = undeclaredFields(schema, body).map(
    (what): Drift => ({ operation: operation.id, kind: 'field', what }),
  )
  return { problems: findProblems(schema, body), drift: [...drift, ...fields] }
}

/** Whether the contract shows exactly this status, as its own response or as an example of a range. */
function isShown({ responses }: Operation, status: number): boolean {
  return responses.some(
    (response) =>
      response.status === String(status) || response.examples.some((example) => example.status === status),
  )
}

function undeclaredFields(
  { properties, items, additionalProperties }: Schema,
  value: unknown,
  at = '',
): string[] {
  // All items share one path, because the position says nothing about the contract.
  if (Array.isArray(value))
    return items ? [...new Set(value.flatMap((item) => undeclaredFields(items, item, `${at}/*`)))] : []
  const isOpen = additionalProperties !== undefined || Object.keys(properties).length === 0
  if (typeof value !== 'object' || value === null || isOpen) return []
  return Object.entries(value).flatMap(([name, inner]) =>
    properties[name]
      ? undeclaredFields(properties[name], inner, `${at}/${name}`)
      : [`${at}/${maskName(name)}`],
  )
}

/** A key may contain data, such as a name, so a key that doesn't look like a field of this API isn't shown. */
function maskName(name: string): string {
  return /^(?!.*\d{3})[a-z_][\w-]{0,40}$/.test(name) ? name : '(hidden name)'
}

function describeError({ instancePath, keyword, params, data, message }: ErrorObject): Problem {
  const keys = instancePath.split('/').slice(1)
  const at = keys.map((key) => `/${/^\d+$/.test(key) ? '*' : maskName(key)}`).join('') || 'the body'
  if (keyword === 'required') return { expected: `${at} has ${params.missingProperty}`, seen: "it's missing" }
  if (keyword === 'type')
    return { expected: `${at} is of type ${[params.type].flat().join(' or ')}`, seen: kindOf(data) }
  if (keyword === 'enum')
    return { expected: `${at} is one of ${params.allowedValues.join(', ')}`, seen: `another ${kindOf(data)}` }
  if (keyword === 'pattern')
    return { expected: `${at} matches ${params.pattern}`, seen: 'a string of another form' }
  return { expected: `${at} ${message ?? keyword}`, seen: "it doesn't" }
}

/** The kind of a value, with the names that JSON Schema uses. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}
