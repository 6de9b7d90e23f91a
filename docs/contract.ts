/** The contract as the pages of this site read it: operations, fields and examples, with every reference followed. */
import document from '@recoveryconnect/spec/openapi.json' with { type: 'json' }

/** What says where a claim comes from. */
export interface Marked {
  'x-assumed'?: string
  'x-source'?: string
  'x-question'?: string
}

/** What the site uses of a schema. Anything else passes through unread. */
export interface Schema extends Marked {
  $ref?: string
  description?: string
  type?: string | string[]
  format?: string
  enum?: unknown[]
  pattern?: string
  required?: string[]
  properties?: Record<string, Schema>
  additionalProperties?: Schema | boolean
  items?: Schema
  examples?: unknown[]
}

/** A named example of a body. `status` is set where it stands for one status of a range. */
export interface Example {
  name: string
  summary: string
  /** Empty if it is the vendor's. */
  marks: string
  value: unknown
  status?: number
}

/** A body in a request or an answer. */
export interface Body {
  schema: Schema
  examples: Example[]
}

export interface Parameter extends Marked {
  $ref?: string
  name: string
  description: string
  schema: Schema
  example: string | number
}

export interface Answer {
  /** `200`, `401`, or a range such as `4XX`. */
  status: string
  /** With its marks. */
  description: string
  headers: { name: string; description: string }[]
  body?: Body
}

export interface Operation {
  id: string
  method: string
  path: string
  title: string
  /** With its marks. */
  description: string
  tag: string
  /** False where no token is needed. */
  secured: boolean
  parameters: Parameter[]
  request?: Body & { description: string; required: boolean }
  answers: Answer[]
}

/** The parts of an OpenAPI document that are read here. */
interface OpenApi {
  info: { title: string; summary: string; version: string; description: string }
  servers: [{ url: string }]
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, unknown>>
  components: { schemas: Record<string, Schema>; examples: Record<string, RawExample> }
  [key: string]: unknown
}

interface RawExample extends Marked {
  $ref?: string
  summary: string
  value: unknown
  'x-status'?: number
}

interface RawBody {
  description?: string
  required?: boolean
  content?: { 'application/json': { schema: Schema; examples: Record<string, RawExample> } }
}

interface RawAnswer extends RawBody, Marked {
  $ref?: string
  headers?: Record<string, { description: string }>
}

interface RawOperation extends Marked {
  operationId: string
  summary: string
  description: string
  tags: [string]
  security?: unknown[]
  parameters?: Parameter[]
  requestBody?: RawBody
  responses: Record<string, RawAnswer>
}

/** The bundled document itself. Do not change it: copy it. */
export const contract = document as unknown as OpenApi

export const server = contract.servers[0].url

const methods = ['get', 'post', 'put', 'patch', 'delete']

/** In the order of the contract. */
export const operations: Operation[] = Object.entries(contract.paths).flatMap(([path, item]) =>
  methods.filter((method) => method in item).map((method) => operationOf(path, method, item)),
)

/** The target of a reference, or what is none as it is. */
export function resolve<Node extends { $ref?: string }>(node: Node): Node {
  if (!node.$ref) return node
  const parts = node.$ref.replace('#/', '').split('/')
  return parts.reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], contract) as Node
}

/** What is to be read beside a claim: whether it is assumed, where it stands, what is open; in Markdown. */
export function marksOf({ 'x-assumed': assumed, 'x-source': source, 'x-question': open }: Marked): string {
  return Object.entries({ Assumed: assumed, Source: source, Open: open })
    .filter(([, text]) => text)
    .map(([kind, text]) => ` *${kind}: ${text?.trim()}*`)
    .join('')
}

/** The name of a component: `BorrowerPhone` for `#/components/schemas/BorrowerPhone`. */
export function nameOf(schema: Schema): string | undefined {
  return schema.$ref?.replace(/^.*\//, '')
}

/**
 * A path with the contract's example ids in it.
 *
 * @example examplePath(operation) // '/api/v140/orders/57062885/borrowers/124927241/phones'
 */
export function examplePath({ path, parameters }: Operation): string {
  return parameters.reduce((filled, { name, example }) => filled.replace(`{${name}}`, String(example)), path)
}

export function operation(id: string): Operation {
  const found = operations.find((candidate) => candidate.id === id)
  if (!found) throw new Error(`The contract has no operation ${id}.`)
  return found
}

function operationOf(path: string, method: string, item: Record<string, unknown>): Operation {
  const raw = item[method] as RawOperation
  const parameters = [...((item.parameters as Parameter[] | undefined) ?? []), ...(raw.parameters ?? [])]
  const request = raw.requestBody && bodyOf(raw.requestBody)
  return {
    id: raw.operationId,
    method: method.toUpperCase(),
    path,
    title: raw.summary,
    description: described(raw),
    tag: raw.tags[0],
    secured: raw.security?.length !== 0,
    parameters: parameters.map((parameter) => resolve(parameter)),
    ...(request && {
      request: {
        ...request,
        description: raw.requestBody?.description ?? '',
        required: raw.requestBody?.required ?? false,
      },
    }),
    answers: Object.entries(raw.responses).map(([status, answer]) => answerOf(status, resolve(answer))),
  }
}

function answerOf(status: string, answer: RawAnswer): Answer {
  const body = bodyOf(answer)
  return {
    status,
    description: described(answer),
    headers: Object.entries(answer.headers ?? {}).map(([name, { description }]) => ({ name, description })),
    ...(body && { body }),
  }
}

function bodyOf({ content }: RawBody): Body | undefined {
  const media = content?.['application/json']
  if (!media) return undefined
  const examples = Object.entries(media.examples).map(([name, raw]) => {
    const example = resolve(raw)
    const { summary, value, 'x-status': status } = example
    return { name, summary, marks: marksOf(example), value, ...(status && { status }) }
  })
  return { schema: media.schema, examples }
}

function described(node: Marked & { description?: string }): string {
  return (node.description ?? '').trim() + marksOf(node)
}
