/** Renders the promises as a table in Markdown, for the READMEs of our clients. */
import { type Call, calls } from './contract.ts'
import type { Expectation } from './expectation.ts'
import { expectations } from './expectations.ts'
import { faults } from './faults.ts'

/**
 * Renders what a client of ours does under each fault: the outcome of each call, and how often it is sent at most, if
 * that's more than once.
 *
 * @example renderPromises() // '| Fault | Read | Update | Delete | Create | A create may have been carried out |…'
 */
export function renderPromises(): string {
  const head = ['Fault', 'Read', 'Update', 'Delete', 'Create', 'A create may have been carried out']
  const rows = faults.map(({ name, title }) => {
    const expected: Record<Call, Expectation> = expectations[name]
    const { outcome, may_have_been_carried_out } = expected.create
    const mayHave = outcome === 'ok' ? '' : may_have_been_carried_out ? 'yes' : 'no'
    return [title, ...calls.map((call) => renderOutcome(expected[call])), mayHave]
  })
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((cells) => cells[column]?.length ?? 0)),
  )
  const line = (cells: string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

function renderOutcome({ outcome, or, runtime_decides, attempts }: Expectation): string {
  const name = (one: Expectation['outcome']) => (one === 'ok' ? 'success' : `\`${one}\``)
  const names = or && runtime_decides ? `${name(outcome)} or ${name(or)}` : name(outcome)
  return attempts > 1 ? `${names} (${attempts}×)` : names
}
