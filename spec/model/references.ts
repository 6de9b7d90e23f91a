/** JSON pointers (RFC 6901) and `$ref`s within one OpenAPI document. */

// biome-ignore lint/suspicious/noExplicitAny: a parsed document; code that reads a part of it checks that part
export type Node = any

/** A value in a document, and the pointer to it after following every reference. */
export interface Place {
  pointer: string
  node: Node
}

/**
 * Follows the reference at a place, and any references that it leads to.
 *
 * Next to `$ref`, OpenAPI allows a summary and a description, which override those of the target. They are merged into
 * the node; the pointer is that of the target. (Schemas allow other fields there, too: see `schemas.ts`.)
 *
 * @throws {Error} if the place isn't an object, or its reference can't be followed.
 * @example follow(document, { pointer: '#/a', node: { $ref: '#/components/schemas/A' } }).pointer
 */
export function follow(document: Node, place: Place, seen: string[] = []): Place {
  if (!isObject(place.node))
    throw unreadable(place.pointer, "it isn't an object", 'Write an object or a reference')
  const { $ref, ...siblings } = place.node
  if ($ref === undefined) return place
  const pointer = decodeReference($ref)
  if (pointer === undefined)
    throw unreadable(
      place.pointer,
      `the reference ${$ref} leads out of the document`,
      'Bundle the document first',
    )
  if (seen.includes(pointer))
    throw unreadable(place.pointer, `the reference ${$ref} leads back to itself`, 'Refer to a value')
  const node = nodeAt(document, pointer)
  if (node === undefined)
    throw unreadable(place.pointer, `the reference ${$ref} leads nowhere`, 'Correct it or add its target')
  const target = follow(document, { pointer, node }, [...seen, pointer])
  if (Object.keys(siblings).length === 0) return target
  return { pointer: target.pointer, node: { ...target.node, ...siblings } }
}

/** The name in `components` of the target of a reference, or of the place itself. */
export function componentName(document: Node, kind: string, { pointer, node }: Place): string | undefined {
  const target =
    node?.$ref === undefined ? pointer : follow(document, { pointer, node: { $ref: node.$ref } }).pointer
  const [, root, found, name, ...below] = target.split('/')
  if (root !== 'components' || found !== kind || below.length > 0) return undefined
  return name?.replaceAll('~1', '/').replaceAll('~0', '~')
}

/** The pointer that a reference names; undefined if it isn't one into this document. */
function decodeReference($ref: unknown): string | undefined {
  try {
    return typeof $ref === 'string' && /^#(\/|$)/.test($ref) ? decodeURIComponent($ref) : undefined
  } catch {
    return undefined
  }
}

/** The value at a pointer such as `#/components/schemas/Id`; undefined if there is none. */
export function nodeAt(document: Node, pointer: string): Node {
  const keys = pointer.split('/').slice(1)
  return keys.reduce((node, key) => node?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], document)
}

/** @example pointerTo('#/paths', '/auth') // '#/paths/~1auth' */
export function pointerTo(parent: string, ...keys: (string | number)[]): string {
  const escaped = keys.map((key) => String(key).replaceAll('~', '~0').replaceAll('/', '~1'))
  return [parent, ...escaped].join('/')
}

/** Creates the error for a document that can't be understood. It says where, what is wrong, and what to do. */
export function unreadable(pointer: string, problem: string, remedy: string): Error {
  return new Error(`The contract can't be read at ${pointer}: ${problem}. ${remedy}.`)
}

export function isObject(value: unknown): value is Record<string, Node> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
