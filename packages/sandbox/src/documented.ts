/** The answers that the contract itself gives as examples, and `Prefer`, which asks for one of them. */
import type { ContractOperation } from './operation.ts'
import { Refusal } from './refusal.ts'

export interface Answer {
  status: number
  headers: Record<string, string>
  body: unknown
}

/**
 * The example for this status, under its own name or its range; undefined if the contract documents neither.
 * Where the range has examples, but none for this status, the body says the status and nothing else.
 *
 * @param name of the example; the first one by default.
 */
export function documented(operation: ContractOperation, status: number, name?: string): Answer | undefined {
  const code = operation.answers[status] ? String(status) : rangeOf(status)
  const answers = operation.answers[code]
  if (!answers) return undefined
  const examples = answers.examples.filter((example) => (example.status ?? Number(code)) === status)
  const example = name ? examples.find((one) => one.name === name) : examples[0]
  if (example) return { status, headers: answers.headers, body: example.body }
  return name ? undefined : { status, headers: answers.headers, body: { message: `Status ${status}` } }
}

/** Whether the contract shows an example for exactly this status. */
export function isDocumented({ answers }: ContractOperation, status: number): boolean {
  if (answers[status]) return true
  return answers[rangeOf(status)]?.examples.some((example) => example.status === status) === true
}

/**
 * The static answer that `Prefer: code=…, example=…` asks for, with Prism's meaning: a status, or a range as the
 * contract writes it. Undefined if it asks for none.
 *
 * @throws {Refusal} 400 if the contract has no such answer.
 * @example preferred(operation, 'code=422, example=flag-refused')
 */
export function preferred(operation: ContractOperation, header: string | undefined): Answer | undefined {
  if (!header) return undefined
  const code = /(?:^|[\s,;])code="?([^\s,;"]+)/i.exec(header)?.[1]?.toUpperCase()
  const name = /(?:^|[\s,;])example="?([^\s,;"]+)/i.exec(header)?.[1]
  if (!code && !name) return undefined
  const answer = /^\d{3}$/.test(code ?? '')
    ? documented(operation, Number(code), name)
    : among(operation, code, name)
  if (answer) return answer
  throw new Refusal(400, {
    message: `Prefer: no such answer is documented. There are: ${choices(operation)}.`,
  })
}

export function rangeOf(status: number): string {
  return `${Math.floor(status / 100)}XX`
}

/** The first example of this name, in the answers of this code where one is given. */
function among(
  operation: ContractOperation,
  code: string | undefined,
  name: string | undefined,
): Answer | undefined {
  for (const [key, { headers, examples }] of Object.entries(operation.answers)) {
    if (code && code !== key) continue
    const example = examples.find((one) => one.name === (name ?? one.name))
    if (example) return { status: example.status ?? Number(key), headers, body: example.body }
  }
  return undefined
}

function choices({ answers }: ContractOperation): string {
  return Object.entries(answers)
    .map(([status, { examples }]) => `${status} (${examples.map(({ name }) => name).join(', ')})`)
    .join('; ')
}
