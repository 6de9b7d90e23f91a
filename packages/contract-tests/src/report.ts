import { styleText } from 'node:util'
import type { AssumptionFinding } from './assumptions.ts'
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
    ...renderFailures(report),
    ...renderReasons(report),
    ...renderAssumptions(report),
    ...renderDrift(report),
    ...renderLeftBehind(report),
    renderSummary(report),
    '',
  ].join('\n')
}

function renderFailures({ checks }: Report): string[] {
  const failed = checks.filter(({ outcome }) => outcome === 'failed')
  return failed.flatMap(({ id, operation, title, expected, seen }) => [
    `${styleText('red', 'failed')}  ${operation}: ${title}`,
    `        expected  ${expected}`,
    `        seen      ${seen}`,
    `        check     ${id}`,
    '',
  ])
}

function renderReasons({ checks }: Report): string[] {
  const lines = (['not asked', 'skipped'] as const).flatMap((outcome) => {
    const all = checks.filter((check) => check.outcome === outcome)
    const groups = Map.groupBy(all, ({ because = '', expected, seen }) =>
      seen === undefined ? because : `${because}: expected ${expected}, seen ${seen}`,
    )
    const label = styleText(outcome === 'skipped' ? 'yellow' : 'red', outcome)
    return [...groups].map(([because, { length }]) => `${label}  ${length}: ${because}`)
  })
  return lines.length > 0 ? [...lines, ''] : []
}

function renderAssumptions({ assumptions }: Report): string[] {
  const styles = { contradicted: 'red', confirmed: 'green', 'left open': 'dim' } as const
  const order = Object.keys(styles)
  const place = (pointer: string) => pointer.replace('#/components/', '').replace('/properties/', '.')
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

function renderSummary({ checks, interrupted, because }: Report): string {
  const count = (outcome: Finding['outcome']) => checks.filter((check) => check.outcome === outcome).length
  const notAsked = count('not asked') > 0 ? `, ${count('not asked')} not asked` : ''
  const text = `${count('passed')} passed, ${count('failed')} failed${notAsked}, ${count('skipped')} skipped`
  return interrupted ? `Interrupted: ${text}. ${because}.` : text
}
