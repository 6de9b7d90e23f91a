/**
 * What the contract says of its operations, in the form that the facade is written from.
 *
 * A resource is named after its tag ("Borrower Phones" → `borrowerPhones`), a method after the verb of its
 * `operationId` (`listBorrowerPhones` → `list`). Where no operation of a tag carries the tag's name, the tag is a
 * topic and not a resource, and its methods keep their whole `operationId`.
 */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
// biome-ignore lint/suspicious/noExplicitAny: a parsed document; every part that is used is checked where it is used
type Node = any

export interface Contract {
  servers?: { url: string }[]
  tags?: { name: string; description?: string }[]
  paths?: Record<string, Node>
  components?: Record<string, Record<string, Node>>
}

export interface Resource {
  tag: string
  name: string
  description: string
  methods: Method[]
}

export interface Method {
  id: string
  name: string
  httpMethod: string
  path: string
  summary: string
  description: string
  anonymous: boolean
  parameters: { name: string; in: string; required: boolean; example: Json | undefined }[]
  /** `schema` is the name of the schema, if it has one. */
  body: { schema: string | undefined; example: Json | undefined; keys: KnownKeys } | undefined
  answer: {
    status: string
    schema: string | undefined
    data: 'array' | 'object' | undefined
    /** Whether `data` says if the operation succeeded. */
    confirms: boolean
  }
}

/** `any` value, a 0/1 `flag`, or the known keys of an object below. */
export type KnownKeys = { [key: string]: 'any' | 'flag' | KnownKeys }

const verbs: Record<string, string> = {
  list: 'GET',
  get: 'GET',
  create: 'POST',
  update: 'PUT',
  delete: 'DELETE',
}
const httpMethods = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options', 'trace']

export function resourcesOf(contract: Contract): Resource[] {
  const byTag = new Map<string, Method[]>()
  for (const [path, item] of Object.entries(contract.paths ?? {}))
    for (const httpMethod of httpMethods.filter((name) => item[name])) {
      const operation = item[httpMethod]
      const tag = tagOf(contract, operation, `${httpMethod.toUpperCase()} ${path}`)
      byTag.set(tag, [...(byTag.get(tag) ?? []), methodOf(contract, path, httpMethod, item, operation)])
    }
  return [...byTag].map(([tag, methods]) => resourceOf(contract, tag, methods))
}

function resourceOf(contract: Contract, tag: string, methods: Method[]): Resource {
  const words = pascal(tag)
  const own = new Set([words, singular(words)])
  const split = methods.map((method) => ({ method, ...verbAndRest(method) }))
  const isTopic = split.every(({ rest }) => !own.has(rest))
  for (const { method, verb, rest } of split) {
    if (!isTopic && !own.has(rest))
      stop(
        method.id,
        `does not fit its tag "${tag}"; a fitting name is ${verb}${verb === 'list' ? words : singular(words)}`,
      )
    method.name = isTopic ? method.id : verb
    if (methods.some((other) => other !== method && other.name === method.name))
      stop(method.id, `is the second "${method.name}" of the tag "${tag}"; each verb may stand once per tag`)
  }
  const name = words.charAt(0).toLowerCase() + words.slice(1)
  return {
    tag,
    name,
    description: contract.tags?.find((known) => known.name === tag)?.description ?? '',
    methods,
  }
}

function tagOf(contract: Contract, operation: Node, where: string): string {
  const tags = operation.tags ?? []
  if (tags.length !== 1) stop(where, 'needs exactly one tag; the tag names its resource')
  if (!contract.tags?.some((known) => known.name === tags[0]))
    stop(where, `has the tag "${tags[0]}", which the contract's list of tags does not describe`)
  if (!/^[A-Z][A-Za-z0-9]*( [A-Z][A-Za-z0-9]*)*$/.test(tags[0]))
    stop(where, `has the tag "${tags[0]}"; a tag is words with capitals, as in "Borrower Phones"`)
  return tags[0]
}

function verbAndRest({ id, httpMethod }: Method): { verb: string; rest: string } {
  const [, verb = '', rest = ''] = /^([a-z]+)([A-Z][A-Za-z0-9]*)$/.exec(id) ?? []
  if (!(verb in verbs))
    stop(id, `does not begin with one of ${Object.keys(verbs).join(', ')}, as listBorrowerPhones does`)
  if (verbs[verb] !== httpMethod) stop(id, `is a ${httpMethod}, but "${verb}" stands for ${verbs[verb]}`)
  return { verb, rest }
}

function methodOf(contract: Contract, path: string, httpMethod: string, item: Node, operation: Node): Method {
  const id = operation.operationId
  if (typeof id !== 'string') stop(`${httpMethod.toUpperCase()} ${path}`, 'needs an operationId')
  return {
    id,
    name: id,
    httpMethod: httpMethod.toUpperCase(),
    path,
    summary: operation.summary ?? id,
    description: operation.description ?? '',
    anonymous: operation.security?.length === 0,
    parameters: parametersOf(contract, id, path, [
      ...(item.parameters ?? []),
      ...(operation.parameters ?? []),
    ]),
    body: bodyOf(contract, id, operation.requestBody),
    answer: answerOf(contract, id, operation.responses ?? {}),
  }
}

function parametersOf(contract: Contract, id: string, path: string, declared: Node[]): Method['parameters'] {
  const parameters = declared.map((parameter) => resolved(contract, parameter))
  for (const { name, in: place } of parameters) {
    if (place !== 'path' && place !== 'query')
      stop(id, `has the ${place} parameter "${name}"; path and query can be sent`)
    if (parameters.filter((other) => other.name === name).length > 1)
      stop(id, `has two parameters named "${name}"`)
  }
  for (const [, name] of path.matchAll(/\{([^{}]+)\}/g))
    if (!parameters.some((parameter) => parameter.name === name && parameter.in === 'path'))
      stop(id, `has {${name}} in its path, but no path parameter of that name`)
  return parameters.map(({ name, in: place, required, example, schema }) => ({
    name,
    in: place,
    required: place === 'path' || required === true,
    example: example ?? resolved(contract, schema)?.examples?.[0],
  }))
}

function bodyOf(contract: Contract, id: string, declared: Node): Method['body'] {
  if (!declared) return undefined
  const media = resolved(contract, declared).content?.['application/json']
  if (!media) stop(id, 'has a body that is not application/json')
  return {
    schema: schemaName(media.schema),
    example: firstExample(contract, media),
    keys: knownKeys(contract, media.schema, []),
  }
}

function answerOf(contract: Contract, id: string, responses: Node): Method['answer'] {
  const statuses = Object.keys(responses).filter((status) => /^2\d\d$/.test(status))
  const [status = ''] = statuses
  const schema = resolved(contract, responses[status] ?? {}).content?.['application/json']?.schema
  if (statuses.length !== 1 || !schema) stop(id, 'needs exactly one 2xx answer, with application/json')
  const data = resolved(contract, resolved(contract, schema).properties?.data ?? {})
  return {
    status,
    schema: schemaName(schema),
    data: data.type === 'array' || data.type === 'object' ? data.type : undefined,
    confirms: resolved(contract, data.properties?.success ?? {}).type === 'boolean',
  }
}

/** The keys that a body may have, down to the objects and lists of objects that the schema describes. */
function knownKeys(contract: Contract, declared: Node, above: Node[]): KnownKeys {
  const schema = resolved(contract, declared)
  const parts = [schema.allOf, schema.oneOf, schema.anyOf]
    .flatMap((variants: Node[] = []) => variants)
    .map((part) => knownKeys(contract, part, above))
  const own = Object.entries<Node>(schema.properties ?? {}).map(([name, property]) => {
    const value = resolved(contract, property)
    const inner = value.items ? resolved(contract, value.items) : value
    if (value.enum?.length === 2 && value.enum.includes(0) && value.enum.includes(1)) return [name, 'flag']
    const isOpen = !inner.properties || inner.additionalProperties || above.includes(inner)
    return [name, isOpen ? 'any' : knownKeys(contract, inner, [...above, inner])]
  })
  return Object.assign({}, ...parts, Object.fromEntries(own))
}

function firstExample(contract: Contract, media: Node): Json | undefined {
  const [first] = Object.values<Node>(media.examples ?? {})
  return first ? resolved(contract, first).value : media.example
}

export function serverOf(contract: Contract): string {
  return (
    contract.servers?.[0]?.url ??
    stop('servers', 'needs at least one entry; the first is the default base URL')
  )
}

function schemaName({ $ref }: Node): string | undefined {
  return $ref?.slice($ref.lastIndexOf('/') + 1)
}

function resolved(contract: Contract, node: Node): Node {
  if (typeof node?.$ref !== 'string') return node
  const target = node.$ref
    .replace('#/', '')
    .split('/')
    .reduce((at: Node, key: string) => at?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], contract)
  return resolved(contract, target ?? stop(node.$ref, 'is not in the contract'))
}

export function pascal(tag: string): string {
  return tag.replaceAll(' ', '')
}

/** The last word in the singular: BorrowerPhones → BorrowerPhone, Addresses → Address, Companies → Company. */
function singular(words: string): string {
  if (/(s|x|z|ch|sh)es$/.test(words)) return words.slice(0, -2)
  if (words.endsWith('ies')) return `${words.slice(0, -3)}y`
  return words.endsWith('s') && !words.endsWith('ss') ? words.slice(0, -1) : words
}

function stop(where: string, what: string): never {
  throw new Error(`spec/openapi.yaml: ${where} ${what}.`)
}
