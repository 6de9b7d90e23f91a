/** Renders judgements: as text, and as JUnit XML, which most CI systems read. */
import { styleText } from 'node:util'
import { calls } from './contract.ts'
import type { Judgement, Verdict } from './judge.ts'

/** 0: every case passed; 1: a case failed; 2: the run didn't finish. */
export function exitCode({ interrupted, verdicts }: Judgement): 0 | 1 | 2 {
  if (interrupted) return 2
  return verdicts.some(({ outcome }) => outcome === 'failed') ? 1 : 0
}

/** Renders the table, with colors if stdout is a terminal that supports them. */
export function renderTable({ verdicts }: Judgement): string {
  const groups = Map.groupBy(verdicts, ({ fault }) => fault)
  const width = Math.max(0, ...[...groups.keys()].map((fault) => fault.length))
  const rows = [...groups].flatMap(([fault, group]) => [
    [fault.padEnd(width), ...calls.map((call) => renderOutcome(group.find((one) => one.call === call)))].join(
      '  ',
    ),
    ...renderProblems(group),
  ])
  const failed = verdicts.filter(({ outcome }) => outcome === 'failed').length
  return [
    [' '.repeat(width), ...calls.map((call) => call.padEnd(6))].join('  ').trimEnd(),
    ...rows,
    '',
    `${verdicts.length - failed} passed, ${failed} failed`,
    '',
  ].join('\n')
}

function renderOutcome(verdict: Verdict | undefined): string {
  if (!verdict) return ''.padEnd(6)
  return styleText(verdict.outcome === 'passed' ? 'green' : 'red', verdict.outcome)
}

/** Each sentence once, with the calls that it is about. */
function renderProblems(group: Verdict[]): string[] {
  const found = group.flatMap(({ call, problems }) => problems.map((problem) => ({ call, problem })))
  return [...Map.groupBy(found, ({ problem }) => problem)].map(
    ([problem, about]) => `    ${about.map(({ call }) => call).join(', ')}: ${problem}`,
  )
}

/** Each case is a test case. */
export function renderJUnit({ verdicts }: Judgement): string {
  const failures = verdicts.filter(({ outcome }) => outcome === 'failed').length
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="recoveryconnect-faults" tests="${verdicts.length}" failures="${failures}" errors="0" skipped="0">`,
    ...verdicts.map(renderCase),
    '</testsuite>',
    '',
  ].join('\n')
}

function renderCase({ fault, call, outcome, expected, seen, problems }: Verdict): string {
  const open = `  <testcase classname="${escapeXml(fault)}" name="${call}"`
  if (outcome === 'passed') return `${open}/>`
  const message = `${problems.join(' ')} Expected ${expected}; seen ${seen}.`
  return `${open}><failure message="${escapeXml(message)}"/></testcase>`
}

function escapeXml(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replace(/[&<>"]/g, (character) => names[character] as string)
}
