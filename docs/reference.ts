/** What the reference pages, the sidebar and the Postman collection show of the contract. */
import { formatProvenance } from '@recoveryconnect/spec/annotate'
import { type Operation, type Provenance, type Response, readModel, type Schema } from '@recoveryconnect/spec/model'
import { base } from './site.ts'

export const model = readModel()

/** The URLs of pages. */
export const linkTo = {
  guide: (name: string) => `${base}guides/${name}/`,
  operation: (id: string) => `${base}reference/${kebab(id)}/`,
  schema: (name: string) => `${base}reference/schemas/${kebab(name)}/`,
  status: (status: string) => `${base}reference/errors/#status-${status.toLowerCase()}`,
}

/** @example kebab('listBorrowerPhones') // 'list-borrower-phones' */
export function kebab(name: string): string {
  return name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()
}

/** Returns a description from the contract, followed by the source of its claims. */
export function describe(part: { description: string; provenance: Provenance }): string {
  return part.description.trim() + formatProvenance(part.provenance)
}

/** The error responses that are the same for every operation that lists their status. */
export const sharedErrors: Response[] = findSharedErrors(model.operations)

export function isShared({ status, pointer }: Response): boolean {
  return sharedErrors.some((shared) => shared.status === status && shared.pointer === pointer)
}

function findSharedErrors(operations: Operation[]): Response[] {
  const byStatus = Map.groupBy(
    operations.flatMap(({ responses }) => responses),
    ({ status }) => status,
  )
  return [...byStatus.values()]
    .filter(([first, ...rest]) => !first?.status.startsWith('2') && rest.every(({ pointer }) => pointer === first?.pointer))
    .flatMap(([first]) => first ?? [])
    .sort((one, other) => one.status.localeCompare(other.status))
}

export interface FieldRow {
  name: string
  type: string
  isRequired: boolean
  description: string
}

/** The fields of a schema, and those of the objects in it that have no name of their own. */
export function listFields(schema: Schema, parent = ''): FieldRow[] {
  return Object.entries(schema.properties).flatMap(([name, field]) => {
    const shown = field.examples.filter(isScalar).map((example) => ` Example: \`${JSON.stringify(example)}\`.`)
    const row = {
      name: parent + name,
      type: typeOf(field),
      isRequired: schema.required.includes(name),
      description: field.description.trim() + shown.join('') + formatProvenance(field.provenance),
    }
    return [row, ...(field.name === undefined ? listFields(field, `${parent}${name}.`) : [])]
  })
}

/** A table shows only these examples. The examples of a body contain the objects and arrays. */
function isScalar(example: unknown): boolean {
  return typeof example !== 'object' || example === null
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
