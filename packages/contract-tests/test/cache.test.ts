/**
 * A result from the cache must never hide a change. This edits files in a copy of the workspace and asks turbo what it
 * would run again.
 */
import { execFileSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'

const root = new URL('../../..', import.meta.url)
const copy = mkdtempSync(join(tmpdir(), 'recoveryconnect-cache-'))
afterAll(() => rmSync(copy, { recursive: true }))

const run = (command: string, args: string[], cwd: URL | string, env: NodeJS.ProcessEnv = {}) => {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(TURBO_|GIT_)/.test(name))
  return execFileSync(command, args, {
    cwd,
    env: { ...Object.fromEntries(inherited), DO_NOT_TRACK: '1', TURBO_GLOBAL_WARNING_DISABLED: '1', ...env },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
}

const files = run('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate'], root)
for (const file of files.trim().split('\n')) cpSync(new URL(file, root), join(copy, file))
run('git', ['init', '--quiet'], copy)
run('git', ['add', '--all'], copy)

/** The tasks that turbo would run or restore from its cache, each with its hash. */
function hashes(env?: NodeJS.ProcessEnv): Map<string, string> {
  const plan = run('turbo', ['run', 'lint', 'types', 'build', 'test', '--dry=json'], copy, env)
  const tasks: { taskId: string; hash: string; command: string }[] = JSON.parse(plan).tasks
  return new Map(
    tasks.filter(({ command }) => command !== '<NONEXISTENT>').map(({ taskId, hash }) => [taskId, hash]),
  )
}

/** The file that a package exports. */
function entryOf(name: string): string {
  const folder = `packages/${name}`
  const { exports } = JSON.parse(readFileSync(new URL(`${folder}/package.json`, root), 'utf8'))
  return join(folder, exports['.'])
}

const before = hashes()
const changed = (after: Map<string, string>) =>
  [...after].flatMap(([task, hash]) => (before.get(task) === hash ? [] : [task]))

test('nothing runs again when nothing changed', () => {
  expect(before.size).toBeGreaterThanOrEqual(10)
  expect(changed(hashes())).toEqual([])
})

describe('an edit runs the tasks that depend on it', () => {
  // The wheel depends on nothing but the sources in Python.
  const all = [...before.keys()].filter((task) => !task.endsWith('#wheel'))
  const of = (...names: string[]) =>
    all.filter((task) => names.some((name) => task.startsWith(`@recoveryconnect/${name}#`)))
  test.each<[string, string[], string[]]>([
    ['spec/openapi.yaml', all.filter((task) => !of('http').includes(task)), of('http')],
    ['tsconfig.base.json', all, []],
    ['vitest.config.ts', all, []],
    [entryOf('client'), [...of('client', 'contract-tests', 'docs'), '//#lint'], of('spec', 'mock')],
    [entryOf('mock'), [...of('mock', 'contract-tests', 'tools'), '//#lint'], of('spec', 'client')],
    [entryOf('sandbox'), [...of('sandbox', 'contract-tests'), '//#lint'], of('spec', 'client', 'mock')],
    [
      entryOf('faults'),
      [...of('faults', 'client', 'client-python', 'trials'), '//#lint'],
      of('spec', 'mock'),
    ],
    [
      'packages/http/src/server.ts',
      [...of('http', 'mock', 'sandbox', 'faults', 'contract-tests', 'tools'), '//#lint'],
      of('spec'),
    ],
    [entryOf('contract-tests'), of('contract-tests'), of('spec', 'client', 'mock')],
    [
      'docs/src/content/docs/guides/log-and-trace-calls.mdx',
      ['@recoveryconnect/client#test', ...of('docs'), '//#lint'],
      of('spec', 'mock'),
    ],
    ['README.md', ['//#lint'], of('spec', 'client', 'mock')],
  ])('%s', (file, runs, stays) => {
    appendFileSync(join(copy, file), '\n')
    const again = changed(hashes())
    cpSync(new URL(file, root), join(copy, file))
    expect(again).toEqual(expect.arrayContaining(runs))
    expect(again.filter((task) => stays.includes(task))).toEqual([])
  })
})

test('another seed runs the tests again', () => {
  expect(changed(hashes({ RECOVERYCONNECT_SEED: '1' }))).toContain('@recoveryconnect/contract-tests#test')
})

test('a real server is checked each time, and the task gets every variable', () => {
  const task = 'verify:real'
  const plan = run('turbo', ['run', task, '--filter=@recoveryconnect/contract-tests', '--dry=json'], copy)
  const { resolvedTaskDefinition } = JSON.parse(plan).tasks.find((one: { task: string }) => one.task === task)
  expect(resolvedTaskDefinition).toMatchObject({ cache: false, env: ['RECOVERYCONNECT_*'] })
  expect(JSON.parse(readFileSync(new URL('package.json', root), 'utf8')).scripts.test).toContain(` ${task} `)
})
