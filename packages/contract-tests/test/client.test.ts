import { startMock } from '@recoveryconnect/mock'
import { vendorFacts } from '@recoveryconnect/spec/provenance'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callThroughClient } from '../src/call.ts'
import { operations } from '../src/contract.ts'

let mock: Awaited<ReturnType<typeof startMock>>
beforeAll(async () => {
  mock = await startMock({ port: 0 })
})
afterAll(() => mock.close())

const options = () => ({ baseUrl: mock.url, token: 'any-token' })

describe.each(operations)('$id', (operation) => {
  const [body] = Object.values(operation.requests)

  test.each(operation.answers)(
    'answers $documented with the example $example',
    async ({ status, example, body: expected }) => {
      const prefer = `code=${status}, example=${example}`
      const { seen, data, error } = await callThroughClient(options(), operation, body, prefer)
      expect(seen).toEqual({
        status,
        contentType: expect.stringContaining('application/json'),
        body: expected,
      })
      if (status < 300) expect(data).toEqual(expected)
      else expect(error).toMatchObject({ operation: operation.id, status, attempts: 1 })
    },
  )

  test.each(Object.entries(operation.requests))('takes the request %s', async (_, request) => {
    const { seen, error } = await callThroughClient(options(), operation, request)
    expect(seen.status).toBe(200)
    // The mock answers with its example, whatever was sent. The client notices where a flag came back otherwise.
    const flags = ['valid', 'no_contact'].filter((flag) => flag in (request as object))
    const differs = flags.some((flag) => (seen.body as any).data[flag] !== (request as any)[flag])
    if (differs) expect(error).toMatchObject({ kind: 'contradiction' })
    else expect(error).toBeUndefined()
  })
})

describe('the five calls of the vendor’s document get the documented answers', () => {
  test.each(vendorFacts.operations)('$title', async ({ method, url, request, response, status }) => {
    const answer = await fetch(mock.url + url.pathname, {
      method: method.toUpperCase(),
      headers: { authorization: 'Bearer any-token', 'content-type': 'application/json' },
      ...(request !== undefined && { body: JSON.stringify(request) }),
    })
    const { meta: _, ...published } = response as { meta?: unknown }
    expect(String(answer.status)).toBe(status)
    expect(await answer.json()).toEqual(published)
  })
})
