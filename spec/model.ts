/**
 * The contract as plain data: operations, resources, schemas, examples and the provenance of every claim.
 *
 * This is the only reader of OpenAPI documents in the repository.
 */
import builtContract from './dist/openapi.json' with { type: 'json' }
import { readExample } from './model/bodies.ts'
import { marksIn, provenanceOf } from './model/marks.ts'
import { readOperations } from './model/operations.ts'
import { type Node, pointerTo, unreadable } from './model/references.ts'
import { placeOperations, readResources } from './model/resources.ts'
import { forgetSchemas, readSchema } from './model/schemas.ts'
import type { Model, Operation, Response } from './model/shape.ts'

export type * from './model/shape.ts'

/**
 * Reads a bundled OpenAPI 3.1 document.
 *
 * @param document a parsed document. Default: the built contract.
 * @throws {Error} if the document can't be understood. The message names the pointer and says what to do.
 * @example const { operations, resources } = readModel()
 */
export function readModel(document: object = builtContract): Model {
  const root = document as Node
  if (!/^3\.1\./.test(root.openapi))
    throw unreadable('#/openapi', `it is ${root.openapi}`, 'Convert the document to OpenAPI 3.1')
  forgetSchemas(root)
  const operations = placeOperations(readOperations(root))
  const named = <Part>(kind: string, read: (document: Node, pointer: string, node: Node) => Part) =>
    Object.fromEntries(
      Object.entries<Node>(root.components?.[kind] ?? {}).map(([name, node]) => [
        name,
        read(root, pointerTo(`#/components/${kind}`, name), node),
      ]),
    )
  const { title = '', summary = '', description = '', version = '' } = root.info ?? {}
  return {
    document: root,
    title,
    summary,
    description,
    version,
    servers: (root.servers ?? []).map((server: Node) => ({
      url: server.url,
      description: server.description ?? '',
      provenance: provenanceOf(server),
    })),
    operations,
    resources: readResources(root, operations),
    schemas: named('schemas', readSchema),
    examples: named('examples', (document, pointer, node) =>
      readExample(document, pointer, node, pointer.slice(pointer.lastIndexOf('/') + 1)),
    ),
    marks: marksIn(root, '#'),
  }
}

/** Finds an operation by its id. @throws {Error} if the model doesn't have it. */
export function findOperation({ operations }: Model, id: string): Operation {
  const found = operations.find((operation) => operation.id === id)
  if (found) return found
  throw new Error(`The contract has no operation ${id}. It has ${operations.map(({ id }) => id).join(', ')}.`)
}

/** Finds the documented response for a status: its own, the one for its range, or the default. */
export function findResponse(
  { responses }: Pick<Operation, 'responses'>,
  status: number,
): Response | undefined {
  const keys = [String(status), `${Math.floor(status / 100)}XX`, 'default']
  return keys.flatMap((key) => responses.find((response) => response.status === key) ?? [])[0]
}

/** Fills a path with the example of each parameter. @example examplePath(operation) // '/orders/57062885' */
export function examplePath({ path, parameters }: Pick<Operation, 'path' | 'parameters'>): string {
  return parameters.reduce((filled, { name, example }) => filled.replace(`{${name}}`, String(example)), path)
}
