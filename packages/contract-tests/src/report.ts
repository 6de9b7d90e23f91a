import { styleText } from 'node:util'
import type { AssumptionFinding } from './assumptions.ts'
import { model } from './operations.ts'
import type { Drift } from './validate-response.ts'

export interface Finding {
  id: string
  operation: string
  title: string
  /** `not asked`: an earlier step failed, so the result is unknown. */
  outcome: 'passed' | 'failed' | 'not asked' | 'skipped'
  expected?: string
  seen?: string
  /** Why the check was skipped, or which earlier step failed. */
  because?: string
  /** Its cause in the report, if it failed or wasn't asked. */
  cause?: string
}

/** One fault, and the ids of the checks that failed or couldn't be asked because of it. */
export interface Cause {
  because: string
  checks: string[]
}

export interface Report {
  /** `info.version` of the contract. */
  contract: string
  target: string
  write: boolean
  seed: number
  /** Whether the run ended early, and why. */
  interrupted: boolean
  because?: string
  checks: Finding[]
  causes: Cause[]
  assumptions: AssumptionFinding[]
  drift: (Drift & { times: number })[]
  /** Ids of records that this run created and couldn't remove. */
  leftBehind: number[]
}

/** 0: every check passed; 1: a check failed or couldn't be asked; 2: the run didn't finish. */
export function exitCode({ interrupted, checks }: Report): 0 | 1 | 2 {
  if (interrupted) return 2
  return checks.some(({ outcome }) => outcome === 'failed' || outcome === 'not asked') ? 1 : 0
}

/** Renders the report as text, with colors if stdout is a terminal that supports them. */
export function renderReport(report: Report): string {
  const { target, contract, write, seed } = report
  return [
    `${target}, checked against contract ${contract} (${write ? 'reads and writes' : 'reads only'}, seed ${seed})`,
    '',
    ...renderCauses(report),
    ...renderSkipped(report),
    ...renderAssumptions(report),
    ...renderDrift(report),
    ...renderLeftBehind(report),
    renderSummary(report),
    '',
  ].join('\n')
}

/** Each cause once, as the first check that failed shows it, with all its checks. */
function renderCauses({ checks, causes }: Report): string[] {
  return causes.flatMap(({ checks: ids }) => {
    // "failed" comes before "not asked".
    const order = (one: Finding, other: Finding) => one.outcome.localeCompare(other.outcome)
    const all = checks.filter(({ id }) => ids.includes(id)).sort(order)
    const { outcome, operation, title, expected, seen } = all[0] as Finding
    return [
      `${styleText('red', outcome)}  ${operation}: ${title}`,
      `        expected  ${expected}`,
      `        seen      ${seen}`,
      `        in ${all.length} ${all.length === 1 ? 'check' : 'checks'}`,
      ...all.map((one) => `          ${one.outcome.padEnd('not asked'.length)}  ${one.id}`),
      '',
    ]
  })
}

function renderSkipped({ checks }: Report): string[] {
  const skipped = checks.filter(({ outcome }) => outcome === 'skipped')
  const groups = Map.groupBy(skipped, ({ because }) => because)
  const label = styleText('yellow', 'skipped')
  const lines = [...groups].map(([because, { length }]) => `${label}  ${length}: ${because}`)
  return lines.length > 0 ? [...lines, ''] : []
}

function renderAssumptions({ assumptions }: Report): string[] {
  const styles = { contradicted: 'red', confirmed: 'green', 'left open': 'dim' } as const
  const order = Object.keys(styles)
  const place = (at: string) => {
    const { id = '', pointer = '' } = model.operations.find((one) => at.startsWith(`${one.pointer}/`)) ?? {}
    return at.replace(pointer, id).replace('#/components/', '').replace('/properties/', '.')
  }
  const width = Math.max(...assumptions.map(({ pointer }) => place(pointer).length))
  const rows = assumptions
    .toSorted((one, other) => order.indexOf(one.outcome) - order.indexOf(other.outcome))
    .map(
      ({ pointer, outcome, because }) =>
        `  ${styleText(styles[outcome], outcome.padEnd(12))}  ${place(pointer).padEnd(width)}  ${because}`,
    )
  return ['What the contract assumes', ...rows, '']
}

function renderDrift({ drift }: Report): string[] {
  if (drift.length === 0) return []
  const rows = drift.map(
    ({ operation, kind, what, times }) => `  ${operation}  ${kind} ${what}  (${times} times)`,
  )
  return ["What the contract doesn't document", ...rows, '']
}

function renderLeftBehind({ leftBehind }: Report): string[] {
  if (leftBehind.length === 0) return []
  const text = `Left behind: records ${leftBehind.join(', ')}. The next run with --write removes them.`
  return [styleText('red', text), '']
}

function renderSummary({ checks, causes, interrupted, because }: Report): string {
  const count = (outcome: Finding['outcome']) => checks.filter((check) => check.outcome === outcome).length
  const notAsked = count('not asked') > 0 ? `, ${count('not asked')} not asked` : ''
  const counts = `${count('passed')} passed, ${count('failed')} failed${notAsked}, ${count('skipped')} skipped`
  const { length } = causes
  const text = length > 0 ? `${counts} (${length} ${length === 1 ? 'cause' : 'causes'})` : counts
  return interrupted ? `Interrupted: ${text}. ${because}.` : text
}
