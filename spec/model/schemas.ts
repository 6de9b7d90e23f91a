/** Reads schemas, and the bodies and examples that they describe. */
import { provenanceOf } from './provenance.ts'
import { follow, isObject, type Node, nodeAt, type Place, pointerTo } from './references.ts'
import type { Example, Json, Schema } from './shape.ts'

/** By document, then by pointer. Each schema is read only once, so a schema that contains itself causes no endless loop. */
const known = new WeakMap<object, Map<string, Schema>>()

/** @throws {Error} if a reference can't be followed. */
export function readSchema(document: Node, pointer: string, node: Node): Schema {
  const place = follow(document, { pointer, node: isObject(node) ? node : {} })
  const schemas = known.get(document) ?? new Map<string, Schema>()
  known.set(document, schemas)
  const found = schemas.get(place.pointer)
  if (found) return found
  const name = componentName(document, 'schemas', { pointer, node })
  const { node: raw } = place
  const schema: Schema = {
    pointer: place.pointer,
    ...(name !== undefined && { name }),
    description: raw.description ?? '',
    types: [raw.type ?? []].flat(),
    ...(raw.format !== undefined && { format: raw.format }),
    ...(raw.pattern !== undefined && { pattern: raw.pattern }),
    ...(raw.enum ? { enum: raw.enum } : 'const' in raw && { enum: [raw.const] }),
    properties: {},
    required: raw.required ?? [],
    examples: raw.examples ?? ('example' in raw ? [raw.example] : []),
    provenance: provenanceOf(raw),
  }
  schemas.set(place.pointer, schema)
  readChildren(document, place, schema)
  for (const key of ['allOf', 'anyOf', 'oneOf'] as const)
    for (const [index, part] of Object.entries<Node>(raw[key] ?? {}))
      merge(schema, readSchema(document, pointerTo(place.pointer, key, index), part), key)
  return schema
}

function readChildren(document: Node, { pointer, node }: Place, schema: Schema): void {
  const child = (inner: Node, ...keys: string[]) => readSchema(document, pointerTo(pointer, ...keys), inner)
  for (const [name, property] of Object.entries<Node>(node.properties ?? {}))
    schema.properties[name] = child(property, 'properties', name)
  if (isObject(node.items)) schema.items = child(node.items, 'items')
  if (isObject(node.additionalProperties))
    schema.additionalProperties = child(node.additionalProperties, 'additionalProperties')
}

/** A value fits every part of `allOf`, but only some parts of `anyOf` and `oneOf`, so those parts require nothing. */
function merge(schema: Schema, part: Schema, key: 'allOf' | 'anyOf' | 'oneOf'): void {
  schema.properties = { ...part.properties, ...schema.properties }
  schema.items ??= part.items as Schema
  if (key === 'allOf') {
    const { format, pattern, enum: values, additionalProperties } = part
    Object.assign(schema, { ...defined({ format, pattern, enum: values, additionalProperties }), ...schema })
    schema.required = [...new Set([...schema.required, ...part.required])]
  }
  schema.types = [...new Set([...schema.types, ...part.types])]
}

function defined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

/** The name in `components` of the target of a reference, or of the place itself. */
export function componentName(document: Node, kind: string, { pointer, node }: Place): string | undefined {
  const prefix = `#/components/${kind}/`
  const target = node?.$ref === undefined ? pointer : targetOf(document, node.$ref)
  return target.startsWith(prefix) && !target.slice(prefix.length).includes('/')
    ? target.slice(prefix.length).replaceAll('~1', '/').replaceAll('~0', '~')
    : undefined
}

function targetOf(document: Node, $ref: string): string {
  const next = nodeAt(document, decodeURIComponent($ref))?.$ref
  return next === undefined ? decodeURIComponent($ref) : targetOf(document, next)
}

/** The JSON of a request body or a response. */
export function readContent(
  document: Node,
  { pointer, node }: Place,
  status?: string,
): { schema: Schema | undefined; examples: Example[] } {
  const types = Object.keys(node.content ?? {})
  const type =
    types.find((type) => /^application\/json\s*(;|$)/i.test(type)) ??
    types.find((type) => /[/+]json\s*(;|$)/i.test(type))
  if (type === undefined) return { schema: undefined, examples: [] }
  const at = pointerTo(pointer, 'content', type)
  const media = node.content[type]
  const named = Object.entries<Node>(media.examples ?? {}).map(([name, example]) =>
    readExample(document, pointerTo(at, 'examples', name), example, name, status),
  )
  const only =
    'example' in media ? [readExample(document, at, { value: media.example }, 'default', status)] : []
  return {
    schema:
      media.schema === undefined ? undefined : readSchema(document, pointerTo(at, 'schema'), media.schema),
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
