/**
 * Checks where the claims of the contract come from. Each of these is a finding: a claim that is neither a vendor fact
 * nor marked, a vendor fact that the contract lacks, and a mark that isn't needed.
 *
 * A claim that isn't known to be supported is a finding, so a new keyword fails until someone decides about it. Our own
 * names and texts (operation ids, descriptions, tags), examples of single fields, and `format: int64`, the widest
 * integer, aren't claims.
 */
import { isDeepStrictEqual } from 'node:util'
import { marksIn } from '../model/marks.ts'
import { follow, isObject, nodeAt } from '../model/references.ts'
import type { VendorFacts, VendorOperation } from './facts.ts'
import { array, createSchemaCheck, findNamesakes, type Json, object } from './schema-check.ts'

/** The keys that each object may have. The check wouldn't cover any other key, so any other key is a finding. */
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
 * Returns one text for each finding, as "where: what". Returns none if the contract says exactly what is known.
 *
 * A mark excuses one finding about the object that carries it, so it can't hide a second claim. The vendor facts don't
 * cover a marked operation or response, so nothing below it is compared with them.
 *
 * @example checkProvenance(parse(await readFile('openapi.yaml', 'utf8')), vendorFacts) // []
 */
export function checkProvenance(contract: Json, facts: VendorFacts): string[] {
  const findings: { node: unknown; where: string; what: string }[] = []
  const report = (node: unknown, where: string, what: string): void =>
    void findings.push({ node, where, what })
  const schemas = createSchemaCheck(resolve, report)
  const paths = object(contract.paths)
  const resolved = new Map<Json, Json>()

  checkRoot()
  for (const [path, item] of Object.entries(paths)) {
    const { parameters = [], ...operations } = object(item)
    for (const [method, operation] of Object.entries(operations)) {
      checkOperation(path, method, object(operation), array(parameters))
    }
  }
  for (const { path, method } of facts.operations) {
    if (!object(paths[path])[method]) report(paths, `${method} ${path}`, 'is documented but missing')
  }
  schemas.check()
  const unexcused = findUnexcused()
  // Not before those: below an operation without facts, every mark would look idle.
  return unexcused.length > 0 ? unexcused : findIdleMarks()

  function findUnexcused(): string[] {
    const isExcused = (node: unknown) => isMarked(node) && findingsAbout(node).size === 1
    return findings.filter(({ node }) => !isExcused(node)).map(({ where, what }) => `${where}: ${what}`)
  }

  /** The findings about an object, without the place, because several operations can share a response. */
  function findingsAbout(node: unknown): Set<string> {
    return new Set(findings.filter((one) => one.node === node).map(({ what }) => what))
  }

  function findIdleMarks(): string[] {
    const marks = marksIn(contract, '#').filter(({ kind }) => kind !== 'question')
    return marks
      .filter(({ pointer }) => findingsAbout(resolve(nodeAt(contract, pointer))).size === 0)
      .map(({ pointer }) => `${pointer}: the mark isn't needed`)
  }

  function checkRoot(): void {
    checkKeys('contract', contract, 'contract')
    const origins = new Set(facts.operations.map(({ url }) => url.origin))
    const servers = new Set(array(contract.servers).map((server) => object(server).url))
    if (!isDeepStrictEqual(origins, servers)) report(contract, 'servers', 'differ from what is documented')
    const { description: _, ...scheme } = object(nodeAt(contract, '#/components/securitySchemes/bearer'))
    const needsBearer =
      isDeepStrictEqual(contract.security, [{ bearer: [] }]) &&
      isDeepStrictEqual(scheme, { type: 'http', scheme: 'bearer' })
    if (needsBearer !== facts.needsBearer) report(contract, 'security', 'differs from what is documented')
  }

  function checkOperation(path: string, method: string, operation: Json, shared: unknown[]): void {
    const where = `${method} ${path}`
    const documented = facts.operations.find((entry) => entry.path === path && entry.method === method)
    for (const [status, response] of Object.entries(object(operation.responses))) {
      if (status === (documented?.status ?? '200')) continue
      report(resolve(response), `${where} ${status}`, 'no such response is documented')
    }
    if (!documented)
      return void report(operation, where, 'is in no file of spec/provenance/vendor, and has no x-source')
    checkKeys('operation', operation, where)
    const { page } = documented
    // `x-source` excuses this finding. Nothing excuses an `x-source` that names another page.
    if (page) report(operation, where, 'is on another page of the vendor, and has no x-source')
    if (page && operation['x-source'] && operation['x-source'] !== `The vendor's page ${page}`)
      report(documented, where, `x-source must be: The vendor's page ${page}`)
    if (operation.summary !== documented.title) report(operation, where, `is titled "${documented.title}"`)
    checkParameters(where, [...shared, ...array(operation.parameters)], documented)
    checkRequest(where, operation, documented)
    checkResponse(where, operation, documented)
  }

  function checkParameters(where: string, parameters: unknown[], documented: VendorOperation): void {
    const { page, path, url } = documented
    const siblings = findSiblings(documented)
    const values = url.pathname.split('/')
    const ids = new Map(path.split('/').map((part, i) => [part.replace(/[{}]/g, ''), values[i]]))
    const ofPage = facts.operations.filter((one) => one.page === page)
    const shown = new Set([
      ...ofPage.flatMap((one) => one.url.pathname.split('/')),
      ...ofPage.flatMap(({ response }) => findNamesakes(response, 'id').map(String)),
    ])
    for (const parameter of parameters.map(resolve)) {
      const name = String(parameter.name)
      const value = ids.get(name)
      checkKeys('parameter', parameter, `${where} {${name}}`)
      if (parameter.in !== 'path' || value === undefined)
        report(parameter, where, `the parameter ${name} is not documented`)
      if (!shown.has(String(parameter.example)))
        report(parameter, `${where} {${name}}`, 'the example is in no URL and no sample of the page')
      const evidence = { where: `${where} {${name}}`, direction: 'request', name, fields: [] } as const
      schemas.collect(parameter.schema, { ...evidence, samples: [Number(value)], siblings })
    }
  }

  function checkRequest(where: string, operation: Json, documented: VendorOperation): void {
    const { request, fields } = documented
    if ((operation.requestBody === undefined) !== (request === undefined)) {
      return void report(operation, where, 'only one of the contract and the document has a body')
    }
    if (request === undefined) return
    const body = resolve(operation.requestBody)
    checkKeys('body', body, `${where} request`)
    const mandatory = fields.some((field) => field.mandatory)
    if ((body.required === true) !== mandatory)
      report(body, `${where} request`, `is ${mandatory ? '' : 'not '}mandatory`)
    const { schema, examples } = readMedia(where, body)
    const evidence = { where: `${where} request`, direction: 'request', name: '', fields } as const
    schemas.collect(schema, { ...evidence, samples: [request], siblings: findSiblings(documented) })
    const bodies = Object.values(object(examples)).map((example) => resolve(example).value)
    if (!bodies.some((shown) => isDeepStrictEqual(shown, request)))
      report(body, `${where} request`, "lacks the vendor's sample")
    for (const [name, value] of bodies.flatMap((shown) => Object.entries(object(shown)))) {
      if (!isShown(documented, name, value))
        report(body, `${where} request`, `${name} is never ${JSON.stringify(value)}`)
    }
  }

  function checkResponse(where: string, operation: Json, documented: VendorOperation): void {
    const { status, response: sample } = documented
    const response = object(operation.responses)[status]
    if (!response) return void report(operation, where, `${status} is documented but missing`)
    checkKeys('body', resolve(response), `${where} ${status}`)
    const { schema, examples } = readMedia(where, resolve(response))
    const evidence = { where: `${where} ${status}`, direction: 'response', name: '', fields: [] } as const
    schemas.collect(schema, { ...evidence, samples: [sample], siblings: findSiblings(documented) })
    // `meta` holds paths of the vendor's servers, which we don't publish.
    const { meta: _, ...published } = object(sample)
    const shown = Object.values(object(examples)).map(resolve)
    const others = shown.filter(({ value }) => !isDeepStrictEqual(value, published))
    if (others.length === shown.length) report(response, `${where} ${status}`, "lacks the vendor's sample")
    for (const example of others)
      report(example, `${where} ${status}`, "an example is not the vendor's sample")
  }

  /** The only media type that the vendor documents is JSON. */
  function readMedia(where: string, body: Json): Json {
    const { 'application/json': media, ...others } = object(body.content)
    for (const type of Object.keys(others)) report(body, where, `${type} is not documented`)
    checkKeys('media', object(media), where)
    return object(media)
  }

  function checkKeys(kind: keyof typeof known, node: Json, where: string): void {
    for (const key of Object.keys(node)) {
      if (!known[kind].includes(key) && !isMark(key)) report(node, where, `${key} is not documented`)
    }
  }

  /** A field's value is known if the table or a sample shows it, or if the description lists it as a code. */
  function isShown(documented: VendorOperation, name: string, value: unknown): boolean {
    return findSiblings(documented).some(
      ({ fields, request }) =>
        object(request)[name] === value ||
        fields.some(
          (field) => field.name === name && (field.example === value || field.codes.includes(Number(value))),
        ),
    )
  }

  /** The operations on the same list and its records. A value that one of them shows is valid for all. */
  function findSiblings(documented: VendorOperation): VendorOperation[] {
    const list = ({ page, path }: VendorOperation) => `${page} ${path.replace(/\/\{\w+\}$/, '')}`
    return facts.operations.filter((one) => list(one) === list(documented))
  }

  /** The same object each time, because findings are compared by the object that they are about. */
  function resolve(node: unknown): Json {
    const found =
      resolved.get(object(node)) ?? object(follow(contract, { pointer: '#', node: object(node) }).node)
    resolved.set(object(node), found)
    return found
  }
}
