import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Mock, startMock } from '../src/mock.ts'
import { call, operations } from './contract-under-test.ts'

// What is published is the bundle, in which a part of Prism is left out: it has to do the same.
const [operation] = operations
if (!operation) throw new Error('the contract has no operation')
const makes: Record<string, () => Promise<Mock>> = {
  'the source': () => startMock({ port: 0 }),
  // By Node itself: the test runner would transform all of it first.
  'the bundle': () => createRequire(import.meta.url)('../dist/mock.js').startMock({ port: 0 }),
}

describe.each(Object.entries(makes))('the mock from %s', (_, start) => {
  let mock: Mock
  beforeAll(async () => {
    mock = await start()
  })
  afterAll(() => mock.close())

  describe.each(operations)('$id', (operation) => {
    const answers = operation.responses.flatMap(({ code, examples }) =>
      examples.map((example) => ({ code, ...example, status: example.status ?? Number(code) })),
    )

    test('answers with the first example of its success', async () => {
      const response = await call(mock.url, operation)
      expect(response.status).toBe(200)
      expect(await response.json()).toEqual(answers[0]?.value)
    })

    test.each(answers)(
      'answers $status with $name where Prefer names both',
      async ({ status, name, value }) => {
        const response = await call(mock.url, operation, { prefer: `code=${status}, example=${name}` })
        expect([response.status, response.headers.get('content-type')]).toEqual([status, 'application/json'])
        expect(await response.json()).toEqual(value)
      },
    )

    test.each(answers)('finds $name by its name alone', async ({ status, name, value }) => {
      const response = await call(mock.url, operation, { prefer: `example="${name}"` })
      expect([response.status, await response.json()]).toEqual([status, value])
    })

    test.each(operation.responses)(
      'answers $code with its first example',
      async ({ code, examples: [first] }) => {
        const response = await call(mock.url, operation, { prefer: `code=${code}` })
        expect([response.status, await response.json()]).toEqual([
          first?.status ?? Number(code),
          first?.value,
        ])
      },
    )

    test('answers a status of a range that has no example in its own words', async () => {
      const response = await call(mock.url, operation, { prefer: 'code=507' })
      expect([response.status, await response.json()]).toEqual([507, { message: 'Insufficient Storage' }])
    })
  })

  describe('to one operation', () => {
    test.each([
      'code=201',
      'code=302',
      'code=999',
      'code=abc',
      'code=',
      'example=nope',
      'code=503, example=server-error',
    ])('refuses %s, and says what there is', async (prefer) => {
      const response = await call(mock.url, operation, { prefer })
      expect([response.status, await response.json()]).toEqual([
        400,
        { message: expect.stringContaining('Prefer') },
      ])
    })

    test('ignores preferences that it does not know', async () => {
      const response = await call(mock.url, operation, { prefer: 'respond-async, return=minimal; wait=10' })
      expect(response.status).toBe(200)
    })

    test.each([
      '',
      '*/*',
      'application/*',
      'text/html, application/json;q=0.1',
      'application/json; charset=utf-8',
    ])('answers JSON to "Accept: %s"', async (accept) => {
      expect((await call(mock.url, operation, { accept })).status).toBe(200)
    })
  })

  test('sends the headers that the contract shows', async () => {
    const { headers } = await call(mock.url, operation, { prefer: 'code=429' })
    expect(
      ['retry-after', 'x-ratelimit-limit', 'x-ratelimit-remaining'].map((name) => headers.get(name)),
    ).toEqual(['30', '60', '0'])
  })

  test.each(['Bearer x', 'bearer x', 'BEARER x', 'bEaReR a.b-c_d'])(
    'takes the token "%s"',
    async (authorization) => {
      for (const operation of operations) {
        expect((await call(mock.url, operation, { authorization })).status, operation.id).toBe(200)
      }
    },
  )

  test('remembers nothing of one request in the next', async () => {
    await call(mock.url, operation, { accept: 'text/html' })
    await call(mock.url, operation, { prefer: 'example=no-phones' })
    const response = await call(mock.url, operation)
    expect([response.status, await response.json()]).toEqual([
      200,
      operation.responses[0]?.examples[0]?.value,
    ])
  })

  // Prism takes a schema that it cannot compile for one that everything fits: here is the canary.
  describe.each(operations)('$id validates', ({ parameters, pathWith, ...operation }) => {
    test.each(parameters)('%s in the path', async (name) => {
      for (const value of ['x', '1.5', '0x10', '1e3', '%20', '%201', '1,2', '-', '%2F', '..;', 'null', '١']) {
        const response = await call(mock.url, { ...operation, path: pathWith({ [name]: value }) })
        expect([response.status, await response.json()], value).toEqual([
          404,
          { message: `Not found. In the path, ${name} must be an integer.` },
        ])
      }
    })

    test.each(Object.keys(operation.schema?.properties ?? {}))('%s in the body', async (name) => {
      const response = await call(mock.url, {
        ...operation,
        body: { ...(operation.body as object), [name]: [] },
      })
      expect([response.status, await response.json()]).toEqual([
        422,
        {
          message: 'The given data was invalid.',
          errors: { [name]: expect.arrayContaining([expect.any(String)]) },
        },
      ])
    })

    test.each<string>(operation.schema?.required ?? [])('that %s is there', async (name) => {
      const response = await call(mock.url, {
        ...operation,
        body: { ...(operation.body as object), [name]: undefined },
      })
      expect([response.status, await response.json()]).toEqual([
        422,
        { message: 'The given data was invalid.', errors: { [name]: [`The ${name} field is required.`] } },
      ])
    })
  })
})
