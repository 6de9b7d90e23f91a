/** The workflows and the Dockerfile, as actionlint, zizmor and hadolint see them. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { root, text } from './packages.ts'

const run = promisify(execFile)

interface Checker {
  name: string
  /** What it needs beyond Node, and the command that shows whether this machine has it. */
  needs: string
  probe: [command: string, ...args: string[]]
  check: () => Promise<unknown>
}

const python: Pick<Checker, 'needs' | 'probe'> = {
  needs: 'Python with pip',
  probe: ['python3', '-m', 'pip', '--version'],
}
const checkers: Checker[] = [
  { name: 'actionlint', needs: 'Go', probe: ['go', 'version'], check: runActionlint },
  {
    name: 'zizmor',
    ...python,
    check: () => runPython('zizmor', ['--offline', '--quiet', '.github/workflows']),
  },
  {
    name: 'hadolint',
    ...python,
    check: () => runPython('hadolint', ['--failure-threshold', 'warning', 'packages/sandbox/Dockerfile']),
  },
]

test.for(checkers)(
  '$name finds nothing',
  async ({ name, needs, probe: [command, ...args], check }, { skip }) => {
    const missing = await run(command, args).then(
      () => false,
      () => true,
    )
    // CI has everything, so there the check goes on and fails.
    if (missing && !process.env.CI) {
      console.warn(`Skipped ${name}, because it needs ${needs}. CI runs it.`)
      return skip()
    }
    const findings = await check().then(
      () => '',
      (error: Error & { stdout?: string; stderr?: string }) =>
        `${error.stdout}${error.stderr}` || error.message,
    )
    expect(findings).toBe('')
  },
)

/** `.ci/go.mod` pins it. Without shellcheck and pyflakes, which some machines have and some don't. */
function runActionlint(): Promise<unknown> {
  const workflows = globSync('.github/workflows/*.yml', { cwd: root }).map((file) => join(root, file))
  return run('go', ['tool', 'actionlint', '-shellcheck=', '-pyflakes=', ...workflows], {
    cwd: join(root, '.ci'),
    env: { ...process.env, CGO_ENABLED: '0' },
  })
}

/** `.ci/requirements.txt` pins it. Installed once for each version of that file. */
async function runPython(command: string, args: string[]): Promise<unknown> {
  const requirements = '.ci/requirements.txt'
  const version = createHash('sha256').update(text(requirements)).digest('hex').slice(0, 12)
  const folder = join(root, 'node_modules/.cache/checkers', version)
  if (!existsSync(join(folder, 'bin', command))) {
    const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--require-hashes']
    await run(
      'python3',
      ['-m', 'pip', 'install', ...options, '--only-binary', ':all:', '--target', folder, '-r', requirements],
      { cwd: root },
    )
  }
  return run(join(folder, 'bin', command), args, { cwd: root })
}
