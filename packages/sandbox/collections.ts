/** Derives the lists of a world file from the paths of the contract: which there are, and which is inside which. */
import type { Model, Operation, Resource, Schema } from '@recoveryconnect/spec/model'

/** For `/orders/{order_id}/borrowers`, the list `orders`, and inside each of its items the list `borrowers`. */
export interface Collection {
  name: string
  /** The list whose items contain it; undefined at the top. */
  parent: Collection | undefined
  /** The path parameter for its items, if the contract has paths below them. */
  parameter: string | undefined
  /** The resource whose records it has; undefined if its items only have ids. */
  resource: Resource | undefined
  record: Schema | undefined
}

/**
 * Finds the collections, the outer ones first, and otherwise in the order of the contract's tags.
 *
 * @returns the collections by path, without the names of parameters: `/orders/{}/borrowers`.
 * @throws {Error} if a name has another meaning in a world file.
 */
export function findCollections({ resources }: Pick<Model, 'resources'>): Map<string, Collection> {
  const found = new Map<string, Collection>()
  for (const resource of resources) {
    const path = collectionPath(resource)
    const collection = path === undefined ? undefined : addPath(found, path)
    if (!collection || collection.resource) continue
    collection.resource = resource
    collection.record = recordSchema(resource)
  }
  checkNames([...found.values()])
  return found
}

/** The collections that a path leads through, the outer one first. */
export function collectionsOf(
  { path }: Pick<Operation, 'path'>,
  found: ReadonlyMap<string, Collection>,
): Collection[] {
  const parts = path.replaceAll(/\{[^{}]+\}/g, '{}').split('/')
  const paths = parts.map((_, index) => parts.slice(0, index + 1).join('/'))
  return paths.flatMap((one, index) => {
    const isList = parts[index + 1] === '{}' || (index === parts.length - 1 && parts[index] !== '{}')
    return (isList && found.get(one)) || []
  })
}

/** The key of an item's id in a world file: the path parameter if there are lists inside, otherwise `id`. */
export function idKeyOf({ parameter, record }: Collection): string {
  return parameter && !(parameter in (record?.properties ?? {})) ? parameter : 'id'
}

/** The fields of a record that a world file can set: not the ids of its parents, and not the lists inside it. */
export function fieldsOf(collection: Collection, all: Iterable<Collection>): string[] {
  const parameters: (string | undefined)[] = []
  for (let above = collection.parent; above; above = above.parent) parameters.push(above.parameter)
  const inside = [...all].filter(({ parent }) => parent === collection).map(({ name }) => name)
  const names = Object.keys(collection.record?.properties ?? {})
  return names.filter((name) => !parameters.includes(name) && !inside.includes(name))
}

/** Where the records of a resource are listed and created; undefined if it has none. */
function collectionPath({ byVerb: { list, create, get, update, delete: remove } }: Resource) {
  const { path } = get ?? update ?? remove ?? {}
  const found = list?.path ?? create?.path ?? (path?.endsWith('}') ? path.replace(/\/[^/]+$/, '') : undefined)
  return found?.endsWith('}') ? undefined : found
}

function addPath(found: Map<string, Collection>, path: string): Collection | undefined {
  const pieces = path.split(/\/\{([^{}]+)\}/)
  let key = ''
  let collection: Collection | undefined
  for (let index = 0; index < pieces.length; index += 2) {
    const [list = '', parameter] = pieces.slice(index, index + 2)
    key += (collection ? '/{}' : '') + list
    const parent = collection
    collection = found.get(key) ?? {
      name: nameOf(list) || (parameter ?? ''),
      parent,
      parameter: undefined,
      resource: undefined,
      record: undefined,
    }
    collection.parameter ??= parameter
    found.set(key, collection)
  }
  return collection
}

/** The name of a list in a world file: the last part of its path. */
function nameOf(list: string): string {
  return list.slice(list.lastIndexOf('/') + 1).replaceAll('-', '_')
}

/** The first schema of a single record or of a list's items. */
function recordSchema({ byVerb: { get, create, update, list } }: Resource): Schema | undefined {
  const responses = [get, create, update, list].flatMap((operation) => operation?.responses ?? [])
  return responses
    .filter(({ status }) => status.startsWith('2'))
    .map(({ schema }) => schema?.properties.data ?? schema)
    .map((data) => data?.items ?? data)
    .find((schema) => Object.keys(schema?.properties ?? {}).length > 0)
}

/** A field that is a list may have the name of the list inside: the list takes its place. */
function checkNames(all: readonly Collection[]): void {
  const uses = new Map([['next_ids', 'the next id of each list']])
  for (const one of all) uses.set(idKeyOf(one), 'an id')
  for (const { name, parent, parameter, resource } of all) {
    const field = parent?.record?.properties[name]
    const isField = field && field.types.join() !== 'array'
    const use = isField
      ? `a field of "${parent.resource?.tag}"`
      : name === parameter
        ? undefined
        : uses.get(name)
    if (use) {
      throw new Error(
        `"${resource?.tag ?? name}" can't be "${name}" in a world file, because "${name}" is ${use}: ` +
          'return another name for it from `nameOf` in packages/sandbox/collections.ts.',
      )
    }
    uses.set(name, 'another list')
  }
}
