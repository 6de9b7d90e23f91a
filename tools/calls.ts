/** Calls each operation of the contract once, with the ids and the body from the contract's examples. */
import { createClient, type Result } from '@recoveryconnect/client'
import { examplePath, findOperation, readModel } from '@recoveryconnect/spec/model'

type Method = (...args: unknown[]) => { result(): Promise<Result<unknown>> }

const model = readModel()

/** The mock accepts any token. */
const token = 'any-token'

export interface CompletedCall {
  /** The vendor's name for the operation. */
  title: string
  method: string
  path: string
  status: number
}

/**
 * Makes the calls in the order of the contract.
 *
 * @param baseUrl the server, without a trailing slash.
 * @throws {RecoveryConnectError} if a call fails. The remaining calls aren't made.
 * @example for await (const { title, status } of makeCalls(mock.url)) console.log(status, title)
 */
export async function* makeCalls(baseUrl: string): AsyncGenerator<CompletedCall> {
  const client = createClient({ baseUrl, token }) as unknown as Record<string, Record<string, Method>>
  for (const operation of model.operations) {
    const { id, resource, name, summary: title, method, parameters, body } = operation
    const ids = Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.example]))
    const args = [...(parameters.length > 0 ? [ids] : []), ...(body ? [body.examples[0]?.value] : [])]
    const result = await client[resource]?.[name]?.(...args).result()
    if (!result?.ok) throw result?.error ?? new Error(`The client has no method for ${id}.`)
    yield { title, method, path: examplePath(operation), status: result.response.status }
  }
}

/** Returns a call as a curl command. */
export function renderCurl(baseUrl: string): string {
  const path = examplePath(findOperation(model, 'listBorrowerPhones'))
  return `curl -H 'Authorization: Bearer ${token}' -H 'Accept: application/json' ${baseUrl}${path}`
}
