/** Makes the five calls from the vendor's document, with the ids and bodies from the contract's examples. */
import { createClient, type Result } from '@recoveryconnect/client'
import { examplePath, findOperation, type Operation, readModel } from '@recoveryconnect/spec/model'

type Method = (...args: unknown[]) => { result(): Promise<Result<unknown>> }

const model = readModel()
const list = findOperation(model, 'listBorrowerPhones')

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
 * @example for await (const { title, status } of makeVendorCalls(mock.url)) console.log(status, title)
 */
export async function* makeVendorCalls(baseUrl: string): AsyncGenerator<CompletedCall> {
  const client = createClient({ baseUrl, token }) as unknown as Record<string, Record<string, Method>>
  for (const operation of model.operations.filter(({ resource }) => resource === list.resource)) {
    const parameters = operation.parameters.map((parameter) => documentedParameter(operation, parameter))
    const ids = Object.fromEntries(parameters.map(({ name, example }) => [name, example]))
    const body = operation.body?.examples[0]?.value
    const args = body === undefined ? [ids] : [ids, body]
    const result = await client[operation.resource]?.[operation.name]?.(...args).result()
    if (!result?.ok) throw result?.error ?? new Error(`The client has no method for ${operation.id}.`)
    const { summary: title, method, path } = operation
    yield { title, method, path: examplePath({ path, parameters }), status: result.response.status }
  }
}

/** Returns the first call as a curl command. */
export function renderVendorCurl(baseUrl: string): string {
  return `curl -H 'Authorization: Bearer ${token}' -H 'Accept: application/json' ${baseUrl}${examplePath(list)}`
}

/** The document deletes the second phone of its list. All other calls use the example ids. */
function documentedParameter({ verb }: Operation, parameter: Operation['parameters'][number]) {
  if (verb !== 'delete' || parameter.name !== 'phone_id') return parameter
  const { data } = (list.responses[0]?.examples[0]?.value ?? { data: [] }) as { data: { id: number }[] }
  return { ...parameter, example: data[1]?.id }
}
