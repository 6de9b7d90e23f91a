import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAnswerer } from '../src/answer.ts'
import { type Mock, startMock } from '../src/mock.ts'
import { call, contract, operations } from './contract-under-test.ts'

const phones = '/api/v140/orders/57062885/borrowers/124927241/phones'
const phone = `${phones}/39317581`
const some = expect.any(String)

let mock: Mock
beforeAll(async () => {
  mock = await startMock({ port: 0 })
})
afterAll(() => mock.close())

test.each(operations.filter(({ secured }) => secured))('$id needs a bearer token', async (operation) => {
  for (const authorization of [
    '',
    'Bearer',
    'Bearer ',
    'Basic YTpi',
    'Bearerx',
    'x Bearer y',
    'Token Bearer',
  ]) {
    const response = await call(mock.url, operation, { authorization })
    expect([response.status, response.headers.get('www-authenticate')], authorization).toEqual([
      401,
      'Bearer',
    ])
    expect(await response.json()).toEqual({ message: expect.stringContaining('Bearer') })
  }
})

test('the token is looked at before the ids and the body', async () => {
  const response = await call(
    mock.url,
    { method: 'POST', path: phones.replace('57062885', 'x'), body: {} },
    { authorization: '' },
  )
  expect(response.status).toBe(401)
})

test.each([
  'GET /',
  'GET //',
  'GET /api/v140',
  `GET ${phones}/`,
  `GET /${phones}`,
  `GET ${phones.replace('/phones', '//phones')}`,
  `GET ${phones.replace('57062885', '')}`,
  `GET ${phones.toUpperCase()}`,
  `GET ${phone}/1`,
  `GET ${phones.replace('57062885', '57062885%2Fborrowers')}`,
])('%s is not found', async (request) => {
  const [method = '', path = ''] = request.split(' ')
  const response = await call(mock.url, { method, path })
  expect([response.status, response.headers.get('content-type')]).toEqual([404, 'application/json'])
  expect(await response.json()).toEqual({ message: some })
})

describe.each([
  [phones, 'GET, POST', ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'PROPFIND']],
  [phone, 'GET, PUT, DELETE', ['POST', 'PATCH', 'OPTIONS', 'HEAD', 'PROPFIND']],
] as const)('%s', (path, allow, methods) => {
  test.each(methods)(`has no %s, and says what it has: ${allow}`, async (method) => {
    const response = await call(mock.url, { method, path })
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow])
    if (method !== 'HEAD') expect(await response.json()).toEqual({ message: some })
  })
})

const good = { type: 6, number: '6789321578' }
const form = { 'content-type': 'application/x-www-form-urlencoded' }
test.each<
  [string, number, { method?: string; path?: string; body?: unknown }, Record<string, string>?, object?]
>([
  ['malformed JSON', 400, { body: '{"number": "678' }],
  ['JSON that ends too late', 400, { body: '{} {}' }],
  ['blanks instead of JSON', 400, { body: '  ' }],
  ['no body', 422, { body: '' }, {}, { body: ['The body is required.'] }],
  ['null', 422, { body: 'null' }, {}, { body: ['The body is required.'] }],
  ['a list', 422, { body: [] }, {}, { body: ['The body must be an object.'] }],
  ['a text', 422, { body: '"x"' }, {}, { body: ['The body must be an object.'] }],
  [
    'null as a change',
    422,
    { method: 'PUT', path: phone, body: 'null' },
    {},
    { body: ['The body must be an object.'] },
  ],
  [
    'false as a change',
    422,
    { method: 'PUT', path: phone, body: 'false' },
    {},
    { body: ['The body must be an object.'] },
  ],
  [
    'a number for a text',
    422,
    { body: { ...good, memo: 1 } },
    {},
    { memo: ['The memo field must be a string or null.'] },
  ],
  [
    'a text for a number',
    422,
    { body: { ...good, type: '6' } },
    {},
    { type: ['The type field must be an integer.'] },
  ],
  ['a flag of 2', 422, { body: { ...good, valid: 2 } }, {}, { valid: [expect.stringContaining('0, 1')] }],
  ['a form', 415, { body: 'type=6' }, form],
  ['a form that is JSON', 415, { body: good }, form],
  ['JSON without a type', 415, { body: good }, { 'content-type': '' }],
  ['a type that cannot be read', 415, { body: good }, { 'content-type': 'json' }],
  ['a body where none belongs', 415, { method: 'DELETE', path: phone, body: {} }],
  ['an answer that is no JSON', 406, { body: good }, { accept: 'text/html' }],
  ['an Accept that cannot be read', 406, { body: good }, { accept: ';;' }],
  ['a broken percent sign', 400, { method: 'GET', path: phones.replace('57062885', '%ff') }],
  ['half a percent sign', 400, { method: 'GET', path: `${phones}/%` }],
])('%s is refused with %i', async (_, status, request, headers, errors) => {
  const response = await call(mock.url, { method: 'POST', path: phones, ...request }, headers)
  expect([response.status, response.headers.get('content-type')]).toEqual([status, 'application/json'])
  expect(await response.json()).toEqual({ message: some, ...(errors && { errors }) })
})

test.each<[string, { method?: string; path?: string; body?: unknown }, Record<string, string>?]>([
  ['a change without a body', { method: 'PUT', path: phone }],
  ['a change of nothing', { method: 'PUT', path: phone, body: {} }],
  ['fields that the contract does not know', { body: { ...good, later: [1] } }],
  ['a charset in the type', { body: good }, { 'content-type': 'Application/JSON; charset=UTF-8' }],
  ['a type without a body', { method: 'DELETE', path: phone }, { 'content-type': 'application/json' }],
  ['an unreadable type without a body', { method: 'DELETE', path: phone }, { 'content-type': ';' }],
  ['a query', { method: 'GET', path: `${phones}?page=2&page=3&%ff=%ff&__code=404&?` }],
  ['percent-encoded letters in the path', { method: 'GET', path: phones.replace('orders', '%6Frders') }],
])('%s is accepted', async (_, request, headers) => {
  expect((await call(mock.url, { method: 'POST', path: phones, ...request }, headers)).status).toBe(200)
})

test('an error repeats nothing of what was sent', async () => {
  const secrets = ['s3cret', '555-0100', 'at her sister']
  const bodies = [
    `{"number": "555-0100", "memo": at her sister`,
    '"555-0100"',
    '{"number": ["555-0100"], "memo": {"at her sister": 1}}',
  ]
  for (const body of bodies) {
    const headers = { authorization: 'Bearer s3cret', prefer: 'code=201' }
    const text = await (await call(mock.url, { method: 'POST', path: phones, body }, headers)).text()
    for (const secret of secrets) expect(text).not.toContain(secret)
  }
})

describe('with a contract that was changed', () => {
  test('a path parameter is held against its schema', async () => {
    const ask = await answererOf(({ components }) => {
      components.schemas.Id.minimum = 10
    })
    await expect(ask(phones.replace('57062885', '9'))).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining('>= 10'),
    })
    expect(await ask(phones)).toMatchObject({ status: 200 })
  })

  test('an id may be any text where it is no integer, but not nothing', async () => {
    const ask = await answererOf(({ components }) => {
      components.parameters.OrderId.schema = { type: 'string' }
    })
    expect(await ask(phones.replace('57062885', 'a%2Fb%20c'))).toMatchObject({ status: 200 })
    await expect(ask(phones.replace('57062885', ''))).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining('no such path'),
    })
  })

  test('a query parameter and a header are held against theirs', async () => {
    const ask = await answererOf(({ paths }) => {
      const schema = { type: 'integer' }
      paths['/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones'].get.parameters = [
        { name: 'page', in: 'query', required: true, schema },
        { name: 'X-Depth', in: 'header', schema },
      ]
    })
    expect(await ask(`${phones}?page=1`)).toMatchObject({ status: 200 })
    await expect(ask(phones)).rejects.toMatchObject({
      status: 422,
      errors: { page: ['The page field is required.'] },
    })
    await expect(ask(`${phones}?page=x`)).rejects.toMatchObject({ status: 422, errors: { page: [some] } })
    await expect(ask(`${phones}?page=1`, { 'x-depth': 'x' })).rejects.toMatchObject({
      status: 422,
      errors: { 'x-depth': [some] },
    })
  })

  test('an example that does not fit its schema is not served as if it did', async () => {
    const ask = await answererOf(({ components }) => {
      components.examples.TwoPhones.value.data[1].valid = '1'
    })
    await expect(ask(phones)).rejects.toMatchObject({
      status: 500,
      message: expect.stringContaining('data.1.valid'),
    })
    expect(await ask(phones, { prefer: 'example=no-phones' })).toMatchObject({ status: 200 })
  })

  test('a fixed path goes before one with a parameter', async () => {
    const ask = await answererOf(({ paths }) => {
      const path = '/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones'
      paths[`${path}/latest`] = {
        parameters: paths[path].parameters,
        get: { responses: paths[path].get.responses },
      }
    })
    expect(await ask(`${phones}/latest`)).toMatchObject({ status: 200 })
  })
})

async function answererOf(change: (contract: any) => void) {
  const changed = structuredClone(contract)
  change(changed)
  const answer = await createAnswerer(changed)
  return (target: string, headers = {}) =>
    answer({
      method: 'GET',
      target,
      headers: { authorization: 'Bearer x', ...headers },
      body: new Uint8Array(),
    })
}
