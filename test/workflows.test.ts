import { execFileSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { json, root, text } from './packages.ts'

const files = globSync('.github/workflows/*.yml', { cwd: root }).sort()
const workflow = (file: string) => parse(text(file))
const jobs = files.flatMap((file) =>
  Object.entries<any>(workflow(file).jobs).map(([name, job]) => ({ at: `${basename(file)} ${name}`, job })),
)
const scripts = jobs.flatMap(({ job }) => job.steps.flatMap((step: any) => step.run ?? []))

test('the release waits for the same check as every push', () => {
  const { check, ...others } = workflow('.github/workflows/release.yml').jobs
  expect(check.steps.map((step: any) => step.run)).toContain('bash .ci/run')
  expect(workflow('.github/workflows/check.yml').jobs.check.steps.at(-1).run).toBe('bash .ci/run')
  const waits = (job: any): boolean => job.needs === 'check' || waits(others[job.needs] ?? { needs: 'check' })
  expect(Object.values<any>(others).every((job) => job.needs && waits(job))).toBe(true)
})

describe('least rights', () => {
  test.each(files)('%s gives no more than reading to all jobs', (file) => {
    const { permissions } = workflow(file)
    expect([{}, { contents: 'read' }]).toContainEqual(permissions)
  })

  test('one job alone may publish, and it runs nothing of the repository', () => {
    const mayIdentify = jobs.filter(({ job }) => job.permissions?.['id-token'] === 'write')
    // GitHub Pages takes the site from a job that says who it is, too.
    const publishing = mayIdentify.filter(({ job }) => !JSON.stringify(job).includes('actions/deploy-pages@'))
    expect(publishing.map(({ at }) => at)).toEqual(['release.yml publish'])
    const [{ job } = { job: undefined }] = publishing
    expect(job.permissions).toEqual({ 'id-token': 'write' })
    expect(job.environment).toBe('npm')
    expect(job.steps.filter((step: any) => /checkout|cache/.test(step.uses ?? ''))).toEqual([])
    expect(JSON.stringify(job)).not.toMatch(/pnpm|npx|npm (install|ci)|\.ci\//)
  })

  test('one step alone knows a secret: it deploys, in an environment that can be guarded', () => {
    const knowing = jobs.filter(({ job }) => JSON.stringify(job).includes('secrets.'))
    expect(knowing.map(({ at }) => at)).toEqual(['sandbox.yml deploy'])
    const [{ job } = { job: undefined }] = knowing
    expect(job.environment).toBe('sandbox')
    const { steps, ...rest } = job
    expect(JSON.stringify(rest)).not.toContain('secrets.')
    expect(steps.findIndex((step: any) => JSON.stringify(step).includes('secrets.'))).toBe(steps.length - 1)
    expect(steps.at(-1).run).toMatch(/run deploy$/)
    expect(Object.keys(steps.at(-1).env)).toEqual(['CLOUDFLARE_ACCOUNT_ID', 'CLOUDFLARE_API_TOKEN'])
  })

  test.each(jobs)('$at leaves no credential behind, and ends', ({ job }) => {
    expect(job['timeout-minutes']).toBeGreaterThan(0)
    for (const step of job.steps.filter((step: any) => step.uses?.startsWith('actions/checkout@')))
      expect(step.with['persist-credentials']).toBe(false)
  })

  test('no script takes text from an event', () => {
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([])
  })

  test('every action is pinned by hash, with its version beside it', () => {
    const uses = files.flatMap((file) => text(file).match(/uses: .*/g) ?? [])
    expect(uses.length).toBeGreaterThan(5)
    for (const line of uses) expect(line).toMatch(/^uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
    // One hash for each action, so that an update is one.
    const hashes = Map.groupBy(
      uses.map((line) => /uses: ([^/]+\/[^/@]+)\S*@(.*)/.exec(line)?.slice(1) ?? []),
      ([action]) => action,
    )
    for (const [action, pins] of hashes)
      expect([action, new Set(pins.map(([, pin]) => pin)).size]).toEqual([action, 1])
  })
})

describe('the steps of the release do what they say', () => {
  const copy = mkdtempSync(join(tmpdir(), 'recoveryconnect-workflow-'))
  afterAll(() => rmSync(copy, { recursive: true }))
  const environment = { GITHUB_SERVER_URL: 'https://example.com', GITHUB_REPOSITORY: 'owner/name' }

  test('each script is one that bash can read', () => {
    for (const script of scripts) execFileSync('bash', ['-n', '-c', script])
  })

  test('the packages name the repository that publishes them', () => {
    const script = scripts.find((script) => script.includes('npm pkg set')) ?? ''
    for (const folder of ['spec', 'packages/client']) {
      mkdirSync(join(copy, folder), { recursive: true })
      cpSync(join(root, folder, 'package.json'), join(copy, folder, 'package.json'))
    }
    const [naming] = script.split('pnpm exec')
    execFileSync('bash', ['-e', '-c', naming ?? ''], {
      cwd: copy,
      env: { ...process.env, ...environment },
      stdio: 'pipe',
    })
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

  test('what npm has already is not published again', () => {
    const script = scripts.find((script) => script.includes('npm publish')) ?? ''
    const folder = join(copy, 'publish')
    mkdirSync(join(folder, 'package'), { recursive: true })
    mkdirSync(join(folder, 'packed/packages'), { recursive: true })
    for (const name of ['new', 'old']) {
      writeFileSync(join(folder, 'package/package.json'), `{ "name": "@scope/${name}", "version": "1.2.0" }`)
      const tarball = `packed/packages/scope-${name}-1.2.0.tgz`
      execFileSync('tar', ['--create', '--gzip', '--file', tarball, 'package'], { cwd: folder })
    }
    // In place of npm: knows the old one, and writes down what it is asked to publish.
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
