import type { UnplacedOperation } from './operations.ts'
import { type Node, unreadable } from './references.ts'
import type { Operation, Resource, Verb } from './shape.ts'

const verbs: Record<Verb, readonly string[]> = {
  list: ['GET'],
  get: ['GET'],
  create: ['POST'],
  update: ['PUT', 'PATCH'],
  delete: ['DELETE'],
}

/** What an `operationId` such as `listBorrowerPhones` says: `{ verb: 'list', noun: 'BorrowerPhones' }`. */
export function parseOperationId(id: string): { verb: string; noun: string } {
  const [, verb = '', noun = ''] = /^([a-z]+)([A-Z][A-Za-z0-9]*)?$/.exec(id) ?? []
  return { verb, noun }
}

/** The names of the resource of a tag: "Borrower Phones" becomes `borrowerPhones`. */
export function resourceNames(tag: string): Pick<Resource, 'name' | 'typeName' | 'slug'> {
  const words = tag.match(/[A-Za-z0-9]+/g) ?? []
  const typeName = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  return {
    name: typeName.charAt(0).toLowerCase() + typeName.slice(1),
    typeName,
    slug: words.join('-').toLowerCase(),
  }
}

/**
 * Adds each operation to its resource. A method gets its verb as its name if the verb fits the HTTP method and the noun
 * fits the tag. Otherwise, it keeps its whole `operationId`.
 */
export function placeOperations(operations: readonly UnplacedOperation[]): Operation[] {
  const taken = new Set<string>()
  return operations.map((operation) => {
    const { name: resource } = resourceNames(operation.tag)
    const verb = verbOf(operation)
    if (verb === undefined || taken.has(`${resource} ${verb}`))
      return { ...operation, resource, name: operation.id }
    taken.add(`${resource} ${verb}`)
    return { ...operation, resource, name: verb, verb }
  })
}

function verbOf({ id, tag, method }: UnplacedOperation): Verb | undefined {
  const { verb, noun } = parseOperationId(id)
  const { typeName } = resourceNames(tag)
  const fits = verbs[verb as Verb]?.includes(method) && [typeName, singular(typeName)].includes(noun)
  return fits ? (verb as Verb) : undefined
}

/** Makes the last word singular: BorrowerPhones → BorrowerPhone, Addresses → Address, Companies → Company. */
export function singular(words: string): string {
  if (/(s|x|z|ch|sh)es$/.test(words)) return words.slice(0, -2)
  if (words.endsWith('ies')) return `${words.slice(0, -3)}y`
  return words.endsWith('s') && !words.endsWith('ss') ? words.slice(0, -1) : words
}

/** In the order of the document's tags. Tags that the document doesn't list come last, in the order of the operations. */
export function readResources(document: Node, operations: readonly Operation[]): Resource[] {
  const described: { name: string; description?: string }[] = document.tags ?? []
  const tags = new Set([...described.map(({ name }) => name), ...operations.map(({ tag }) => tag)])
  const resources = [...tags].flatMap((tag) => {
    const own = operations.filter((operation) => operation.tag === tag)
    const description = described.find(({ name }) => name === tag)?.description ?? ''
    return own.length > 0 ? [createResource(tag, description, own)] : []
  })
  for (const [index, { tag, name }] of resources.entries()) {
    const other = resources.slice(0, index).find((earlier) => earlier.name === name)
    if (other) throw unreadable('#/tags', `"${other.tag}" and "${tag}" name the same resource`, 'Rename one')
  }
  for (const resource of resources) {
    const parent = parentOf(resource, resources)
    if (parent) resource.parent = parent.name
  }
  return resources
}

function createResource(tag: string, description: string, operations: Operation[]): Resource {
  const byVerb = Object.fromEntries(
    operations.flatMap((operation) => (operation.verb ? [[operation.verb, operation]] : [])),
  ) as Resource['byVerb']
  const record = byVerb.get ?? byVerb.update ?? byVerb.delete
  const [, recordId] = /\{([^{}]+)\}$/.exec(record?.path ?? '') ?? []
  return {
    tag,
    ...resourceNames(tag),
    description,
    operations,
    byVerb,
    ...(recordId !== undefined && { recordId }),
  }
}

/** The resource with the nearest collection above this one: `/orders/{id}/borrowers` for `…/borrowers/{id}/phones`. */
function parentOf(resource: Resource, all: readonly Resource[]): Resource | undefined {
  const path = collectionPath(resource)
  if (path === undefined) return undefined
  return all
    .filter((other) => path.startsWith(`${collectionPath(other)}/{`) && other !== resource)
    .sort((one, other) => (collectionPath(other)?.length ?? 0) - (collectionPath(one)?.length ?? 0))[0]
}

/** The path where records are listed and created. */
function collectionPath({ byVerb: { list, create, get, update, delete: remove } }: Resource) {
  const record = get ?? update ?? remove
  return list?.path ?? create?.path ?? record?.path.replace(/\/\{[^{}]+\}$/, '')
}
