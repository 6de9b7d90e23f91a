/** Lint rules for the conventions of this contract that Redocly's own rules cannot express. */

type Node = Record<string, unknown>
interface Context {
  report(problem: { message: string; location?: unknown }): void
  location: { child(path: string[]): unknown; pointer: string }
  key: string | number
  resolve(node: unknown): { node?: Node }
}

/** An operation documents the failures that can meet it: 404 where its path holds ids, 422 where it also has a body. */
const failures = () => ({
  Operation(operation: Node, { report, location }: Context) {
    const documented = Object.keys(operation.responses ?? {})
    const expected = ['401', '429', '4XX', '5XX']
    if (location.pointer.includes('{')) expected.push('404', ...(operation.requestBody ? ['422'] : []))
    const missing = expected.filter((status) => !documented.includes(status))
    if (missing.length)
      report({ message: `Document ${missing.join(', ')}: a caller meets it on this operation.` })
  },
})

/** The examples of a refusal name fields of the body that is refused: each resource has refusals of its own. */
const ownRefusals = () => ({
  Operation(operation: Node, { report, resolve }: Context) {
    const at = (holder: unknown, ...keys: string[]) =>
      keys.reduce((node: unknown, key) => resolve((node as Node | undefined)?.[key]).node, holder) as
        | Node
        | undefined
    const body = at(operation, 'requestBody', 'content', 'application/json')
    const refusal = at(operation, 'responses', '422', 'content', 'application/json')
    const fields = Object.keys(at(body, 'schema', 'properties') ?? {})
    for (const name of Object.keys(refusal?.examples ?? {})) {
      const refused = Object.keys(at(refusal, 'examples', name, 'value', 'errors') ?? {})
      const foreign = refused.filter((field) => !fields.includes(field))
      if (foreign.length)
        report({ message: `The example ${name} refuses ${foreign.join(', ')}, which this body lacks.` })
    }
  },
})

/** Every body has a named example, and it stands in components/examples, where all tools find it. */
const namedExamples = () => ({
  MediaType(media: Node, { report, resolve }: Context) {
    const examples = Object.entries((media.examples ?? {}) as Node)
    if (examples.length === 0) report({ message: 'Give this body a named example from components/examples.' })
    for (const [name, example] of examples) {
      if ((example as Node).$ref === undefined || !resolve(example).node) {
        report({ message: `Move the example ${name} to components/examples and refer to it.` })
      }
    }
  },
})

/** An example of a range says for which status it stands; an example of a single status need not. */
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

/** A property says what it means and shows a value, unless the schema it refers to does. */
const describedProperties = () => ({
  SchemaProperties(properties: Node, { report, location }: Context) {
    for (const [name, property] of Object.entries(properties as Record<string, Node>)) {
      const shown = 'examples' in property || 'example' in property // the latter is OpenAPI 3.0's
      if (property.$ref || (property.description && shown)) continue
      report({ message: `Give ${name} a description and an example.`, location: location.child([name]) })
    }
  },
})

/** A parameter shows a value. */
const shownParameters = () => ({
  Parameter(parameter: Node, { report }: Context) {
    if (parameter.example === undefined) report({ message: `Give ${parameter.name} an example.` })
  },
})

/** Names on the wire are the vendor's: lower case with underscores. */
const wireNames = () => ({
  SchemaProperties(properties: Node, { report, location }: Context) {
    for (const name of Object.keys(properties).filter(
      (name) => !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name),
    )) {
      report({
        message: `Write ${name} in lower case with underscores, as the vendor does.`,
        location: location.child([name]),
      })
    }
  },
})

/** A mark without a reason is worth nothing. */
const reasonedMarks = () => ({
  any(node: unknown, { report, location }: Context) {
    if (typeof node !== 'object' || node === null) return
    for (const mark of ['x-source', 'x-assumed', 'x-question']) {
      const reason = (node as Node)[mark]
      if (reason !== undefined && !(typeof reason === 'string' && reason.includes(' '))) {
        report({ message: `Say in words what ${mark} rests on.`, location: location.child([mark]) })
      }
    }
  },
})

export default () => ({
  id: 'house',
  rules: {
    oas3: {
      failures,
      'own-refusals': ownRefusals,
      'named-examples': namedExamples,
      'range-examples': rangeExamples,
      'described-properties': describedProperties,
      'shown-parameters': shownParameters,
      'wire-names': wireNames,
      'reasoned-marks': reasonedMarks,
    },
  },
})
