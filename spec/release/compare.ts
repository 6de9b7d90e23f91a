/** Rates the changes between two contracts; the only place that calls `redocly diff`, which is experimental. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import type { Node } from './contract.ts'
import { type Change, missedBetween } from './missed.ts'

export type { Change } from './missed.ts'

export interface Rating {
  /** What the changes ask of the version; `none` where nothing changed. */
  bump: 'major' | 'minor' | 'patch' | 'none'
  changes: Change[]
  versions: { base: string; revision: string }
}

const cli = createRequire(import.meta.url).resolve('@redocly/cli/bin/cli.js')
const config = fileURLToPath(new URL('../redocly.yaml', import.meta.url))

/**
 * Rates what a revision of the contract asks of its version.
 *
 * Correcting an assumption is minor by definition: a change to what the base marks `x-assumed`, or to what is
 * reached through such a mark alone.
 *
 * @param base the file of the released contract, YAML or JSON.
 * @example (await rate('released/openapi.yaml', 'openapi.yaml')).bump
 */
export async function rate(base: string, revision: string): Promise<Rating> {
  const [before, after] = (await Promise.all([readFile(base, 'utf8'), readFile(revision, 'utf8')])).map(
    (text) => parse(text) as Node,
  ) as [Node, Node]
  const found = [...(await redoclyDiff(base, revision)), ...missedBetween(before, after)]
  const firm = firmPointers(before)
  const changes = found.map((change) =>
    change.impact === 'major' && !isFirm(firm, before, change.at)
      ? { ...change, impact: 'minor' as const }
      : change,
  )
  const order = ['major', 'minor', 'patch'] as const
  const bump = order.find((impact) => changes.some((change) => change.impact === impact)) ?? 'none'
  return { bump, changes, versions: { base: before.info.version, revision: after.info.version } }
}

/**
 * What is wrong with the version of a revision; undefined if nothing is.
 *
 * @example versionProblem(await rate(released, current)) // 'These changes break partners, …'
 */
export function versionProblem({ bump, changes, versions }: Rating): string | undefined {
  const [base = 0, revision = 0] = [versions.base, versions.revision].map((version) =>
    Number.parseInt(version, 10),
  )
  if (bump !== 'major' || revision > base) return undefined
  const breaking = changes.filter(({ impact }) => impact === 'major')
  return [
    `These changes break partners, so info.version has to be ${base + 1}.0.0, not ${versions.revision}:`,
    ...breaking.map(({ at, message }) => `  ${message} (${at})`),
  ].join('\n')
}

async function redoclyDiff(base: string, revision: string): Promise<Change[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [cli, 'diff', base, revision, '--config', config, '--format', 'json', '--fail-on', 'none'],
    {
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
      maxBuffer: 64 * 1024 * 1024,
    },
  )
  return JSON.parse(stdout).changes.map(
    ({ path, kind, impact, verdicts, base, revision, property }: Node) => ({
      at: base?.pointer ?? revision?.pointer ?? path,
      impact,
      message: verdicts?.[0]?.message ?? `${property ?? path.split('/').at(-1)} was ${kind}.`,
    }),
  )
}

/** Every pointer of a contract that can be reached without passing an `x-assumed` mark. */
function firmPointers(contract: Node): Set<string> {
  const firm = new Set<string>()
  const visit = (node: unknown, at: string): void => {
    if (firm.has(at)) return
    if (typeof node !== 'object' || node === null) return void firm.add(at)
    const { 'x-assumed': assumed, $ref } = node as Node
    if (typeof assumed === 'string') return
    if (typeof $ref === 'string') {
      visit(nodeIn(contract, $ref), $ref)
      if (firm.has($ref)) firm.add(at)
      return
    }
    firm.add(at)
    for (const [key, inner] of Object.entries(node)) visit(inner, `${at}/${escaped(key)}`)
  }
  const { components, ...rest } = contract
  for (const [key, inner] of Object.entries(rest)) visit(inner, `#/${key}`)
  visit(components?.securitySchemes, '#/components/securitySchemes')
  return firm
}

/** Something that the base does not have is as firm as the nearest thing around it that the base has. */
function isFirm(firm: Set<string>, base: Node, at: string): boolean {
  if (at === '#' || firm.has(at)) return true
  if (nodeIn(base, at) !== undefined) return false
  return isFirm(firm, base, at.slice(0, at.lastIndexOf('/')))
}

function nodeIn(contract: Node, pointer: string): unknown {
  const parts = pointer.split('/').slice(1)
  return parts.reduce(
    (node: Node | undefined, part) => node?.[part.replaceAll('~1', '/').replaceAll('~0', '~')],
    contract,
  )
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}
