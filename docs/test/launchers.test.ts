/** Real trees of processes: whoever launches the server may be ended in any way, and the server goes with it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isLauncher } from '../launchers.ts'

const launchers = new URL('../launchers.ts', import.meta.url).href
const launched = new Set<number>()
let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'launchers-'))
  // The server: says its process id, then that it lives, and at its end that it ends by itself.
  await writeFile(
    join(folder, 'server.mjs'),
    `import { watchLaunchers } from '${launchers}'
     setInterval(() => console.log('alive'), 700)
     await watchLaunchers(() => { console.log('ended'); process.exit() })
     console.log('server ' + process.pid)`,
  )
  const node = JSON.stringify(process.execPath)
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ scripts: { inner: `${node} server.mjs`, outer: 'npm run inner; exit $?' } }),
  )
})

afterEach(async () => {
  for (const pid of launched) if (runs(pid)) process.kill(pid, 'SIGKILL')
  launched.clear()
  await rm(folder, { recursive: true })
})

describe.each(['SIGTERM', 'SIGKILL'] as const)('when only the outermost process gets %s', (signal) => {
  it.each([
    ['npm', 'npm', ['run', 'inner']],
    ['npm, a shell and npm', 'npm', ['run', 'outer']],
  ])('a server under %s ends', async (_, command, args) => {
    const outermost = launch(command, args)
    const lines = linesOf(outermost)
    await nextServer(lines)
    process.kill(outermost.pid ?? 0, signal)
    expect(await lastLine(lines)).toBe('ended')
  })
})

it('a server in the background outlives the shell that started it', async () => {
  const shell = launch('sh', ['-c', 'npm run inner & read line'])
  const lines = linesOf(shell)
  const server = await nextServer(lines)
  const ended = once(shell, 'exit')
  shell.stdin?.end()
  await ended
  expect(await nextLines(lines, 3)).toEqual(['alive', 'alive', 'alive'])
  expect(runs(server)).toBe(true)
})

it('a server that nothing launched is left alone', async () => {
  const lines = linesOf(launch('sh', ['-c', `exec ${JSON.stringify(process.execPath)} server.mjs`]))
  await nextServer(lines)
  expect(await nextLines(lines, 3)).toEqual(['alive', 'alive', 'alive'])
})

it.each([
  ['npm exec pnpm@12.21.0 start', true],
  ['pnpm start', true],
  ['node /usr/lib/node_modules/npm/bin/npm-cli.js run start', true],
  ['node /opt/pnpm/bin/pnpm.cjs start', true],
  ['npx pnpm start', true],
  ['sh -c pnpm start', false],
  ['bash', false],
  ['node server.js npm', false],
  ['', false],
])('%s: a launcher is %s', (command, expected) => {
  expect(isLauncher(command)).toBe(expected)
})

function launch(command: string, args: string[]): ChildProcess {
  const child = spawn(command, args, { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] })
  launched.add(child.pid ?? 0)
  return child
}

function linesOf(child: ChildProcess): AsyncIterator<string> {
  if (!child.stdout) throw new Error('The output is not piped.')
  return createInterface({ input: child.stdout })[Symbol.asyncIterator]()
}

async function nextServer(lines: AsyncIterator<string>): Promise<number> {
  for (;;) {
    const { value, done } = await lines.next()
    if (done) throw new Error('The server did not start.')
    const pid = Number(/^server (\d+)$/.exec(value)?.[1])
    if (!pid) continue
    launched.add(pid)
    return pid
  }
}

async function lastLine(lines: AsyncIterator<string>): Promise<string | undefined> {
  let last: string | undefined
  for (let next = await lines.next(); !next.done; next = await lines.next()) last = next.value
  return last
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** The server looks at its launchers every 500 ms and speaks every 700 ms. */
async function nextLines(lines: AsyncIterator<string>, count: number): Promise<string[]> {
  const read: string[] = []
  while (read.length < count) read.push((await lines.next()).value)
  return read
}
