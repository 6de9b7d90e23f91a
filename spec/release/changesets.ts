/** Whether a change of the contract is announced, at the level that it deserves. */

import { pnpmVersion } from './packages.ts'

export type Level = 'none' | 'patch' | 'minor' | 'major'

export interface ContractChange {
  /** Whether the contract says anything else than the released one; comments and the version itself do not count. */
  differs: boolean
  /** What the changes ask of the version, as `redocly diff` and our own rules rate them. */
  bump: Level
  /** The changes, for the message. */
  changes: { impact: string; at: string; message: string }[]
}

export interface Changeset {
  /** The name of its file, without `.md`. */
  id: string
  releases: { name: string; type: Level }[]
}

const levels: Level[] = ['none', 'patch', 'minor', 'major']

/**
 * What is missing before a change of the contract can be released; undefined if nothing is.
 *
 * All packages share one version with the contract, so one changeset for the spec releases them all. A level above
 * the rating is fine: a person may know what a comparison of documents cannot see.
 *
 * @example changesetProblem(change, await readChangesets(root)) // 'spec/openapi.yaml differs from …'
 */
export function changesetProblem(change: ContractChange, changesets: Changeset[]): string | undefined {
  if (!change.differs) return undefined
  const asked = change.bump === 'none' ? 'patch' : change.bump
  const announced = changesets.flatMap(({ id, releases }) =>
    releases.filter(({ name }) => name === '@recoveryconnect/spec').map(({ type }) => ({ id, type })),
  )
  const level = levels[Math.max(0, ...announced.map(({ type }) => levels.indexOf(type)))]
  if (levels.indexOf(level ?? 'none') >= levels.indexOf(asked)) return undefined
  const reasons = change.changes
    .filter(({ impact }) => impact === asked)
    .map(({ at, message }) => `  ${message} (${at})`)
  return [
    announced.length === 0
      ? `spec/openapi.yaml differs from the released contract, and no changeset announces it. Write one, ${asked} for @recoveryconnect/spec: npx --yes pnpm@${pnpmVersion} exec changeset`
      : `The changes of spec/openapi.yaml are ${asked}, but ${announced.map(({ id, type }) => `.changeset/${id}.md says ${type}`).join(', ')}.`,
    ...reasons,
  ].join('\n')
}

/**
 * What is wrong with the contract's version; undefined if nothing is.
 *
 * It is the packages' version, which the release writes. A breaking change may name the next one at once: whoever
 * reads the contract before the release should not take it for the old one.
 *
 * @example versionProblem('2.0.0', '1.4.1', changesets)
 */
export function versionProblem(
  contract: string,
  packages: string,
  changesets: Changeset[],
): string | undefined {
  const [major = 0] = packages.split('.').map(Number)
  const isBreaking = changesets.some(({ releases }) =>
    releases.some(({ name, type }) => name === '@recoveryconnect/spec' && type === 'major'),
  )
  const right = isBreaking ? [packages, `${major + 1}.0.0`] : [packages]
  if (right.includes(contract)) return undefined
  return `info.version of spec/openapi.yaml is ${contract}; right would be ${right.join(' or ')}.`
}
