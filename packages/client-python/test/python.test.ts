/** Runs the checks of the Python client, each as one test. `.ci/count.mjs` counts the tests of pytest. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { commands, makeEnvironment, missing } from '../python.ts'

const run = promisify(execFile)
const cwd = fileURLToPath(new URL('..', import.meta.url))
const hasPython = await makeEnvironment()
if (!hasPython) console.warn(missing)

const checks: [name: string, command: string, args: string[]][] = [
  ['ruff check', `${commands}/ruff`, ['check', '--no-cache']],
  ['ruff format', `${commands}/ruff`, ['format', '--check', '--no-cache']],
  ['mypy', `${commands}/mypy`, []],
  ['pyright', 'pyright', []],
  ['pytest', `${commands}/python`, ['-m', 'pytest', '--quiet', '--junitxml=report/pytest.xml']],
]

// CI has Python, so there the checks go on without it and fail.
test.skipIf(!hasPython && !process.env.CI).for(checks)('%s finds nothing', async ([, command, args]) => {
  const findings = await run(command, args, { cwd, maxBuffer: 2 ** 26 }).then(
    () => '',
    ({ stdout, stderr, message }: Error & { stdout?: string; stderr?: string }) =>
      `${stdout ?? ''}${stderr ?? ''}` || message,
  )
  expect(findings).toBe('')
})
