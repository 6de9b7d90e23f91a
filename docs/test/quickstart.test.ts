/** Runs the commands of the quickstart in an empty folder. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify, stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { dist } from '../serve.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../', import.meta.url))
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quickstart-'))
})
afterAll(() => rm(folder, { recursive: true, maxRetries: 5 }))

// This test installs and builds the repository again.
it('gets the first response with three commands', { timeout: 600_000 }, async () => {
  const guide = await readFile(new URL('guides/quickstart.md', dist), 'utf8')
  const [fetchIt, startIt, askIt = ''] = [...guide.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(
    ([, code]) => code,
  )
  // Starts a process group, as a terminal does, so that the signal at the end reaches every process.
  const terminal = spawn('bash', ['-c', `set -e\n${fetchIt}\n${startIt}`], {
    cwd: folder,
    env: {
      ...cleanEnvironment(process.env),
      REPOSITORY: await createRepository(),
      DOCS_PORT: '0',
      MOCK_PORT: '0',
      SANDBOX_PORT: '0',
    },
    detached: true,
  })
  try {
    let output = ''
    const started = Promise.withResolvers<void>()
    const listen = (chunk: Buffer) => {
      output += chunk
      if (output.includes('Ctrl-C')) started.resolve()
    }
    terminal.stdout.on('data', listen)
    terminal.stderr.on('data', listen)
    terminal.on('exit', () => started.reject(new Error(`The command exited early:\n${output}`)))
    await started.promise
    // The guide uses the default port, but the test uses any free port.
    const sandbox = /^ {2}sandbox +(http\S+)$/m.exec(stripVTControlCharacters(output))?.[1] ?? ''
    expect(askIt).toContain('http://127.0.0.1:4020/')
    const { stdout } = await run('bash', ['-c', askIt.replace('http://127.0.0.1:4020', sandbox)])
    expect(JSON.parse(stdout).data).toHaveLength(2)
  } finally {
    const ended = terminal.exitCode === null ? once(terminal, 'exit') : undefined
    process.kill(-(terminal.pid ?? 0), 'SIGINT')
    await ended
  }
})

/** Copies the working tree, including changes, to a repository that the quickstart can clone. */
async function createRepository(): Promise<string> {
  const copy = join(folder, 'repository')
  const { stdout } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  })
  for (const file of stdout.split('\0').filter((name) => name && existsSync(join(root, name)))) {
    await mkdir(dirname(join(copy, file)), { recursive: true })
    await copyFile(join(root, file), join(copy, file))
  }
  const author = ['-c', 'user.name=Quickstart', '-c', 'user.email=quickstart@localhost']
  for (const args of [
    ['init', '--quiet'],
    ['add', '--all'],
    [...author, 'commit', '--quiet', '--message', 'As it is'],
  ])
    await run('git', args, { cwd: copy })
  return copy
}

/**
 * Removes the variables of pnpm, turbo, and vitest, which a reader's terminal doesn't have. Without the certificates of
 * a proxy, npm would retry for 70 seconds.
 */
function cleanEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names = Object.keys(environment).filter(
    (name) => !/^(npm_|pnpm_|turbo_|vitest|node_(?!extra_ca_certs)|init_cwd|git_)/i.test(name),
  )
  return Object.fromEntries(names.map((name) => [name, environment[name]]))
}
