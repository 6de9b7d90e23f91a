/** How a change to the contract affects its version. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Change } from '../release/breaks.ts'
import { findUnannouncedBreak } from '../release/changesets.ts'
import { rateChanges } from '../release/compare.ts'
import { breaking, harmless } from './edits.ts'

const released = fileURLToPath(new URL('../release/openapi.yaml', import.meta.url))
const current = fileURLToPath(new URL('../openapi.yaml', import.meta.url))

const folder = mkdtempSync(join(tmpdir(), 'recoveryconnect-diff-'))
afterAll(() => rmSync(folder, { recursive: true }))

let serial = 0
function written(contract: unknown): string {
  const file = join(folder, `${serial++}.json`)
  writeFileSync(file, JSON.stringify(contract))
  return file
}

const edited = (edit: (contract: any) => void) => {
  const contract = parse(readFileSync(released, 'utf8'))
  edit(contract)
  return contract
}
const rated = (edit: (contract: any) => void) => rateChanges(released, written(edited(edit)))

/**
 * The changes that each edit makes. The tool takes a second to start, so it sees all edits at once: a contract of
 * many copies, each under a prefix of its own with one edit. Edits of what the copies share are rated by themselves.
 */
async function changesBy(edits: typeof breaking): Promise<Map<string, Change[]>> {
  const original = edited(() => {})
  const copies = edits.map(([what, edit]) => ({ what, contract: edited(edit) }))
  const shared = ({ paths: _, components: { securitySchemes }, ...rest }: any) => ({ rest, securitySchemes })
  const apart = copies.filter(({ contract }) => !isDeepStrictEqual(shared(contract), shared(original)))
  const together = copies.filter((copy) => !apart.includes(copy))
  const all = await rateChanges(
    written(merged(together.map(() => original))),
    written(merged(together.map(({ contract }) => contract))),
  )
  const found = new Map(
    together.map(({ what }, index) => [
      what,
      all.changes.filter(({ at }) => new RegExp(`(~1|/)copy${index}(~1|_)`).test(at)),
    ]),
  )
  for (const { what, contract } of apart)
    found.set(what, (await rateChanges(released, written(contract))).changes)
  return found
}

function merged(contracts: any[]): object {
  const copies = contracts.map((contract, index) => {
    const text = JSON.stringify(contract).replace(
      /"#\/components\/(schemas|responses|parameters|examples)\//g,
      (reference) => `${reference}copy${index}_`,
    )
    const { paths, components } = JSON.parse(
      text.replaceAll(/("operationId":"\w+)/g, (id) => `${id}Copy${index}`),
    )
    const { securitySchemes: _, ...own } = components
    const prefixed = Object.entries<object>(own).map(([kind, members]) => [
      kind,
      renamed(members, `copy${index}_`),
    ])
    return { paths: renamed(paths, `/copy${index}`), components: Object.fromEntries(prefixed) }
  })
  const { components, ...rest } = contracts[0]
  const kinds = ['schemas', 'responses', 'parameters', 'examples']
  const members = kinds.map((kind) => [
    kind,
    Object.assign({}, ...copies.map((copy) => copy.components[kind])),
  ])
  return {
    ...rest,
    paths: Object.assign({}, ...copies.map(({ paths }) => paths)),
    components: { securitySchemes: components.securitySchemes, ...Object.fromEntries(members) },
  }
}

function renamed(members: object, prefix: string): object {
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [prefix + name, member]))
}

test('the contract breaks nobody who uses the released one, or says so by its version', async () => {
  expect(findUnannouncedBreak(await rateChanges(released, current))).toBeUndefined()
})

describe('a breaking edit is major', async () => {
  const changes = await changesBy(breaking)
  test.each(breaking)('%s', (what) => {
    expect(changes.get(what)).toContainEqual(expect.objectContaining({ impact: 'major' }))
  })
})

// Every body of the contract is already required.
test('a request body that becomes required is major', async () => {
  const optional = edited((contract) => {
    for (const { put } of Object.values<any>(contract.paths))
      if (put) put.requestBody = { content: put.requestBody.content }
  })
  const { changes } = await rateChanges(written(optional), released)
  expect(changes).toContainEqual(
    expect.objectContaining({ impact: 'major', message: expect.stringContaining('required') }),
  )
})

describe('a harmless edit is not', async () => {
  const changes = await changesBy(harmless)
  test.each(harmless)('%s', (what) => {
    expect(changes.get(what)?.filter(({ impact }) => impact === 'major')).toEqual([])
  })
})

test('a breaking edit needs a major version, and is named where it lacks one', async () => {
  const [, remove] = breaking[0] as (typeof breaking)[number]
  const raised = (version: string) => (contract: any) => {
    remove(contract)
    contract.info.version = version
  }
  expect(findUnannouncedBreak(await rated(raised('1.9.0')))).toMatch(/2\.0\.0, not 1\.9\.0:\n.*removed/)
  expect(findUnannouncedBreak(await rated(raised('2.0.0')))).toBeUndefined()
})
