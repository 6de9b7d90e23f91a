/** `pnpm start` without the build: what it prints, how it refuses, how it ends. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'

const anyPorts = ['--docs-port', '0', '--mock-port', '0', '--sandbox-port', '0']
const started: ChildProcess[] = []

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

it('makes the five calls of the vendor’s document, then says where everything listens', async () => {
  const { output } = await start(anyPorts, 'Ctrl-C')
  const calls = output.match(/^ {2}200 .*$/gm) ?? []
  expect(calls.map((line) => line.split(/\s+/).at(-2))).toEqual(['GET', 'POST', 'GET', 'PUT', 'DELETE'])
  const urls = Object.fromEntries(
    [...output.matchAll(/^ {2}(\w+) +(http\S+)$/gm)].map(([, name, url]) => [name, url ?? '']),
  )
  expect(Object.keys(urls)).toEqual(['docs', 'mock', 'sandbox'])
  for (const page of [urls.docs, urls.sandbox]) expect((await fetch(page ?? '')).status).toBe(200)
  const [, authorization = '', url = ''] = /curl -H 'Authorization: ([^']*)' .* (http\S+)/.exec(output) ?? []
  expect(url.startsWith(urls.mock ?? '-')).toBe(true)
  expect((await fetch(url, { headers: { authorization } })).status).toBe(200)
})

it('the program of the README runs where the README says', async () => {
  const { output } = await start(anyPorts, 'Ctrl-C')
  const sandbox = /^ {2}sandbox +(http\S+)$/m.exec(output)?.[1] ?? ''
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  const program = /^```ts\n([\s\S]*?)^```/m.exec(readme)?.[1] ?? ''
  expect(program).toContain('http://127.0.0.1:4020')
  // Beside `docs/example.ts`, which a reader may have made.
  const file = new URL(`../example-${process.pid}.ts`, import.meta.url)
  onTestFinished(() => rm(file))
  await writeFile(file, program.replace('http://127.0.0.1:4020', sandbox))
  const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(file)])
  expect(stdout).toBe('3 phones, 2 without a sign against dialling\n')
})

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  it('ends it with a good conscience and frees its ports', async () => {
    const { child, output } = await start(anyPorts, 'Ctrl-C')
    child.kill(signal)
    expect(await once(child, 'exit')).toEqual([0, null])
    await expect(fetch(/http\S+/.exec(output)?.[0] ?? '')).rejects.toThrow()
  })
})

describe('a port that is taken', () => {
  it.each([
    { flag: '--docs-port', variable: 'DOCS_PORT' },
    { flag: '--mock-port', variable: 'MOCK_PORT' },
    { flag: '--sandbox-port', variable: 'SANDBOX_PORT' },
  ])('is an error that names $flag and leaves nothing behind', async ({ flag, variable }) => {
    const free = anyPorts.filter((_, at) => anyPorts[at] !== flag && anyPorts[at - 1] !== flag)
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    for (const [args, variables] of [
      [[...free, flag, `${port}`]],
      [free, { [variable]: `${port}` }],
    ] as const) {
      const child = run([...args], variables)
      const [[code], problem] = await Promise.all([once(child, 'exit'), problemOf(child)])
      expect(code).toBe(1)
      expect(problem).toMatch(
        new RegExp(`Port ${port} for the \\w+ is taken.*${flag} ${port + 1}, or ${variable}=`),
      )
    }
    taken.close()
  })
})

it.each([
  [['--docs-port', 'many'], /--docs-port is "many"\. A port is a whole number from 0 to 65535\./],
  [['--mock-port', '70000'], /--mock-port is "70000"/],
  [['--prot', '1'], /--prot/],
])('refuses %j before anything listens', async (args, problem) => {
  const child = run(args)
  const [[code], said] = await Promise.all([once(child, 'exit'), problemOf(child)])
  expect(code).toBe(1)
  expect(said).toMatch(problem)
})

function run(args: string[], variables: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, [new URL('../start.ts', import.meta.url).pathname, ...args], {
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  return child
}

function problemOf(child: ChildProcess): Promise<string> {
  return child.stderr ? text(child.stderr) : Promise.reject(new Error('Its errors are not piped.'))
}

/** Resolves with all that was printed as soon as it holds `until`. */
async function start(args: string[], until: string): Promise<{ child: ChildProcess; output: string }> {
  const child = run(args)
  let output = ''
  for await (const chunk of child.stdout ?? []) {
    output += chunk
    if (output.includes(until)) return { child, output }
  }
  throw new Error(`It ended early:\n${output}`)
}
