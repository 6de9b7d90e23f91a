/** Every program in the client's README runs as printed against the sandbox, and the one from an order also against the mock. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startMock } from '@recoveryconnect/mock'
import { startSandbox } from '@recoveryconnect/sandbox'
import { expect, onTestFinished, test } from 'vitest'

const readme = await readFile(new URL('../../client/README.md', import.meta.url), 'utf8')
const programs = [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code)
const [first = ''] = programs
const fromOrder = programs.filter((code) => code.includes('rc.borrowers.list({ order_id: 57062885 })'))

const numbered = programs.map((code, n): [number, string] => [n + 1, code])
test.each(numbered)('program %i runs against the sandbox', async (_, code) => {
  // Programs without a server of their own would call production.
  expect(code).toMatch(/'http:\/\/127\.0\.0\.1:4020'|readEnvironment\(\)|createSandboxFetch\(\)/)
  // It rejects if the program fails.
  expect(await runProgram(code, await start(startSandbox))).not.toBe('')
})

test('the first program prints what the README says, and finds its own phone when it runs again', async () => {
  const [, printed = ''] = /^```text\n([\s\S]*?)^```$/m.exec(readme) ?? []
  const sandbox = await start(startSandbox)
  expect(await runProgram(first, sandbox)).toBe(printed)
  expect(await runProgram(first, sandbox)).toBe(printed.replace('phones: 2', 'phones: 3').replace('81', '82'))
})

const numbers = "[ '678-932-1578', '887-213-6744' ]\n"
test.each([
  ['the sandbox, where a second borrower has no phones', startSandbox, `${numbers}[]\n`],
  ['the mock', startMock, numbers],
])('the program from an order to its numbers prints those of %s', async (_, startServer, printed) => {
  expect(fromOrder).toHaveLength(1)
  expect(await runProgram(fromOrder[0] ?? '', await start(startServer))).toBe(printed)
})

async function start(startServer: typeof startSandbox | typeof startMock): Promise<string> {
  const { url, close } = await startServer({ port: 0 })
  onTestFinished(() => close())
  return url
}

/** Runs a program in this package, where the client's name resolves. Only the address of the server is replaced. */
async function runProgram(code: string, url: string): Promise<string> {
  const report = fileURLToPath(new URL('../report/', import.meta.url))
  await mkdir(report, { recursive: true })
  const folder = await mkdtemp(join(report, 'readme-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'program.mts')
  await writeFile(file, code.replace('http://127.0.0.1:4020', url))
  const env = { ...process.env, RECOVERYCONNECT_URL: url, RECOVERYCONNECT_TOKEN: 'any-token' }
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], { env })
  expect(stderr).toBe('')
  return stdout
}
