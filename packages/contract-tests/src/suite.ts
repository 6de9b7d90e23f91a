import { type Check, type Need, skipReasons } from './check.ts'
import { checks } from './checks.ts'
import { model } from './operations.ts'
import { expectThat, Failed, RunEnded, Skipped } from './outcome.ts'
import { createRedactor, redact } from './redact.ts'
import type { Cause, Finding, Report } from './report.ts'
import { Run } from './run.ts'
import type { Target } from './server.ts'

export { exitCode, type Finding, type Report } from './report.ts'
export type { BorrowerIds, Target } from './server.ts'

export interface VerifyOptions {
  /** Also send requests that write, or that could write if the server is wrong. @default false */
  write?: boolean | undefined
  /** The seed of the random bodies. @default a random seed, which is in the report */
  seed?: number | undefined
  /** Ends the run early. The run still removes the records that it created. */
  signal?: AbortSignal | undefined
  /** Called with the result of each check as soon as it's available. */
  onFinding?: ((finding: Finding) => void) | undefined
}

/** The run can't start: the server doesn't respond, or it rejects the token or the ids of the first request. */
export class CannotRun extends Error {
  override readonly name = 'CannotRun'
}

/**
 * Runs the suite. It only reads, unless `write` is set. It removes every record that it creates. If you stop the run or
 * the server goes away, `interrupted` in the report is true.
 *
 * @throws {CannotRun} if the server doesn't respond, or rejects the list of the borrower with 401, 403 or 404.
 * @example
 * const report = await verify({ url, token, ids: { order_id: 57062885, borrower_id: 124927241 } })
 * if (exitCode(report) !== 0) console.error(report.because ?? report.checks)
 */
export async function verify(target: Target, options: VerifyOptions = {}): Promise<Report> {
  const { write = false, seed = Math.floor(Math.random() * 2 ** 31), signal } = options
  const { token, credentials } = target
  const clean = createRedactor([token, credentials?.password, credentials?.username])
  const run = new Run(target, { seed, write })
  const stop = () => run.stop()
  signal?.addEventListener('abort', stop)
  const blocked = await begin(run)
  const missing = findMissingNeeds(run, write)
  const findings: Finding[] = []
  const add = (finding: Finding) => {
    // Ids and titles come from the contract and stay. The rest may quote the server.
    const { id, operation, title, outcome, ...rest } = finding
    findings.push({ id, operation, title, outcome, ...redact(rest, clean) })
    options.onFinding?.(findings.at(-1) as Finding)
  }
  const leftBehind: number[] = []
  let because: string | undefined
  try {
    for (const check of checks) add(await runCheck(check, run, missing, blocked))
  } catch (error) {
    if (!(error instanceof RunEnded)) throw error
    because = clean(error.message)
  } finally {
    signal?.removeEventListener('abort', stop)
    if (write && run.target.remembers) add(await runCheck(cleanUp(leftBehind), run, [], blocked))
  }
  return {
    contract: model.version,
    target: new URL(target.url).origin,
    write,
    seed,
    interrupted: because !== undefined,
    ...(because !== undefined && { because }),
    checks: findings,
    causes: findCauses(findings),
    assumptions: run.assumptions.findings.map((one) => ({ ...one, because: clean(one.because) })),
    drift: redact([...run.drift.values()], clean),
    leftBehind,
  }
}

/** Every 5XX is the same fault, whatever was expected. A wrong shape is the same fault in a list and in one record. */
function describeCause({ expected, seen }: Failed): string {
  const text = /^5\d\d$/.test(seen) ? `seen ${seen}` : `expected ${expected}, seen ${seen}`
  return text.replaceAll('/data/*', '/data')
}

function findCauses(findings: Finding[]): Cause[] {
  const wrong = findings.filter(({ cause }) => cause !== undefined)
  const byCause = Map.groupBy(wrong, ({ cause = '' }) => cause)
  return [...byCause].map(([because, group]) => ({ because, checks: group.map(({ id }) => id) }))
}

export function countFindings({ remembers = true }: Target, write: boolean): number {
  return checks.length + Number(write && remembers)
}

/** @returns why the phones can't be listed, if the run must not write without knowing them. */
async function begin(run: Run): Promise<Failed | undefined> {
  const { origin } = new URL(run.target.url)
  const { status, unread } = await run.begin().catch((error: Error) => {
    if (error instanceof Failed) throw new CannotRun(`${origin} doesn't respond: ${error.seen}.`)
    throw error
  })
  if (status === 401 || status === 403)
    throw new CannotRun(`The server rejected the token with ${status}. Check RECOVERYCONNECT_TOKEN.`)
  if (status === 404)
    throw new CannotRun("The server doesn't have this order and borrower (404). Check the ids.")
  if (!unread || !run.target.remembers || run.target.disposable) return undefined
  run.own.mayWrite = false
  return unread
}

/** @throws {RunEnded} */
async function runCheck(check: Check, run: Run, missing: Need[], blocked?: Failed): Promise<Finding> {
  const { id, operation, title } = check
  const finding = { id, operation, title }
  const need = missing.find((one) => check.needs.includes(one))
  if (need) return { ...finding, outcome: 'skipped', because: skipReasons[need] }
  try {
    if (blocked && check.needs.includes('write')) throw blocked
    await check.run(run)
    return { ...finding, outcome: 'passed' }
  } catch (error) {
    if (error instanceof Skipped) return { ...finding, outcome: 'skipped', because: error.message }
    if (!(error instanceof Failed)) throw error
    const { seen, step } = error
    const failure = { expected: `${error.expected} ${error.where}`.trim(), seen, cause: describeCause(error) }
    return step === undefined || step === operation
      ? { ...finding, outcome: 'failed', ...failure }
      : { ...finding, outcome: 'not asked', because: `${step} failed first`, ...failure }
  } finally {
    await run.removeRecords().catch(() => {}) // The end of the run removes the rest.
  }
}

/** Removes what is left, as a check of the run itself. */
function cleanUp(leftBehind: number[]): Check {
  return {
    id: 'leaves-nothing-behind',
    operation: 'the run itself',
    title: 'Every record that the run created is gone when it ends.',
    needs: ['write'],
    async run(run) {
      leftBehind.push(...(await run.end()))
      const { length } = leftBehind
      expectThat(length === 0, 'no record with the marker of this run', `${length} of them`)
    },
  }
}

/** The needs that the target or the options of the run don't meet. */
function findMissingNeeds({ target, offersOnDemand }: Run, write: boolean): Need[] {
  const { remembers, disposable, proxied, other, credentials } = target
  const isMet: Record<Need, boolean> = {
    memory: remembers,
    direct: !proxied,
    disposable,
    write,
    'other borrower': other !== undefined,
    credentials: credentials !== undefined,
    'responses on demand': offersOnDemand,
  }
  return (Object.keys(skipReasons) as Need[]).filter((need) => !isMet[need])
}
