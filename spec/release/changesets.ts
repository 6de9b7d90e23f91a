/** Decides whether changes to the contract are announced at the right level. */
import type { Rating } from './compare.ts'

export type Level = Rating['bump']

export interface ContractChange extends Pick<Rating, 'bump' | 'changes'> {
  /** Whether the contract differs from the released one. Comments and the version don't count. */
  differs: boolean
}

export interface Changeset {
  /** The name of its file, without `.md`. */
  id: string
  releases: readonly { name: string; type: Level }[]
}

const levels: Level[] = ['none', 'patch', 'minor', 'major']
const spec = '@recoveryconnect/spec'

/**
 * Returns what is missing before a change to the contract can be released; undefined if nothing is missing.
 *
 * All packages share one version, so one changeset for the spec releases them all. A level above the rating is fine:
 * a person may know more than a comparison of documents can see.
 *
 * @example findChangesetProblem(change, await readChangesets(root))
 */
export function findChangesetProblem(
  change: ContractChange,
  changesets: readonly Changeset[],
): string | undefined {
  if (!change.differs) return undefined
  const needed = change.bump === 'none' ? 'patch' : change.bump
  const announced = changesets.flatMap(({ id, releases }) =>
    releases.filter(({ name }) => name === spec).map(({ type }) => ({ id, type })),
  )
  const level = Math.max(0, ...announced.map(({ type }) => levels.indexOf(type)))
  if (level >= levels.indexOf(needed)) return undefined
  const reasons = change.changes
    .filter(({ impact }) => impact === needed)
    .map(({ at, message }) => `  ${message} (${at})`)
  const files = announced.map(({ id, type }) => `.changeset/${id}.md says ${type}`)
  return [
    announced.length === 0
      ? `spec/openapi.yaml differs from the released contract, but no changeset says so. Run "changeset" and choose ${needed} for ${spec}.`
      : `The changes to spec/openapi.yaml are ${needed}, but ${files.join(', ')}. Correct the level.`,
    ...reasons,
  ].join('\n')
}

/**
 * Returns what is wrong with `info.version`; undefined if it's correct.
 *
 * It is the version of the packages, and the release writes it. Only a breaking change may set the next major version
 * in advance, to tell the new contract from the old one.
 *
 * @example findVersionProblem('2.0.0', '1.4.1', changesets)
 */
export function findVersionProblem(
  contract: string,
  packages: string,
  changesets: readonly Changeset[],
): string | undefined {
  const [major = 0] = packages.split('.').map(Number)
  const isBreaking = changesets.some(({ releases }) =>
    releases.some(({ name, type }) => name === spec && type === 'major'),
  )
  const allowed = isBreaking ? [packages, `${major + 1}.0.0`] : [packages]
  if (allowed.includes(contract)) return undefined
  return `info.version in spec/openapi.yaml is ${contract}. Set it to ${allowed.join(' or ')}.`
}

/**
 * Returns the breaking changes of a revision that keeps the major version; undefined if there are none.
 *
 * @example findUnannouncedBreak(await rateChanges(released, current))
 */
export function findUnannouncedBreak({ bump, changes, versions }: Rating): string | undefined {
  const [base = 0, revision = 0] = [versions.base, versions.revision].map((text) => Number.parseInt(text, 10))
  if (bump !== 'major' || revision > base) return undefined
  const breaking = changes.filter(({ impact }) => impact === 'major')
  return [
    `These changes break partners. Set info.version to ${base + 1}.0.0, not ${versions.revision}:`,
    ...breaking.map(({ at, message }) => `  ${message} (${at})`),
  ].join('\n')
}
