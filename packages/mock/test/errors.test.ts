import { listAllowed } from '@recoveryconnect/http/methods'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Mock, startMock } from '../src/mock.ts'
import { createResponder } from '../src/respond.ts'
import { call, contract, operations } from './contract-under-test.ts'

const phones = '/api/v140/orders/57062885/borrowers/124927241/phones'
const phone = `${phones}/39317578`
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

test('the token is checked before the ids and the body', async () => {
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
])('%s gets a 404', async (request) => {
  const [method = '', path = ''] = request.split(' ')
  const response = await call(mock.url, { method, path })
  expect([response.status, response.headers.get('content-type')]).toEqual([404, 'application/json'])
  expect(await response.json()).toEqual({ message: some })
})

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND']
describe.each([...Map.groupBy(operations, ({ path }) => path)])('%s', (path, supported) => {
  const allowed = supported.map(({ method }) => method)
  const others = methods.filter((method) => !allowed.includes(method))
  test.each(others)(`rejects %s and lists the supported methods: ${allowed}`, async (method) => {
    const response = await call(mock.url, { method, path })
    expect([response.status, response.headers.get('allow')]).toEqual([405, listAllowed(allowed)])
    expect(await response.json()).toEqual({ message: some })
  })
})

const good = { type: 6, number: '6789321578' }
const form = { 'content-type': 'application/x-www-form-urlencoded' }
test.each<
  [string, number, { method?: string; path?: string; body?: unknown }, Record<string, string>?, object?]
>([
  ['malformed JSON', 400, { body: '{"number": "678' }],
  ['JSON with more text after it', 400, { body: '{} {}' }],
  ['spaces instead of JSON', 400, { body: '  ' }],
  ['no body', 422, { body: '' }, {}, { body: ['The body is required.'] }],
  ['null', 422, { body: 'null' }, {}, { body: ['The body is required.'] }],
  ['a list', 422, { body: [] }, {}, { body: ['The body must be an object.'] }],
  ['a string', 422, { body: '"x"' }, {}, { body: ['The body must be an object.'] }],
  ['an update without a body', 422, { method: 'PUT', path: phone }, {}, { body: ['The body is required.'] }],
  [
    'a number for a string',
    422,
    { body: { ...good, memo: 1 } },
    {},
    { memo: ['The memo field must be a string or null.'] },
  ],
  [
    'a string for a number',
    422,
    { body: { ...good, type: '6' } },
    {},
    { type: ['The type field must be an integer.'] },
  ],
  [
    'an integer of 65 bits',
    422,
    { body: '{"type":9223372036854775808,"number":""}' },
    {},
    { type: expect.arrayContaining([some]) },
  ],
  [
    'a huge number for a string',
    422,
    { path: '/api/v140/auth', body: '{"username":-2e164,"password":"x"}' },
    {},
    { username: [some] },
  ],
  [
    'a huge number',
    422,
    { body: '{"type":-1e300,"number":""}' },
    {},
    { type: expect.arrayContaining([some]) },
  ],
  ['a flag of 2', 422, { body: { ...good, valid: 2 } }, {}, { valid: [expect.stringContaining('0, 1')] }],
  ['false', 422, { body: 'false' }, {}, { body: ['The body is required.'] }],
  ['a form', 415, { body: 'type=6' }, form],
  ['a form that is JSON', 415, { body: good }, form],
  ['JSON without a Content-Type', 415, { body: good }, { 'content-type': '' }],
  ['another kind of JSON', 415, { body: good }, { 'content-type': 'application/vnd.api+json' }],
  ['an invalid Content-Type', 415, { body: good }, { 'content-type': 'json' }],
  ['a body for an operation that takes none', 415, { method: 'DELETE', path: phone, body: {} }],
  ['an Accept without JSON', 406, { body: good }, { accept: 'text/html' }],
  ['an invalid Accept', 406, { body: good }, { accept: ';;' }],
  ['a broken percent sign', 400, { method: 'GET', path: phones.replace('57062885', '%ff') }],
  ['half a percent sign', 400, { method: 'GET', path: `${phones}/%` }],
])('%s is rejected with %i', async (_, status, request, headers, errors) => {
  const response = await call(mock.url, { method: 'POST', path: phones, ...request }, headers)
  expect([response.status, response.headers.get('content-type')]).toEqual([status, 'application/json'])
  expect(await response.json()).toEqual({ message: some, ...(errors && { errors }) })
})

test.each<[string, { method?: string; path?: string; body?: unknown }, Record<string, string>?]>([
  ['an empty update', { method: 'PUT', path: phone, body: {} }],
  ["fields that the contract doesn't document", { body: { ...good, later: [1] } }],
  ['the largest integer of 64 bits', { body: '{"type":9223372036854775807,"number":""}' }],
  ['the smallest integer of 64 bits', { body: '{"type":-9223372036854775808,"number":""}' }],
  ['a charset in the Content-Type', { body: good }, { 'content-type': 'Application/JSON; charset=UTF-8' }],
  [
    'a Content-Type without a body',
    { method: 'DELETE', path: phone },
    { 'content-type': 'application/json' },
  ],
  ['an invalid Content-Type without a body', { method: 'DELETE', path: phone }, { 'content-type': ';' }],
  ['a query', { method: 'GET', path: `${phones}?page=2&page=3&%ff=%ff&__code=404&?` }],
  ['percent-encoded letters in the path', { method: 'GET', path: phones.replace('orders', '%6Frders') }],
])('%s is accepted', async (_, request, headers) => {
  expect((await call(mock.url, { method: 'POST', path: phones, ...request }, headers)).status).toBe(200)
})

test('an error quotes nothing from the request', async () => {
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

describe('with a changed contract', () => {
  const template = '/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones'

  test('a path parameter is validated against its schema', async () => {
    const send = await responderOf(({ components }) => {
      components.parameters.OrderId.schema.minimum = 10
    })
    await expect(send(phones.replace('57062885', '9'))).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining('>= 10'),
    })
    expect(await send(phones)).toMatchObject({ status: 200 })
  })

  test('a string id may be any text', async () => {
    const send = await responderOf(({ components }) => {
      components.parameters.OrderId.schema = { type: 'string' }
    })
    expect(await send(phones.replace('57062885', 'a%2Fb%20c'))).toMatchObject({ status: 200 })
  })

  test('a query parameter and a header are validated against their schemas', async () => {
    const send = await responderOf(({ paths }) => {
      const schema = { type: 'integer' }
      paths[template].get.parameters = [
        { name: 'page', in: 'query', required: true, schema },
        { name: 'X-Depth', in: 'header', schema },
      ]
    })
    expect(await send(`${phones}?page=1`)).toMatchObject({ status: 200 })
    await expect(send(phones)).rejects.toMatchObject({
      status: 422,
      errors: { page: ['The page field is required.'] },
    })
    await expect(send(`${phones}?page=x`)).rejects.toMatchObject({ status: 422, errors: { page: [some] } })
    await expect(send(`${phones}?page=1`, { 'x-depth': 'x' })).rejects.toMatchObject({
      status: 422,
      errors: { 'x-depth': [some] },
    })
  })

  test('a fixed path takes precedence over one with a parameter', async () => {
    const send = await responderOf(({ paths }) => {
      paths[`${template}/latest`] = {
        parameters: paths[template].parameters,
        get: { operationId: 'getLatestPhone', responses: paths[template].get.responses },
      }
    })
    expect(await send(`${phones}/latest`)).toMatchObject({ status: 200 })
  })
})

async function responderOf(change: (contract: any) => void) {
  const changed = structuredClone(contract)
  change(changed)
  const respond = await createResponder(changed)
  return (target: string, headers = {}, { method = 'GET', body = new Uint8Array() } = {}) =>
    respond({ method, target, headers: { authorization: 'Bearer x', ...headers }, body })
}
