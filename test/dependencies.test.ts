import { execFileSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { json, root, text } from './packages.ts'

const workspace = parse(text('pnpm-workspace.yaml'))
const manifests = [
  'package.json',
  ...globSync(['{spec,docs,tools}/package.json', 'packages/*/package.json'], { cwd: root }),
]
const dependencies = manifests.flatMap((file) => {
  const { dependencies, devDependencies, peerDependencies, optionalDependencies } = json(file)
  return Object.entries<string>({
    ...peerDependencies,
    ...optionalDependencies,
    ...devDependencies,
    ...dependencies,
  }).map(([name, range]) => ({ file, name, range }))
})

test('every package declares the dependencies that it uses, and no others', () => {
  let findings = ''
  try {
    execFileSync('knip', ['--no-progress'], { cwd: root, encoding: 'utf8' })
  } catch (error) {
    findings = (error as { stdout: string }).stdout || String(error)
  }
  expect(findings).toBe('')
})

test('every version is exact, and only in the catalog', () => {
  const kinds = dependencies.map(({ name, range }) => [name, range.replace(/^catalog:.*/, 'catalog:')])
  expect(kinds.filter(([, range]) => range !== 'catalog:' && range !== 'workspace:*')).toEqual([])
  const versions = [workspace.catalog, ...Object.values<object>(workspace.catalogs)].flatMap((entry) =>
    Object.entries(entry),
  )
  // Another version of a package that's already there has a name of its own.
  expect(versions.filter(([, version]) => !/^(npm:[\w@/-]+@)?\d+\.\d+\.\d+$/.test(String(version)))).toEqual(
    [],
  )
})

test('every package comes from the registry', () => {
  const { packages } = parse(text('pnpm-lock.yaml').split(/^---$/m).at(-1) ?? '')
  const elsewhere = Object.entries<any>(packages).filter(
    ([, { resolution }]) =>
      !resolution.integrity || resolution.tarball || resolution.repo || resolution.directory,
  )
  expect(Object.keys(packages).length).toBeGreaterThan(100)
  expect(elsewhere).toEqual([])
  expect(workspace.blockExoticSubdeps).toBe(true)
})

test('only one install script runs, and new releases wait three days', () => {
  const allowed = Object.entries<boolean>(workspace.allowBuilds).filter(([, may]) => may)
  expect(allowed).toEqual([['node', true]])
  expect(workspace.minimumReleaseAge).toBeGreaterThanOrEqual(3 * 24 * 60)
  expect(json('renovate.json').minimumReleaseAge).toBe(`${workspace.minimumReleaseAge / 24 / 60} days`)
})
