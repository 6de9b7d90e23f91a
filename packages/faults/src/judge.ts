/** Judges a client in any language: runs it under each fault, and compares what it does with what it must do. */
import { randomBytes } from 'node:crypto'
import { Adapter, isLate } from './adapter.ts'
import { createCase, createWarmUp } from './cases.ts'
import { type Call, calls } from './contract.ts'
import { faults } from './faults.ts'
import type { FaultEntry } from './list.ts'
import { tokenPrefix } from './personal-data.ts'
import { type RunningFaults, startFaults } from './server.ts'
import { findProblems } from './verdict.ts'

export interface JudgeOptions {
  /** The program and the arguments that start the adapter. */
  command: readonly string[]
  /** The names of faults. @default all of them */
  only?: readonly string[] | undefined
  /** How much longer than its deadline a call may take, in milliseconds. @default 5000 */
  graceMs?: number | undefined
  /** Ends the run early. */
  signal?: AbortSignal | undefined
  /** Called with each verdict as soon as it's available. */
  onVerdict?: ((verdict: Verdict) => void) | undefined
}

export interface Verdict {
  fault: string
  call: Call
  outcome: 'passed' | 'failed'
  /** The outcome that is right, and the most requests. */
  expected: string
  /** The outcome that the adapter reported, and the number of requests that arrived. */
  seen: string
  /** What a user of the client suffers, one sentence each. */
  problems: string[]
}

export interface Judgement {
  /** Whether the run ended early. */
  interrupted: boolean
  verdicts: Verdict[]
}

/** The judge can't start: a fault doesn't exist, or the adapter doesn't reply. */
export class CannotJudge extends Error {
  override readonly name = 'CannotJudge'
}

/**
 * Judges a client. An adapter that ends, hangs or prints nonsense fails its case and is started again.
 *
 * @throws {CannotJudge} if `only` names an unknown fault, or the adapter doesn't reply to a call without a fault.
 * @example
 * const { verdicts } = await judge({ command: ['python3', 'adapter.py'] })
 * for (const { fault, call, problems } of verdicts) if (problems.length) console.log(fault, call, ...problems)
 */
export async function judge(options: JudgeOptions): Promise<Judgement> {
  const { command, graceMs = 5_000, signal, onVerdict } = options
  const names = chooseFaults(options.only)
  const server = await startFaults({ port: 0 })
  const adapter = new Adapter(command, graceMs)
  const stop = () => adapter.end()
  signal?.addEventListener('abort', stop)
  const verdicts: Verdict[] = []
  try {
    if (!signal?.aborted) await tryOut(adapter, server)
    for (const [name, call] of names.flatMap((name) => calls.map((call) => [name, call] as const))) {
      const verdict = await judgeCase(server, adapter, name, call)
      if (signal?.aborted) break
      verdicts.push(verdict)
      onVerdict?.(verdict)
    }
  } finally {
    signal?.removeEventListener('abort', stop)
    adapter.end()
    await server.close()
  }
  return { interrupted: signal?.aborted ?? false, verdicts }
}

/** @throws {CannotJudge} if a name is unknown */
export function countCases(only?: readonly string[]): number {
  return chooseFaults(only).length * calls.length
}

/** @throws {CannotJudge} if a name is unknown */
function chooseFaults(only: readonly string[] = []): string[] {
  const names: string[] = faults.map(({ name }) => name)
  const unknown = only.find((name) => !names.includes(name))
  if (unknown !== undefined)
    throw new CannotJudge(`There is no fault ${JSON.stringify(unknown)}. There are ${names.join(', ')}.`)
  return only.length ? names.filter((name) => only.includes(name)) : names
}

/** Makes a call without a fault. @throws {CannotJudge} if the adapter doesn't reply */
async function tryOut(adapter: Adapter, { faults }: RunningFaults): Promise<void> {
  const harmless = faults.find(({ name }) => name === 'field-added') as FaultEntry
  const heard = await adapter.ask(createWarmUp(harmless, `${tokenPrefix}of-a-first-call`))
  if ('reply' in heard) return
  const hint = heard.problem === isLate ? ' Does it end its reply with a line break, and flush stdout?' : ''
  throw new CannotJudge(`The adapter didn't reply to a first call without a fault. ${heard.problem}${hint}`)
}

async function judgeCase(
  server: RunningFaults,
  adapter: Adapter,
  name: string,
  call: Call,
): Promise<Verdict> {
  const find = ({ faults }: RunningFaults) => faults.find((one) => one.name === name) as FaultEntry
  const { warm_up } = find(server)
  // On a port of its own, so that the connection that the client uses again is the one of the read before it.
  const own = warm_up ? await startFaults({ port: 0 }) : server
  try {
    const entry = find(own)
    const token = `${tokenPrefix}${randomBytes(8).toString('hex')}`
    const sent = createCase(entry, call, token)
    if (warm_up) await adapter.ask(createWarmUp(entry, token))
    const heard = await adapter.ask(sent)
    const arrivals = own.arrivals(name, token)
    const problems =
      'reply' in heard ? findProblems({ entry, call, sent, arrivals, ...heard }) : [heard.problem]
    const { outcome, or, arrivals: most } = entry.expect[call]
    return {
      fault: name,
      call,
      outcome: problems.length ? 'failed' : 'passed',
      expected: `${outcome}${or ? ` or ${or}` : ''}, ${countRequests(most)} at most`,
      seen: `${'reply' in heard ? heard.reply.outcome : 'no reply'}, ${countRequests(arrivals.requests[sent.operation])}`,
      problems,
    }
  } finally {
    if (warm_up) await own.close()
  }
}

function countRequests(count = 0): string {
  return count === 1 ? '1 request' : `${count} requests`
}
