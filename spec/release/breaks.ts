/** Finds breaking changes that `redocly diff` doesn't rate as breaking. */
import { type Node, pointerTo } from '../model/references.ts'
import { type Operation, readModel, type Schema } from '../model.ts'

export interface Change {
  /** A pointer into the base if the base has the place, or else into the revision. */
  at: string
  impact: 'major' | 'minor' | 'patch'
  message: string
}

interface Pair {
  before: Operation
  after: Operation
}

/** Finds the changes between two documents that break callers and that `redocly diff` misses. */
export function findFurtherBreaks(base: Node, revision: Node): Change[] {
  const [before, after] = [readModel(base), readModel(revision)]
  const pairs = before.operations.flatMap((operation) => {
    const twin = after.operations.find((other) => addressOf(other) === addressOf(operation))
    return twin ? [{ before: operation, after: twin }] : []
  })
  const removedSchemas = Object.keys(before.schemas).filter((name) => !after.schemas[name])
  return [
    ...pairs.flatMap((pair) => [
      ...findRenamedIds(pair),
      ...findMovedOperation(pair),
      ...findNewCredentials(pair),
      ...findRemovedFields(pair.before.body?.schema, pair.after.body?.schema),
      ...findNewSuccesses(pair),
    ]),
    ...removedSchemas.map((name) => ({
      at: pointerTo('#/components/schemas', name),
      impact: 'major' as const,
      message: `Generated clients lose the type \`${name}\`.`,
    })),
  ]
}

/** The method and the path, regardless of the names of the ids in the path. */
function addressOf({ method, path }: Operation): string {
  return `${method} ${path.replaceAll(/\{[^}]*\}/g, '{}')}`
}

/** The URL stays the same, but callers write the name: `get({ phone_id })`. */
function findRenamedIds({ before, after }: Pair): Change[] {
  const [old, now] = [before, after].map(({ path }) => path.match(/\{[^}]*\}/g) ?? [])
  return (old ?? []).flatMap((name, index) =>
    name === now?.[index]
      ? []
      : [major(before.pointer, `\`${before.id}\` renames ${name} to ${now?.[index]}.`)],
  )
}

/** Clients group their methods by tag: `client.borrowerPhones.list` disappears with the tag. */
function findMovedOperation({ before, after }: Pair): Change[] {
  if (before.tag === after.tag) return []
  const message = `Generated clients move \`${before.id}\` from “${before.tag}” to “${after.tag}”.`
  return [major(pointerTo(before.pointer, 'tags'), message)]
}

/** Credentials that were sufficient before must still be sufficient. */
function findNewCredentials({ before, after }: Pair): Change[] {
  const isEnough = (had: string[]) =>
    after.security.some((needed) => needed.every((scheme) => had.includes(scheme)))
  if (before.security.every(isEnough)) return []
  return [major(pointerTo(before.pointer, 'security'), `\`${before.id}\` needs other credentials.`)]
}

/** A caller that reads the body of a 200 doesn't expect another success status. */
function findNewSuccesses({ before, after }: Pair): Change[] {
  const known = before.responses.map(({ status }) => status)
  return after.responses
    .filter(({ status }) => status.startsWith('2') && !known.includes(status))
    .map(({ status }) =>
      major(pointerTo(before.pointer, 'responses', status), `\`${before.id}\` may succeed with ${status}.`),
    )
}

/** Without the field, a typed caller no longer compiles, and the value that it sends is lost. */
function findRemovedFields(
  before: Schema | undefined,
  after: Schema | undefined,
  seen: Schema[] = [],
): Change[] {
  if (!before || seen.includes(before)) return []
  const inner = [...seen, before]
  if (before.items) return findRemovedFields(before.items, after?.items, inner)
  return Object.entries(before.properties).flatMap(([name, property]) => {
    const kept = after?.properties[name]
    if (kept) return findRemovedFields(property, kept, inner)
    return [
      major(pointerTo(before.pointer, 'properties', name), `The request field \`${name}\` was removed.`),
    ]
  })
}

function major(at: string, message: string): Change {
  return { at, impact: 'major', message }
}
