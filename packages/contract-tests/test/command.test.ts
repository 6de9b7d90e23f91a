/** The command, as people and programs use it, against a sandbox in a process of its own. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startSandbox } from '@recoveryconnect/sandbox'
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest'
import { type Report, verify } from '../src/suite.ts'
import { documented } from './in-process.ts'

const command = fileURLToPath(new URL('../src/command.ts', import.meta.url))
const verifyReal = fileURLToPath(new URL('../verify-real.ts', import.meta.url))
const sandbox = new URL('../../sandbox/package.json', import.meta.url)
const { bin } = JSON.parse(readFileSync(sandbox, 'utf8'))
const sandboxCommand = fileURLToPath(new URL(bin['recoveryconnect-sandbox'], sandbox))
const workspace = fileURLToPath(new URL('../../..', import.meta.url))
const ids = ['--order', '57062885', '--borrower', '124927241']
const others = ['--other-order', '57073907', '--other-borrower', '124943338']
const account = { RECOVERYCONNECT_USERNAME: 'example-user', RECOVERYCONNECT_PASSWORD: 'example-password' }
const phones = '/api/v140/orders/57062885/borrowers/124927241/phones'

/** Without the variables that name a real server. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('RECOVERYCONNECT_')),
)

let serial = 0

/** Each run has a token, and so a world of the sandbox, of its own. */
function start(
  args: string[],
  env: NodeJS.ProcessEnv = {},
  program = [process.execPath, command],
): ChildProcess {
  const [file = '', ...first] = program
  const token = { RECOVERYCONNECT_TOKEN: `token-of-run-${serial++}` }
  const options: SpawnOptions = { cwd: workspace, env: { ...environment, ...token, ...env } }
  return spawn(file, [...first, ...args], options)
}

async function collect(child: ChildProcess) {
  let [stdout, stderr] = ['', '']
  child.stdout?.on('data', (chunk) => (stdout += chunk))
  child.stderr?.on('data', (chunk) => (stderr += chunk))
  const [code] = await once(child, 'close')
  return { code, stdout, stderr }
}

const run = (args: string[], env?: NodeJS.ProcessEnv) => collect(start(args, env))

/** A server that responds to every request in one way. */
async function startServer({ onTestFinished }: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

let url: string
let server: ChildProcess
beforeAll(async () => {
  server = spawn(process.execPath, [sandboxCommand, '--port', '0'], { env: environment })
  const [line] = await once(server.stdout as NodeJS.ReadableStream, 'data')
  url = String(line).match(/http:\S+/)?.[0] as string
})
afterAll(() => server.kill())

const list = async (token: string) => {
  const response = await fetch(url + phones, { headers: { authorization: `Bearer ${token}` } })
  return ((await response.json()) as { data: { id: number; memo: string | null }[] }).data
}

function junitFile({ onTestFinished }: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'recoveryconnect-junit-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'report.xml')
}

// Each test waits for a process, or more than one.
describe.concurrent('a run that finishes', () => {
  test('gives the same report as `verify`, and exits with 0', async () => {
    const options = ['--write', '--disposable', '--seed', '7', '--json']
    const { code, stdout } = await run(['--url', url, ...ids, ...others, ...options], account)
    const other = await startSandbox({ port: 0 })
    const target = { ...documented, url: other.url }
    const { target: _, ...expected } = await verify(target, { write: true, seed: 7 }).finally(other.close)
    const { target: __, ...report } = JSON.parse(stdout)
    expect(report).toEqual(expected)
    expect(report.checks.filter(({ outcome }: { outcome: string }) => outcome !== 'passed')).toEqual([])
    expect(code).toBe(0)
  })

  test('says which checks were skipped, what is assumed, and the seed', async () => {
    const { code, stdout } = await run(['--url', url, ...ids, '--seed', '8'])
    expect(stdout).toContain('reads only, seed 8')
    expect(stdout).toMatch(/skipped {2}\d+: .*\(--write\)/)
    expect(stdout).toMatch(/confirmed +responses\/NotFound +404/)
    expect(stdout).toMatch(/left open +responses\/ServerError/)
    expect(stdout).toMatch(/\d+ passed, 0 failed, \d+ skipped/)
    expect(code).toBe(0)
  })

  test('writes JUnit', async (context) => {
    const file = junitFile(context)
    await run(['--url', url, ...ids, '--seed', '9', '--junit', file])
    const xml = readFileSync(file, 'utf8')
    expect(xml).toMatch(/<testsuite name="[^"]+" tests="\d+" failures="0" errors="0" skipped="\d+">/)
    expect(xml).toContain('<testcase classname="listBorrowerPhones" name="responds-listBorrowerPhones: ')
    expect(xml).toContain('<property name="seed" value="9"/>')
    expect(xml).toContain('<property name="interrupted" value="false"/>')
    expect(xml).toMatch(/<property name="assumed [^"]*NotFound" value="confirmed: [^"]+"\/>/)
  })

  test('in the workspace, prints nothing to stdout but the JSON report', async () => {
    const { packageManager } = JSON.parse(readFileSync(join(workspace, 'package.json'), 'utf8')).devEngines
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    const [, documentedCommand = ''] = /`(npx --yes pnpm@\S+ [^`]* verify)`/.exec(readme) ?? []
    expect(documentedCommand).toContain(`pnpm@${packageManager.version}`)
    const arguments_ = ['--url', url, ...ids, '--json']
    const { stdout } = await collect(start(arguments_, {}, documentedCommand.split(' ')))
    expect((JSON.parse(stdout) as Report).interrupted).toBe(false)
  })

  test('shows what was expected and seen in a failed check, without number or token, and exits with 1', async (context) => {
    const address = await startServer(context, (_, response) => {
      const record = {
        id: '1',
        number: '202-555-0143',
        memo: 'a-token-of-the-test',
        'a-token-of-the-test': 1,
      }
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ data: [record] }))
    })
    const file = junitFile(context)
    const { code, stdout, stderr } = await run(['--url', address, ...ids, '--seed', '1', '--junit', file], {
      RECOVERYCONNECT_TOKEN: 'a-token-of-the-test',
    })
    const xml = readFileSync(file, 'utf8')
    expect(xml).toMatch(/<testsuite name="[^"]+" tests="\d+" failures="[1-9]\d*" errors="\d+" skipped="\d+">/)
    expect(xml).toMatch(/<failure message="expected \/data\/\* has type [^"]*; seen [^"]*; also [^"]*"\/>/)
    expect(xml).toMatch(/<property name="drift listBorrowerPhones" value="[^"]*\[redacted\], \d+ times"\/>/)
    expect(stdout).toMatch(
      /failed {2}listBorrowerPhones: .*\n +expected {2}\/data\/\* has type .*\n +seen +\S/,
    )
    expect(stdout + stderr + xml).not.toMatch(/202-?555-?0143|a-token/)
    expect(code).toBe(1)
  })
})

describe.concurrent('the check of a real server in `test`', () => {
  const runReal = (env: NodeJS.ProcessEnv) => collect(start([], env, [process.execPath, verifyReal]))
  const variables = {
    RECOVERYCONNECT_URL: '',
    RECOVERYCONNECT_ORDER_ID: '57062885',
    RECOVERYCONNECT_BORROWER_ID: '124927241',
  }

  test('says in one line that there is no server', async () => {
    expect(await runReal(variables)).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^No real server.*RECOVERYCONNECT_URL.*\n$/),
      stderr: '',
    })
  })

  test('only reads from the server, and reports', async () => {
    const { code, stdout } = await runReal({ ...variables, RECOVERYCONNECT_URL: url })
    expect(stdout).toMatch(/reads only/)
    expect(stdout).toMatch(/\d+ passed, 0 failed, \d+ skipped/)
    expect(code).toBe(0)
  })

  test('fails if a variable is missing', async () => {
    const { code, stderr } = await runReal({
      ...variables,
      RECOVERYCONNECT_URL: url,
      RECOVERYCONNECT_TOKEN: '',
    })
    expect(stderr).toMatch(/RECOVERYCONNECT_TOKEN/)
    expect(code).toBe(2)
  })
})

describe.concurrent("a run that can't start exits with 2 and says what to do", () => {
  const api = ['--url', 'https://api.example.com']
  test.each<[string, string[], NodeJS.ProcessEnv, RegExp]>([
    ['no server', ids, {}, /--url https:/],
    ['no borrower', api, {}, /--order ID --borrower ID/],
    ['no token', [...api, ...ids], { RECOVERYCONNECT_TOKEN: '' }, /RECOVERYCONNECT_TOKEN/],
    ['an unencrypted token', ['--url', 'http://api.example.com', ...ids], {}, /https:\/\//],
    ['an id of letters', [...api, '--order', 'x', '--borrower', '1'], {}, /whole number/],
    ['a path in the URL', ['--url', 'https://api.example.com/api', ...ids], {}, /host alone/],
    ['an unknown option', ['--force'], {}, /--force/],
  ])('%s', async (_, args, env, message) => {
    const { code, stderr } = await run(args, env)
    expect(stderr).toMatch(message)
    expect(code).toBe(2)
  })

  test('a server that is down', async () => {
    const free = createServer().listen(0, '127.0.0.1')
    await once(free, 'listening')
    const { port } = free.address() as AddressInfo
    await new Promise((resolve) => free.close(resolve))
    const { code, stderr } = await run(['--url', `http://127.0.0.1:${port}`, ...ids])
    expect(stderr).toMatch(/ECONNREFUSED/)
    expect(code).toBe(2)
  })

  test.each([
    ['a token that the server rejects', ids, 'sandbox-expired', /401/],
    ['an unknown borrower', ['--order', '1', '--borrower', '2'], 'a-token', /404/],
  ])('%s', async (_, args, token, message) => {
    const { code, stderr } = await run(['--url', url, ...args], { RECOVERYCONNECT_TOKEN: token })
    expect(stderr).toMatch(message)
    expect(code).toBe(2)
  })
})

describe.concurrent('a run that is stopped while it writes', () => {
  /** Starts a run with a world of its own, and stops it as soon as it has created a record. */
  async function stopRun(token: string, signal: NodeJS.Signals) {
    const child = start(['--url', url, ...ids, '--write'], { RECOVERYCONNECT_TOKEN: token })
    const end = collect(child)
    while (!(await list(token)).some(({ memo }) => memo?.startsWith('recoveryconnect-verify'))) {
      if (child.exitCode !== null) throw new Error('The run ended before the test could stop it.')
    }
    child.kill(signal)
    return end
  }

  test.each(['SIGINT', 'SIGTERM'] as const)('by %s removes the records that it created', async (signal) => {
    const { code, stdout, stderr } = await stopRun(`stopped-by-${signal}`, signal)
    expect(await list(`stopped-by-${signal}`)).toHaveLength(2)
    expect(stderr).toMatch(/Stopping/)
    expect(stdout).toContain('Interrupted: ')
    expect(code).toBe(2)
  })

  test("during the wait after a 429 doesn't wait any longer", async (context) => {
    let requests = 0
    let child: ChildProcess | undefined
    const address = await startServer(context, (_, response) => {
      // The run itself sends the first two requests, before the first check.
      const headers = { 'content-type': 'application/json', 'retry-after': '60' }
      if (++requests > 2)
        return response.writeHead(429, headers).end('{"message":"Later."}', () => child?.kill('SIGINT'))
      return response.writeHead(200, headers).end('{"data":[]}')
    })
    child = start(['--url', address, ...ids])
    const { code, stdout } = await collect(child)
    expect(stdout).toContain('Interrupted: 0 passed')
    expect(code).toBe(2)
  }, 50_000)

  test('by SIGKILL leaves its record to the next run, which removes it and nothing else', async () => {
    const token = 'stopped-by-SIGKILL'
    await stopRun(token, 'SIGKILL')
    // The killed run may have just removed its record, so this adds one that is surely left.
    const left = { type: 6, number: '2025550100', no_contact: 1, memo: 'recoveryconnect-verify 0123abcd' }
    for (const memo of [left.memo, 'recoveryconnect-verify is a fine tool']) {
      await fetch(url + phones, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ ...left, memo }),
      })
    }
    const reading = await run(['--url', url, ...ids, '--json'], { RECOVERYCONNECT_TOKEN: token })
    expect((JSON.parse(reading.stdout) as Report).leftBehind).toEqual([])
    expect((await list(token)).map(({ memo }) => memo)).toContain(left.memo)
    await run(['--url', url, ...ids, '--write'], { RECOVERYCONNECT_TOKEN: token })
    const memos = (await list(token)).map(({ memo }) => memo)
    expect(memos).toEqual([null, null, 'recoveryconnect-verify is a fine tool'])
  })
})
