import { readBody } from './bodies.ts'
import { provenanceOf } from './marks.ts'
import {
  componentName,
  follow,
  isObject,
  type Node,
  type Place,
  pointerTo,
  unreadable,
} from './references.ts'
import { readSchema } from './schemas.ts'
import type { Header, Operation, Parameter, RequestBody, Response } from './shape.ts'

export type UnplacedOperation = Omit<Operation, 'resource' | 'name' | 'verb'>

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

/** @throws {Error} if an `operationId` isn't unique, or a path parameter isn't declared. */
export function readOperations(document: Node): UnplacedOperation[] {
  const operations = Object.entries<Node>(document.paths ?? {}).flatMap(([path, raw]) => {
    const item = follow(document, { pointer: pointerTo('#/paths', path), node: raw })
    return methods
      .filter((method) => isObject(item.node[method]))
      .map((method) => readOperation(document, path, method, item))
  })
  for (const [index, { id, pointer }] of operations.entries())
    if (operations.findIndex((other) => other.id === id) < index)
      throw unreadable(pointer, `the operationId ${id} isn't unique`, 'Rename one of the operations')
  return operations
}

function readOperation(document: Node, path: string, method: string, item: Place): UnplacedOperation {
  const pointer = pointerTo(item.pointer, method)
  const node = item.node[method]
  const id: string = node.operationId ?? createId(method, path)
  const security = readSecurity(node.security ?? document.security)
  return {
    id,
    method: method.toUpperCase(),
    path,
    pointer,
    summary: node.summary ?? id,
    description: node.description ?? '',
    tag: node.tags?.[0] ?? 'Other',
    parameters: readParameters(document, path, item, { pointer, node }),
    ...(node.requestBody && {
      body: readRequestBody(document, pointerTo(pointer, 'requestBody'), node.requestBody),
    }),
    responses: Object.entries<Node>(node.responses ?? {}).map(([status, response]) =>
      readResponse(document, status, { pointer: pointerTo(pointer, 'responses', status), node: response }),
    ),
    security,
    needsToken: security.every((schemes) => schemes.length > 0),
    provenance: provenanceOf(node),
  }
}

/** An operation doesn't need an `operationId`. @example createId('get', '/orders/{order_id}') // 'getOrdersOrderId' */
function createId(method: string, path: string): string {
  const words = path.match(/[A-Za-z0-9]+/g) ?? []
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

/** The names of the schemes of each alternative. An empty list asks for no credentials, like the alternative `{}`. */
function readSecurity(security: object[] = []): string[][] {
  return security.length > 0 ? security.map((schemes) => Object.keys(schemes)) : [[]]
}

function readParameters(document: Node, path: string, item: Place, operation: Place): Parameter[] {
  const parameters = new Map<string, Parameter>()
  for (const { pointer, node } of [item, operation])
    for (const [index, raw] of Object.entries<Node>(node.parameters ?? {})) {
      const parameter = readParameter(document, pointerTo(pointer, 'parameters', index), raw)
      parameters.set(`${parameter.in} ${parameter.name}`, parameter)
    }
  for (const [, name] of path.matchAll(/\{([^{}]+)\}/g))
    if (!parameters.has(`path ${name}`))
      throw unreadable(
        operation.pointer,
        `the path has {${name}}, but no parameter of that name`,
        'Declare it',
      )
  return [...parameters.values()]
}

function readParameter(document: Node, at: string, raw: Node): Parameter {
  const { pointer, node } = follow(document, { pointer: at, node: raw })
  const schema = readSchema(document, pointerTo(pointer, 'schema'), node.schema)
  return {
    name: node.name,
    in: node.in,
    required: node.in === 'path' || node.required === true,
    description: node.description ?? '',
    pointer,
    schema,
    example: exampleOf(document, pointer, node) ?? schema.examples[0],
    provenance: provenanceOf(node),
  }
}

/** The single example of a parameter or a header, or the first of the named ones. */
function exampleOf(document: Node, pointer: string, { example, examples = {} }: Node) {
  const [first] = Object.entries<Node>(examples)
  if (example !== undefined || !first) return example
  return follow(document, { pointer: pointerTo(pointer, 'examples', first[0]), node: first[1] }).node.value
}

function readRequestBody(document: Node, at: string, raw: Node): RequestBody {
  const place = follow(document, { pointer: at, node: raw })
  return {
    required: place.node.required === true,
    description: place.node.description ?? '',
    pointer: place.pointer,
    ...readBody(document, place),
    provenance: provenanceOf(place.node),
  }
}

function readResponse(document: Node, status: string, raw: Place): Response {
  const place = follow(document, raw)
  const component = componentName(document, 'responses', raw)
  return {
    status,
    description: place.node.description ?? '',
    pointer: place.pointer,
    ...(component !== undefined && { component }),
    headers: Object.entries<Node>(place.node.headers ?? {}).map(([name, header]) =>
      readHeader(document, name, { pointer: pointerTo(place.pointer, 'headers', name), node: header }),
    ),
    ...readBody(document, place, status),
    provenance: provenanceOf(place.node),
  }
}

function readHeader(document: Node, name: string, raw: Place): Header {
  const { pointer, node } = follow(document, raw)
  const schema = readSchema(document, pointerTo(pointer, 'schema'), node.schema)
  return {
    name,
    description: node.description ?? '',
    example: exampleOf(document, pointer, node) ?? schema.examples[0],
  }
}
