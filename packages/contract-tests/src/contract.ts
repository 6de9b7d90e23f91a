/** The contract as the tests walk it: operations, and every answer with its named examples. */
import document from '@recoveryconnect/spec/openapi.json' with { type: 'json' }

export type Node = Record<string, any>

/** The built contract, in one piece. */
export const contract: Node = document

export interface ContractOperation {
  id: string
  method: string
  path: string
  tag: string
  /** Whether it needs a token. */
  secured: boolean
  /** The example of each path parameter. */
  ids: Record<string, number>
  /** The named request bodies; empty where the operation takes none. */
  requests: Record<string, unknown>
  answers: ContractAnswer[]
  /** By documented status or range: where the answer and its schema stand in the contract. */
  responses: Record<string, { at: string; schema: string | undefined }>
  /** Where the schema of the request body stands, if there is one. */
  request: string | undefined
}

/** One named example of one documented answer. */
export interface ContractAnswer {
  /** As documented: `200`, `4XX`. */
  documented: string
  /** The status to expect; for a range, the one that the example stands for. */
  status: number
  example: string
  body: unknown
}

/** Every operation of the contract, in its order. */
export const operations: ContractOperation[] = Object.entries<Node>(document.paths).flatMap(
  ([path, item]) => {
    const { parameters: shared = [], ...methods } = item
    return Object.entries<Node>(methods).map(([method, operation]) => ({
      id: operation.operationId,
      method: method.toUpperCase(),
      path,
      tag: operation.tags[0],
      secured: (operation.security ?? document.security).length > 0,
      ids: Object.fromEntries(
        [...shared, ...(operation.parameters ?? [])].map(resolve).map(({ name, example }) => [name, example]),
      ),
      requests: examplesOf(operation.requestBody),
      answers: Object.entries(operation.responses).flatMap(([status, response]) =>
        answersOf(status, response),
      ),
      responses: Object.fromEntries(
        Object.keys(operation.responses).map((status) => {
          const at = pointerOf(`#/paths/${escaped(path)}/${method}/responses/${status}`)
          return [status, { at, schema: jsonSchema(at) }]
        }),
      ),
      request: operation.requestBody && jsonSchema(`#/paths/${escaped(path)}/${method}/requestBody`),
    }))
  },
)

/** The operation of this id. @throws {Error} if the contract has none. */
export function operation(id: string): ContractOperation {
  const found = operations.find((known) => known.id === id)
  if (!found)
    throw new Error(
      `The contract has no operation ${id}; it has ${operations.map(({ id }) => id).join(', ')}.`,
    )
  return found
}

/** The operations of one tag that a record goes through. */
export interface ContractResource {
  tag: string
  list: ContractOperation
  create: ContractOperation
  get: ContractOperation
  update: ContractOperation
  delete: ContractOperation
  /** The path parameter that names a record: `phone_id`. */
  id: string
  /** The fields that are stored as they are sent, by the documented create and its answer. */
  kept: string[]
}

/** Every tag that has all five operations. */
export const resources: ContractResource[] = [...new Set(operations.map(({ tag }) => tag))].flatMap((tag) => {
  const own = operations.filter((one) => one.tag === tag)
  const [list, create, get, update, remove] = ['list', 'create', 'get', 'update', 'delete'].map((verb) =>
    own.find(({ id }) => id.startsWith(verb)),
  )
  const [, id] = /\{(\w+)\}$/.exec(get?.path ?? '') ?? []
  if (!list || !create || !get || !update || !remove || !id) return []
  const [sent] = Object.values(create.requests) as Node[]
  const stored: Node = (create.answers.find(({ status }) => status === 200)?.body as Node)?.data ?? {}
  const kept = Object.entries(sent ?? {}).flatMap(([name, value]) => (stored[name] === value ? [name] : []))
  return [{ tag, list, create, get, update, delete: remove, id, kept }]
})

/** The resource that an operation belongs to. */
export function resourceOf({ tag }: ContractOperation): ContractResource | undefined {
  return resources.find((resource) => resource.tag === tag)
}

/** The documented answer that a status falls under: itself, or its range. */
export function documentedAs({ responses }: ContractOperation, status: number): string | undefined {
  return [String(status), `${Math.floor(status / 100)}XX`].find((key) => responses[key])
}

/** The node at a pointer such as `#/components/schemas/Id`. */
export function nodeAt(pointer: string): Node {
  return pointer
    .split('/')
    .slice(1)
    .reduce((node: Node, part) => node?.[part.replaceAll('~1', '/').replaceAll('~0', '~')], contract)
}

/** Follows references, so that equal things have one pointer. */
export function pointerOf(pointer: string): string {
  const { $ref } = nodeAt(pointer) ?? {}
  return $ref === undefined ? pointer : pointerOf($ref)
}

function jsonSchema(body: string): string | undefined {
  const at = `${body}/content/application~1json/schema`
  return nodeAt(at) && pointerOf(at)
}

function escaped(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1')
}

function answersOf(documented: string, response: unknown): ContractAnswer[] {
  return Object.entries(namedExamples(response)).map(([example, { value, 'x-status': status }]) => ({
    documented,
    status: status ?? Number(documented),
    example,
    body: value,
  }))
}

function examplesOf(body: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(namedExamples(body)).map(([name, { value }]) => [name, value]))
}

function namedExamples(body: unknown): Record<string, Node> {
  const examples: Node = resolve(body).content?.['application/json']?.examples ?? {}
  return Object.fromEntries(Object.entries(examples).map(([name, example]) => [name, resolve(example)]))
}

export function resolve(node: unknown): Node {
  const { $ref } = (node ?? {}) as Node
  return $ref === undefined ? ((node ?? {}) as Node) : resolve(nodeAt($ref))
}
