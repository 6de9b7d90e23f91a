/** The command, as people and CI systems use it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, test } from 'vitest'
import type { Judgement, Verdict } from '../src/judge.ts'
import { showProgress } from '../src/progress.ts'
import { exitCode, renderJUnit, renderTable } from '../src/report.ts'

const command = fileURLToPath(new URL('../src/bin.ts', import.meta.url))
const tiny = fileURLToPath(new URL('tiny-adapter.ts', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'recoveryconnect-faults-'))
afterAll(() => rm(folder, { recursive: true }))

function start(...args: string[]) {
  return spawn(process.execPath, [command, ...args], { env: { ...process.env, NO_COLOR: '1' } })
}

async function run(...args: string[]) {
  const child = start(...args)
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const [code] = await once(child, 'close')
  return { code, stdout, stderr }
}

const judgeTiny = (...options: string[]) => run('judge', ...options, '--', process.execPath, tiny, 'none')

describe.concurrent('the command', () => {
  test('starts a server that lists its faults, until it gets a signal', async ({ expect }) => {
    const child = start('--port', '0')
    let output = ''
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      output += chunk
      if (output.includes('/faults')) break
    }
    const [list = ''] = /http:\S+\/faults$/m.exec(output) ?? []
    const faults = await (await fetch(list)).json()
    expect(output).toContain(`${faults.length} faults`)
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
  })

  test('judges, prints the table, and exits with 0 if everything passed', async ({ expect }) => {
    expect(await judgeTiny('--only', '400', '--only', '401')).toEqual({
      code: 0,
      stderr: '',
      stdout: [
        '     read    update  delete  create',
        '400  passed  passed  passed  passed',
        '401  passed  passed  passed  passed',
        '',
        '8 passed, 0 failed',
        '',
      ].join('\n'),
    })
  })

  test('shows each problem once with its calls, and exits with 1', async ({ expect }) => {
    const { code, stdout } = await judgeTiny('--only', 'no-contact-contradicted')
    expect(stdout).toMatch(
      /^no-contact-contradicted {2}passed {2}failed {2}passed {2}failed\n {4}update, create: The /m,
    )
    expect(stdout).toContain('2 passed, 2 failed')
    expect(code).toBe(1)
  })

  test('prints JSON and writes JUnit', async ({ expect }) => {
    const file = join(folder, 'report.xml')
    const { code, stdout } = await judgeTiny('--only', 'paged-links', '--json', '--junit', file)
    const { interrupted, verdicts }: Judgement = JSON.parse(stdout)
    expect(interrupted).toBe(false)
    expect(verdicts.map(({ fault, call, outcome }) => `${fault} ${call} ${outcome}`)).toEqual([
      'paged-links read failed',
      'paged-links update passed',
      'paged-links delete passed',
      'paged-links create passed',
    ])
    expect(await readFile(file, 'utf8')).toBe(renderJUnit({ interrupted, verdicts }))
    expect(code).toBe(1)
  })

  test('exits with 2 if it is stopped, and stops the adapter', async ({ expect, onTestFinished }) => {
    const server = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    // It stops the judge when it gets its first case, and never replies.
    const adapter = `require('node:net').connect(${port}, '127.0.0.1')
      process.stdin.once('data', () => process.kill(process.ppid, 'SIGINT'))`
    const stopped = run('judge', '--', process.execPath, '--eval', adapter)
    const [socket] = await once(server, 'connection')
    await once(
      socket.on('error', () => {}),
      'close',
    )
    expect((await stopped).code).toBe(2)
  })

  test('ends although a process that the adapter started keeps its pipes open', async ({ expect }) => {
    const options = ['--only', 'headers-never-arrive', '--grace', '500']
    const { code } = await run('judge', ...options, '--', process.execPath, tiny, 'fork')
    expect(code).toBe(1)
  })

  test.for([
    [['judge'], /how to start the adapter/],
    [['judge', '--', 'no-such-program'], /can't be started.*no-such-program/],
    [['judge', '--only', 'reset', '--', 'any'], /no fault "reset"/],
    [['judge', '--grace', 'soon', '--', 'any'], /--grace must be a number/],
    [['jugde'], /no command "jugde"/],
    [['--port', '65536'], /--port must be a number from 0 to 65535, not "65536"/],
    [['--host', '0.0.0.0'], /only on this machine/],
    [['--prot', '1'], /--prot/],
  ] as const)('%j exits with 2 and one clear line', async ([args, message], { expect }) => {
    const { code, stdout, stderr } = await run(...args)
    expect(stderr).toMatch(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })

  test('shows its help', async ({ expect }) => {
    const { code, stdout } = await run('--help')
    expect(stdout).toMatch(/judge \[options\] -- COMMAND/)
    expect(code).toBe(0)
  })
})

const verdict = (problems: string[]): Verdict => ({
  fault: '400',
  call: 'read',
  outcome: problems.length ? 'failed' : 'passed',
  expected: 'refused, 1 request at most',
  seen: 'ok, 2 requests',
  problems,
})

test('a report escapes XML, and a run that was stopped has the exit code 2', ({ expect }) => {
  const judgement = { interrupted: false, verdicts: [verdict(['"1" < 2 & 3.']), verdict([])] }
  expect(renderJUnit(judgement)).toContain('&quot;1&quot; &lt; 2 &amp; 3. Expected refused')
  expect(renderJUnit(judgement)).toMatch(/tests="2" failures="1"/)
  expect(renderTable({ interrupted: true, verdicts: [] })).toContain('0 passed, 0 failed')
  expect(
    [judgement, { ...judgement, interrupted: true }, { interrupted: false, verdicts: [] }].map(exitCode),
  ).toEqual([1, 2, 0])
})

test('the progress is one line on a terminal, and nothing elsewhere', ({ expect }) => {
  for (const isTTY of [true, false]) {
    const written: string[] = []
    const progress = showProgress({ isTTY, columns: 12, write: (text) => written.push(text) }, 2)
    progress.show(verdict([]))
    progress.end()
    expect(written).toEqual(isTTY ? ['\r\u001b[K1 of 2  400', '\r\u001b[K'] : [])
  }
})
