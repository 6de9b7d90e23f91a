/**
 * A stale green is the worst defect that a contract repository can have. So this asks turbo, in a copy of the
 * workspace, which results it would take from its cache after an edit.
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

/** What turbo would run or restore, with the hash that decides. */
function hashes(env?: NodeJS.ProcessEnv): Map<string, string> {
  const plan = run('turbo', ['run', 'lint', 'types', 'build', 'test', '--dry=json'], copy, env)
  const tasks: { taskId: string; hash: string; command: string }[] = JSON.parse(plan).tasks
  return new Map(
    tasks.filter(({ command }) => command !== '<NONEXISTENT>').map(({ taskId, hash }) => [taskId, hash]),
  )
}

const before = hashes()
const changed = (after: Map<string, string>) =>
  [...after].flatMap(([task, hash]) => (before.get(task) === hash ? [] : [task]))

test('nothing runs again when nothing changed', () => {
  expect(before.size).toBeGreaterThanOrEqual(10)
  expect(changed(hashes())).toEqual([])
})

describe('an edit runs what depends on it again', () => {
  const all = [...before.keys()]
  const of = (...names: string[]) =>
    all.filter((task) => names.some((name) => task.startsWith(`@recoveryconnect/${name}#`)))
  test.each<[string, string[], string[]]>([
    ['spec/openapi.yaml', all, []],
    ['tsconfig.base.json', all, []],
    ['vitest.config.ts', all, []],
    [
      'packages/client/src/client.ts',
      [...of('client', 'contract-tests', 'docs'), '//#lint'],
      of('spec', 'mock'),
    ],
    ['packages/mock/src/mock.ts', [...of('mock', 'contract-tests', 'docs'), '//#lint'], of('spec', 'client')],
    [
      'packages/sandbox/src/kernel.ts',
      [...of('sandbox', 'contract-tests'), '//#lint'],
      of('spec', 'client', 'mock'),
    ],
    ['packages/contract-tests/src/contract.ts', of('contract-tests'), of('spec', 'client', 'mock')],
    ['README.md', ['//#lint'], of('spec', 'client', 'mock')],
  ])('%s', (file, runs, stays) => {
    appendFileSync(join(copy, file), '\n')
    const again = changed(hashes())
    cpSync(new URL(file, root), join(copy, file))
    expect(again).toEqual(expect.arrayContaining(runs))
    expect(again.filter((task) => stays.includes(task))).toEqual([])
  })
})

test('another seed is another run', () => {
  expect(changed(hashes({ RECOVERYCONNECT_SEED: '1' }))).toContain('@recoveryconnect/contract-tests#test')
})

test('a live server is asked each time, and the task gets every variable', () => {
  const plan = run('turbo', ['run', 'live', '--filter=@recoveryconnect/contract-tests', '--dry=json'], copy)
  const live = JSON.parse(plan).tasks.find(({ task }: { task: string }) => task === 'live')
  expect(live.resolvedTaskDefinition).toMatchObject({ cache: false, env: ['RECOVERYCONNECT_*'] })
  expect(JSON.parse(readFileSync(new URL('package.json', root), 'utf8')).scripts.test).toContain(' live ')
})
