/** That no tool of ours reports to anyone: neither from this repository nor from what is made of it. */
import { globSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { json, root, text } from './packages.ts'

const files = (...patterns: string[]) =>
  globSync(patterns, { cwd: root, exclude: (path) => /node_modules|dist/.test(path) }).sort()
const workspace = parse(text('pnpm-workspace.yaml'))
const manifests = files('package.json', 'spec/package.json', 'docs/package.json', 'packages/*/package.json')

test('turbo is told so wherever a script runs it', () => {
  const scripts = manifests.flatMap((file) => Object.values<string>(json(file).scripts ?? {}))
  const turbo = scripts.filter((script) => /\bturbo\b/.test(script))
  expect(turbo.length).toBeGreaterThan(3)
  expect(turbo.filter((script) => !script.startsWith('DO_NOT_TRACK=1 turbo '))).toEqual([])
  const elsewhere = files('.ci/*', 'CONTRIBUTING.md', 'README.md').filter((file) =>
    /\bturbo run\b/.test(text(file)),
  )
  expect(elsewhere).toEqual([])
  const steps = files('.github/workflows/*.yml').flatMap((file) =>
    Object.values<any>(parse(text(file)).jobs).flatMap(({ steps }) => steps),
  )
  for (const step of steps.filter(({ run }) => /\bturbo\b/.test(run))) expect(step.env?.DO_NOT_TRACK).toBe(1)
  expect(text('turbo.json')).toContain('"noUpdateNotifier": true')
})

test('Redocly is, in every configuration', () => {
  const configurations = files('**/redocly.yaml')
  expect(configurations.length).toBeGreaterThan(1)
  for (const file of configurations) expect([file, parse(text(file)).telemetry]).toEqual([file, 'off'])
})

test('Redocly is, wherever a program of ours starts it', () => {
  const programs = files('spec/**/*.ts', 'docs/**/*.ts', 'packages/**/*.ts').filter((file) =>
    text(file).includes("resolve('@redocly/cli"),
  )
  expect(programs.length).toBeGreaterThan(1)
  expect(programs.filter((file) => !text(file).includes("REDOCLY_TELEMETRY: 'off'"))).toEqual([])
})

test('the script that reports installations of Prism may not run', () => {
  expect(workspace.allowBuilds['@scarf/scarf']).toBe(false)
})

test('Miniflare is, and asks nobody where it is', () => {
  const programs = files('docs/**/*.ts', 'packages/**/*.ts').filter((file) =>
    /new Miniflare\(/.test(text(file)),
  )
  expect(programs.length).toBeGreaterThan(1)
  for (const file of programs) expect(text(file)).toMatch(/telemetry: \{ enabled: false \},\s*cf: false,/)
})

test('a Wrangler, if one comes, sends no metrics', () => {
  const uses = manifests.filter(
    (file) => 'wrangler' in { ...json(file).dependencies, ...json(file).devDependencies },
  )
  const configurations = files('**/wrangler.{json,jsonc,toml}')
  expect(configurations.length).toBeGreaterThanOrEqual(uses.length)
  for (const file of configurations) expect(text(file)).toMatch(/"?send_metrics"?\s*[:=]\s*false/)
})
