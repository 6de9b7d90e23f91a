/** Writes small OpenAPI documents for tests, and picks parts of their models. */
import type { Model } from '../../model.ts'

export type Node = any

export interface UnusualDocument {
  what: string
  document: Node
  /** What the model says of it. */
  expected: (model: Model) => unknown
  /** The right value of `expected`. */
  is: unknown
}

export const json = (schema: Node, examples?: Node) => ({
  description: 'Success.',
  content: { 'application/json': { schema, ...(examples && { examples }) } },
})
export const ok = { 200: json({ type: 'object' }, { empty: { summary: 'Nothing', value: {} } }) }
export const thingId = {
  name: 'thing_id',
  in: 'path',
  required: true,
  schema: { type: 'integer' },
  example: 7,
}
export const tagged = (operationId: string, more: Node = {}) => ({
  operationId,
  tags: ['Things'],
  responses: ok,
  ...more,
})

/** A document in which every operation needs a token, unless it says something else. */
export function write(paths: Node, more: Node = {}): Node {
  return {
    openapi: '3.1.1',
    info: { title: 'Things', version: '1.0.0' },
    servers: [{ url: 'https://api.example.com' }],
    security: [{ bearer: [] }],
    tags: [{ name: 'Things', description: 'All things.' }],
    paths,
    ...more,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      ...more.components,
    },
  }
}

export const first = ({ operations: [operation] }: Model) => operation as Model['operations'][number]
export const success = (model: Model) =>
  first(model).responses[0] as Model['operations'][number]['responses'][number]
