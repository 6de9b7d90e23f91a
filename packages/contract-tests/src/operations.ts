/** The contract's operations, and what the suite needs to call them: paths, ids and bodies. */
import {
  findOperation,
  type Model,
  type Operation,
  type Resource,
  readModel,
} from '@recoveryconnect/spec/model'

/** A parsed JSON object. */
export type Fields = Record<string, any>
export type Ids = Record<string, number | string>

export const model: Model = readModel()

/** Finds an operation by its id. @throws {Error} if the contract doesn't have it. */
export function findOperationById(id: string): Operation {
  return findOperation(model, id)
}

export function resourceOf({ resource }: Operation): Resource {
  return model.resources.find(({ name }) => name === resource) as Resource
}

/** The lists directly below one record of a list. */
export function childLists({ path }: Operation): Operation[] {
  const isBelow = (other: string) =>
    other.startsWith(path) && /^\/\{\w+\}\/[^{}]+$/.test(other.slice(path.length))
  return model.operations.filter((operation) => operation.verb === 'list' && isBelow(operation.path))
}

/** The path parameters that the target sets. */
export const targetNames: readonly string[] = ['order_id', 'borrower_id']

export function targetParents(operation: Operation): string[] {
  return Object.keys(exampleIds(operation)).filter((name) => targetNames.includes(name))
}

/** The documented statuses of success. For `2XX`, the usual ones. If there are none, 200. */
export function successesOf({ responses }: Pick<Operation, 'responses'>): number[] {
  const statuses = responses.flatMap(({ status }) =>
    status === '2XX' ? ['200', '201', '202', '204'] : status,
  )
  const successes = statuses.filter((status) => /^2\d\d$/.test(status)).map(Number)
  return successes.length > 0 ? [...new Set(successes)] : [200]
}

export function exampleIds({ parameters }: Operation): Record<string, number> {
  const inPath = parameters.filter((parameter) => parameter.in === 'path')
  return Object.fromEntries(inPath.map(({ name, example }) => [name, example as number]))
}

/** The path of an operation. A parameter that `ids` doesn't contain has its documented example. */
export function pathOf(operation: Operation, ids: Ids): string {
  const all: Ids = { ...exampleIds(operation), ...ids }
  return operation.path.replace(/\{(\w+)\}/g, (_, name: string) => String(all[name]))
}

/** The first documented request body; undefined if the operation takes none. */
export function exampleBody({ body }: Operation): any {
  return body?.examples[0]?.value
}
