/**
 * Compiles the contract's schemas with Ajv into plain functions that need neither `eval` nor Ajv.
 *
 * The result is one ES module with one export per operation (`createBorrowerPhone.request`,
 * `createBorrowerPhone.responses['4XX']`), so that a bundler keeps only what is imported. If a schema doesn't
 * compile or has an unknown keyword, the build fails.
 */
import { Ajv2020 } from 'ajv/dist/2020.js'
import standalone from 'ajv/dist/standalone/index.js'
import type { Node } from './model/references.ts'
import { type Operation, type Response, readModel, type Schema } from './model.ts'

const extensions = ['x-source', 'x-assumed', 'x-question', 'x-enum-varnames']

/**
 * Renders `validators.js` and its declarations.
 *
 * @param contract a parsed and bundled OpenAPI 3.1 document.
 * @throws {Error} naming the schema that doesn't compile.
 * @example const { code, types } = renderValidators(contract)
 */
export function renderValidators(contract: Node): { code: string; types: string } {
  const { operations } = readModel(contract)
  const bodies = operations.flatMap(({ body, responses }) => [body, ...responses])
  const { code, names } = compile(
    contract,
    bodies.flatMap((one) => one?.schema?.pointer ?? []),
  )
  return {
    code: [code, ...operations.map((operation) => constant(operation, names)), ''].join('\n'),
    types: declarations(operations),
  }
}

/** Compiles each distinct schema once; operations share the functions. */
function compile(contract: Node, pointers: string[]): { code: string; names: Map<string, string> } {
  const ajv = new Ajv2020({
    strict: true,
    allErrors: true,
    allowUnionTypes: true, // `type: [string, "null"]` is how 3.1 writes a nullable field.
    code: { source: true, esm: true, lines: true },
  })
  // The code for `unevaluated…` runs when the module is loaded, and a bundler can't drop it.
  ajv.opts.unevaluated = JSON.stringify(contract).includes('"unevaluated')
  ajv.addVocabulary([...extensions, ...Object.keys(contract)]) // Each `$ref` is resolved from the document root.
  // Both are for generators of other languages. `type` checks the rest.
  ajv.addFormat('int64', true)
  ajv.addFormat('password', true)
  ajv.addSchema(withoutNotes(contract), 'contract', undefined, false)
  for (const pointer of pointers) compileOne(ajv, pointer)
  const names = new Map(pointers.map((pointer) => [pointer, functionName(pointer)]))
  const refs = Object.fromEntries([...names].map(([pointer, name]) => [name, `contract${pointer}`]))
  return { code: asModule(standalone.default(ajv, refs)), names }
}

function compileOne(ajv: Ajv2020, pointer: string): void {
  try {
    ajv.getSchema(`contract${pointer}`)
  } catch (error) {
    throw new Error(`The schema at ${pointer} does not compile: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

/** Removes descriptions and examples, which Ajv would copy into its code. Keeps properties of these names. */
function withoutNotes(value: Node, key = ''): Node {
  if (typeof value !== 'object' || value === null || ['const', 'default', 'enum'].includes(key)) return value
  if (Array.isArray(value)) return value.map((item) => withoutNotes(item))
  const isNote = ([name, note]: [string, unknown]) =>
    name === 'examples'
      ? Array.isArray(note)
      : [...extensions, 'description'].includes(name) && typeof note === 'string'
  const kept = Object.entries(value).filter((entry) => !isNote(entry))
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutNotes(inner, name)]))
}

/** Ajv loads its runtime parts with `require`, even in a module, and doesn't mark a RegExp as pure. */
function asModule(code: string): string {
  const imports: string[] = []
  const body = code
    .replace('"use strict";', '')
    .replaceAll('export const', 'const')
    .replaceAll('new RegExp(', '/* @__PURE__ */ new RegExp(')
    .replace(/require\("(ajv\/[^"]+)"\)\.default/g, (_, path) => {
      const name = `runtime${imports.length}`
      imports.push(`import ${name} from '${path}.js'`)
      // Some bundlers import the function itself, but Node imports the module that contains it.
      return `(${name}.default ?? ${name})`
    })
  return ['// Compiled by spec/validators.ts.', ...imports, body].join('\n')
}

function constant({ id, body, responses }: Operation, names: Map<string, string>): string {
  const nameOf = ({ pointer }: Schema) => names.get(pointer)
  const members = withSchema(responses).map(({ status, schema }) => `'${status}': ${nameOf(schema)}`)
  const request = body?.schema ? `request: ${nameOf(body.schema)}, ` : ''
  return `export const ${id} = { ${request}responses: { ${members.join(', ')} } }`
}

function withSchema(responses: Response[]): { status: string; schema: Schema }[] {
  return responses.flatMap(({ status, schema }) => (schema ? [{ status, schema }] : []))
}

function declarations(operations: Operation[]): string {
  return `// Compiled by spec/validators.ts.
import type { operations } from './schema.js'

/** What doesn't fit the schema, and where. */
export interface Misfit {
  /** A JSON pointer to the value; empty for the whole body. */
  instancePath: string
  /** The keyword that failed: \`required\`, \`type\`, \`enum\`, \`pattern\`. */
  keyword: string
  /** What the keyword requires, such as \`{ missingProperty: 'number' }\`. */
  params: Record<string, unknown>
  /** A sentence that doesn't contain the value. */
  message?: string
}

/** Returns whether the value fits the schema. If it doesn't, \`errors\` lists every problem until the next call. */
export interface Validator<T> {
  (value: unknown): value is T
  errors?: Misfit[] | null
}

type Request<K extends keyof operations> = operations[K] extends {
  requestBody?: { content: { 'application/json': infer Body } }
}
  ? Body
  : never
type Response<K extends keyof operations, S> = S extends keyof operations[K]['responses']
  ? operations[K]['responses'][S] extends { content: { 'application/json': infer Body } }
    ? Body
    : never
  : never

${operations.map(declaration).join('\n')}
`
}

function declaration({ id, body, responses }: Operation): string {
  const members = withSchema(responses).map(({ status }) => {
    const key = /^\d+$/.test(status) ? status : `'${status}'`
    return `    ${key}: Validator<Response<'${id}', ${key}>>`
  })
  const request = body?.schema ? [`  request: Validator<Request<'${id}'>>`] : []
  return [`export declare const ${id}: {`, ...request, '  responses: {', ...members, '  }', '}'].join('\n')
}

/** `BorrowerPhoneResponse` for a component; for an inline schema, a name made from the whole pointer. */
function functionName(pointer: string): string {
  return pointer.replace('#/components/schemas/', '').replace(/[^A-Za-z0-9]+/g, '_')
}
