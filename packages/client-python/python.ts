/**
 * Makes the Python environment of this package, and runs Python in it. As a command, it passes its arguments to Python:
 * `node python.ts -m pytest`.
 *
 * The environment is in `.venv`. `requirements.txt` pins everything in it with hashes. When that file or Python changes,
 * the environment is made again.
 */
import { execFile, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const folder = fileURLToPath(new URL('.', import.meta.url))
const environment = `${folder}.venv`
const stamp = `${environment}/made-from`

/** The folder with the commands of the environment, such as `ruff`. */
export const commands = `${environment}/${process.platform === 'win32' ? 'Scripts' : 'bin'}`

/** Why the client can't be tested here. */
export const missing = 'there is no Python 3.10 or newer here'

/** Makes the environment, unless it's up to date. Returns `false` without Python 3.10 or newer. */
export async function makeEnvironment(): Promise<boolean> {
  const python = await findPython()
  if (!python) return false
  const requirements = readFileSync(`${folder}requirements.txt`)
  const made = `${python} ${createHash('sha256').update(requirements).digest('hex')}`
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === made) return true
  await rm(environment, { recursive: true, force: true })
  await install(python, (await isThere('uv')) ? 'uv' : 'pip')
  await writeFile(stamp, made)
  return true
}

async function install(python: string, installer: 'uv' | 'pip'): Promise<void> {
  const options = ['--require-hashes', '--only-binary', ':all:', '-r', 'requirements.txt']
  const commandsToRun =
    installer === 'uv'
      ? [
          ['uv', 'venv', '--quiet', '--no-project', '--python', python, environment],
          ['uv', 'pip', 'install', '--quiet', '--python', environment, ...options],
        ]
      : [
          [python, '-m', 'venv', environment],
          [
            `${commands}/python`,
            '-m',
            'pip',
            'install',
            '--quiet',
            '--disable-pip-version-check',
            ...options,
          ],
        ]
  for (const [command = '', ...args] of commandsToRun) await run(command, args, { cwd: folder })
}

/** Finds a Python that the client supports. Returns its path. */
async function findPython(): Promise<string | undefined> {
  const script = 'import sys; print(sys.executable if sys.version_info >= (3, 10) else "")'
  for (const name of ['python3', 'python']) {
    const found = await run(name, ['-c', script]).then(
      ({ stdout }) => stdout.trim(),
      () => '',
    )
    if (found) return found
  }
  return undefined
}

function isThere(command: string): Promise<boolean> {
  return run(command, ['--version']).then(
    () => true,
    () => false,
  )
}

if (import.meta.main) {
  if (await makeEnvironment()) {
    const { status } = spawnSync(`${commands}/python`, process.argv.slice(2), {
      cwd: folder,
      stdio: 'inherit',
    })
    process.exitCode = status ?? 1
  } else {
    console.warn(`Nothing was done for the Python client, because ${missing}.`)
    process.exitCode = process.env.CI ? 1 : 0
  }
}
