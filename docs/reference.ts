/** The whole reference as Markdown: every operation, field, status and example. The plain HTML page is made of it. */
import { isDeepStrictEqual } from 'node:util'
import {
  type Answer,
  type Body,
  contract,
  type Example,
  marksOf,
  nameOf,
  type Operation,
  operations,
  resolve,
  type Schema,
  server,
} from './contract.ts'

/** @example await writeFile('reference.md', reference()) */
export function reference(): string {
  const { title, summary, version, description } = contract.info
  return joined([
    `# ${title}`,
    `${summary} Contract ${version}, server \`${server}\`.`,
    description,
    contents(),
    ...operations.map(operationText),
    '## Failures',
    'These answers are the same for every operation that lists their status.',
    ...failures().map(answerText),
    '## Schemas',
    'Objects may carry further fields: ignore those that you do not know.',
    ...Object.entries(contract.components.schemas).map(([name, schema]) => schemaText(name, schema)),
  ])
}

/** The anchor of a heading, as Markdown viewers make it. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 _-]/g, '')
    .replaceAll(' ', '-')
}

function contents(): string {
  const lines = operations.map(
    ({ title, method, path }) => `- [${title}](#${anchorOf(title)}): \`${method} ${path}\``,
  )
  return [...lines, '- [Failures](#failures)', '- [Schemas](#schemas)'].join('\n')
}

function operationText(operation: Operation): string {
  const { title, method, path, description, secured, parameters, request, answers } = operation
  return joined([
    `## ${title}`,
    `\`${method} ${path}\`${secured ? '' : ' · needs no token'}`,
    description,
    parameters.length > 0 &&
      table(
        ['In the path', 'Type', 'Meaning'],
        parameters.map((parameter) => [
          `\`${parameter.name}\``,
          typeOf(parameter.schema),
          `${parameter.description} Example: \`${parameter.example}\`.${marksOf(parameter)}`,
        ]),
      ),
    request &&
      `**Body** ${schemaLink(request.schema)}, ${request.required ? 'required' : 'optional'}. ${request.description}`,
    request && examplesText(request.examples),
    ...answers.filter(isOwn).map(ownText),
    `**Failures** ${answers
      .filter((answer) => !isOwn(answer))
      .map(({ status }) => `[${status}](#${anchorOf(statusHeading(status))})`)
      .join(', ')}`,
  ])
}

function ownText({ status, description, body }: Answer): string {
  return joined([
    `**Answer ${status}** ${body ? schemaLink(body.schema) : ''}. ${description}`,
    body && examplesText(body.examples),
  ])
}

/** Described with its operation: a success, and a failure that another operation answers otherwise. */
function isOwn({ status }: Answer): boolean {
  return status.startsWith('2') || differing.has(status)
}

/** The statuses that not every operation answers alike. */
const differing = new Set<string>()
const first = new Map<string, Answer>()
for (const answer of operations.flatMap(({ answers }) => answers)) {
  const known = first.get(answer.status)
  if (!known) first.set(answer.status, answer)
  else if (!isDeepStrictEqual(known, answer)) differing.add(answer.status)
}

function failures(): Answer[] {
  const byStatus = new Map<string, Answer>()
  for (const { answers } of operations)
    for (const answer of answers) if (!isOwn(answer)) byStatus.set(answer.status, answer)
  return [...byStatus.values()].sort((a, b) => a.status.localeCompare(b.status))
}

function statusHeading(status: string): string {
  return `Status ${status}`
}

function answerText({ status, description, headers, body }: Answer): string {
  return joined([
    `### ${statusHeading(status)}`,
    description,
    headers.length > 0 &&
      table(
        ['Header', 'Meaning'],
        headers.map(({ name, description }) => [`\`${name}\``, description]),
      ),
    body && `**Body** ${schemaLink(body.schema)}`,
    body && examplesText(body.examples),
  ])
}

function examplesText(examples: Body['examples']): string {
  return joined(examples.map(exampleText))
}

function exampleText({ name, summary, marks, status, value }: Example): string {
  const title = `Example \`${name}\`${status ? ` (${status})` : ''}: ${summary}${marks && `.${marks}`}`
  return `${title}\n\n\`\`\`json\n${json(value)}\n\`\`\``
}

/** Short ones in one line. */
function json(value: unknown): string {
  const text = JSON.stringify(value, null, 2)
  return text.length > 120 ? text : JSON.stringify(value)
}

function schemaText(name: string, schema: Schema): string {
  const rows = [...fieldRows(schema)]
  return joined([
    `### ${name}`,
    `${schema.description ?? ''}${marksOf(schema)}`.trim(),
    rows.length > 0 ? table(['Field', 'Type', 'Required', 'Meaning'], rows) : `Type: ${typeOf(schema)}.`,
  ])
}

function* fieldRows(schema: Schema, parent = ''): Generator<string[]> {
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const { description = '', examples = [] } = resolve(field)
    const shown = examples.filter(isPlain).map((example) => ` Example: \`${JSON.stringify(example)}\`.`)
    yield [
      `\`${parent}${name}\``,
      typeOf(field),
      schema.required?.includes(name) ? 'yes' : '',
      description.trim() + shown.join('') + marksOf(field),
    ]
    if (!field.$ref && field.properties) yield* fieldRows(field, `${parent}${name}.`)
  }
}

/** Objects and lists are shown whole, as examples of the body. */
function isPlain(example: unknown): boolean {
  return typeof example !== 'object' || example === null
}

function typeOf(schema: Schema): string {
  if (schema.$ref && resolve(schema).properties) return schemaLink(schema)
  const { type, format, enum: values, pattern, items, additionalProperties } = resolve(schema)
  if (values) return values.map((value) => `\`${JSON.stringify(value)}\``).join(' or ')
  if (type === 'array' && items) return `array of ${typeOf(items)}`
  if (type === 'object' && typeof additionalProperties === 'object')
    return `object, each value ${typeOf(additionalProperties)}`
  const names = [type ?? 'any'].flat().join(' or ')
  return `${names}${format ? ` (${format})` : ''}${pattern ? ` \`${pattern}\`` : ''}`
}

function schemaLink(schema: Schema): string {
  const name = nameOf(schema)
  return name ? `[${name}](#${anchorOf(name)})` : typeOf(schema)
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}

function cell(text: string): string {
  return text
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll('|', '\\|')
}

function joined(parts: (string | false | undefined)[]): string {
  return parts
    .filter((part) => part)
    .map((part) => String(part).trim())
    .join('\n\n')
}
