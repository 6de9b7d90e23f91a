import document from '@recoveryconnect/spec/openapi.json' with { type: 'json' }

type Node = any

export const contract: Node = document

/** Each operation with a path and a body that the contract accepts. */
export const operations = Object.entries<Node>(contract.paths).flatMap(
  ([template, { parameters = [], ...item }]) =>
    Object.entries<Node>(item).map(([method, operation]) => ({
      id: operation.operationId as string,
      method: method.toUpperCase(),
      template,
      secured: (operation.security ?? contract.security).length > 0,
      path: pathOf(template, parameters, {}),
      parameters: parameters.map((parameter: Node) => follow(parameter).name) as string[],
      pathWith: (values: Record<string, string>) => pathOf(template, parameters, values),
      schema: follow(operation.requestBody?.content['application/json'].schema),
      body: examplesOf(operation.requestBody ?? {})[0]?.[1],
      responses: Object.entries<Node>(operation.responses).map(([code, response]) => ({
        code,
        examples: examplesOf(follow(response)).map(([name, value, status]) => ({ name, value, status })),
      })),
    })),
)

/** A request that the contract accepts, changed where a test wants to. */
export function call(
  url: string,
  { method, path, body }: { method: string; path: string; body?: unknown },
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url + path, {
    method,
    headers: {
      authorization: 'Bearer any',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
}

function pathOf(template: string, parameters: Node[], values: Record<string, string>): string {
  return parameters
    .map(follow)
    .reduce((path, { name, example }) => path.replace(`{${name}}`, values[name] ?? example), template)
}

function examplesOf({ content }: Node): [name: string, value: unknown, status: number | undefined][] {
  return Object.entries<Node>(content?.['application/json'].examples ?? {}).map(([name, example]) => {
    const { value, 'x-status': status } = follow(example)
    return [name, value, status]
  })
}

function follow(node: Node): Node {
  if (!node?.$ref) return node
  return node.$ref
    .slice(2)
    .split('/')
    .reduce((place: Node, step: string) => place[step], contract)
}
