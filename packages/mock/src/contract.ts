import type { Documented } from './prefer.ts'

// biome-ignore lint/suspicious/noExplicitAny: a document whose shape the contract's own lint holds
type Node = any

/**
 * The documented responses of each operation of a bundled OpenAPI document, by `GET /path/of/{the}/operation`.
 *
 * Prism's own reading of the document loses `x-status`, which says for which status an example of a range stands.
 */
export function documentedResponses(contract: Node): Map<string, Documented[]> {
  const documented = new Map<string, Documented[]>()
  for (const [path, item] of Object.entries<Node>(contract.paths)) {
    for (const [method, operation] of Object.entries<Node>(follow(contract, item))) {
      if (!operation.responses) continue
      const responses = Object.entries(operation.responses).map(([code, response]) =>
        documentedResponse(contract, code, response),
      )
      documented.set(`${method.toUpperCase()} ${path}`, responses)
    }
  }
  return documented
}

function documentedResponse(contract: Node, code: string, response: Node): Documented {
  const [content] = Object.values<Node>(follow(contract, response).content ?? {})
  const examples = Object.entries<Node>(content?.examples ?? {}).map(([name, example]) => ({
    name,
    status: follow(contract, example)['x-status'] ?? Number(code.replace(/XX$/i, '00')),
  }))
  return { code: code.toUpperCase(), examples }
}

function follow(contract: Node, node: Node): Node {
  if (!node?.$ref) return node
  const steps: string[] = node.$ref.slice(2).split('/')
  const target = steps.reduce(
    (place, step) => place[step.replaceAll('~1', '/').replaceAll('~0', '~')],
    contract,
  )
  return follow(contract, target)
}
