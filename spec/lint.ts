/** Lint rules for the conventions of this contract that Redocly's own rules can't express. */
import { readOperations } from './model/operations.ts'
import { parseOperationId, placeOperations, resourceNames, singular } from './model/resources.ts'
import type { Operation } from './model/shape.ts'

type Node = Record<string, unknown>
interface Context {
  report(problem: { message: string; location?: unknown }): void
  location: { child(path: string[]): unknown; pointer: string }
  key: string | number
  resolve(node: unknown): { node?: Node }
}

/** Returns a function that follows keys and references. It returns undefined if a key is missing. */
const createReader =
  (resolve: Context['resolve']) =>
  (holder: unknown, ...keys: string[]): Node | undefined =>
    keys.reduce((node: unknown, key) => resolve((node as Node | undefined)?.[key]).node, holder) as
      | Node
      | undefined

/** An operation documents the errors that a caller can get: 404 if its path has ids, and 422 if it also has a body. */
const failures = () => ({
  Operation(operation: Node, { report, location }: Context) {
    const documented = Object.keys(operation.responses ?? {})
    const expected = ['401', '429', '4XX', '5XX']
    if (location.pointer.includes('{')) expected.push('404', ...(operation.requestBody ? ['422'] : []))
    const missing = expected.filter((status) => !documented.includes(status))
    if (missing.length)
      report({
        message: `Document the statuses ${missing.join(', ')}. Callers can get them from this operation.`,
      })
  },
})

/** The examples of a 422 name fields of the body, so each resource has its own examples. */
const ownFieldErrors = () => ({
  Operation(operation: Node, { report, resolve }: Context) {
    const at = createReader(resolve)
    const body = at(operation, 'requestBody', 'content', 'application/json')
    const response = at(operation, 'responses', '422', 'content', 'application/json')
    const fields = Object.keys(at(body, 'schema', 'properties') ?? {})
    for (const name of Object.keys(response?.examples ?? {})) {
      const named = Object.keys(at(response, 'examples', name, 'value', 'errors') ?? {})
      const foreign = named.filter((field) => !fields.includes(field))
      if (foreign.length)
        report({
          message: `The example ${name} names ${foreign.join(', ')}, but this body has no such field.`,
        })
    }
  },
})

/** Tools send the first example of an update. If it has `no_contact: 0`, they clear a do-not-contact flag. */
const harmlessFirstExamples = () => ({
  Operation(operation: Node, { report, resolve, key }: Context) {
    if (key !== 'put' && key !== 'patch') return
    const at = createReader(resolve)
    const media = at(operation, 'requestBody', 'content', 'application/json')
    const [first = ''] = Object.keys(media?.examples ?? {})
    const flag = at(media, 'schema', 'properties', 'no_contact')
    const values: unknown[] = [
      at(media, 'examples', first, 'value', 'no_contact'),
      (flag?.examples as unknown[] | undefined)?.[0],
      flag?.default,
    ]
    if (values.includes(0))
      report({
        message: 'Put an example without `no_contact: 0` first. This one clears a do-not-contact flag.',
      })
  },
})

/** Every body has a named example in `components/examples`, where all tools can find it. */
const namedExamples = () => ({
  MediaType(media: Node, { report, resolve }: Context) {
    const examples = Object.entries((media.examples ?? {}) as Node)
    if (examples.length === 0) report({ message: 'Give this body a named example from components/examples.' })
    for (const [name, example] of examples) {
      if ((example as Node).$ref === undefined || !resolve(example).node) {
        report({ message: `Move the example ${name} to components/examples and reference it.` })
      }
    }
  },
})

const rangeExamples = () => ({
  Response(response: Node, { report, resolve, key }: Context) {
    const range = String(key).match(/^([45])XX$/)?.[1]
    if (!range) return
    for (const media of Object.values((response.content ?? {}) as Record<string, Node>)) {
      for (const [name, example] of Object.entries((media.examples ?? {}) as Node)) {
        const status = String(resolve(example).node?.['x-status'])
        if (!new RegExp(`^${range}\\d\\d$`).test(status)) {
          report({ message: `Give the example ${name} an x-status between ${range}00 and ${range}99.` })
        }
      }
    }
  },
})

/** A property has a description and an example, unless the schema that it references has them. */
const describedProperties = () => ({
  SchemaProperties(properties: Node, { report, location }: Context) {
    for (const [name, property] of Object.entries(properties as Record<string, Node>)) {
      const hasExample = 'examples' in property || 'example' in property // the latter is OpenAPI 3.0's
      if (property.$ref || (property.description && hasExample)) continue
      report({ message: `Give ${name} a description and an example.`, location: location.child([name]) })
    }
  },
})

const parameterExamples = () => ({
  Parameter(parameter: Node, { report }: Context) {
    if (parameter.example === undefined) report({ message: `Give ${parameter.name} an example.` })
  },
})

const reasonedMarks = () => ({
  any(node: unknown, { report, location }: Context) {
    if (typeof node !== 'object' || node === null) return
    for (const extension of ['x-source', 'x-assumed', 'x-question']) {
      const reason = (node as Node)[extension]
      if (reason !== undefined && !(typeof reason === 'string' && reason.includes(' '))) {
        report({
          message: `Write the text of ${extension} as a sentence.`,
          location: location.child([extension]),
        })
      }
    }
  },
})

/** Clients name their methods by tag and verb: `createBorrowerPhone` of "Borrower Phones" is `borrowerPhones.create`. */
const resourceMethods = () => ({
  Root(contract: Node, { report }: Context) {
    let operations: Operation[]
    try {
      operations = placeOperations(readOperations(contract))
    } catch (error) {
      return report({ message: (error as Error).message })
    }
    for (const [tag, own] of Map.groupBy(operations, ({ tag }) => tag)) {
      if (!/^[A-Z][A-Za-z0-9]*( [A-Z][A-Za-z0-9]*)*$/.test(tag))
        report({ message: `Write the tag "${tag}" as capitalized words, such as "Borrower Phones".` })
      // If none of a tag's operations is named by a verb, the tag is a topic, such as "Authentication".
      if (own.every(({ verb }) => !verb)) continue
      for (const operation of own.filter(({ verb }) => !verb)) report({ message: adviceFor(operation) })
    }
  },
})

function adviceFor({ id, tag, method }: Operation): string {
  const { verb } = parseOperationId(id)
  const { typeName } = resourceNames(tag)
  const fitting = `${verb}${verb === 'list' ? typeName : singular(typeName)}`
  if (id === fitting)
    return `${id} is a second "${verb}" in the tag "${tag}", or "${verb}" doesn't match the method ${method}.`
  return `${id} doesn't fit its tag "${tag}". Rename it to ${fitting}, or give it another tag.`
}

export default () => ({
  id: 'house',
  rules: {
    oas3: {
      failures,
      'own-field-errors': ownFieldErrors,
      'harmless-first-examples': harmlessFirstExamples,
      'named-examples': namedExamples,
      'range-examples': rangeExamples,
      'described-properties': describedProperties,
      'parameter-examples': parameterExamples,
      'reasoned-marks': reasonedMarks,
      'resource-methods': resourceMethods,
    },
  },
})
