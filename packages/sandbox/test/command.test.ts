import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { borrower, sandbox } from './calls.ts'
import { start } from './kill.ts'

const command = fileURLToPath(new URL('../src/command.ts', import.meta.url))

function run(args: string[], env: Record<string, string> = {}) {
  return spawnSync(process.execPath, [command, ...args], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', ...env },
  })
}

test('it prints its URL, handles requests and ends on Ctrl-C', async () => {
  const { process: child, call } = await start()
  expect((await call('GET', borrower)).body.data).toHaveLength(2)
  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([0, null])
})

test("Ctrl-C doesn't wait for a response that a fault delays", async () => {
  const { process: child, call } = await start()
  await call('POST', '/__sandbox/faults', { delay_ms: 600_000 })
  const waiting = call('GET', borrower)
  while ((await call('GET', '/__sandbox/faults')).body.faults.length > 0);
  child.kill('SIGINT')
  await expect(waiting).rejects.toThrow()
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('--help names every option', () => {
  const { stdout, status } = run(['--help'])
  expect(status).toBe(0)
  for (const option of [
    '--port',
    '--host',
    '--state',
    '--seed',
    '--control',
    '--tokens',
    '--no-on-demand',
    '--page-size',
    '--record-bodies',
    'SANDBOX_PORT',
  ]) {
    expect(stdout).toContain(option)
  }
})

test('the options for tokens, failures, pages and bodies reach the sandbox', async () => {
  const options = ['--tokens', 'issued', '--no-on-demand', '--page-size', '1', '--record-bodies']
  const { process: child, call } = await start(...options)
  onTestFinished(() => void child.kill())
  expect((await call('GET', borrower)).status).toBe(401)
  const login = { username: 'partner-a', password: 'wrong' }
  const token = (await call('POST', '/api/v140/auth', login, { token: '' })).body.access_token
  expect((await call('GET', borrower, undefined, { token })).body.meta.total).toBe(2)
  const { requests } = (await call('GET', '/__sandbox/log', undefined, { token })).body
  expect(requests[1].body).toEqual(login)
})

test('a port that is taken is an error with one line', async () => {
  const { url } = await sandbox()
  const { stderr, status } = run([], { SANDBOX_PORT: new URL(url).port })
  expect(status).toBe(1)
  expect(stderr).toMatch(new RegExp(`^Port ${new URL(url).port} .* is taken.*--port.*\\n$`))
})

test.each([
  [['--port', 'http'], /--port.*0 to 65535.*"http"/],
  [['--port', '70000'], /--port.*0 to 65535/],
  [['--tokens', 'none'], /--tokens.*any or issued/],
  [['--page-size', '0'], /--page-size.*positive integer/],
  [['--nonsense'], /--nonsense/],
  [['file'], /file/],
  [['--seed', 'nowhere.yaml'], /nowhere\.yaml/],
])('%j is an error with one line', (args, reason) => {
  const { stderr, stdout, status } = run(args)
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr).toMatch(reason)
  expect(stderr).not.toMatch(/\n\s+at /)
})
