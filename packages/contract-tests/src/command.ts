#!/usr/bin/env node
/** The command `recoveryconnect-verify`. */
import { writeFile } from 'node:fs/promises'
import { parseArgs, styleText } from 'node:util'
import { progressOn } from './progress.ts'
import { exitCode, renderJUnit, renderReport } from './report.ts'
import { CannotRun, type Ids, type Target, verify } from './suite.ts'

const help = `Usage: recoveryconnect-verify --url URL --order ID --borrower ID [options]

Holds a server to the RecoveryConnect API contract. Reads only, unless --write is given.

  --url URL              the API, such as https://api.example.com   RECOVERYCONNECT_URL
  --order ID             an order set aside for this                RECOVERYCONNECT_ORDER_ID
  --borrower ID          its borrower                               RECOVERYCONNECT_BORROWER_ID
  --other-order ID       a second borrower, to see that nothing     RECOVERYCONNECT_OTHER_ORDER_ID
  --other-borrower ID    of the first shows up there                RECOVERYCONNECT_OTHER_BORROWER_ID
                         the bearer token                           RECOVERYCONNECT_TOKEN
                         an account, to try the login with          RECOVERYCONNECT_USERNAME, RECOVERYCONNECT_PASSWORD

  --write                also create, change and delete: own records alone, with fictitious numbers
  --disposable           everything on the server may be destroyed: for a sandbox or a mock
  --stateless            leave out what takes memory: for a mock
  --seed N               make the generated requests of an earlier run again
  --json                 print the report as JSON
  --junit FILE           write the report as JUnit XML
  --help                 show this

Exit code: 0 every promise held, 1 one did not or could not be asked, 2 the run could not be made or did not get to its end.
`

try {
  process.exitCode = await run()
} catch (error) {
  console.error(styleText('red', (error as Error).message, { stream: process.stderr }))
  process.exitCode = 2
}

async function run(): Promise<number> {
  const { values } = parseArgs({
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
  })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const progress = progressOn(process.stderr)
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      progress.end()
      console.error('Stopping: what was created is removed first.')
      stop.abort()
    })
  }
  const report = await verify(targetOf(values), {
    write: values.write,
    signal: stop.signal,
    onFinding: progress.show,
    ...(values.seed !== undefined && { seed: wholeNumber(values.seed, '--seed') }),
  }).finally(progress.end)
  const colour = process.stdout.hasColors?.() ?? false
  process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : renderReport(report, colour))
  // After the report, which a file that cannot be written must not cost.
  if (values.junit !== undefined) await writeFile(values.junit, renderJUnit(report))
  return exitCode(report)
}

function targetOf(values: Record<string, unknown>): Target {
  const ids = idsOf(values.order, values.borrower, '--order and --borrower')
  if (!ids) throw new CannotRun('Name an order and a borrower set aside for this: --order ID --borrower ID.')
  const other = idsOf(values['other-order'], values['other-borrower'], '--other-order and --other-borrower')
  const { RECOVERYCONNECT_TOKEN: token, RECOVERYCONNECT_USERNAME: username } = process.env
  const password = process.env.RECOVERYCONNECT_PASSWORD
  if (!token) throw new CannotRun('Put the bearer token into the environment, as RECOVERYCONNECT_TOKEN.')
  return {
    url: urlOf(String(values.url)),
    token,
    ids,
    ...(other && { other }),
    ...(username && password && { credentials: { username, password } }),
    remembers: !values.stateless,
    disposable: values.disposable === true,
  }
}

function idsOf(order: unknown, borrower: unknown, names: string): Ids | undefined {
  if (!order && !borrower) return undefined
  return { order_id: wholeNumber(order, names), borrower_id: wholeNumber(borrower, names) }
}

function wholeNumber(text: unknown, name: string): number {
  const number = Number(text)
  if (/^\d+$/.test(String(text)) && Number.isSafeInteger(number)) return number
  throw new CannotRun(`${name}: whole numbers are needed.`)
}

/** A token must not cross a network in the clear. */
function urlOf(text: string): string {
  if (!URL.canParse(text)) throw new CannotRun('Name the server: --url https://api.example.com.')
  const { protocol, hostname, pathname, origin } = new URL(text)
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback)) {
    throw new CannotRun('--url must start with https://; http:// is for this machine alone.')
  }
  if (pathname !== '/') throw new CannotRun('--url is the host alone: the contract’s paths start with /api.')
  return origin
}
