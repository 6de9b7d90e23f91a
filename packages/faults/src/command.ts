import { writeFile } from 'node:fs/promises'
import { parseArgs, styleText } from 'node:util'
import { countCases, judge } from './judge.ts'
import { showProgress } from './progress.ts'
import { exitCode, renderJUnit, renderTable } from './report.ts'
import { startFaults } from './server.ts'

const help = `Usage: recoveryconnect-faults [--port PORT] [--host HOST]
       recoveryconnect-faults judge [options] -- COMMAND [ARGUMENT ...]

Breaks the RecoveryConnect API in every way that networks, proxies, and servers do. Nothing leaves this machine.

Without "judge", starts a server that lists its faults at /faults.

  --port PORT    port to listen on (default 4050); 0 picks any free port
  --host HOST    address of this machine to listen on (default 127.0.0.1)

With "judge", starts an adapter for your client and a fault server of its own, makes each call under each
fault, and says what the client does wrong. The README shows how to write an adapter in 30 lines.

  --only FAULT   judge only this fault, such as 400; can be repeated
  --grace MS     how much longer than its deadline a call may take (default 5000)
  --json         print the verdicts as JSON
  --junit FILE   write the verdicts as JUnit XML
  --help         show this help

Example: recoveryconnect-faults judge --only 400 -- python3 adapter.py

Exit codes of "judge":
  0  the client does what it must
  1  the client does something wrong
  2  the run couldn't start or finish
`

try {
  process.exitCode = await main()
} catch (error) {
  console.error(styleText('red', (error as Error).message, { stream: process.stderr }))
  process.exitCode = 2
}

async function main(): Promise<number> {
  const { values, positionals } = parseArguments()
  const [name, ...command] = positionals
  if (values.help) process.stdout.write(help)
  else if (name === 'judge') return runJudge(values, command)
  else if (name !== undefined)
    throw new Error(`There is no command ${JSON.stringify(name)}. Did you mean "judge"?`)
  else await serve(values)
  return 0
}

type Values = ReturnType<typeof parseArguments>['values']

function parseArguments() {
  return parseArgs({
    allowPositionals: true,
    options: {
      port: { type: 'string', default: '4050' },
      host: { type: 'string', default: '127.0.0.1' },
      only: { type: 'string', multiple: true },
      grace: { type: 'string', default: '5000' },
      json: { type: 'boolean', default: false },
      junit: { type: 'string' },
      help: { type: 'boolean' },
    },
  })
}

async function serve({ port, host }: Values): Promise<void> {
  const server = await startFaults({ port: parseNumber(port, '--port', 65_535), host })
  console.log(`The fault server is listening on ${server.url}`)
  console.log(`It lists its ${server.faults.length} faults at ${server.url}/faults`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.close())
}

async function runJudge({ only, grace, json, junit }: Values, command: string[]): Promise<number> {
  if (command.length === 0)
    throw new Error('Say how to start the adapter: recoveryconnect-faults judge -- python3 adapter.py')
  const progress = showProgress(process.stderr, countCases(only))
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort())
  const graceMs = parseNumber(grace, '--grace', 2 ** 31 - 1)
  const judgement = await judge({
    command,
    only,
    graceMs,
    signal: stop.signal,
    onVerdict: progress.show,
  }).finally(progress.end)
  process.stdout.write(json ? `${JSON.stringify(judgement, null, 2)}\n` : renderTable(judgement))
  // Comes last, so that the verdicts are printed even if the file can't be written.
  if (junit !== undefined) await writeReport(junit, renderJUnit(judgement))
  return exitCode(judgement)
}

async function writeReport(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch(({ message }: Error) => {
    throw new Error(`The file of --junit can't be written: ${message}.`)
  })
}

function parseNumber(text: string, name: string, most: number): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && number <= most) return number
  throw new Error(`${name} must be a number from 0 to ${most}, not ${JSON.stringify(text)}.`)
}
