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
 * OpenAPI allows fields next to `$ref` that override those of the target. In a schema, they apply in addition. The fields
 * are merged, and the pointer is then that of the place with the reference.
 *
 * @throws {Error} if a reference has no target, leads back to itself, or points outside the document.
 * @example follow(document, { pointer: '#/a', node: { $ref: '#/components/schemas/A' } }).pointer
 */
export function follow(document: Node, place: Place, seen: string[] = []): Place {
  const { $ref, ...siblings } = isObject(place.node) ? place.node : {}
  if ($ref === undefined) return place
  if (typeof $ref !== 'string' || !/^#(\/|$)/.test($ref))
    throw unreadable(
      place.pointer,
      `the reference ${$ref} leads out of the document`,
      'Bundle the document first',
    )
  if (seen.includes($ref))
    throw unreadable(place.pointer, `the reference ${$ref} leads back to itself`, 'Refer to a value')
  const pointer = decodeURIComponent($ref)
  const node = nodeAt(document, pointer)
  if (node === undefined)
    throw unreadable(place.pointer, `the reference ${$ref} leads nowhere`, 'Correct it or add its target')
  const target = follow(document, { pointer, node }, [...seen, $ref])
  if (Object.keys(siblings).length === 0 || !isObject(target.node)) return target
  return { pointer: place.pointer, node: { ...target.node, ...siblings } }
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
