/** The report as JUnit XML, which most CI systems read. */
import type { Finding, Report } from './report.ts'

/** The checks are test cases. Everything else is a property. */
export function renderJUnit(report: Report): string {
  const { target, checks } = report
  const count = (outcome: Finding['outcome']) => checks.filter((check) => check.outcome === outcome).length
  const [failures, errors, skipped] = [count('failed'), count('not asked'), count('skipped')]
  const counts = `tests="${checks.length}" failures="${failures}" errors="${errors}" skipped="${skipped}"`
  const properties = propertiesOf(report).map(
    ([name, value]) => `    <property name="${escapeXml(name)}" value="${escapeXml(value)}"/>`,
  )
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="${escapeXml(target)}" ${counts}>`,
    '  <properties>',
    ...properties,
    '  </properties>',
    ...checks.map(renderCase),
    '</testsuite>',
    '',
  ].join('\n')
}

function renderCase({ id, operation, title, outcome, expected, seen, because }: Finding): string {
  const open = `  <testcase classname="${escapeXml(operation)}" name="${escapeXml(`${id}: ${title}`)}"`
  if (outcome === 'passed') return `${open}/>`
  const found = `expected ${expected}; seen ${seen}`
  const inner = {
    skipped: `<skipped message="${escapeXml(because)}"/>`,
    'not asked': `<error message="${escapeXml(`${because}: ${found}`)}"/>`,
    failed: `<failure message="${escapeXml(found)}"/>`,
  }[outcome]
  return `${open}>${inner}</testcase>`
}

/** The name and the value of each property. */
function propertiesOf(report: Report): string[][] {
  const { contract, seed, write, interrupted, because, assumptions, drift, leftBehind } = report
  return [
    ['contract', contract],
    ['seed', String(seed)],
    ['write', String(write)],
    ['interrupted', interrupted ? (because ?? '') : 'false'],
    ...assumptions.map((one) => [`assumed ${one.pointer}`, `${one.outcome}: ${one.because}`]),
    ...drift.map(({ operation, kind, what, times }) => [
      `drift ${operation}`,
      `${kind} ${what}, ${times} times`,
    ]),
    ...leftBehind.map((id) => ['left behind', String(id)]),
  ]
}

function escapeXml(text = ''): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replace(/[&<>"]/g, (character) => names[character] as string)
}
