/** The contract's example responses, and the `Prefer` header that asks for one of them. */
import { HttpError } from '@recoveryconnect/http/http-error'
import { readPrefer as parsePrefer } from '@recoveryconnect/http/prefer'
import { type ContractOperation, findByStatus } from './operation.ts'

export interface ResponseDraft {
  status: number
  headers: Record<string, string>
  body: unknown
}

/**
 * Finds the example for a status. Returns undefined if the contract doesn't document that response. If it documents the
 * response, but has no example for this status, the body only names the status.
 *
 * @param name the name of the example. Default: the first one.
 */
export function findExample(
  { responses }: ContractOperation,
  status: number,
  name?: string,
): ResponseDraft | undefined {
  const response = findByStatus(responses, status)
  if (!response) return undefined
  const { headers, examples } = response
  const example = examples.find((one) => one.status === status && (name === undefined || one.name === name))
  if (example) return { status, headers, body: example.body }
  return name === undefined ? { status, headers, body: { message: `Status ${status}` } } : undefined
}

/** Lists every example of an operation. Its `code` is the status, range or `default` that documents it. */
function listExamples(
  responses: ContractOperation['responses'],
): (ResponseDraft & { code: string; name: string })[] {
  return Object.entries(responses).flatMap(([code, { headers, examples }]) =>
    examples.map((example) => ({ ...example, code, headers })),
  )
}

/**
 * Finds the example for the first id that is a documented status, for clients that can't set headers. A status of a range
 * is documented if it has an example.
 */
export function findExampleForIds(
  operation: ContractOperation,
  ids: readonly number[],
): ResponseDraft | undefined {
  const { responses } = operation
  const isDocumented = (id: number) =>
    id in responses || listExamples(responses).some(({ status }) => status === id)
  const id = ids.find((id) => id >= 400 && id < 600 && isDocumented(id))
  return id ? findExample(operation, id) : undefined
}

/**
 * Reads `Prefer: code=…, example=…` as Prism does. The code is a status, or a range as the contract writes it.
 *
 * @returns the example response, or undefined if the header asks for none.
 * @throws {HttpError} 400 if the header can't be read, or the contract has no such response.
 * @example readPrefer(operation, 'code=422, example=flag-refused')
 */
export function readPrefer(operation: ContractOperation, header?: string): ResponseDraft | undefined {
  const wish = parsePrefer(header)
  if (typeof wish === 'string') throw new HttpError(400, { message: wish })
  const code = wish.code?.toUpperCase()
  const name = wish.example
  if (!code && !name) return undefined
  const examples = listExamples(operation.responses)
  const response = /^\d{3}$/.test(code ?? '')
    ? findExample(operation, Number(code), name)
    : examples.find((one) => (!code || one.code === code) && (!name || one.name === name))
  if (response) return response
  const known = examples.map((one) => `${one.code} (${one.name})`).join(', ')
  throw new HttpError(400, { message: `Prefer: the contract has no such response. It has ${known}.` })
}
