/** The guide that lists every claim of the contract that the vendor's document does not make. */
import { contract, nameOf, operations, type Schema } from './contract.ts'

type Mark = 'x-assumed' | 'x-source' | 'x-question'

interface Claim {
  text: string
  /** Where it stands, in Markdown; more than one place may make the same claim. */
  places: string[]
}

/** Markdown without a title; operations are linked as `operation:…`. */
export function assumptions(): string {
  const assumed = claims('x-assumed')
  const sourced = claims('x-source')
  const questions = claims('x-question')
  return `This site says plainly what the vendor's document says. All else is marked in the contract and listed here:
${counted(assumed, 'assumption')}, ${counted(sourced, 'fact')} from another page of the vendor, ${counted(questions, 'question')} that only the vendor can
answer.

### What we would ask the vendor

${questions.map(({ text, places }, index) => `${index + 1}. **${text}** (${places.join(', ')})`).join('\n')}

### What we assume, and why

${table(assumed, 'Reason')}

### What another page of the vendor says

${table(sourced, 'Source')}
`
}

function counted(claims: Claim[], name: string): string {
  return `${claims.length} ${name}${claims.length === 1 ? '' : 's'}`
}

function table(rows: Claim[], reason: string): string {
  const lines = rows.map(({ text, places }) => `| ${places.join('<br>')} | ${text.replaceAll('|', '\\|')} |`)
  return [`| Where | ${reason} |`, '|---|---|', ...lines].join('\n')
}

function claims(mark: Mark): Claim[] {
  const found = new Map<string, string[]>()
  for (const { path, text } of marked(contract, mark)) {
    const place = placeOf(path)
    const places = found.get(text) ?? []
    if (!places.includes(place)) places.push(place)
    found.set(text, places)
  }
  return [...found].map(([text, places]) => ({ text, places }))
}

function* marked(
  node: unknown,
  mark: Mark,
  path: string[] = [],
): Generator<{ path: string[]; text: string }> {
  if (typeof node !== 'object' || node === null) return
  for (const [key, value] of Object.entries(node))
    if (key === mark) yield { path, text: String(value).trim().replaceAll('\n', ' ') }
    else yield* marked(value, mark, [...path, key])
}

/** A place in the contract in a reader's words. */
function placeOf(path: string[]): string {
  const [first, second = '', third = ''] = path
  if (first === 'paths') return operationPlace(second, third)
  if (first !== 'components') return 'the server'
  if (second === 'schemas') return `\`${[third, ...fieldNames(path.slice(3))].join('.')}\``
  if (second === 'parameters') return `\`${parameterName(third)}\` in the path`
  if (second === 'responses') return `status ${statusesOf(third).join(', ')}`
  if (second === 'examples') return `the example "${contract.components.examples[third]?.summary}"`
  return `\`${path.slice(1).join('.')}\``
}

function operationPlace(path: string, method: string): string {
  const found = operations.find((item) => item.path === path && item.method === method.toUpperCase())
  return found ? `[${found.title}](operation:${found.id})` : `\`${path}\``
}

function fieldNames(path: string[]): string[] {
  return path.filter((part, index) => path[index - 1] === 'properties' && part !== 'properties')
}

function parameterName(key: string): string {
  const parameters = contract.components as unknown as { parameters: Record<string, { name: string }> }
  return parameters.parameters[key]?.name ?? key
}

function statusesOf(response: string): string[] {
  return [...(statuses.get(response) ?? [])]
}

/** The statuses that each shared answer stands for. */
const statuses = new Map<string, Set<string>>()
for (const item of Object.values(contract.paths).flatMap((methods) => Object.values(methods)))
  for (const [status, answer] of Object.entries(
    (item as { responses?: Record<string, Schema> }).responses ?? {},
  )) {
    const name = nameOf(answer)
    if (name) statuses.set(name, (statuses.get(name) ?? new Set()).add(status))
  }
