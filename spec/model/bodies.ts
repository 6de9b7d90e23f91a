import { provenanceOf } from './marks.ts'
import { componentName, follow, type Node, type Place, pointerTo } from './references.ts'
import { readSchema } from './schemas.ts'
import type { Body, Example, Json } from './shape.ts'

/** @param status the documented status of a response. Omitted for a request. */
export function readBody(document: Node, { pointer, node }: Place, status?: string): Body {
  const type = Object.keys(node.content ?? {}).find((type) => /^application\/json\s*(;|$)/i.test(type))
  if (type === undefined) return { examples: [] }
  const at = pointerTo(pointer, 'content', type)
  const { schema, examples: raw = {}, ...media } = node.content[type]
  const named = Object.entries<Node>(raw).map(([name, example]) =>
    readExample(document, pointerTo(at, 'examples', name), example, name, status),
  )
  const only =
    'example' in media ? [readExample(document, at, { value: media.example }, 'default', status)] : []
  return {
    mediaType: type,
    ...(schema !== undefined && { schema: readSchema(document, pointerTo(at, 'schema'), schema) }),
    examples: [...named, ...only].filter(({ value }) => value !== undefined),
  }
}

/** @param status the documented status, range or `default`. Omitted for a request. */
export function readExample(document: Node, at: string, raw: Node, name: string, status?: string): Example {
  const { pointer, node } = follow(document, { pointer: at, node: raw })
  const component = componentName(document, 'examples', { pointer: at, node: raw })
  return {
    name,
    pointer,
    ...(component !== undefined && { component }),
    summary: node.summary ?? '',
    value: node.value as Json,
    ...(status !== undefined && { status: node['x-status'] ?? statusOf(status) }),
    provenance: provenanceOf(node),
  }
}

/** The status that represents a range or `default`. A `default` response documents failures. */
function statusOf(documented: string): number {
  return documented === 'default' ? 500 : Number(documented.replace(/XX$/, '00'))
}
