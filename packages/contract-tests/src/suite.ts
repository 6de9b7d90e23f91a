/** Holds a server to every promise of the contract. */
import { contract } from './contract.ts'
import { Broken, type ContractPromise, Unready } from './promise.ts'
import { promises } from './promises.ts'
import { redacted, redactor } from './redact.ts'
import type { Finding, Report } from './report.ts'
import { Gone, Interrupted, LeftOut, Run } from './run.ts'
import type { Target } from './wire.ts'

export { exitCode, type Finding, type Report } from './report.ts'
export type { Ids, Target } from './wire.ts'

export interface VerifyOptions {
  /** Send what writes, or could write if the server is wrong. @default false */
  write?: boolean
  /** Makes the generated requests. @default a random one; the report names it */
  seed?: number
  /** Ends the run early; what it created is removed first. */
  signal?: AbortSignal
  /** Is told of each promise as soon as it was looked at. */
  onFinding?: (finding: Finding) => void
}

/** Nothing could be found out: no connection, or the server refused token or ids at the first request. */
export class CannotRun extends Error {
  override readonly name = 'CannotRun'
}

/**
 * Runs the suite. Reads only, unless `write` is set; what it creates it removes. A run that did not get to its end, since it
 * was stopped or the server went away, is `interrupted`, whatever its promises say.
 *
 * @throws {CannotRun} if there is no connection, or the list of the borrower is refused with 401, 403 or 404.
 * @example
 * const report = await verify({ url, token, ids: { order_id: 57062885, borrower_id: 124927241 } })
 * if (exitCode(report) !== 0) console.error(report.because ?? report.promises)
 */
export async function verify(target: Target, options: VerifyOptions = {}): Promise<Report> {
  const { write = false, seed = Math.floor(Math.random() * 2 ** 31), signal, onFinding } = options
  const { token, credentials } = target
  const clean = redactor([token, credentials?.password, credentials?.username])
  // Names and sentences of a promise are the contract's and stay; the rest may hold what a server said.
  const shown = ({ id, operation, says, outcome, ...rest }: Finding): Finding => ({
    id,
    operation,
    says,
    outcome,
    ...redacted(rest, clean),
  })
  const run = new Run(target, { seed, write })
  const stop = () => run.stop()
  signal?.addEventListener('abort', stop)
  const onDemand = await begin(run, write)
  const found: Finding[] = []
  const leftBehind: number[] = []
  let stopped: string | undefined
  try {
    for (const promise of promises) {
      const finding = signal?.aborted ? undefined : await look(promise, run, write, onDemand)
      if (!finding) {
        stopped = 'It was told to stop'
        break
      }
      const one = shown(finding)
      found.push(one)
      onFinding?.(one)
    }
  } catch (error) {
    if (!(error instanceof Gone)) throw error
    stopped = clean(error.message)
  } finally {
    signal?.removeEventListener('abort', stop)
    if (write && run.remembers) found.push(shown(await cleanUp(run, leftBehind)))
  }
  return {
    contract: contract.info.version,
    target: new URL(target.url).origin,
    write,
    seed,
    interrupted: stopped !== undefined,
    ...(stopped !== undefined && { because: stopped }),
    promises: found,
    assumptions: run.assumptions.findings.map((one) => ({ ...one, because: clean(one.because) })),
    drift: redacted([...run.drift.values()], clean),
    leftBehind,
  }
}

async function begin(run: Run, write: boolean): Promise<boolean> {
  const { origin } = new URL(run.target.url)
  const { status, isRead } = await run.begin().catch((error: Error) => {
    if (error instanceof Broken) throw new CannotRun(`${origin} gives no answer: ${error.seen}.`)
    throw error
  })
  if (status === 401 || status === 403) throw new CannotRun(`The token is refused with ${status}.`)
  if (status === 404) throw new CannotRun('The order and borrower are not found (404).')
  if (write && !isRead && run.remembers && !run.disposable) {
    throw new CannotRun(`The phones that are there cannot be listed (${status}), so nothing is written.`)
  }
  return run.answersOnDemand()
}

/** Undefined where the run was told to stop. */
async function look(
  promise: ContractPromise,
  run: Run,
  write: boolean,
  onDemand: boolean,
): Promise<Finding | undefined> {
  const { id, operation, says } = promise
  const because = reasonToLeaveOut(promise, run.target, write, onDemand)
  if (because) return { id, operation, says, outcome: 'left out', because }
  try {
    await promise.check(run)
    return { id, operation, says, outcome: 'held' }
  } catch (error) {
    if (error instanceof Interrupted) return undefined
    if (error instanceof LeftOut) return { id, operation, says, outcome: 'left out', because: error.message }
    if (!(error instanceof Broken)) throw error
    const { expected, seen } = error
    if (error instanceof Unready && error.step !== operation)
      return { id, operation, says, outcome: 'not asked', because: `${error.step} before it`, expected, seen }
    return { id, operation, says, outcome: 'broken', expected, seen }
  } finally {
    await run.tidy().catch(() => {}) // What is left is looked for at the end.
  }
}

/** The promise of the run itself. */
async function cleanUp(run: Run, leftBehind: number[]): Promise<Finding> {
  const promise = {
    id: 'leaves-nothing-behind',
    operation: 'the run itself',
    says: 'What a run created is gone when it ends.',
  }
  const expected = 'no record with the marker of this run'
  try {
    leftBehind.push(...(await run.end()))
  } catch (error) {
    if (!(error instanceof Broken)) throw error
    return {
      ...promise,
      outcome: 'broken',
      expected,
      seen: `${error.seen}; the next run with --write looks again`,
    }
  }
  if (leftBehind.length === 0) return { ...promise, outcome: 'held' }
  return { ...promise, outcome: 'broken', expected, seen: `${leftBehind.length} of them` }
}

function reasonToLeaveOut(
  { where, writes, destroys, provokes, needs }: ContractPromise,
  { remembers = true, disposable = false, proxied = false, other, credentials }: Target,
  write: boolean,
  onDemand: boolean,
): string | undefined {
  if (where === 'memory' && !remembers) return 'the target has no memory'
  if (provokes && proxied) return 'the proxy answers it by itself'
  if (destroys && !disposable) return 'it is for servers made for tests (--disposable)'
  if (writes && !write) return 'it could write (--write)'
  if (needs === 'other-borrower' && !other)
    return 'no other borrower is named (--other-order, --other-borrower)'
  if (needs === 'credentials' && !credentials)
    return 'no credentials are given (RECOVERYCONNECT_USERNAME, RECOVERYCONNECT_PASSWORD)'
  if (needs === 'on-demand' && !onDemand) return 'the server gives no answers on demand (Prefer)'
  return undefined
}
