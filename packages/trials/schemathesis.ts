/** Runs Schemathesis with all its checks on the sandbox and on the mock, each with three new seeds. */
import { execFile } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startMock } from '@recoveryconnect/mock'
import { startSandbox } from '@recoveryconnect/sandbox'
import { findOperation, readModel } from '@recoveryconnect/spec/model'

interface SchemathesisTrial {
  name: string
  start(): Promise<{ url: string; close(): Promise<void> }>
  /** The configuration of Schemathesis. */
  config?: string
  /** Failures that a document explains may remain. */
  explainedIn?: string
}

/** What the report of a run says. */
interface Report {
  stop_reason: string
  failures: { code: string; title: string; count: number; operations: string[] }[]
  errors: object[]
}

const run = promisify(execFile)
const release = 'schemathesis==4.32.5'
const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const work = pathOf('dist/schemathesis/')
const contract = fileURLToPath(import.meta.resolve('@recoveryconnect/spec/openapi.json'))

export const schemathesisTrials: readonly SchemathesisTrial[] = [
  {
    name: 'schemathesis-sandbox',
    // Otherwise, it accepts invalid tokens, and random ids and numbers can ask for a failure.
    start: () => startSandbox({ port: 0, tokens: 'issued', onDemand: false }),
    config: pathOf('schemathesis-sandbox.toml'),
  },
  {
    name: 'schemathesis-mock',
    start: () => startMock({ port: 0 }),
    explainedIn: pathOf('../mock/README.md'),
  },
]

/** Runs the trials one after the other. @returns whether each failure has an explanation. */
export async function runSchemathesis(chosen: readonly SchemathesisTrial[]): Promise<boolean> {
  if (chosen.length === 0) return true
  await mkdir(work, { recursive: true })
  try {
    await run('python3', ['-m', 'venv', 'venv'], { cwd: work })
  } catch {
    console.log('schemathesis: skipped, because it needs Python with venv')
    return true
  }
  await run('venv/bin/pip', ['install', '--quiet', '--disable-pip-version-check', release], { cwd: work })
  let passed = true
  for (const trial of chosen) {
    for (let left = 3; left > 0; left -= 1) {
      const seed = randomInt(2 ** 31)
      const problems = await runOnce(trial, seed)
      passed &&= problems.length === 0
      console.log(`${trial.name} with seed ${seed}: ${problems.join('; ') || 'passed'}`)
    }
  }
  return passed
}

/** Returns the failures that have no explanation. */
async function runOnce({ name, start, config, explainedIn }: SchemathesisTrial, seed: number) {
  const server = await start()
  try {
    const report = `${name}-${seed}.json`
    const options = ['--url', server.url, '--checks', 'all', '--seed', String(seed)]
    options.push('--header', `Authorization: Bearer ${await logIn(server.url)}`)
    options.push('--report', 'json', '--report-json-path', report)
    const args = [...(config ? ['--config-file', config] : []), 'run', contract, ...options]
    // It exits with 1 if there are failures. The report says which.
    const output = await run('venv/bin/schemathesis', args, { cwd: work }).catch((error) => error)
    const text = await readFile(work + report, 'utf8').catch(() => {
      throw new Error(`Schemathesis wrote no report: ${output.stdout}${output.stderr}`)
    })
    const explanations = explainedIn ? await readFile(explainedIn, 'utf8') : ''
    return findProblems(JSON.parse(text), explanations)
  } finally {
    await server.close()
  }
}

async function logIn(url: string): Promise<string> {
  const { method, path, body } = findOperation(readModel(), 'createAccessToken')
  const response = await fetch(url + path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body?.examples[0]?.value),
  })
  return ((await response.json()) as { access_token: string }).access_token
}

/** @param explanations a text that names the codes of failures which may remain, such as `ST401`. */
export function findProblems({ failures, errors, stop_reason }: Report, explanations: string): string[] {
  const problems = failures
    .filter(({ code }) => !explanations.includes(code))
    .map(({ code, title, operations }) => `${code} ${title} (${operations.join(', ')})`)
  if (errors.length > 0) problems.push(`errors (${errors.length}): see the report in ${work}`)
  if (stop_reason !== 'completed') problems.push(`stopped: ${stop_reason}`)
  return problems
}
