/** Renders the guide that lists the claims of the contract that aren't in the vendor's document. */
import { type Mark, readModel, type Schema } from '@recoveryconnect/spec/model'

interface ListedClaim {
  text: string
  /** Markdown, see {@link placeOf}. */
  places: string[]
}

const model = readModel()

/** Returns Markdown without a title, with links to operations as `operation:…`. */
export function listAssumptions(): string {
  const assumptions = listClaims('assumed')
  const sources = listClaims('source')
  const questions = listClaims('question')
  return `Check this list before you rely on behavior that the vendor's document doesn't describe. The document covers the
phone operations and their successful responses. Everything else in the contract has a label: ${count(assumptions, 'assumption')},
${count(sources, 'fact')} from the vendor's other pages, and ${count(questions, 'open question')} that only the vendor can answer.

### Open questions

${questions.map(({ text, places }, index) => `${index + 1}. **${text}** (${places.join(', ')})`).join('\n')}

### Assumptions and reasons

${formatTable(assumptions, 'Reason')}

### Facts from the vendor's other pages

${formatTable(sources, 'Source')}

A description that uses another page names its support article. For example, these facts are from other pages:

- **Test hosts**: Examples for version v130 use \`test-api.mbsisystems.com\` and, for documents and photos,
  \`stg-api.mbsisystems.com\` (support articles 66000533857, 66000533837, and 66000533856). We don't know whether partners
  can use these hosts, or whether they have the operations of version v140.
- **Do-not-contact marks**: In the vendor's application, users can mark a case or an address as do-not-contact (support
  article 66000502922). An address has the flag \`no_contact\`. None of the operations shows whether a case is marked.

### Operations that the contract doesn't have

For borrowers and their addresses, the contract has only the lists. The vendor's page about borrowers says that they can
also be updated, but we don't know how.
`
}

function count(claims: ListedClaim[], noun: string): string {
  return `${claims.length} ${noun}${claims.length === 1 ? '' : 's'}`
}

function formatTable(claims: ListedClaim[], reason: string): string {
  const lines = claims.map(
    ({ text, places }) => `| ${places.join('<br>')} | ${text.replaceAll('|', '\\|')} |`,
  )
  return [`| Where | ${reason} |`, '|---|---|', ...lines].join('\n')
}

function listClaims(kind: Mark['kind']): ListedClaim[] {
  const places = new Map<string, Set<string>>()
  for (const { text, pointer } of model.marks.filter((claim) => claim.kind === kind)) {
    const line = text.replaceAll('\n', ' ')
    places.set(line, (places.get(line) ?? new Set()).add(placeOf(pointer)))
  }
  return [...places].map(([text, found]) => ({ text, places: [...found] }))
}

/** Returns a readable name for the smallest part of the contract that contains a pointer. */
function placeOf(pointer: string): string {
  const place = places.get(pointer)
  const around = pointer.slice(0, Math.max(0, pointer.lastIndexOf('/')))
  return place ?? (around === '' ? `\`${pointer}\`` : placeOf(around))
}

const places = new Map<string, string>([
  ['#/servers', 'the server'],
  ...Object.values(model.schemas).flatMap((schema) => [...nameFields(schema, schema.name ?? '')]),
  ...Object.values(model.examples).map(({ pointer, summary }): [string, string] => [
    pointer,
    `the example "${summary}"`,
  ]),
])
for (const { id, summary, pointer, parameters, responses } of model.operations) {
  places.set(pointer, `[${summary}](operation:${id})`)
  for (const parameter of parameters) places.set(parameter.pointer, `\`${parameter.name}\` in the path`)
  for (const response of responses.filter(({ component }) => component !== undefined)) {
    const statuses = places.get(response.pointer)?.replace('status ', '').split(', ') ?? []
    places.set(response.pointer, `status ${[...new Set([...statuses, response.status])].join(', ')}`)
  }
}

function* nameFields(schema: Schema, name: string): Generator<[pointer: string, place: string]> {
  yield [schema.pointer, `\`${name}\``]
  for (const [field, inner] of Object.entries(schema.properties))
    if (inner.pointer.startsWith(`${schema.pointer}/`)) yield* nameFields(inner, `${name}.${field}`)
}
