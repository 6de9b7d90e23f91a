/** No tool that this repository uses, and nothing that it publishes, sends usage data to anyone. */
import { globSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { json, root, text } from './packages.ts'

const files = (...patterns: string[]) =>
  globSync(patterns, { cwd: root, exclude: (path) => /node_modules|dist|report/.test(path) }).sort()
const workspace = parse(text('pnpm-workspace.yaml'))
const manifests = files('package.json', '{spec,docs,tools}/package.json', 'packages/*/package.json')

test('every script that runs turbo turns its telemetry off', () => {
  const scripts = manifests.flatMap((file) => Object.values<string>(json(file).scripts ?? {}))
  const turbo = scripts.filter((script) => /\bturbo\b/.test(script))
  expect(turbo.length).toBeGreaterThan(3)
  expect(turbo.filter((script) => !script.startsWith('DO_NOT_TRACK=1 turbo '))).toEqual([])
  const jobs = Object.values<any>(parse(text('.github/workflows/ci.yml')).jobs)
  const steps = jobs.flatMap(({ steps }) => steps).filter(({ run }) => /\bturbo\b/.test(run))
  for (const step of steps) expect(step.env?.DO_NOT_TRACK).toBe(1)
  expect(text('turbo.json')).toContain('"noUpdateNotifier": true')
})

test('every Redocly configuration turns telemetry off', () => {
  const configurations = files('**/redocly.yaml')
  expect(configurations.length).toBeGreaterThan(0)
  for (const file of configurations) expect([file, parse(text(file)).telemetry]).toEqual([file, 'off'])
})

test('the install script that reports installations of Prism may not run', () => {
  expect(workspace.allowBuilds['@scarf/scarf']).toBe(false)
})

test('every Wrangler configuration turns metrics off', () => {
  const uses = manifests.filter(
    (file) => 'wrangler' in { ...json(file).dependencies, ...json(file).devDependencies },
  )
  const configurations = files('**/wrangler.{json,jsonc,toml}')
  expect(configurations.length).toBeGreaterThanOrEqual(uses.length)
  for (const file of configurations) expect(text(file)).toMatch(/"?send_metrics"?\s*[:=]\s*false/)
})
