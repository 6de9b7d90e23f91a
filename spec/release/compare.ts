/** Rates the changes between two contracts. This is the only place that calls `redocly diff`, which is experimental. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parse } from 'yaml'
import { isObject, type Node, nodeAt, pointerTo } from '../model/references.ts'
import { runRedocly } from '../redocly.ts'
import { type Change, findFurtherBreaks } from './breaks.ts'

export interface Rating {
  /** The release that the changes call for; `none` if nothing changed. */
  bump: 'major' | 'minor' | 'patch' | 'none'
  changes: Change[]
  versions: { base: string; revision: string }
}

/**
 * Rates a revision of the contract against the released one.
 *
 * Correcting an assumption is always minor. That is a change to something marked `x-assumed` in the base, or to
 * something that can be reached only through such a place.
 *
 * @param base the file of the released contract, YAML or JSON.
 * @example (await rateChanges('release/openapi.yaml', 'openapi.yaml')).bump
 */
export async function rateChanges(base: string, revision: string): Promise<Rating> {
  const [before, after] = (await Promise.all([base, revision].map((file) => readFile(file, 'utf8')))).map(
    (text) => parse(text) as Node,
  )
  const found = [...(await runDiff(base, revision)), ...findFurtherBreaks(before, after)]
  const firm = findFirmPointers(before)
  const changes = found.map((change) =>
    change.impact === 'major' && !isFirm(firm, before, change.at)
      ? { ...change, impact: 'minor' as const }
      : change,
  )
  const order = ['major', 'minor', 'patch'] as const
  const bump = order.find((impact) => changes.some((change) => change.impact === impact)) ?? 'none'
  return { bump, changes, versions: { base: before.info.version, revision: after.info.version } }
}

async function runDiff(base: string, revision: string): Promise<Change[]> {
  const options = ['--config', 'release/redocly.yaml', '--format', 'json', '--fail-on', 'none']
  const { stdout } = await runRedocly(['diff', resolve(base), resolve(revision), ...options])
  return JSON.parse(stdout).changes.map(
    ({ path, kind, impact, verdicts, base, revision, property }: Node) => ({
      at: base?.pointer ?? revision?.pointer ?? path,
      impact,
      message: verdicts?.[0]?.message ?? `${property ?? path.split('/').at(-1)} was ${kind}.`,
    }),
  )
}

/** Every pointer that can be reached without passing through an `x-assumed`. */
function findFirmPointers(contract: Node): Set<string> {
  const firm = new Set<string>()
  const visit = (node: Node, pointer: string): void => {
    if (firm.has(pointer)) return
    if (typeof node !== 'object' || node === null) return void firm.add(pointer)
    const { 'x-assumed': assumed, $ref } = node
    // The mark of a request body is about `required`. Its content has marks of its own.
    if (typeof assumed === 'string') {
      if (pointer.endsWith('/requestBody')) visit(node.content, pointerTo(pointer, 'content'))
      return
    }
    if (typeof $ref === 'string') {
      visit(nodeAt(contract, $ref), $ref)
      if (firm.has($ref)) firm.add(pointer)
      return
    }
    firm.add(pointer)
    for (const [key, child] of Object.entries(node)) visit(child, pointerTo(pointer, key))
  }
  const { components, ...rest } = contract
  for (const [key, child] of Object.entries(rest)) visit(child, pointerTo('#', key))
  visit(isObject(components) && components.securitySchemes, '#/components/securitySchemes')
  return firm
}

/** A place that the base doesn't have is as firm as the nearest enclosing place that the base has. */
function isFirm(firm: Set<string>, base: Node, pointer: string): boolean {
  if (pointer === '#' || firm.has(pointer)) return true
  if (nodeAt(base, pointer) !== undefined) return false
  return isFirm(firm, base, pointer.slice(0, pointer.lastIndexOf('/')))
}
