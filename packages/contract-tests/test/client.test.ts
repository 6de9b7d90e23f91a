import { startMock } from '@recoveryconnect/mock'
import { vendorFacts } from '@recoveryconnect/spec/provenance'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exampleBody, model } from '../src/operations.ts'
import { callThroughClient } from './call.ts'

let mock: Awaited<ReturnType<typeof startMock>>
beforeAll(async () => {
  mock = await startMock({ port: 0 })
})
afterAll(() => mock.close())

const options = () => ({ baseUrl: mock.url, token: 'any-token' })

describe.each(model.operations)('$id', (operation) => {
  const documented = operation.responses.flatMap(({ status, examples }) =>
    examples.map((example) => ({ ...example, documented: status, status: example.status ?? 0 })),
  )

  test.each(documented)(
    'returns $documented with the example $name',
    async ({ status, name, value: expected }) => {
      const prefer = `code=${status}, example=${name}`
      const { raw, data, error } = await callThroughClient(
        options(),
        operation,
        exampleBody(operation),
        prefer,
      )
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
    // The mock returns its example, whatever it receives. The client notices if a flag differs from the request.
    const flags = ['valid', 'no_contact'].filter((flag) => flag in (value as object))
    const differs = flags.some((flag) => (raw.body as any).data[flag] !== (value as any)[flag])
    if (differs) expect(error).toMatchObject({ kind: 'contradiction' })
    else expect(error).toBeUndefined()
  })
})

describe('the five calls of the vendor’s document get the documented responses', () => {
  test.each(vendorFacts.operations)(
    '$title',
    async ({ method, url, request, response: documented, status }) => {
      const response = await fetch(mock.url + url.pathname, {
        method: method.toUpperCase(),
        headers: { authorization: 'Bearer any-token', 'content-type': 'application/json' },
        ...(request !== undefined && { body: JSON.stringify(request) }),
      })
      const { meta: _, ...published } = documented as { meta?: unknown }
      expect(String(response.status)).toBe(status)
      expect(await response.json()).toEqual(published)
    },
  )
})
