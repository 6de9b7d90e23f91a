/** The report of a run, for machines and for people. */
import { styleText } from 'node:util'
import type { AssumptionFinding } from './assumptions.ts'
import type { Drift } from './judge.ts'

export interface Finding {
  id: string
  operation: string
  says: string
  /** `not asked`: a step before it did not succeed, so nothing is known. */
  outcome: 'held' | 'broken' | 'not asked' | 'left out'
  /** Where it was broken, or the step before it was. */
  expected?: string
  seen?: string
  /** Why it was left out, or which step before it failed. */
  because?: string
}

export interface Report {
  /** `info.version` of the contract. */
  contract: string
  target: string
  write: boolean
  seed: number
  /** Whether the run did not get to its end, and why. */
  interrupted: boolean
  because?: string
  promises: Finding[]
  assumptions: AssumptionFinding[]
  drift: (Drift & { times: number })[]
  /** Ids of records that this run created and could not remove. */
  leftBehind: number[]
}

type Style = Parameters<typeof styleText>[0]

/** 0 where every promise held, 1 where one did not or could not be asked, 2 where the run did not get to its end. */
export function exitCode({ interrupted, promises }: Report): 0 | 1 | 2 {
  if (interrupted) return 2
  return promises.some(({ outcome }) => outcome === 'broken' || outcome === 'not asked') ? 1 : 0
}

/**
 * The report as text.
 *
 * @param colour whether the text is for a terminal. @default false
 */
export function renderReport(report: Report, colour = false): string {
  const paint = (style: Style, text: string) =>
    colour ? styleText(style, text, { validateStream: false }) : text
  return [
    `${report.target}, held to contract ${report.contract} (${report.write ? 'reads and writes' : 'reads only'}, seed ${report.seed})`,
    '',
    ...promisesIn(report, paint),
    ...assumptionsIn(report, paint),
    ...driftIn(report),
    ...leftBehindIn(report, paint),
    summary(report),
    '',
  ].join('\n')
}

function promisesIn({ promises }: Report, paint: (style: Style, text: string) => string): string[] {
  const broken = promises.filter(({ outcome }) => outcome === 'broken')
  const lines = broken.flatMap(({ id, operation, says, expected, seen }) => [
    `${paint('red', 'broken')}  ${operation}: ${says}`,
    `        expected  ${expected}`,
    `        seen      ${seen}`,
    `        promise   ${id}`,
    '',
  ])
  const reasons = (['not asked', 'left out'] as const).flatMap((kind) => {
    const all = promises.filter(({ outcome }) => outcome === kind)
    const groups = Map.groupBy(all, ({ because = '', expected, seen }) =>
      seen === undefined ? because : `${because}: expected ${expected}, seen ${seen}`,
    )
    return [...groups].map(
      ([because, { length }]) =>
        `${paint(kind === 'left out' ? 'yellow' : 'red', kind)}  ${length}: ${because}`,
    )
  })
  return [...lines, ...reasons, ...(reasons.length > 0 ? [''] : [])]
}

function assumptionsIn({ assumptions }: Report, paint: (style: Style, text: string) => string): string[] {
  const styles = { confirmed: 'green', contradicted: 'red', 'left open': 'dim' } as const
  const place = (at: string) => at.replace('#/components/', '').replace('/properties/', '.')
  const width = Math.max(...assumptions.map(({ at }) => place(at).length))
  const order = ['contradicted', 'confirmed', 'left open']
  const rows = assumptions
    .toSorted((one, other) => order.indexOf(one.outcome) - order.indexOf(other.outcome))
    .map(
      ({ at, outcome, because }) =>
        `  ${paint(styles[outcome], outcome.padEnd(12))}  ${place(at).padEnd(width)}  ${because}`,
    )
  return ['What the contract assumes', ...rows, '']
}

function driftIn({ drift }: Report): string[] {
  if (drift.length === 0) return []
  const rows = drift.map(
    ({ operation, kind, what, times }) => `  ${operation}  ${kind} ${what}  (${times} times)`,
  )
  return ['What the contract does not know', ...rows, '']
}

function leftBehindIn({ leftBehind }: Report, paint: (style: Style, text: string) => string): string[] {
  if (leftBehind.length === 0) return []
  return [
    paint(
      'red',
      `Left behind: the records ${leftBehind.join(', ')}. The next run with --write removes them.`,
    ),
    '',
  ]
}

function summary({ promises, interrupted, because }: Report): string {
  const count = (outcome: Finding['outcome']) => promises.filter((one) => one.outcome === outcome).length
  const notAsked = count('not asked') > 0 ? `, ${count('not asked')} not asked` : ''
  const text = `${count('held')} held, ${count('broken')} broken${notAsked}, ${count('left out')} left out`
  return interrupted ? `Interrupted: ${text}. ${because}.` : text
}

/** The report in JUnit's XML, which most CI systems read. What is no promise stands among the properties. */
export function renderJUnit(report: Report): string {
  const { target, promises } = report
  const cases = promises.map(({ id, operation, says, outcome, expected, seen, because }) => {
    const open = `  <testcase classname="${xml(operation)}" name="${xml(`${id}: ${says}`)}"`
    if (outcome === 'held') return `${open}/>`
    const found = `expected ${expected}; seen ${seen}`
    const inner = {
      'left out': `<skipped message="${xml(because)}"/>`,
      'not asked': `<error message="${xml(`${because}: ${found}`)}"/>`,
      broken: `<failure message="${xml(found)}"/>`,
    }[outcome]
    return `${open}>${inner}</testcase>`
  })
  const count = (text: string) => cases.filter((one) => one.includes(text)).length
  const head = `<testsuite name="${xml(target)}" tests="${cases.length}" failures="${count('<failure')}" errors="${count('<error')}" skipped="${count('<skipped')}">`
  const known = propertiesOf(report).map(
    ([name, value]) => `    <property name="${xml(name)}" value="${xml(value)}"/>`,
  )
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    head,
    '  <properties>',
    ...known,
    '  </properties>',
    ...cases,
    '</testsuite>',
    '',
  ].join('\n')
}

function propertiesOf(report: Report): [name: string, value: string][] {
  const { contract, seed, write, interrupted, because, assumptions, drift, leftBehind } = report
  return [
    ['contract', contract],
    ['seed', String(seed)],
    ['write', String(write)],
    ['interrupted', interrupted ? (because ?? '') : 'false'],
    ...assumptions.map(({ at, outcome, because }): [string, string] => [
      `assumed ${at}`,
      `${outcome}: ${because}`,
    ]),
    ...drift.map(({ operation, kind, what, times }): [string, string] => [
      `drift ${operation}`,
      `${kind} ${what}, ${times} times`,
    ]),
    ...leftBehind.map((id): [string, string] => ['left behind', String(id)]),
  ]
}

function xml(text = ''): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replace(/[&<>"]/g, (character) => names[character] as string)
}
