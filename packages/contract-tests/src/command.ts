import { writeFile } from 'node:fs/promises'
import { parseArgs, styleText } from 'node:util'
import { renderJUnit } from './junit.ts'
import { showProgress } from './progress.ts'
import { exitCode, renderReport } from './report.ts'
import { type BorrowerIds, CannotRun, countFindings, type Target, verify } from './suite.ts'

const help = `Usage: recoveryconnect-verify --url URL --order ID --borrower ID [options]

Checks a server against the RecoveryConnect API contract. The command only reads, unless you pass --write.

  --url URL              the API, such as https://api.example.com   RECOVERYCONNECT_URL
  --order ID             an order set aside for the checks          RECOVERYCONNECT_ORDER_ID
  --borrower ID          a borrower of that order                   RECOVERYCONNECT_BORROWER_ID
  --other-order ID       the order of a second borrower, who must   RECOVERYCONNECT_OTHER_ORDER_ID
  --other-borrower ID    not see any record of the first            RECOVERYCONNECT_OTHER_BORROWER_ID
                         the bearer token                           RECOVERYCONNECT_TOKEN
                         an account, to check the login             RECOVERYCONNECT_USERNAME, RECOVERYCONNECT_PASSWORD

  --write                also create, update, and delete records of its own, with fictitious numbers
  --disposable           allow checks that may destroy data: for a sandbox or a mock
  --stateless            skip checks that need a server with memory: for a mock
  --seed N               repeat the random requests of an earlier run
  --json                 print the report as JSON
  --junit FILE           write the report as JUnit XML
  --help                 show this help

Exit codes:
  0  every check passed
  1  a check failed or couldn't be asked
  2  the run couldn't start or finish
`

try {
  process.exitCode = await main()
} catch (error) {
  console.error(styleText('red', (error as Error).message, { stream: process.stderr }))
  process.exitCode = 2
}

async function main(): Promise<number> {
  const values = parseArguments()
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const target = targetOf(values)
  const progress = showProgress(process.stderr, countFindings(target, values.write))
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      progress.end()
      console.error('Stopping. Removing the records that the run created.')
      stop.abort()
    })
  }
  const report = await verify(target, {
    write: values.write,
    signal: stop.signal,
    onFinding: progress.show,
    ...(values.seed !== undefined && { seed: parseWholeNumber(values.seed, '--seed') }),
  }).finally(progress.end)
  process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : renderReport(report))
  // Comes last, so that the report is printed even if the file can't be written.
  if (values.junit !== undefined) await writeFile(values.junit, renderJUnit(report))
  return exitCode(report)
}

function parseArguments() {
  return parseArgs({
    options: {
      url: { type: 'string', default: process.env.RECOVERYCONNECT_URL ?? '' },
      order: { type: 'string', default: process.env.RECOVERYCONNECT_ORDER_ID ?? '' },
      borrower: { type: 'string', default: process.env.RECOVERYCONNECT_BORROWER_ID ?? '' },
      'other-order': { type: 'string', default: process.env.RECOVERYCONNECT_OTHER_ORDER_ID ?? '' },
      'other-borrower': { type: 'string', default: process.env.RECOVERYCONNECT_OTHER_BORROWER_ID ?? '' },
      write: { type: 'boolean', default: false },
      disposable: { type: 'boolean', default: false },
      stateless: { type: 'boolean', default: false },
      seed: { type: 'string' },
      json: { type: 'boolean', default: false },
      junit: { type: 'string' },
      help: { type: 'boolean' },
    },
  }).values
}

function targetOf(values: ReturnType<typeof parseArguments>): Target {
  const ids = idsOf(values.order, values.borrower, '--order and --borrower')
  if (!ids)
    throw new CannotRun('Pass an order and a borrower set aside for the checks: --order ID --borrower ID.')
  const other = idsOf(values['other-order'], values['other-borrower'], '--other-order and --other-borrower')
  const { RECOVERYCONNECT_TOKEN: token, RECOVERYCONNECT_USERNAME: username } = process.env
  const password = process.env.RECOVERYCONNECT_PASSWORD
  if (!token) throw new CannotRun('Set the environment variable RECOVERYCONNECT_TOKEN to the bearer token.')
  return {
    url: parseUrl(values.url),
    token,
    ids,
    ...(other && { other }),
    ...(username && password && { credentials: { username, password } }),
    remembers: !values.stateless,
    disposable: values.disposable,
  }
}

function idsOf(order: string, borrower: string, names: string): BorrowerIds | undefined {
  if (!order && !borrower) return undefined
  return { order_id: parseWholeNumber(order, names), borrower_id: parseWholeNumber(borrower, names) }
}

function parseWholeNumber(text: string, names: string): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(number)) return number
  throw new CannotRun(`${names}: use whole numbers.`)
}

/** @throws {CannotRun} for a URL that would send the token unencrypted over a network. */
function parseUrl(text: string): string {
  if (!URL.canParse(text))
    throw new CannotRun('Pass the URL of the server, such as --url https://api.example.com.')
  const { protocol, hostname, pathname, origin } = new URL(text)
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback))
    throw new CannotRun('--url must start with https://. Only a server on this machine may use http://.')
  if (pathname !== '/')
    throw new CannotRun("--url must be the host alone, without a path. The contract's paths start with /api.")
  return origin
}
