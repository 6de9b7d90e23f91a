/** The command, as people and machines meet it, against a sandbox as if that were the vendor's server. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startSandbox } from '@recoveryconnect/sandbox'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type Report, verify } from '../src/suite.ts'
import { documented } from './targets.ts'

const command = fileURLToPath(new URL('../src/command.ts', import.meta.url))
const liveRun = fileURLToPath(new URL('../live.ts', import.meta.url))
const sandboxCommand = fileURLToPath(new URL('../../sandbox/src/command.ts', import.meta.url))
const ids = ['--order', '57062885', '--borrower', '124927241']
const others = ['--other-order', '57062886', '--other-borrower', '124927242']
const account = { RECOVERYCONNECT_USERNAME: 'example-user', RECOVERYCONNECT_PASSWORD: 'example-password' }
const phones = '/api/v140/orders/57062885/borrowers/124927241/phones'

/** Without what this process may have been given for a live run. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('RECOVERYCONNECT_')),
)

function start(args: string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const token = { RECOVERYCONNECT_TOKEN: 'a-token-of-the-test' }
  return spawn(process.execPath, [command, ...args], { env: { ...environment, ...token, ...env } })
}

async function ended(child: ChildProcess) {
  let [stdout, stderr] = ['', '']
  child.stdout?.on('data', (chunk) => (stdout += chunk))
  child.stderr?.on('data', (chunk) => (stderr += chunk))
  const [code] = await once(child, 'close')
  return { code, stdout, stderr }
}

const run = (args: string[], env?: NodeJS.ProcessEnv) => ended(start(args, env))

/** A sandbox that runs on its own, as a server elsewhere would. */
let url: string
let server: ChildProcess
beforeAll(async () => {
  server = spawn(process.execPath, [sandboxCommand, '--port', '0'], { env: environment })
  const [line] = await once(server.stdout as NodeJS.ReadableStream, 'data')
  url = String(line).match(/http:\S+/)?.[0] as string
})
afterAll(() => server.kill())

const list = async (token = 'a-token-of-the-test') => {
  const answer = await fetch(url + phones, { headers: { authorization: `Bearer ${token}` } })
  return ((await answer.json()) as { data: { id: number; memo: string | null }[] }).data
}

describe('a run that ends', () => {
  test('gives the same report as the built-in target, and exits with 0', async () => {
    const options = ['--write', '--disposable', '--seed', '7', '--json']
    const { code, stdout } = await run(['--url', url, ...ids, ...others, ...options], account)
    const sandbox = await startSandbox({ port: 0 })
    const target = { ...documented, url: sandbox.url }
    const builtIn = await verify(target, { write: true, seed: 7 }).finally(sandbox.close)
    const { target: _, ...report } = JSON.parse(stdout)
    const { target: __, ...expected } = builtIn
    expect(report).toEqual(expected)
    expect(report.promises.filter(({ outcome }: { outcome: string }) => outcome !== 'held')).toEqual([])
    expect(code).toBe(0)
  })

  test('says in text what was left out, what is assumed, and the seed', async () => {
    const { code, stdout } = await run(['--url', url, ...ids, '--seed', '8'])
    expect(stdout).toContain('reads only, seed 8')
    expect(stdout).toMatch(/left out {2}\d+: it could write \(--write\)/)
    expect(stdout).toMatch(/confirmed +responses\/NotFound +404 came in the assumed shape/)
    expect(stdout).toMatch(/left open +responses\/ServerError/)
    expect(stdout).toMatch(/\d+ held, 0 broken, \d+ left out/)
    expect(code).toBe(0)
  })

  test('writes JUnit', async () => {
    const file = junitFile()
    await run(['--url', url, ...ids, '--seed', '9', '--junit', file])
    const xml = readFileSync(file, 'utf8')
    expect(xml).toMatch(/<testsuite name="[^"]+" tests="\d+" failures="0" errors="0" skipped="\d+">/)
    expect(xml).toContain('<testcase classname="listBorrowerPhones" name="list-answers: ')
    expect(xml).toContain('<property name="seed" value="9"/>')
    expect(xml).toContain('<property name="interrupted" value="false"/>')
    expect(xml).toMatch(/<property name="assumed [^"]*NotFound" value="confirmed: [^"]+"\/>/)
  })
})

function junitFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'recoveryconnect-junit-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'report.xml')
}

test('a broken promise is told with what was expected and seen, without number or token, and exits with 1', async () => {
  const wrong = createServer((_, response) => {
    const record = { id: '1', number: '202-555-0143', memo: 'a-token-of-the-test', 'a-token-of-the-test': 1 }
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ data: [record] }))
  }).listen(0, '127.0.0.1')
  await once(wrong, 'listening')
  onTestFinished(() => void wrong.close())
  const address = `http://127.0.0.1:${(wrong.address() as AddressInfo).port}`
  const file = junitFile()
  const { code, stdout, stderr } = await run(['--url', address, ...ids, '--seed', '1', '--junit', file])
  const xml = readFileSync(file, 'utf8')
  expect(xml).toMatch(/<testsuite name="[^"]+" tests="\d+" failures="[1-9]\d*" errors="\d+" skipped="\d+">/)
  expect(xml).toMatch(
    /<failure message="expected \/data\/\* has type [^"]*; seen it is missing; furthermore [^"]*"\/>/,
  )
  expect(xml).toMatch(/<property name="drift listBorrowerPhones" value="[^"]*\[redacted\], \d+ times"\/>/)
  expect(stdout).toMatch(
    /broken {2}listBorrowerPhones: .*\n +expected {2}\/data\/\* has type .*\n +seen +it is missing/,
  )
  expect(stdout + stderr + xml).not.toMatch(/202-?555-?0143|a-token/)
  expect(code).toBe(1)
})

describe('the live run that is part of `test`', () => {
  const live = (env: NodeJS.ProcessEnv) =>
    ended(spawn(process.execPath, [liveRun], { env: { ...environment, ...env } }))
  const variables = {
    RECOVERYCONNECT_URL: '',
    RECOVERYCONNECT_TOKEN: 'a-token-of-the-test',
    RECOVERYCONNECT_ORDER_ID: '57062885',
    RECOVERYCONNECT_BORROWER_ID: '124927241',
  }

  test('says in one line that there is no server', async () => {
    expect(await live(variables)).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^No live server: set RECOVERYCONNECT_URL.*\n$/),
      stderr: '',
    })
  })

  test('reads from the server that there is, and reports', async () => {
    const { code, stdout } = await live({ ...variables, RECOVERYCONNECT_URL: url })
    expect(stdout).toMatch(/reads only/)
    expect(stdout).toMatch(/\d+ held, 0 broken, \d+ left out/)
    expect(code).toBe(0)
  })

  test('fails where the server is named in part', async () => {
    const { code, stderr } = await live({ ...variables, RECOVERYCONNECT_URL: url, RECOVERYCONNECT_TOKEN: '' })
    expect(stderr).toMatch(/RECOVERYCONNECT_TOKEN/)
    expect(code).toBe(2)
  })
})

describe('a run that cannot be made exits with 2, and says what it takes', () => {
  test.each<[string, string[], NodeJS.ProcessEnv, RegExp]>([
    ['no server', ids, {}, /--url https:/],
    ['no borrower', ['--url', 'https://api.example.com'], {}, /--order ID --borrower ID/],
    [
      'no token',
      ['--url', 'https://api.example.com', ...ids],
      { RECOVERYCONNECT_TOKEN: '' },
      /RECOVERYCONNECT_TOKEN/,
    ],
    ['a token in the clear', ['--url', 'http://api.example.com', ...ids], {}, /https:\/\//],
    [
      'an id that is none',
      ['--url', 'https://api.example.com', '--order', 'x', '--borrower', '1'],
      {},
      /whole number/,
    ],
    ['a path in the URL', ['--url', 'https://api.example.com/api', ...ids], {}, /host alone/],
    ['an unknown option', ['--force'], {}, /--force/],
  ])('%s', async (_, args, env, message) => {
    const { code, stderr } = await run(args, env)
    expect(stderr).toMatch(message)
    expect(code).toBe(2)
  })

  test('nobody answers', async () => {
    const free = createServer().listen(0, '127.0.0.1')
    await once(free, 'listening')
    const { port } = free.address() as AddressInfo
    await new Promise((resolve) => free.close(resolve))
    const { code, stderr } = await run(['--url', `http://127.0.0.1:${port}`, ...ids])
    expect(stderr).toMatch(/gives no answer: .*ECONNREFUSED/)
    expect(code).toBe(2)
  })

  test.each([
    ['the token is refused', ids, 'sandbox-expired', /token is refused with 401/],
    ['the borrower is not there', ['--order', '1', '--borrower', '2'], 'a-token', /not found \(404\)/],
  ])('%s', async (_, args, token, message) => {
    const { code, stderr } = await run(['--url', url, ...args], { RECOVERYCONNECT_TOKEN: token })
    expect(stderr).toMatch(message)
    expect(code).toBe(2)
  })
})

describe('a run that is stopped while it writes', () => {
  /** Starts a run with a world of its own, and stops it as soon as a record of it is there. */
  async function stopped(token: string, signal: NodeJS.Signals) {
    const child = start(['--url', url, ...ids, '--write'], { RECOVERYCONNECT_TOKEN: token })
    const end = ended(child)
    while (!(await list(token)).some(({ memo }) => memo?.startsWith('recoveryconnect-verify'))) {
      if (child.exitCode !== null) throw new Error('The run ended before it was stopped.')
    }
    child.kill(signal)
    return end
  }

  test.each(['SIGINT', 'SIGTERM'] as const)('by %s removes what it created', async (signal) => {
    const { code, stdout, stderr } = await stopped(`stopped-by-${signal}`, signal)
    expect(await list(`stopped-by-${signal}`)).toHaveLength(2)
    expect(stderr).toContain('what was created is removed first')
    expect(stdout).toContain('Interrupted: ')
    expect(code).toBe(2)
  })

  test('while it waits for a rate limit does not wait on', async () => {
    const busy = createServer((_, response) => {
      // The first two requests are the run's own look at the server.
      const headers = { 'content-type': 'application/json', 'retry-after': '60' }
      if (++requests > 2)
        return response.writeHead(429, headers).end('{"message":"Later."}', () => child.kill('SIGINT'))
      return response.writeHead(200, headers).end('{"data":[]}')
    }).listen(0, '127.0.0.1')
    let requests = 0
    await once(busy, 'listening')
    onTestFinished(() => void busy.close())
    const child = start(['--url', `http://127.0.0.1:${(busy.address() as AddressInfo).port}`, ...ids])
    const { code, stdout } = await ended(child)
    expect(stdout).toContain('Interrupted: 0 held')
    expect(code).toBe(2)
  }, 50_000)

  test('by SIGKILL leaves its record to the next run, which removes it and nothing else', async () => {
    const token = 'stopped-by-SIGKILL'
    // The record of the stopped run may be gone in the same moment, so one is made that is surely left.
    await stopped(token, 'SIGKILL')
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
    expect((await list(token)).map(({ memo }) => memo)).toEqual([
      null,
      null,
      'recoveryconnect-verify is a fine tool',
    ])
  })
})
