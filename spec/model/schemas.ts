import { provenanceOf } from './marks.ts'
import { componentName, follow, isObject, type Node, pointerTo } from './references.ts'
import type { Schema } from './shape.ts'

/** What a schema says by itself, and the schemas that it combines. */
interface Source {
  own: Schema
  /** The target of a `$ref` with further fields, and the parts of `allOf`. A value fits all of them. */
  all: Schema[]
  /** The parts of `anyOf` or `oneOf`: a value fits one of them. */
  alternatives: Schema[][]
}

interface Known {
  /** By pointer. Each schema is read only once, so one that contains itself causes no endless loop. */
  schemas: Map<string, Schema>
  sources: Map<Schema, Source>
  /** Read, but not combined yet. */
  pending: Schema[]
}

const known = new WeakMap<object, Known>()

/** The document may have changed since it was read. */
export function forgetSchemas(document: object): void {
  known.delete(document)
}

/** @throws {Error} if a reference can't be followed. */
export function readSchema(document: Node, pointer: string, node: Node): Schema {
  const all: Known = known.get(document) ?? { schemas: new Map(), sources: new Map(), pending: [] }
  known.set(document, all)
  const schema = read(document, all, pointer, node)
  // Not earlier: a schema may combine one that contains it.
  for (const combined of all.pending.splice(0))
    Object.assign(combined, resolve(combined, all.sources, new Set()))
  return schema
}

function read(document: Node, all: Known, at: string, raw: Node): Schema {
  const { $ref, ...siblings } = isObject(raw) ? raw : {}
  const isReference = $ref !== undefined && Object.keys(siblings).length === 0
  const place = isReference ? follow(document, { pointer: at, node: raw }) : { pointer: at, node: siblings }
  const found = all.schemas.get(place.pointer)
  if (found) return found
  const node = isObject(place.node) ? place.node : {}
  const name = componentName(document, 'schemas', { pointer: at, node: raw })
  const schema: Schema = {
    pointer: place.pointer,
    ...(name !== undefined && { name }),
    description: node.description ?? '',
    types: [node.type ?? []].flat(),
    ...(node.format !== undefined && { format: node.format }),
    ...(node.pattern !== undefined && { pattern: node.pattern }),
    ...(node.enum ? { enum: node.enum } : 'const' in node && { enum: [node.const] }),
    properties: {},
    required: node.required ?? [],
    examples: node.examples ?? ('example' in node ? [node.example] : []),
    provenance: provenanceOf(node),
  }
  all.schemas.set(place.pointer, schema)
  const child = (inner: Node, ...keys: (string | number)[]) =>
    read(document, all, pointerTo(place.pointer, ...keys), inner)
  const children = (key: string) =>
    Object.entries<Node>(node[key] ?? {}).map(([name, inner]) => [name, child(inner, key, name)] as const)
  schema.properties = Object.fromEntries(children('properties'))
  for (const key of ['items', 'additionalProperties'] as const)
    if (isObject(node[key])) schema[key] = child(node[key], key)
  const parts = (key: string) => children(key).map(([, part]) => part)
  const target = $ref === undefined || isReference ? [] : [read(document, all, at, { $ref })]
  all.pending.push(schema)
  all.sources.set(schema, {
    own: { ...schema },
    all: [...target, ...parts('allOf')],
    alternatives: [parts('anyOf'), parts('oneOf')].filter(({ length }) => length > 0),
  })
  return schema
}

/** A schema with everything that it combines, except for schemas that it is itself a part of. */
function resolve(schema: Schema, sources: Known['sources'], within: Set<Schema>): Schema {
  const { own, all, alternatives } = sources.get(schema) as Source
  if (within.has(schema) || all.length + alternatives.length === 0) return own
  const inner = new Set([...within, schema])
  const resolveAll = (parts: Schema[]) => parts.map((part) => resolve(part, sources, inner))
  return merge(own, resolveAll(all), alternatives.map(resolveAll))
}

/** The own fields win. Only what applies to every value restricts it. */
function merge(own: Schema, all: Schema[], alternatives: Schema[][]): Schema {
  const unions = alternatives.map((parts) => ({
    types: parts.every((part) => typesOf(part).length > 0) ? parts.flatMap(typesOf) : [],
    enum: parts.every((part) => part.enum ?? isNull(part))
      ? parts.flatMap((part) => part.enum ?? [null])
      : undefined,
  }))
  const values = [own.enum, ...all.map((part) => part.enum), ...unions.map((union) => union.enum)]
  const [first, ...others] = values.filter((list) => list !== undefined)
  const properties = [...all, ...alternatives.flat()].map((part) => part.properties)
  const items = [own, ...all, ...alternatives.flat()].find((part) => part.items)?.items
  return {
    ...Object.assign(
      {},
      ...all.map(({ format, pattern, additionalProperties }) =>
        defined({ format, pattern, additionalProperties }),
      ),
    ),
    ...own,
    types: [own, ...all]
      .map(typesOf)
      .concat(unions.map(({ types }) => types))
      .reduce(intersect),
    ...(first && { enum: first.filter((value) => others.every((list) => list?.includes(value))) }),
    properties: Object.assign({}, ...properties, own.properties),
    required: [...new Set([own, ...all].flatMap(({ required }) => required))],
    ...(items && { items }),
    description: own.description || (all[0]?.description ?? ''),
    examples: own.examples.length > 0 ? own.examples : (all[0]?.examples ?? []),
    provenance: { ...all[0]?.provenance, ...own.provenance },
  }
}

function isNull({ types }: Schema): boolean {
  return types.length === 1 && types[0] === 'null'
}

/** An empty list allows every type. */
function typesOf({ types, enum: values }: Schema): string[] {
  return types.length > 0 ? types : [...new Set((values ?? []).map(jsonType))]
}

function intersect(one: string[], other: string[]): string[] {
  if (one.length === 0 || other.length === 0) return [...new Set([...one, ...other])]
  const isAllowed = (type: string, by: string[]) =>
    by.includes(type) || (type === 'integer' && by.includes('number'))
  return [
    ...new Set([
      ...one.filter((type) => isAllowed(type, other)),
      ...other.filter((type) => isAllowed(type, one)),
    ]),
  ]
}

/** The type of a value, as JSON Schema names it. */
export function jsonType(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}

function defined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
