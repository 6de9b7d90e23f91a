/** Tests `pnpm start` without the build: its output, its arguments, and how it stops. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { readModel } from '@recoveryconnect/spec/model'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'

const anyPorts = ['--docs-port', '0', '--mock-port', '0', '--sandbox-port', '0']
const program = fileURLToPath(new URL('../start.ts', import.meta.url))
const readmeFile = new URL('../../README.md', import.meta.url)
const started: ChildProcess[] = []

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

it('calls each operation of the mock, as the README shows, and then prints the URL of each server', async () => {
  const { output } = await start(anyPorts, 'Ctrl-C')
  const calls = output.match(/^ {2}200 .*$/gm) ?? []
  expect(calls.map((line) => line.split(/\s+/).at(-2))).toEqual(
    readModel().operations.map(({ method }) => method),
  )
  const readme = await readFile(readmeFile, 'utf8')
  for (const call of calls) expect(readme).toContain(call)
  const urls = Object.fromEntries(
    [...output.matchAll(/^ {2}(\w+) +(http\S+)$/gm)].map(([, name, url]) => [name, url ?? '']),
  )
  expect(Object.keys(urls)).toEqual(['docs', 'mock', 'sandbox'])
  for (const page of [urls.docs, urls.sandbox]) expect((await fetch(page ?? '')).status).toBe(200)
  const [, authorization = '', url = ''] = /curl -H 'Authorization: ([^']*)' .* (http\S+)/.exec(output) ?? []
  expect(url.startsWith(urls.mock ?? '-')).toBe(true)
  expect((await fetch(url, { headers: { authorization } })).status).toBe(200)
})

it.each(['sandbox', 'mock'])('runs the program from the README against the %s', async (server) => {
  const { output } = await start(anyPorts, 'Ctrl-C')
  const url = new RegExp(`^ {2}${server} +(http\\S+)$`, 'm').exec(output)?.[1] ?? ''
  const readme = await readFile(readmeFile, 'utf8')
  const program = /^```ts\n([\s\S]*?)^```/m.exec(readme)?.[1] ?? ''
  expect(program).toContain('http://127.0.0.1:4020')
  // Uses another name than the README, because `docs/example.ts` might exist.
  const file = new URL(`../../docs/example-${process.pid}.ts`, import.meta.url)
  onTestFinished(() => rm(file))
  await writeFile(file, program.replace('http://127.0.0.1:4020', url))
  const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(file)])
  expect(stdout.match(/\d+$/gm)).toEqual(['39317578', '39317579'])
})

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  it('exits with code 0 and frees its ports', async () => {
    const { child, output } = await start(anyPorts, 'Ctrl-C')
    child.kill(signal)
    expect(await once(child, 'exit')).toEqual([0, null])
    await expect(fetch(/http\S+/.exec(output)?.[0] ?? '')).rejects.toThrow()
  })
})

it('stops when the script runner that started it is killed', async () => {
  const runner = [
    `const { spawn } = require('node:child_process')`,
    `const { pid } = spawn(process.execPath, ${JSON.stringify([program, ...anyPorts])}, { stdio: 'inherit' })`,
    `setInterval(() => {}, 1000)`,
  ]
  const child = launch(['--eval', runner.join('\n')], { npm_lifecycle_event: 'start' })
  const output = await readUntil(child, 'Ctrl-C')
  child.kill('SIGKILL')
  const url = /http\S+/.exec(output)?.[0] ?? ''
  await expect.poll(() => fetch(url).catch(() => 'gone'), { timeout: 10_000 }).toBe('gone')
})

describe('a port in use', () => {
  it.each([
    { flag: '--docs-port', variable: 'DOCS_PORT' },
    { flag: '--mock-port', variable: 'MOCK_PORT' },
    { flag: '--sandbox-port', variable: 'SANDBOX_PORT' },
  ])('causes an error that names $flag and $variable', async ({ flag, variable }) => {
    const free = anyPorts.filter((_, at) => anyPorts[at] !== flag && anyPorts[at - 1] !== flag)
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    const children = [run([...free, flag, `${port}`]), run(free, { [variable]: `${port}` })]
    const ends = children.map((child) => Promise.all([once(child, 'exit'), problemOf(child)]))
    for (const [[code], problem] of await Promise.all(ends)) {
      expect(code).toBe(1)
      expect(problem).toMatch(new RegExp(`Port ${port} for the \\w+ .*${flag} ${port + 1}, or ${variable}=`))
    }
    taken.close()
  })
})

it.each([
  [['--docs-port', 'many'], /--docs-port.*0 to 65535.*"many"/],
  [['--mock-port', '70000'], /--mock-port.*"70000"/],
  [['--prot', '1'], /--prot/],
])('rejects %j before any server starts', async (args, problem) => {
  const child = run(args)
  const [[code], said] = await Promise.all([once(child, 'exit'), problemOf(child)])
  expect(code).toBe(1)
  expect(said).toMatch(problem)
})

function run(args: string[], variables: Record<string, string> = {}): ChildProcess {
  return launch([program, ...args], variables)
}

/** Without the variable that a script runner sets, `start` doesn't watch the process that started it. */
function launch(args: string[], variables: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  return child
}

function problemOf(child: ChildProcess): Promise<string> {
  return child.stderr ? text(child.stderr) : Promise.reject(new Error('stderr is not piped.'))
}

async function start(args: string[], until: string): Promise<{ child: ChildProcess; output: string }> {
  const child = run(args)
  return { child, output: await readUntil(child, until) }
}

/** Resolves to the output as soon as it contains the text. */
async function readUntil(child: ChildProcess, text: string): Promise<string> {
  let output = ''
  for await (const chunk of child.stdout ?? []) {
    output += chunk
    if (output.includes(text)) return output
  }
  throw new Error(`The process ended early:\n${output}`)
}
