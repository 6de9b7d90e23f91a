import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { readChangesets } from '@changesets/read'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import {
  type Changeset,
  findChangesetProblem,
  findVersionProblem,
  type Level,
} from '../spec/release/changesets.ts'
import { rateChanges } from '../spec/release/compare.ts'
import { json, released, root, text } from './packages.ts'

const baseline = 'spec/release/openapi.yaml'
const contract = 'spec/openapi.yaml'

test('a change of the contract is announced by a changeset of its level', async () => {
  const { bump, changes } = await rateChanges(join(root, baseline), join(root, contract))
  const said = (file: string) => {
    const { info, ...rest } = parse(text(file))
    return { ...rest, info: { ...info, version: '' } }
  }
  const differs = !isDeepStrictEqual(said(baseline), said(contract))
  expect(findChangesetProblem({ differs, bump, changes }, await readChangesets(root))).toBeUndefined()
})

test('the contract and all packages have one version', async () => {
  const [{ version } = { version: '' }] = released
  expect(released.map((pkg) => [pkg.name, pkg.version])).toEqual(released.map(({ name }) => [name, version]))
  const changesets = await readChangesets(root)
  expect(findVersionProblem(parse(text(contract)).info.version, version, changesets)).toBeUndefined()
  expect(released.map(({ name }) => name.split('/')[1])).toEqual([
    'client',
    'contract-tests',
    'faults',
    'mock',
    'sandbox',
    'spec',
  ])
  expect(json('.changeset/config.json').fixed).toEqual([['@recoveryconnect/*']])
})

describe('the check', () => {
  const of = (type: Level, name = '@recoveryconnect/spec'): Changeset => ({
    id: `quiet-${type}`,
    releases: [{ name, type }],
  })
  const change = (bump: Level, differs = true) => ({
    differs,
    bump,
    changes: bump === 'none' ? [] : [{ impact: bump, at: '#/paths', message: `A ${bump} change.` }],
  })

  test.each<[string, ReturnType<typeof change>, Changeset[]]>([
    ['the same contract', change('none', false), []],
    [
      'the same contract, and a mended client',
      change('none', false),
      [of('patch', '@recoveryconnect/client')],
    ],
    ['another wording', change('none'), [of('patch')]],
    ['an addition', change('minor'), [of('minor')]],
    ['an addition that a person rates higher', change('minor'), [of('major')]],
    ['the highest of several', change('major'), [of('patch'), of('major'), of('minor')]],
  ])('is content with %s', (_, contractChange, changesets) => {
    expect(findChangesetProblem(contractChange, changesets)).toBeUndefined()
  })

  test.each<[string, ReturnType<typeof change>, Changeset[], RegExp]>([
    ['another wording, unannounced', change('none'), [], /no changeset.*patch/],
    ['an addition, unannounced', change('minor'), [], /no changeset.*minor[\s\S]*A minor change/],
    ['only the client announced', change('minor'), [of('minor', '@recoveryconnect/client')], /no changeset/],
    ['an empty changeset', change('patch'), [{ id: 'empty', releases: [] }], /no changeset/],
    ['a break as an addition', change('major'), [of('minor')], /are major, but .*quiet-minor\.md says minor/],
    ['an addition as a patch', change('minor'), [of('patch'), of('none')], /are minor, but .*says patch/],
  ])('refuses %s', (_, contractChange, changesets, message) => {
    expect(findChangesetProblem(contractChange, changesets)).toMatch(message)
  })
})

describe('the version of the contract', () => {
  const of = (type: Level): Changeset[] => [
    { id: 'one', releases: [{ name: '@recoveryconnect/spec', type }] },
  ]

  test.each<[string, Changeset[]]>([
    ['1.4.1', []],
    ['1.4.1', of('major')],
    ['2.0.0', of('major')],
  ])('%s is right beside packages of 1.4.1 with %j', (version, changesets) => {
    expect(findVersionProblem(version, '1.4.1', changesets)).toBeUndefined()
  })

  test.each<[string, Changeset[]]>([
    ['1.5.0', []],
    ['1.5.0', of('minor')],
    ['2.0.0', of('minor')],
    ['3.0.0', of('major')],
  ])('%s is wrong beside packages of 1.4.1 with %j', (version, changesets) => {
    expect(findVersionProblem(version, '1.4.1', changesets)).toMatch(/Set it to 1\.4\.1/)
  })
})

describe('the release', () => {
  const copy = mkdtempSync(join(tmpdir(), 'recoveryconnect-release-'))
  afterAll(() => rmSync(copy, { recursive: true }))

  test('gives contract, packages and changelogs the next version, and leaves nothing to announce', async () => {
    const manifests = released.map(({ folder }) => join(folder.slice(root.length), 'package.json'))
    for (const file of [
      ...manifests,
      ...['package.json', 'pnpm-workspace.yaml', 'docs/package.json', '.changeset/config.json'],
      ...['.ci/contract-version.mjs', contract, baseline],
    ]) {
      mkdirSync(dirname(join(copy, file)), { recursive: true })
      cpSync(join(root, file), join(copy, file))
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
    const announcement = "---\n'@recoveryconnect/spec': minor\n---\n\nAn address may be unknown.\n"
    writeFileSync(join(copy, '.changeset/one.md'), announcement)
    writeFileSync(join(copy, '.gitignore'), 'node_modules\n')
    const run = (command: string, ...args: string[]) =>
      execFileSync(command, args, { cwd: copy, stdio: 'pipe' })
    run('git', 'init', '--quiet', '--initial-branch=main')
    run('git', 'add', '--all')
    run('git', '-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '--message=All')
    run('changeset', 'version')
    run('node', '.ci/contract-version.mjs')

    const read = (file: string) => readFileSync(join(copy, file), 'utf8')
    const [major = 0, minor = 0] = (released[0]?.version ?? '').split('.').map(Number)
    const next = `${major}.${minor + 1}.0`
    expect(manifests.map((file) => JSON.parse(read(file)).version)).toEqual(manifests.map(() => next))
    expect(read(contract)).toBe(text(contract).replace(/^ {2}version: .*$/m, `  version: ${next}`))
    expect(read(baseline)).toBe(read(contract))
    expect(read('spec/CHANGELOG.md')).toContain('An address may be unknown.')
    expect(JSON.parse(read('docs/package.json')).version).toBe(json('docs/package.json').version)
    expect(await readChangesets(copy)).toEqual([])
  })
})
