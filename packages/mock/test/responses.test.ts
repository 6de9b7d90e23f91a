import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Mock } from '../src/mock.ts'
import { call, operations, starts } from './contract-under-test.ts'

const [operation] = operations
if (!operation) throw new Error('The contract has no operations.')
describe.each(starts)('the mock from %s', (_, start) => {
  let mock: Mock
  beforeAll(async () => {
    mock = await start()
  })
  afterAll(() => mock.close())

  describe.each(operations)('$id', (operation) => {
    const examples = operation.responses.flatMap(({ examples }) => examples)

    test('sends the first example of its success response', async () => {
      const response = await call(mock.url, operation)
      expect(response.status).toBe(200)
      expect(await response.json()).toEqual(examples[0]?.value)
    })

    test('sends back the flags and ids that the first example of the request contains', async () => {
      const sent = Object.entries(operation.body ?? {}).filter(([, value]) => typeof value === 'number')
      const response: any = await (await call(mock.url, operation)).json()
      expect(response.data ?? {}).toMatchObject(Object.fromEntries(sent))
    })

    test.each(examples)(
      'sends $status with the example $name if Prefer names both',
      async ({ status, name, value }) => {
        const response = await call(mock.url, operation, { prefer: `code=${status}, example=${name}` })
        expect([response.status, response.headers.get('content-type')]).toEqual([status, 'application/json'])
        expect(await response.json()).toEqual(value)
      },
    )

    test.each(examples)(
      'sends the example $name if Prefer names only the example',
      async ({ status, name, value }) => {
        const response = await call(mock.url, operation, { prefer: `example="${name}"` })
        expect([response.status, await response.json()]).toEqual([status, value])
      },
    )

    test.each(operation.responses)(
      'sends the first example of $status if Prefer names only the status',
      async ({ status, examples: [first] }) => {
        const response = await call(mock.url, operation, { prefer: `code=${status}` })
        expect([response.status, await response.json()]).toEqual([first?.status, first?.value])
      },
    )

    test('sends the standard reason phrase for a status of a range without an example', async () => {
      const response = await call(mock.url, operation, { prefer: 'code=507' })
      expect([response.status, await response.json()]).toEqual([507, { message: 'Insufficient Storage' }])
    })
  })

  describe('one operation', () => {
    test.each([
      'code=201',
      'code=302',
      'code=999',
      'code=abc',
      'code=',
      'example=nope',
      'code=503, example=server-error',
    ])('rejects Prefer: %s and lists the documented responses', async (prefer) => {
      const response = await call(mock.url, operation, { prefer })
      expect([response.status, await response.json()]).toEqual([
        400,
        { message: expect.stringContaining('Prefer') },
      ])
    })

    test('ignores unknown preferences', async () => {
      const response = await call(mock.url, operation, { prefer: 'respond-async, return=minimal; wait=10' })
      expect(response.status).toBe(200)
    })

    test.each([
      '',
      '*/*',
      'application/*',
      'text/html, application/json;q=0.1',
      'application/json; charset=utf-8',
      'application/json;version=1',
      'application/json;version=1;q=0.5',
      'application/json;profile="a;q=0,b"',
    ])('sends JSON for "Accept: %s"', async (accept) => {
      expect((await call(mock.url, operation, { accept })).status).toBe(200)
    })
  })

  test('sends the headers that the contract has examples for', async () => {
    const { headers } = await call(mock.url, operation, { prefer: 'code=429' })
    expect(
      ['retry-after', 'x-ratelimit-limit', 'x-ratelimit-remaining'].map((name) => headers.get(name)),
    ).toEqual(['30', '60', '0'])
  })

  test.each(['Bearer x', 'bearer x', 'BEARER x', 'bEaReR a.b-c_d'])(
    'accepts the token "%s"',
    async (authorization) => {
      for (const operation of operations) {
        expect((await call(mock.url, operation, { authorization })).status, operation.id).toBe(200)
      }
    },
  )

  test.each(['9223372036854775807', '-9223372036854775808'])('accepts the id %s', async (id) => {
    for (const { parameters, pathWith, ...operation } of operations) {
      const path = pathWith(Object.fromEntries(parameters.map((name) => [name, id])))
      expect((await call(mock.url, { ...operation, path })).status, operation.id).toBe(200)
    }
  })

  test('keeps nothing from one request to the next', async () => {
    await call(mock.url, operation, { accept: 'text/html' })
    await call(mock.url, operation, { prefer: 'example=no-phones' })
    const response = await call(mock.url, operation)
    expect([response.status, await response.json()]).toEqual([
      200,
      operation.responses[0]?.examples[0]?.value,
    ])
  })

  // If Prism can't compile a schema, it lets everything through. These tests would notice.
  describe.each(operations)('$id validates', ({ parameters, pathWith, ...operation }) => {
    test.each(parameters)('%s in the path', async (name) => {
      const values = ['x', '1.5', '0x10', '1e3', '%20', '%201', '1,2', '-', '%2F', '..;', 'null', '١']
      for (const value of [...values, '9223372036854775808', '-9223372036854775809']) {
        const response = await call(mock.url, { ...operation, path: pathWith({ [name]: value }) })
        expect([response.status, await response.json()], value).toEqual([
          404,
          { message: expect.stringContaining(`${name} must be an integer`) },
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

    test.each<string>(operation.schema?.required ?? [])('that the body has %s', async (name) => {
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
