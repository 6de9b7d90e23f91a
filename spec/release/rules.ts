/** Breaking changes that `redocly diff` does not rate as such. */
import type { Node } from './contract.ts'

export interface Change {
  /** Where, in the base if it is there. */
  at: string
  impact: 'major' | 'minor' | 'patch'
  message: string
}

interface Pair {
  at: string
  /** The path before and after, which may name its parameters otherwise. */
  paths: [before: string, after: string]
  before: Node
  after: Node
}

const methods = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options', 'trace']

/** What the tool misses between two contracts. */
export function missedBetween(before: Node, after: Node): Change[] {
  const operations = operationsIn(before, after).flatMap((pair) => [
    ...renamedIds(pair),
    ...regrouped(pair),
    ...locked(pair, before, after),
    ...fieldsNoLongerTaken(pair, before, after),
    ...furtherSuccesses(pair),
  ])
  return [...operations, ...namesGone(before, after)]
}

/** The operations that both contracts have, whatever they call the ids in their paths. */
function operationsIn(before: Node, after: Node): Pair[] {
  const now = new Map(Object.keys(after.paths).map((path) => [unnamed(path), path]))
  return Object.entries<Node>(before.paths).flatMap(([path, item]) => {
    const twin = after.paths[path] ? path : (now.get(unnamed(path)) ?? path)
    return methods
      .filter((method) => item[method] && after.paths[twin]?.[method])
      .map((method) => ({
        at: `#/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1')}/${method}`,
        paths: [path, twin] as Pair['paths'],
        before: item[method],
        after: after.paths[twin][method],
      }))
  })
}

const idsIn = (path: string): string[] => path.match(/\{[^}]*\}/g) ?? []
const unnamed = (path: string) => path.replaceAll(/\{[^}]*\}/g, '{}')

/** On the wire nothing changes, but a call is written `get({ phone_id })`. */
function renamedIds({ at, paths, before }: Pair): Change[] {
  const now = idsIn(paths[1])
  return idsIn(paths[0]).flatMap((name, index) =>
    name === now[index]
      ? []
      : [{ at, impact: 'major', message: `\`${before.operationId}\` calls ${name} now ${now[index]}.` }],
  )
}

/** Generated code names its types by the schemas. */
function namesGone(before: Node, after: Node): Change[] {
  return Object.keys(before.components?.schemas ?? {})
    .filter((name) => !after.components?.schemas?.[name])
    .map((name) => ({
      at: `#/components/schemas/${name}`,
      impact: 'major',
      message: `Generated clients have no type \`${name}\` any more.`,
    }))
}

/** Clients group their methods by tag: `client.borrowerPhones.list` goes away with the tag. */
function regrouped({ at, before, after }: Pair): Change[] {
  if (before.tags?.[0] === after.tags?.[0]) return []
  const message = `Generated clients move \`${before.operationId}\` from “${before.tags?.[0]}” to “${after.tags?.[0]}”.`
  return [{ at: `${at}/tags`, impact: 'major', message }]
}

/** Whoever could call an operation before, with whatever they had, still can. */
function locked({ at, before, after }: Pair, base: Node, revision: Node): Change[] {
  const had = waysIn(before.security ?? base.security)
  const needed = waysIn(after.security ?? revision.security)
  const isLocked = had.some((way) => !needed.some((now) => now.every((scheme) => way.includes(scheme))))
  if (!isLocked) return []
  return [
    { at: `${at}/security`, impact: 'major', message: `\`${before.operationId}\` needs other credentials.` },
  ]
}

/** Each way in as the schemes that it takes; an empty list is one that takes none. */
function waysIn(security: Node[] | undefined): string[][] {
  return security?.length ? security.map((way) => Object.keys(way)) : [[]]
}

/** Whoever reads the body of 200 does not know what to do with another success. */
function furtherSuccesses({ at, before, after }: Pair): Change[] {
  const added = Object.keys(after.responses).filter(
    (status) => status.startsWith('2') && !before.responses[status],
  )
  return added.map((status) => ({
    at: `${at}/responses/${status}`,
    impact: 'major',
    message: `\`${before.operationId}\` may succeed with ${status}.`,
  }))
}

/** A typed client no longer compiles with a field that it was told of, and what it sends goes lost. */
function fieldsNoLongerTaken({ at, before, after }: Pair, base: Node, revision: Node): Change[] {
  return Object.entries<Node>(resolved(base, before.requestBody).content ?? {}).flatMap(
    ([type, { schema }]) => {
      const now = resolved(revision, after.requestBody).content?.[type]?.schema
      const start = `${at}/requestBody/content/${type.replace('/', '~1')}/schema`
      return now ? removedFields(base, schema, revision, now, start) : []
    },
  )
}

function removedFields(base: Node, before: Node, revision: Node, after: Node, at: string): Change[] {
  const [old, now] = [resolved(base, before), resolved(revision, after)]
  const place = before?.$ref ?? at
  if (old.items) return removedFields(base, old.items, revision, now.items, `${place}/items`)
  return Object.entries<Node>(old.properties ?? {}).flatMap(([name, property]) => {
    const here = `${place}/properties/${name}`
    const kept = now.properties?.[name]
    if (kept) return removedFields(base, property, revision, kept, here)
    return [{ at: here, impact: 'major' as const, message: `The request field \`${name}\` was removed.` }]
  })
}

function resolved(contract: Node, node: Node | undefined): Node {
  if (!node?.$ref) return node ?? {}
  const parts: string[] = node.$ref.split('/').slice(1)
  return resolved(
    contract,
    parts.reduce((inner: Node, part) => inner[part], contract),
  )
}
