import { isDeepStrictEqual } from 'node:util'
import { startMock } from '@recoveryconnect/mock'
import { vendorFacts } from '@recoveryconnect/spec/provenance'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { model } from '../src/operations.ts'
import { callThroughClient } from './call.ts'

let mock: Awaited<ReturnType<typeof startMock>>
beforeAll(async () => {
  mock = await startMock({ port: 0 })
})
afterAll(() => mock.close())

const options = () => ({ baseUrl: mock.url, token: 'any-token' })

/** Whether a flag in a response differs from the one in the request. */
function differ(request: object, response: any): boolean {
  const flags = Object.entries(request).filter(([name]) => ['valid', 'no_contact'].includes(name))
  return flags.some(([name, value]) => response.data[name] !== value)
}

describe.each(model.operations)('$id', (operation) => {
  const documented = operation.responses.flatMap(({ status, examples }) =>
    examples.map((example) => ({ ...example, documented: status, status: example.status ?? 0 })),
  )

  test.each(documented)(
    'returns $documented with the example $name',
    async ({ status, name, value: expected }) => {
      const prefer = `code=${status}, example=${name}`
      // The client notices if a flag differs from the request.
      const requests = (operation.body?.examples ?? []).map((example) => example.value as object)
      const request = requests.find((one) => status >= 300 || !differ(one, expected)) ?? requests[0]
      const { raw, data, error } = await callThroughClient(options(), operation, request, prefer)
      expect(raw).toEqual({
        status,
        contentType: expect.stringContaining('application/json'),
        body: expected,
      })
      if (status < 300) expect(data).toEqual(expected)
      else expect(error).toMatchObject({ operation: operation.id, status, attempts: 1 })
    },
  )

  const requests = operation.body?.examples ?? []
  test.skipIf(requests.length === 0).for(requests)('accepts the request $name', async ({ value }) => {
    const { raw, error } = await callThroughClient(options(), operation, value)
    expect(raw.status).toBe(200)
    // The mock returns its example, whatever it receives.
    if (differ(value as object, raw.body)) expect(error).toMatchObject({ kind: 'contradiction' })
    else expect(error).toBeUndefined()
  })
})

describe('the five calls of the vendor’s document get the documented responses', () => {
  test.each(vendorFacts.operations)(
    '$title',
    async ({ method, url, request, response: documented, status }) => {
      const { meta: _, ...published } = documented as { meta?: unknown }
      const examples = model.operations.flatMap(({ responses }) => responses.flatMap((one) => one.examples))
      const name = examples.find(({ value }) => isDeepStrictEqual(value, published))?.name
      const response = await fetch(mock.url + url.pathname, {
        method: method.toUpperCase(),
        headers: {
          authorization: 'Bearer any-token',
          'content-type': 'application/json',
          prefer: `example=${name}`,
        },
        ...(request !== undefined && { body: JSON.stringify(request) }),
      })
      expect(String(response.status)).toBe(status)
      expect(await response.json()).toEqual(published)
    },
  )
})
