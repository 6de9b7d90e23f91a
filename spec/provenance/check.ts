/**
 * Finds every claim of the contract that neither stands in the vendorFacts nor carries a mark, everything documented that
 * the contract lacks, and every mark that excuses nothing.
 *
 * Whatever is not known to be supported is a finding, so a new keyword fails until somebody decides about it. What
 * is no claim: names and words of ours (operation ids, descriptions, tags), examples of single fields, and
 * `format: int64`, the widest integer there is.
 */
import { isDeepStrictEqual } from 'node:util'
import { jsonArray as array, isJsonObject as isObject, type Json, jsonObject as object } from './json.ts'
import type { DocumentedOperation, VendorFacts } from './facts.ts'
import { schemaJudge } from './schemas.ts'

/**
 * The keys that each object may have. Those that say something about the wire are judged one by one below; one that
 * is missing here would go unjudged, so it is a finding.
 */
const known = {
  contract: ['openapi', 'jsonSchemaDialect', 'info', 'servers', 'security', 'tags', 'paths', 'components'],
  operation: [
    'operationId',
    'summary',
    'description',
    'tags',
    'parameters',
    'requestBody',
    'responses',
    'x-question',
  ],
  parameter: ['name', 'in', 'required', 'description', 'schema', 'example', 'x-question'],
  body: ['description', 'required', 'content'],
  media: ['schema', 'examples'],
}

const isMark = (key: string) => key === 'x-source' || key === 'x-assumed'
const isMarked = (node: unknown) => isObject(node) && Object.keys(node).some(isMark)

/**
 * Returns one sentence for each finding, "where: what"; none if the contract says just what is known.
 *
 * A mark excuses one finding of the object that carries it, so it cannot hide a second claim. Below an operation or
 * an answer that is marked as a whole, nothing is held against the vendorFacts, which knows nothing about it.
 *
 * @example judge(parse(await readFile('openapi.yaml', 'utf8')), vendorFacts) // []
 */
export function judge(contract: Json, vendorFacts: VendorFacts): string[] {
  const findings: { node: unknown; text: string }[] = []
  const report = (node: unknown, where: string, what: string): void => {
    findings.push({ node, text: `${where}: ${what}` })
  }
  const schemas = schemaJudge(resolve, report)
  const paths = object(contract.paths)

  judgeRoot()
  for (const [path, item] of Object.entries(paths)) {
    const { parameters = [], ...operations } = object(item)
    for (const [method, operation] of Object.entries(operations)) {
      judgeOperation(path, method, object(operation), array(parameters))
    }
  }
  for (const { path, method } of vendorFacts.operations) {
    if (!object(paths[path])[method]) report(paths, `${method} ${path}`, 'is documented but missing')
  }
  schemas.judge()
  return [...unexcused(), ...idleMarks(contract, [])]

  /** The findings that no mark excuses. */
  function unexcused(): string[] {
    const excused = (node: unknown) => isMarked(node) && new Set(about(node)).size === 1
    return findings.filter(({ node }) => !excused(node)).map(({ text }) => text)
  }

  /** What was found about an object; the place does not count, since several operations share an answer. */
  function about(node: unknown): string[] {
    return findings.flatMap((finding) => (finding.node === node ? [finding.text.replace(/^.*?: /, '')] : []))
  }

  function idleMarks(node: unknown, place: string[]): string[] {
    if (Array.isArray(node)) return node.flatMap((item) => idleMarks(item, place))
    if (!isObject(node)) return []
    const idle = isMarked(node) && about(node).length === 0
    return [
      ...(idle ? [`${place.join('.')}: the mark excuses nothing`] : []),
      ...Object.entries(node).flatMap(([key, child]) => idleMarks(child, [...place, key])),
    ]
  }

  function judgeRoot(): void {
    onlyKnown('contract', contract, 'contract')
    const origins = new Set(vendorFacts.operations.map(({ url }) => url.origin))
    const servers = new Set(array(contract.servers).map((server) => object(server).url))
    if (!isDeepStrictEqual(origins, servers)) report(contract, 'servers', 'differ from what is documented')
    const { description: _, ...scheme } = object(object(object(contract.components).securitySchemes).bearer)
    const secured =
      isDeepStrictEqual(contract.security, [{ bearer: [] }]) &&
      isDeepStrictEqual(scheme, { type: 'http', scheme: 'bearer' })
    if (secured !== vendorFacts.bearer) report(contract, 'security', 'differs from what is documented')
  }

  function judgeOperation(path: string, method: string, operation: Json, shared: unknown[]): void {
    const where = `${method} ${path}`
    const documented = vendorFacts.operations.find((entry) => entry.path === path && entry.method === method)
    for (const [status, response] of Object.entries(object(operation.responses))) {
      if (status === (documented?.status ?? '200')) continue
      report(resolve(response), `${where} ${status}`, 'no such answer is documented')
    }
    if (!documented) return void report(operation, where, 'is not documented')
    onlyKnown('operation', operation, where)
    if (operation.summary !== documented.title) report(operation, where, `is titled "${documented.title}"`)
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
      onlyKnown('parameter', parameter, `${where} {${name}}`)
      if (parameter.in !== 'path' || value === undefined)
        report(parameter, where, `the parameter ${name} is not documented`)
      const urls = vendorFacts.operations.map((operation) => operation.url.pathname.split('/'))
      if (!urls.flat().includes(String(parameter.example)))
        report(parameter, `${where} {${name}}`, 'the example stands in no URL')
      schemas.collect(parameter.schema, {
        where: `${where} {${name}}`,
        direction: 'request',
        name,
        samples: [Number(value)],
        fields: [],
        siblings: siblingsOf(path),
      })
    }
  }

  function judgeRequest(
    where: string,
    operation: Json,
    { path, request, fields }: DocumentedOperation,
  ): void {
    if ((operation.requestBody === undefined) !== (request === undefined)) {
      return void report(operation, where, 'differs in having a body')
    }
    if (request === undefined) return
    const body = resolve(operation.requestBody)
    onlyKnown('body', body, `${where} request`)
    const mandatory = fields.some((field) => field.mandatory)
    if ((body.required === true) !== mandatory)
      report(body, `${where} request`, `is ${mandatory ? '' : 'not '}mandatory`)
    const { schema, examples } = json(where, body)
    schemas.collect(schema, {
      where: `${where} request`,
      direction: 'request',
      name: '',
      samples: [request],
      fields,
      siblings: siblingsOf(path),
    })
    const bodies = Object.values(object(examples)).map((example) => resolve(example).value)
    if (!bodies.some((shown) => isDeepStrictEqual(shown, request)))
      report(body, `${where} request`, "lacks the vendor's sample")
    for (const [name, value] of bodies.flatMap((shown) => Object.entries(object(shown)))) {
      if (!isShown(path, name, value))
        report(body, `${where} request`, `${name} is never ${JSON.stringify(value)}`)
    }
  }

  function judgeResponse(
    where: string,
    operation: Json,
    { path, status, response }: DocumentedOperation,
  ): void {
    const answer = object(operation.responses)[status]
    if (!answer) return void report(operation, where, `${status} is documented but missing`)
    onlyKnown('body', resolve(answer), `${where} ${status}`)
    const { schema, examples } = json(where, resolve(answer))
    schemas.collect(schema, {
      where: `${where} ${status}`,
      direction: 'response',
      name: '',
      samples: [response],
      fields: [],
      siblings: siblingsOf(path),
    })
    const { meta: _, ...published } = object(response)
    const shown = Object.values(object(examples)).map(resolve)
    const others = shown.filter(({ value }) => !isDeepStrictEqual(value, published))
    if (others.length === shown.length) report(answer, `${where} ${status}`, "lacks the vendor's sample")
    for (const example of others)
      report(example, `${where} ${status}`, "an example is not the vendor's sample")
  }

  /** The one media type there is, JSON. */
  function json(where: string, body: Json): Json {
    const { 'application/json': media, ...others } = object(body.content)
    for (const type of Object.keys(others)) report(body, where, `${type} is not documented`)
    onlyKnown('media', object(media), where)
    return object(media)
  }

  function onlyKnown(kind: keyof typeof known, node: Json, where: string): void {
    for (const key of Object.keys(node)) {
      if (!known[kind].includes(key) && !isMark(key)) report(node, where, `${key} is not documented`)
    }
  }

  /** A field's value is known if the table or a sample shows it, or the description lists it as a code. */
  function isShown(path: string, name: string, value: unknown): boolean {
    return siblingsOf(path).some(
      ({ fields, request }) =>
        object(request)[name] === value ||
        fields.some(
          (field) => field.name === name && (field.example === value || field.codes.includes(Number(value))),
        ),
    )
  }

  /** The operations on the same list and on its records: what one of them shows holds for all. */
  function siblingsOf(path: string): DocumentedOperation[] {
    const list = (one: string) => one.replace(/\/\{\w+\}$/, '')
    return vendorFacts.operations.filter((one) => list(one.path) === list(path))
  }

  function resolve(node: unknown): Json {
    const { $ref } = object(node)
    if ($ref === undefined) return object(node)
    const keys = String($ref).slice(2).split('/')
    return resolve(keys.reduce<unknown>((parent, key) => object(parent)[key], contract))
  }
}
