/** The contract as the tests walk it: operations, and every answer with its named examples. */
import document from '@recoveryconnect/spec/openapi.json' with { type: 'json' }

type Node = Record<string, any>

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

function resolve(node: unknown): Node {
  const { $ref } = (node ?? {}) as Node
  if ($ref === undefined) return (node ?? {}) as Node
  return resolve(
    $ref
      .slice(2)
      .split('/')
      .reduce((parent: Node, key: string) => parent[key], document),
  )
}
