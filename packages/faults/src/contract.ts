/** What the fault server knows of the contract: the operations, and the response that the API would send. */
import { type Operation, readModel } from '@recoveryconnect/spec/model'

export type { Operation }

export const operations: Operation[] = readModel().operations

/** The four sorts of operations that the expectations tell apart. */
export const calls = ['read', 'update', 'delete', 'create'] as const
export type Call = (typeof calls)[number]

const methods: Record<string, Call> = {
  GET: 'read',
  PUT: 'update',
  PATCH: 'update',
  DELETE: 'delete',
  POST: 'create',
}

export function callOf({ method }: Pick<Operation, 'method'>): Call {
  const call = methods[method]
  if (!call) throw new Error(`No call has the method ${method}.`)
  return call
}

/** Finds the operation of a request. @param path without a query. */
export function findOperation(method: string, path: string): Operation | undefined {
  return operations.find((operation) => operation.method === method && patternOf(operation).test(path))
}

function patternOf({ path }: Operation): RegExp {
  return new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`)
}

/** A response body of the API. */
export type Body = Record<string, unknown> & { data?: unknown }

/** Returns the documented response body. A create or an update returns the fields that were sent. */
export function goodBody({ id, method, responses }: Operation, sent: string): Body {
  const [example] = responses.find(({ status }) => status === '200')?.examples ?? []
  if (!example) throw new Error(`The contract has no example for the response of ${id}.`)
  const body = structuredClone(example.value) as Body
  if (method === 'GET' || !isObject(body.data)) return body
  return { ...body, data: { ...body.data, ...parseFields(sent) } }
}

/** Returns the fields of a JSON object, and none of any other text. */
export function parseFields(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
