/** Derives the lists of a world file from the paths of the contract: which there are, and which is inside which. */
import type { Model, Resource, Schema } from '@recoveryconnect/spec/model'

/** For `/orders/{order_id}/borrowers`, the list `orders`, and inside each of its items the list `borrowers`. */
export interface WorldList {
  name: string
  /** The list whose items contain it; undefined at the top. */
  parent: WorldList | undefined
  /** The path parameter for its items, if the contract has paths below them. */
  parameter: string | undefined
  /** The resource whose records it has; undefined if its items only have ids. */
  resource: Resource | undefined
}

/**
 * Finds the lists, the outer ones first, and otherwise in the order of the contract's tags.
 *
 * @returns the lists by path, without the names of parameters: `/orders/{}/borrowers`.
 * @throws {Error} if a name has another meaning in a world file.
 */
export function findLists({ resources }: Pick<Model, 'resources'>): Map<string, WorldList> {
  const found = new Map<string, WorldList>()
  for (const resource of resources) {
    const path = listPath(resource)
    const list = path === undefined ? undefined : addPath(found, path)
    if (list) list.resource ??= resource
  }
  checkNames([...found.values()])
  return found
}

/** The lists that a path leads through, the outer one first. */
export function listsOf(path: string, found: ReadonlyMap<string, WorldList>): WorldList[] {
  return readSteps(path).flatMap(({ key }) => found.get(key) ?? [])
}

/** The key of an item's id in a world file: the path parameter if there are lists inside, otherwise `id`. */
export function idKeyOf(list: WorldList): string {
  return list.parameter && !(list.parameter in propertiesOf(list)) ? list.parameter : 'id'
}

/** The fields of a record that a world file can set: not the ids of its parents, and not the lists inside it. */
export function fieldsOf(list: WorldList, all: Iterable<WorldList>): string[] {
  const parameters: (string | undefined)[] = []
  for (let above = list.parent; above; above = above.parent) parameters.push(above.parameter)
  const inside = [...all].filter(({ parent }) => parent === list).map(({ name }) => name)
  return Object.keys(propertiesOf(list)).filter(
    (name) => !parameters.includes(name) && !inside.includes(name),
  )
}

/** Where the records of a resource are listed and created; undefined if it has none. */
function listPath({ byVerb: { list, create, get, update, delete: remove } }: Resource) {
  const { path } = get ?? update ?? remove ?? {}
  const found = list?.path ?? create?.path ?? (path?.endsWith('}') ? path.replace(/\/[^/]+$/, '') : undefined)
  return found?.endsWith('}') ? undefined : found
}

function addPath(found: Map<string, WorldList>, path: string): WorldList | undefined {
  let list: WorldList | undefined
  for (const { key, name, parameter } of readSteps(path)) {
    const parent = list
    list = found.get(key) ?? { name, parent, parameter, resource: undefined }
    list.parameter ??= parameter
    found.set(key, list)
  }
  return list
}

/** Each part of a path that is a list if a resource has it: the parts before a parameter, and the last one. */
function readSteps(path: string): { key: string; name: string; parameter: string | undefined }[] {
  return [...path.matchAll(/([^{}]*?)(?:\/\{([^{}]+)\}|$)/g)].flatMap(
    ({ 1: piece = '', 2: parameter, index }) => {
      const key = path.slice(0, index).replaceAll(/\{[^{}]+\}/g, '{}') + piece
      return piece || parameter ? [{ key, name: nameOf(piece) || (parameter ?? ''), parameter }] : []
    },
  )
}

/** The name of a list in a world file: the last part of its path. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replaceAll('-', '_')
}

/** The properties in the first schema of a single record or of a list's items. */
function propertiesOf({ resource }: WorldList): Schema['properties'] {
  const { get, create, update, list } = resource?.byVerb ?? {}
  const responses = [get, create, update, list].flatMap((operation) => operation?.responses ?? [])
  const found = responses
    .filter(({ status }) => status.startsWith('2'))
    .map(({ schema }) => schema?.properties.data ?? schema)
    .map((data) => (data?.items ?? data)?.properties ?? {})
  return found.find((properties) => Object.keys(properties).length > 0) ?? {}
}

function checkNames(lists: readonly WorldList[]): void {
  const uses = new Map([['next_ids', 'the next id of each list']])
  for (const list of lists) uses.set(idKeyOf(list), 'an id')
  for (const list of lists) {
    const use = fieldNamedAs(list) ?? (list.name === list.parameter ? undefined : uses.get(list.name))
    if (use !== undefined)
      throw new Error(
        `"${list.resource?.tag ?? list.name}" can't be "${list.name}" in a world file, because that is ${use}: ` +
          'return another name for it from `nameOf` in packages/sandbox/world-lists.ts.',
      )
    uses.set(list.name, 'another list')
  }
}

/** A field that is a list itself may have the name. The records inside take its place. */
function fieldNamedAs({ name, parent }: WorldList): string | undefined {
  const field = parent && propertiesOf(parent)[name]
  return field && field.types.join() !== 'array' ? `a field of "${parent.resource?.tag}"` : undefined
}
