/** The five calls of the vendor's document. Ids, bodies and titles come from the contract's examples. */
import { createClient, type Schemas } from '@recoveryconnect/client'
import contract from '@recoveryconnect/spec/openapi.json' with { type: 'json' }

const { parameters, examples } = contract.components
const borrower = { order_id: parameters.OrderId.example, borrower_id: parameters.BorrowerId.example }
const phone = { ...borrower, phone_id: parameters.PhoneId.example }
/** The document deletes the second phone of its list. */
const deleted = { ...borrower, phone_id: examples.TwoPhones.value.data[1]?.id ?? 0 }

/** Any token will do: the mock does not look who it is. */
const token = 'any-token'

/** What one call came to. `title` is the vendor's. */
export interface MadeCall {
  title: string
  method: string
  path: string
  status: number
}

/**
 * Makes the calls one after another.
 *
 * @param baseUrl the server, without a slash at its end.
 * @throws {Error} at the first call that is not answered as documented.
 * @example for await (const { title, status } of makeVendorCalls(mock.url)) console.log(status, title)
 */
export async function* makeVendorCalls(baseUrl: string): AsyncGenerator<MadeCall> {
  let sent: Omit<MadeCall, 'title'> | undefined
  const { borrowerPhones } = createClient({
    baseUrl,
    token,
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const response = await fetch(request)
      sent = { method: request.method, path: new URL(request.url).pathname, status: response.status }
      return response
    },
  })
  const calls: [operationId: string, call: () => PromiseLike<unknown>][] = [
    ['listBorrowerPhones', () => borrowerPhones.list(borrower)],
    [
      'createBorrowerPhone',
      () => borrowerPhones.create(borrower, examples.CreateAllFields.value as Schemas['BorrowerPhoneCreate']),
    ],
    ['getBorrowerPhone', () => borrowerPhones.get(phone)],
    [
      'updateBorrowerPhone',
      () => borrowerPhones.update(phone, examples.UpdateAllFields.value as Schemas['BorrowerPhoneUpdate']),
    ],
    ['deleteBorrowerPhone', () => borrowerPhones.delete(deleted)],
  ]
  for (const [operationId, call] of calls) {
    await call()
    if (sent) yield { title: operationOf(operationId).title, ...sent }
  }
}

/** The first of the calls, for a terminal. */
export function vendorCurl(baseUrl: string): string {
  const path = operationOf('listBorrowerPhones').path.replace(
    /\{(\w+)\}/g,
    (_, name: keyof typeof borrower) => `${borrower[name]}`,
  )
  return `curl -H 'Authorization: Bearer ${token}' -H 'Accept: application/json' ${baseUrl}${path}`
}

function operationOf(operationId: string): { path: string; title: string } {
  for (const [path, item] of Object.entries(contract.paths))
    for (const operation of Object.values(item))
      if ('operationId' in operation && operation.operationId === operationId)
        return { path, title: operation.summary }
  throw new Error(`The contract has no operation ${operationId}.`)
}
