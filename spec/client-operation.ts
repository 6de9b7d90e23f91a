/** What a generated client needs to know of an operation, in any language. */
import type { Json, Operation, Parameter, Schema } from './model.ts'

export interface ClientOperation {
  /** The path parameters, which are integers. */
  ids: Parameter[]
  /** The fields that the body may have: `flag` for those that are 0 or 1, `any` for the others. */
  fields: Record<string, 'any' | 'flag'>
  /** The one 2xx response with JSON. */
  success: { status: string; schema: Schema }
  /** The type of `data` in that response, if it's one of these. */
  data: 'array' | 'object' | undefined
  /** Whether `data.success` in that response confirms that the operation succeeded. */
  confirms: boolean
}

/**
 * Describes an operation for a generator of clients.
 *
 * @throws {Error} if our clients can't carry out the operation. The message names it and what to change.
 * @example describeForClient(operation).ids.map(({ name }) => name) // ['order_id', 'borrower_id']
 */
export function describeForClient(operation: Operation): ClientOperation {
  const success = findSuccess(operation)
  const { data } = success.schema.properties
  const type = data?.types.join()
  return {
    ids: findIds(operation),
    fields: findFields(operation),
    success,
    data: type === 'array' || type === 'object' ? type : undefined,
    confirms: data?.properties.success?.types.includes('boolean') ?? false,
  }
}

/** The error for an operation that a client can't carry out. */
export function unsupported(id: string, problem: string, remedy: string): Error {
  return new Error(`A client can't be generated for ${id}: ${problem}. ${remedy}.`)
}

function findSuccess({ id, responses }: Operation): ClientOperation['success'] {
  const found = responses.flatMap(({ status, schema }) =>
    status.startsWith('2') && schema ? [{ status, schema }] : [],
  )
  const [success] = found
  if (success && found.length === 1) return success
  throw unsupported(id, `it has ${found.length} 2xx responses with JSON`, 'Document exactly one')
}

function findIds({ id, parameters }: Operation): Parameter[] {
  const required = parameters.find((parameter) => parameter.required && parameter.in !== 'path')
  if (required)
    throw unsupported(
      id,
      `its ${required.in} parameter ${required.name} is required, and the client sends only path parameters`,
      'Make it optional',
    )
  const path = parameters.filter((parameter) => parameter.in === 'path')
  const other = path.find(({ schema }) => !schema.types.includes('integer'))
  if (other) throw unsupported(id, `its path parameter ${other.name} isn't an integer`, 'Make it one')
  return path
}

function findFields({ id, body }: Operation): ClientOperation['fields'] {
  if (body && !body.schema) throw unsupported(id, "its request body isn't JSON", 'Document application/json')
  const fields = Object.entries(body?.schema?.properties ?? {})
  const fraction = fields.find(([, { types }]) => types.includes('number'))
  if (fraction)
    throw unsupported(id, `its body field ${fraction[0]} can be a fraction`, 'Make it an integer or a string')
  const isFlag = (values: Json[] = []) => values.length === 2 && values.includes(0) && values.includes(1)
  return Object.fromEntries(fields.map(([name, schema]) => [name, isFlag(schema.enum) ? 'flag' : 'any']))
}
