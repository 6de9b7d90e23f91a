/** What the pages of the site show of the contract. */
import { STATUS_CODES } from 'node:http'
import { isDeepStrictEqual } from 'node:util'
import { createSandboxFetch } from '@recoveryconnect/sandbox/fetch'
import { formatProvenance } from '@recoveryconnect/spec/annotate'
import {
  type Example,
  examplePath,
  type Operation,
  type Provenance,
  type Response,
  readModel,
  type Schema,
} from '@recoveryconnect/spec/model'
import { server } from './samples/call.ts'
import { base } from './site.ts'

export const model = readModel()

/** The URLs of pages and of their sections. */
export const linkTo = {
  guide: (name: string) => `${base}guides/${name}/`,
  operation: (id: string) => `${base}reference/${kebab(id)}/`,
  schema: (name: string) => `${base}reference/schemas/${kebab(name)}/`,
  status: (status: string) => `${base}reference/errors/#status-${status.toLowerCase()}`,
  claim: (text: string) => `${base}assumptions/#${slugOf(text)}`,
}

/** @example kebab('listBorrowerPhones') // 'list-borrower-phones' */
export function kebab(name: string): string {
  return name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()
}

/** Returns the anchor of a claim: its first words. */
export function slugOf(text: string): string {
  const words = text.toLowerCase().match(/[a-z0-9_]+/g) ?? []
  return words.slice(0, 20).join('-')
}

/** Returns a description from the contract as Markdown, followed by where its claims come from. */
export function describe(part: { description: string; provenance: Provenance }): string {
  return part.description.trim() + cite(part.provenance)
}

/** Formats provenance as Markdown, with links to the list of assumptions. */
export function cite(provenance: Provenance): string {
  const claims = Object.entries(provenance).map(([kind, text]) =>
    formatProvenance({ [kind]: text }).replace(/\*(\w+):/, `*[$1](${linkTo.claim(text)}):`),
  )
  return claims.join('')
}

/** Returns the first sentence without Markdown, for search engines and lists. */
export function summarize(description: string): string {
  const text = description.replaceAll(/\s+/g, ' ').replaceAll(/[*`]/g, '').trim()
  return text.match(/^.*?[.?!](?=\s|$)/)?.[0] ?? text
}

/** Returns the name of a status or of a range. @example nameStatus('422') // '422 Unprocessable Entity' */
export function nameStatus(status: string): string {
  const range = status.endsWith('XX') ? `Other ${status[0]}xx statuses` : undefined
  return range ?? `${status} ${STATUS_CODES[Number(status)] ?? ''}`.trim()
}

/** Every status of an error, with its responses, and the operations that have them. */
export function listErrors(): {
  status: string
  responses: { response: Response; operations: Operation[] }[]
}[] {
  const found = model.operations.flatMap((operation) =>
    operation.responses.filter(isError).map((response) => ({ response, operation })),
  )
  const byStatus = Map.groupBy(found, ({ response }) => response.status)
  return [...byStatus].sort().map(([status, group]) => ({
    status,
    responses: [...Map.groupBy(group, ({ response }) => response.pointer).values()].map((same) => ({
      response: same[0]?.response as Response,
      operations: same.map(({ operation }) => operation),
    })),
  }))
}

export function isError({ status }: Response): boolean {
  return !status.startsWith('2')
}

export interface Call {
  /** The body that is sent. */
  example?: Example | undefined
  status: number
  /** The body of the response. */
  value: unknown
  /** The contract's example that is the same, if there is one. */
  documented?: Example | undefined
}

/** Sends an operation with each example of its body to a new sandbox, at the time that the contract's examples have. */
export function callSandbox(operation: Operation): Promise<Call[]> {
  const responses = operation.responses.flatMap(({ examples }) => examples)
  const [, time = '2026-01-01 00:00:00'] = JSON.stringify(responses).match(/"updated_at":"(.*?)"/) ?? []
  const now = () => Date.parse(`${time}Z`)
  return Promise.all(
    (operation.body?.examples ?? [undefined]).map(async (example) => {
      const response = await createSandboxFetch({ now })(server + examplePath(operation), {
        method: operation.method,
        headers: {
          Authorization: 'Bearer demo',
          Accept: 'application/json',
          'Content-Type': 'application/json',
        },
        ...(example && { body: JSON.stringify(example.value) }),
      })
      const value = await response.json()
      const documented = responses.find((one) => isDeepStrictEqual(one.value, value))
      return { example, status: response.status, value, documented }
    }),
  )
}

/** The colors of the methods, see Starlight's badges. */
export const methodBadges: Record<string, 'note' | 'success' | 'caution' | 'danger'> = {
  GET: 'note',
  POST: 'success',
  PUT: 'caution',
  DELETE: 'danger',
}

export interface FieldRow {
  name: string
  /** Markdown. */
  type: string
  isRequired: boolean
  /** Markdown. */
  description: string
}

/** The fields of a schema, and those of the objects in it that have no name of their own. */
export function listFields(schema: Schema, parent = ''): FieldRow[] {
  return Object.entries(schema.properties).flatMap(([name, field]) => {
    const shown = field.examples
      // The examples of a body contain the objects and arrays.
      .filter((example) => typeof example !== 'object' || example === null)
      .map((example) => ` Example: \`${JSON.stringify(example)}\`.`)
    const row = {
      name: parent + name,
      type: typeOf(field),
      isRequired: schema.required.includes(name),
      description: field.description.trim() + shown.join('') + cite(field.provenance),
    }
    return [row, ...(field.name === undefined ? listFields(field, `${parent}${name}.`) : [])]
  })
}

/** The parameters of an operation, in the form of fields. */
export function listParameters({ parameters }: Operation): FieldRow[] {
  return parameters.map(({ name, schema, required, description, example, provenance }) => ({
    name,
    type: typeOf(schema),
    isRequired: required,
    description: `${description.trim()} Example: \`${example}\`.${cite(provenance)}`,
  }))
}

/** The operations that send or return a schema, and the schemas that contain it, as Markdown. */
export function listUses(name: string): string[] {
  const contains = (schema?: Schema): boolean => [schema, schema?.items].some((part) => part?.name === name)
  const schemas = Object.entries(model.schemas).filter(([, { properties }]) =>
    Object.values(properties).some(contains),
  )
  const operations = model.operations.filter(({ body, responses }) =>
    [body, ...responses].some((part) => contains(part?.schema)),
  )
  return [
    ...schemas.map(([other]) => `[${other}](${linkTo.schema(other)})`),
    ...operations.map(({ id, summary }) => `[${summary}](${linkTo.operation(id)})`),
  ]
}

/** Returns the type of a schema as Markdown, with links to the schemas that have a page. */
export function typeOf(schema: Schema): string {
  const { name, properties, types, format, enum: values, pattern, items, additionalProperties } = schema
  if (name !== undefined && Object.keys(properties).length > 0) return `[${name}](${linkTo.schema(name)})`
  if (values) return values.map((value) => `\`${JSON.stringify(value)}\``).join(' or ')
  if (items) return `array of ${typeOf(items)}`
  if (additionalProperties) return `object, each value ${typeOf(additionalProperties)}`
  return `${types.join(' or ') || 'any'}${format ? ` (${format})` : ''}${pattern ? ` \`${pattern}\`` : ''}`
}
