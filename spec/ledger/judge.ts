/**
 * Finds every claim of the contract that neither stands in the ledger nor carries a mark, and everything documented
 * that the contract lacks.
 *
 * Whatever is not known to be supported is a finding, so a new keyword fails until somebody decides about it. What
 * is no claim: names and words of ours (operation ids, descriptions, tags), examples of single fields, and
 * `format: int64`, the widest integer there is.
 */
import { isDeepStrictEqual } from 'node:util'
import type { DocumentedOperation, Field, Ledger } from './ledger.ts'

type Json = Record<string, unknown>
type Direction = 'request' | 'response'

/** One schema of the contract with all that the vendor's samples show at its place. */
interface Evidence {
  where: string
  direction: Direction
  name: string
  samples: unknown[]
  fields: Field[]
}

/** Marks stand where a claim comes from elsewhere; what they cover is not held against the ledger. */
const marks = ['x-source', 'x-assumed']
const isMarked = (node: unknown) => isObject(node) && marks.some((mark) => mark in node)

/** Says nothing about what goes over the wire. */
const noClaim = new Set(['description', 'title', 'examples', 'x-question'])

/**
 * Returns one sentence for each finding, "where: what"; none if the contract says just what is known.
 *
 * @example judge(parse(await readFile('openapi.yaml', 'utf8')), ledger) // []
 */
export function judge(contract: Json, ledger: Ledger): string[] {
  const findings: string[] = []
  const report = (where: string, what: string) => findings.push(`${where}: ${what}`)
  const schemas = new Map<Json, Evidence>()

  judgeServers()
  for (const [path, item] of Object.entries(object(contract.paths))) {
    const { parameters = [], ...operations } = object(item)
    for (const [method, operation] of Object.entries(operations)) {
      judgeOperation(path, method, object(operation), array(parameters))
    }
  }
  for (const { path, method } of ledger.operations) {
    if (!object(object(contract.paths)[path])[method])
      report(`${method} ${path}`, 'is documented but missing')
  }
  for (const [schema, evidence] of schemas) judgeSchema(schema, evidence)
  return findings

  function judgeServers(): void {
    const origins = new Set(ledger.operations.map(({ url }) => url.origin))
    for (const server of array(contract.servers)) {
      const { url } = object(server)
      if (!origins.has(String(url)) && !isMarked(server)) report('servers', `${url} is not documented`)
    }
    const secured = isDeepStrictEqual(contract.security, [{ bearer: [] }])
    if (secured !== ledger.bearer) report('security', 'differs from what is documented')
  }

  function judgeOperation(path: string, method: string, operation: Json, shared: unknown[]): void {
    const where = `${method} ${path}`
    const documented = ledger.operations.find((known) => known.path === path && known.method === method)
    for (const [status, response] of Object.entries(object(operation.responses))) {
      if (status === (documented?.status ?? '200')) continue
      if (!isMarked(resolve(response))) report(`${where} ${status}`, 'no such answer is documented')
    }
    if (isMarked(operation)) return
    if (!documented) return void report(where, 'is not documented')
    if (operation.summary !== documented.title) report(where, `is titled "${documented.title}"`)
    if (operation.security) report(where, 'has a security of its own')
    judgeParameters(where, [...shared, ...array(operation.parameters)], documented)
    judgeRequest(where, operation, documented)
    judgeResponse(where, operation, documented)
  }

  function judgeParameters(where: string, parameters: unknown[], { path, url }: DocumentedOperation): void {
    const values = url.pathname.split('/')
    const documented = new Map(path.split('/').map((part, i) => [part.replace(/[{}]/g, ''), values[i]]))
    for (const parameter of parameters.map(resolve)) {
      const name = String(parameter.name)
      const value = documented.get(name)
      if (isMarked(parameter)) continue
      if (parameter.in !== 'path' || value === undefined)
        report(where, `the parameter ${name} is not documented`)
      collect(`${where} {${name}}`, parameter.schema, 'request', name, [Number(value)], [])
    }
  }

  function judgeRequest(where: string, operation: Json, { request, fields }: DocumentedOperation): void {
    if (!operation.requestBody && request === undefined) return
    if (!operation.requestBody || request === undefined) return void report(where, 'differs in having a body')
    const body = resolve(operation.requestBody)
    if (body.required && !fields.some(({ mandatory }) => mandatory)) report(where, 'no field is mandatory')
    const { schema, examples } = json(where, body)
    collect(`${where} request`, schema, 'request', '', [request], fields)
    for (const [name, example] of Object.entries(object(examples))) {
      for (const [field, value] of Object.entries(object(resolve(example).value))) {
        if (!isShown(field, value))
          report(`${where} request ${name}`, `${field} is never ${JSON.stringify(value)}`)
      }
    }
  }

  function judgeResponse(where: string, operation: Json, { status, response }: DocumentedOperation): void {
    const documented = object(operation.responses)[status]
    if (!documented) return void report(where, `${status} is documented but missing`)
    const { schema, examples } = json(where, resolve(documented))
    collect(`${where} ${status}`, schema, 'response', '', [response], [])
    const { meta: _, ...published } = object(response)
    for (const [name, reference] of Object.entries(object(examples))) {
      const example = resolve(reference)
      if (isMarked(example) || isDeepStrictEqual(example.value, published)) continue
      report(`${where} ${status} ${name}`, "is not the vendor's sample (apart from meta)")
    }
  }

  /** The one media type there is, JSON. */
  function json(where: string, body: Json): Json {
    const { 'application/json': known, ...others } = object(body.content)
    for (const type of Object.keys(others)) report(where, `${type} is not documented`)
    return object(known)
  }

  /** A field's value is known if the table or a sample shows it, or the description lists it as a code. */
  function isShown(name: string, value: unknown): boolean {
    return ledger.operations.some(
      ({ fields, request }) =>
        object(request)[name] === value ||
        fields.some(
          (field) => field.name === name && (field.example === value || field.codes.includes(Number(value))),
        ),
    )
  }

  /** Walks a schema beside its samples. A marked schema, and what it holds, is not held against the ledger. */
  function collect(
    where: string,
    reference: unknown,
    direction: Direction,
    name: string,
    samples: unknown[],
    fields: Field[],
  ): void {
    const schema = resolve(reference)
    if (isMarked(schema)) return
    const known = schemas.get(schema)
    if (known) known.samples.push(...samples)
    else schemas.set(schema, { where, direction, name, samples: [...samples], fields })
    for (const [property, child] of Object.entries(object(schema.properties))) {
      const found = samples
        .filter((sample) => isObject(sample) && property in sample)
        .map((sample) => object(sample)[property])
      const rows = fields.filter((field) => field.name === property)
      collect(`${where}.${property}`, child, direction, property, found, rows)
    }
    if (schema.items) collect(`${where}[]`, schema.items, direction, '', samples.flatMap(array), [])
  }

  function judgeSchema(schema: Json, evidence: Evidence): void {
    const { where } = evidence
    for (const [keyword, claim] of Object.entries(schema)) {
      if (noClaim.has(keyword)) continue
      if (!isSupported(keyword, claim, schema, evidence)) {
        report(where, `${keyword} ${JSON.stringify(claim)} is not documented`)
      }
    }
    if (schema.properties) judgeProperties(schema, evidence)
  }

  function isSupported(
    keyword: string,
    claim: unknown,
    schema: Json,
    { direction, name, samples, fields }: Evidence,
  ) {
    const seen = name ? [...samples, ...valuesOf(name, direction)] : samples
    switch (keyword) {
      case 'type':
        return [claim].flat().every((type) => seen.some((value) => jsonType(value) === type))
      case 'format':
        return claim === 'int64' && [schema.type].flat().includes('integer')
      case 'enum':
        return isDeepStrictEqual(new Set(array(claim)), new Set(codesOf(name)))
      case 'pattern':
        return seen.some(isString) && seen.filter(isString).every((value) => shapeOf(value) === claim)
      case 'properties':
      case 'items':
        return true
      case 'required':
        return array(claim).every((property) =>
          direction === 'request'
            ? fields.some((field) => field.name === property && field.mandatory)
            : samples.every((sample) => String(property) in object(sample)),
        )
      default:
        return false
    }
  }

  /** Each property is documented, each documented field is there, and what must be required is. */
  function judgeProperties(schema: Json, { where, direction, samples, fields }: Evidence): void {
    const properties = object(schema.properties)
    const required = array(schema.required)
    const shown = new Set([
      ...samples.flatMap((sample) => Object.keys(object(sample))),
      ...fields.map(({ name }) => name),
    ])
    for (const [name, property] of Object.entries(properties)) {
      if (!shown.has(name) && !isMarked(property)) report(where, `${name} is not documented`)
    }
    for (const name of shown) {
      const always =
        direction === 'request'
          ? fields.some((field) => field.name === name && field.mandatory)
          : samples.every((sample) => name in object(sample))
      if (!(name in properties)) report(where, `${name} is documented but missing`)
      else if (always && !required.includes(name) && !isMarked(properties[name]))
        report(where, `${name} is required`)
    }
  }

  function valuesOf(name: string, direction: Direction): unknown[] {
    return ledger.operations.flatMap((operation) => namesakes(operation[direction], name))
  }

  function codesOf(name: string): number[] {
    return ledger.operations
      .flatMap(({ fields }) => fields.filter((field) => field.name === name))
      .flatMap(({ codes }) => codes)
  }

  function resolve(node: unknown): Json {
    const reference = object(node).$ref
    if (reference === undefined) return object(node)
    return resolve(
      String(reference)
        .slice(2)
        .split('/')
        .reduce<unknown>((parent, key) => object(parent)[key], contract),
    )
  }
}

/** Every value that stands under this name, at any depth. */
function namesakes(value: unknown, name: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => namesakes(item, name))
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([key, child]) => [
    ...(key === name ? [child] : []),
    ...namesakes(child, name),
  ])
}

/** The pattern that fits a string of this shape and no other: "14:18" is ^\d{2}:\d{2}$. */
function shapeOf(value: string): string {
  return `^${value.replace(/\d+/g, ({ length }) => `\\d{${length}}`)}$`
}

function jsonType(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}

const isString = (value: unknown) => typeof value === 'string'
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const object = (value: unknown): Json => (isObject(value) ? value : {})
const array = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
