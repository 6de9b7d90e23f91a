/** What the workflow promises and no checker can know. actionlint and zizmor check the rest: see checkers.test.ts. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { json, root, text } from './packages.ts'

const { check, image, ...later } = parse(text('.github/workflows/ci.yml')).jobs
const jobs = Object.entries<any>({ check, image, ...later })
const scripts = jobs.flatMap(([, { steps }]) => steps.flatMap((step: any) => step.run ?? []))

test('the check is the same command as everywhere', () => {
  expect(check.steps.at(-1).run).toBe('bash .ci/run')
})

test('everything else waits for the check, and only main deploys', () => {
  for (const [name, { needs, if: condition = '' }] of Object.entries<any>(later)) {
    const first = [needs].flat().every((job) => !(job in later))
    if (first) {
      expect([name, needs]).toEqual([name, ['check', 'image']])
      expect(condition).toMatch(/^github\.ref == 'refs\/heads\/main'/)
    } else expect([name, needs]).toEqual([name, expect.any(String)])
  }
})

test('only one job may publish to npm, and it runs nothing from the repository', () => {
  expect(jobs.filter(([, job]) => JSON.stringify(job).includes('npm publish')).map(([name]) => name)).toEqual(
    ['publish'],
  )
  const identified = jobs.filter(([, { permissions }]) => permissions['id-token'])
  // GitHub Pages and PyPI ask for the same right.
  expect(identified.map(([name]) => name)).toEqual(['deploy-docs', 'publish', 'publish-python'])
  const { permissions, environment, steps } = later.publish
  expect([permissions, environment]).toEqual([{ 'id-token': 'write' }, 'npm'])
  expect(steps.filter(({ uses = '' }) => /checkout|cache/.test(uses))).toEqual([])
  expect(JSON.stringify(steps)).not.toMatch(/pnpm|npx|npm (install|ci)|\.ci\//)
})

test('only one job may publish to PyPI, and it only downloads and uploads', () => {
  const { permissions, environment, steps } = later['publish-python']
  expect([permissions, environment]).toEqual([{ 'id-token': 'write' }, 'pypi'])
  const actions = steps.map(({ uses = '' }) => uses.split('@')[0])
  expect(actions).toEqual(['actions/download-artifact', 'pypa/gh-action-pypi-publish'])
  const users = jobs.filter(([, job]) => JSON.stringify(job).includes('pypi'))
  expect(users.map(([name]) => name)).toEqual(['publish-python'])
})

test('only one step gets a secret: the last one of the deployment to the environment "sandbox"', () => {
  const users = jobs.flatMap(([name, job]) =>
    job.steps.flatMap((step: any, index: number) =>
      JSON.stringify(step).includes('secrets.') ? [[name, index - job.steps.length, job.environment]] : [],
    ),
  )
  expect(users).toEqual([['deploy-sandbox', -1, 'sandbox']])
  expect(JSON.stringify(jobs.map(([, { steps: _, ...job }]) => job))).not.toContain('secrets.')
})

test('every job has a time limit', () => {
  expect(jobs.filter(([, job]) => !(job['timeout-minutes'] > 0))).toEqual([])
})

describe('a script', () => {
  const copy = mkdtempSync(join(tmpdir(), 'recoveryconnect-workflow-'))
  afterAll(() => rmSync(copy, { recursive: true }))

  test.for(scripts)('is valid: %s', (script) => {
    execFileSync('bash', ['-n', '-c', script])
  })

  test('names the repository in the packages, for the provenance', () => {
    const script: string = scripts.find((script) => script.includes('npm pkg set')) ?? ''
    for (const folder of ['spec', 'packages/client']) {
      mkdirSync(join(copy, folder), { recursive: true })
      cpSync(join(root, folder, 'package.json'), join(copy, folder, 'package.json'))
    }
    const [loop = ''] = /^for [\s\S]*^done$/m.exec(script) ?? []
    const env = { ...process.env, GITHUB_SERVER_URL: 'https://example.com', GITHUB_REPOSITORY: 'owner/name' }
    execFileSync('bash', ['-e', '-c', loop], { cwd: copy, env, stdio: 'pipe' })
    const { repository, ...rest } = JSON.parse(
      readFileSync(join(copy, 'packages/client/package.json'), 'utf8'),
    )
    expect(repository).toEqual({
      type: 'git',
      url: 'git+https://example.com/owner/name.git',
      directory: 'packages/client',
    })
    expect(rest).toEqual(json('packages/client/package.json'))
  })

  test('publishes only what npm lacks', () => {
    const script = scripts.find((script) => script.includes('npm publish')) ?? ''
    const folder = join(copy, 'publish')
    mkdirSync(join(folder, 'package'), { recursive: true })
    mkdirSync(join(folder, 'packed/packages'), { recursive: true })
    for (const name of ['new', 'old']) {
      writeFileSync(join(folder, 'package/package.json'), `{ "name": "@scope/${name}", "version": "1.2.0" }`)
      const tarball = `packed/packages/scope-${name}-1.2.0.tgz`
      execFileSync('tar', ['--create', '--gzip', '--file', tarball, 'package'], { cwd: folder })
    }
    // A stand-in for npm that has only the old version and records what it's asked to publish.
    writeFileSync(
      join(folder, 'npm'),
      '#!/bin/sh\nif [ $1 = view ]; then test $2 = @scope/old@1.2.0; else echo "$@" >> published; fi\n',
      { mode: 0o755 },
    )
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` }
    execFileSync('bash', ['-e', '-c', script], { cwd: folder, env, stdio: 'pipe' })
    expect(readFileSync(join(folder, 'published'), 'utf8')).toBe(
      'publish ./packed/packages/scope-new-1.2.0.tgz --access public --provenance --ignore-scripts\n',
    )
  })
})
