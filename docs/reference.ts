/** Renders the whole reference as Markdown: every operation, field, status, and example. */
import { formatProvenance } from '@recoveryconnect/spec/annotate'
import {
  type Example,
  type Operation,
  type Provenance,
  type RequestBody,
  type Response,
  readModel,
  type Schema,
} from '@recoveryconnect/spec/model'
import { server } from './samples.ts'

const { title, summary, version, description, operations, schemas } = readModel()

/** @example await writeFile('reference.md', renderReference()) */
export function renderReference(): string {
  return join([
    `# ${title}`,
    `${summary} Contract version: ${version}. Server: \`${server}\`.`,
    description,
    renderContents(),
    ...operations.map(renderOperation),
    '## Errors',
    'These responses are the same for every operation that lists the status.',
    ...sharedResponses().map(renderShared),
    '## Schemas',
    "An object can have fields that aren't listed here. Ignore them.",
    ...Object.entries(schemas).map(([name, schema]) => renderSchema(name, schema)),
  ])
}

/** Returns the anchor of a heading, as Markdown viewers create it. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 _-]/g, '')
    .replaceAll(' ', '-')
}

/** Returns a description from the contract, followed by the source of its claims. */
export function describe(part: { description: string; provenance: Provenance }): string {
  return part.description.trim() + formatProvenance(part.provenance)
}

function renderContents(): string {
  const lines = operations.map(
    ({ summary, method, path }) => `- [${summary}](#${anchorOf(summary)}): \`${method} ${path}\``,
  )
  return [...lines, '- [Errors](#errors)', '- [Schemas](#schemas)'].join('\n')
}

function renderOperation(operation: Operation): string {
  const { summary, method, path, needsToken, parameters, body, responses } = operation
  const shared = responses.filter(isShared)
  return join([
    `## ${summary}`,
    `\`${method} ${path}\`${needsToken ? '' : ' · needs no token'}`,
    describe(operation),
    parameters.length > 0 &&
      formatTable(
        ['Path parameter', 'Type', 'Description'],
        parameters.map(({ name, schema, example, description, provenance }) => [
          `\`${name}\``,
          typeOf(schema),
          `${description} Example: \`${example}\`.${formatProvenance(provenance)}`,
        ]),
      ),
    body && renderBody(body),
    ...responses.filter((response) => !isShared(response)).map(renderOwn),
    `**Errors** ${shared.map(({ status }) => `[${status}](#${anchorOf(`Status ${status}`)})`).join(', ')}`,
  ])
}

function renderBody(body: RequestBody): string {
  const required = body.required ? 'required' : 'optional'
  return join([`**Body** ${linkSchema(body)}, ${required}. ${describe(body)}`, renderExamples(body)])
}

function renderOwn(response: Response): string {
  return join([
    `**Response ${response.status}** ${linkSchema(response)}. ${describe(response)}`,
    renderExamples(response),
  ])
}

/** Whether an error response is the same for every operation that lists its status. The reference describes it once. */
function isShared({ status }: Response): boolean {
  return !status.startsWith('2') && pointers.get(status)?.size === 1
}

const pointers = new Map<string, Set<string>>()
for (const { status, pointer } of operations.flatMap(({ responses }) => responses))
  pointers.set(status, (pointers.get(status) ?? new Set()).add(pointer))

function sharedResponses(): Response[] {
  const shared = operations.flatMap(({ responses }) => responses.filter(isShared))
  const byStatus = new Map(shared.map((response) => [response.status, response]))
  return [...byStatus.values()].sort((a, b) => a.status.localeCompare(b.status))
}

function renderShared(response: Response): string {
  const { status, headers } = response
  return join([
    `### Status ${status}`,
    describe(response),
    headers.length > 0 &&
      formatTable(
        ['Header', 'Description'],
        headers.map(({ name, description }) => [`\`${name}\``, description]),
      ),
    `**Body** ${linkSchema(response)}`,
    renderExamples(response),
  ])
}

function renderExamples({ examples, status }: { examples: Example[]; status?: string }): string {
  return join(examples.map((example) => renderExample(example, status)))
}

/** @param range the status of the response. For a range, such as `4XX`, the title contains the example's status. */
function renderExample({ name, summary, provenance, status, value }: Example, range = ''): string {
  const notes = formatProvenance(provenance)
  const exact = /XX$/.test(range) ? ` (${status})` : ''
  const title = `Example \`${name}\`${exact}: ${summary}${notes && `.${notes}`}`
  return `${title}\n\n\`\`\`json\n${formatJson(value)}\n\`\`\``
}

function formatJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2)
  return text.length > 120 ? text : JSON.stringify(value)
}

function renderSchema(name: string, schema: Schema): string {
  const rows = [...fieldRows(schema)]
  return join([
    `### ${name}`,
    describe(schema),
    rows.length > 0
      ? formatTable(['Field', 'Type', 'Required', 'Description'], rows)
      : `Type: ${typeOf(schema)}.`,
  ])
}

function* fieldRows(schema: Schema, parent = ''): Generator<string[]> {
  for (const [name, field] of Object.entries(schema.properties)) {
    const shown = field.examples
      .filter(isScalar)
      .map((example) => ` Example: \`${JSON.stringify(example)}\`.`)
    yield [
      `\`${parent}${name}\``,
      typeOf(field),
      schema.required.includes(name) ? 'yes' : '',
      field.description.trim() + shown.join('') + formatProvenance(field.provenance),
    ]
    if (field.name === undefined) yield* fieldRows(field, `${parent}${name}.`)
  }
}

/** The table of fields shows only these examples. The examples of a body contain the objects and arrays. */
function isScalar(example: unknown): boolean {
  return typeof example !== 'object' || example === null
}

function typeOf(schema: Schema): string {
  const { name, properties, types, format, enum: values, pattern, items, additionalProperties } = schema
  if (name !== undefined && Object.keys(properties).length > 0) return `[${name}](#${anchorOf(name)})`
  if (values) return values.map((value) => `\`${JSON.stringify(value)}\``).join(' or ')
  if (items) return `array of ${typeOf(items)}`
  if (additionalProperties) return `object, each value ${typeOf(additionalProperties)}`
  return `${types.join(' or ') || 'any'}${format ? ` (${format})` : ''}${pattern ? ` \`${pattern}\`` : ''}`
}

function linkSchema({ schema }: { schema?: Schema | undefined }): string {
  return schema ? typeOf(schema) : 'none'
}

function formatTable(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map(formatCell).join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}

function formatCell(text: string): string {
  return text
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll('|', '\\|')
}

function join(parts: (string | false | undefined)[]): string {
  return parts
    .filter((part) => part)
    .map((part) => String(part).trim())
    .join('\n\n')
}
