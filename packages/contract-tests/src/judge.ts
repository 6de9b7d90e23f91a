/**
 * Judges one answer by the built contract, with Ajv: its status, its content type, its body. Independent of Prism, and
 * of the validators that the sandbox checks itself with.
 */
import { Ajv2020, type AnySchema, type ErrorObject } from 'ajv/dist/2020.js'
import { type ContractOperation, contract, documentedAs, type Node, nodeAt, resolve } from './contract.ts'

/** What the contract says, and what was seen instead. Neither holds a value from a body. */
export interface Problem {
  expected: string
  seen: string
}

/** Something that the contract does not know of. */
export interface Drift {
  operation: string
  kind: 'field' | 'status'
  /** Where and what: `/data/0/nickname`, `418`. */
  what: string
}

export interface Verdict {
  problems: Problem[]
  drift: Drift[]
  /** Whether the body fits the schema of the documented answer. */
  fits: boolean
}

export interface Answer {
  status: number
  contentType: string | null
  /** Undefined where it is no JSON. */
  body: unknown
}

const ajv = new Ajv2020({ strict: false, allErrors: true, verbose: true, validateSchema: false })
ajv.addFormat('int64', true) // A width for generators of other languages; `type` checks the rest.
ajv.addSchema(contract as AnySchema, 'contract')

/** Whether a value fits the schema at a pointer, and if not, why. */
export function misfits(pointer: string, value: unknown): Problem[] {
  const fits = ajv.getSchema(`contract${pointer}`)
  if (!fits) throw new Error(`The contract has no schema at ${pointer}.`)
  return fits(value) ? [] : (fits.errors ?? []).map(problemOf)
}

/**
 * Holds an answer to the contract.
 *
 * @example judge(operation('listBorrowerPhones'), { status: 200, contentType: 'application/json', body: { data: [] } })
 */
export function judge(operation: ContractOperation, { status, contentType, body }: Answer): Verdict {
  const documented = documentedAs(operation, status)
  const drift: Drift[] = isShown(operation, status)
    ? []
    : [{ operation: operation.id, kind: 'status', what: String(status) }]
  if (!documented) {
    const known = Object.keys(operation.responses).join(', ')
    return {
      problems: [{ expected: `one of the statuses ${known}`, seen: String(status) }],
      drift,
      fits: false,
    }
  }
  const schema = operation.responses[documented]?.schema
  if (!schema) return { problems: [], drift, fits: true }
  if (!/^application\/json\s*(;|$)/i.test(contentType ?? '')) {
    const seen = contentType?.split(';')[0] ?? 'no content type'
    return {
      problems: [{ expected: 'application/json', seen: `${seen} with ${status}` }],
      drift,
      fits: false,
    }
  }
  const problems =
    body === undefined ? [{ expected: 'JSON', seen: 'a body that is no JSON' }] : misfits(schema, body)
  const fields = undeclared(nodeAt(schema), body).map(
    (what): Drift => ({ operation: operation.id, kind: 'field', what }),
  )
  return { problems, drift: [...drift, ...fields], fits: problems.length === 0 }
}

/** Whether the contract shows exactly this status: by itself, or as an example of a range. */
function isShown({ responses, answers }: ContractOperation, status: number): boolean {
  return Boolean(responses[status]) || answers.some((answer) => answer.status === status)
}

/** The fields of a value that its schema does not know. An object without declared fields may hold anything. */
function undeclared(schema: Node, value: unknown, at = ''): string[] {
  const { properties, items } = resolve(schema)
  // One item stands for all: the position says nothing about the contract.
  if (Array.isArray(value))
    return items ? [...new Set(value.flatMap((one) => undeclared(items, one, `${at}/*`)))] : []
  if (typeof value !== 'object' || value === null || !properties) return []
  return Object.entries(value).flatMap(([name, inner]) =>
    properties[name] ? undeclared(properties[name], inner, `${at}/${name}`) : [`${at}/${shownName(name)}`],
  )
}

/** A key may hold data; what does not look like a field's name is not shown. */
function shownName(name: string): string {
  return /^[a-z_][\w-]{0,40}$/i.test(name) ? name : '(a name that is not shown)'
}

function problemOf({ instancePath, keyword, params, data, message }: ErrorObject): Problem {
  const at = instancePath.replace(/\/\d+(?=\/|$)/g, '/*') || 'the body'
  if (keyword === 'required')
    return { expected: `${at} has ${params.missingProperty}`, seen: 'it is missing' }
  if (keyword === 'type')
    return { expected: `${at} is ${[params.type].flat().join(' or ')}`, seen: kindOf(data) }
  if (keyword === 'enum')
    return { expected: `${at} is one of ${params.allowedValues.join(', ')}`, seen: `another ${kindOf(data)}` }
  if (keyword === 'pattern')
    return { expected: `${at} matches ${params.pattern}`, seen: 'a string of another form' }
  return { expected: `${at} ${message ?? keyword}`, seen: 'it does not' }
}

/** The kind of a value, in the words of JSON Schema. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (value === undefined) return 'missing'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}
