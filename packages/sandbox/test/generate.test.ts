import { readFile } from 'node:fs/promises'
import { readModel } from '@recoveryconnect/spec/model'
import { describe, expect, test } from 'vitest'
import { contractFile, renderContract, renderResources, resourcesFile } from '../generate.ts'
import { operations } from '../src/core/contract.gen.ts'

test('the generated operations are up to date', async () => {
  expect(await readFile(contractFile, 'utf8')).toBe(renderContract())
})

test('the generated list of resources is up to date', async () => {
  expect(await readFile(resourcesFile, 'utf8')).toBe(renderResources())
})

test('every operation but the authentication call needs a token', () => {
  expect(operations.filter(({ needsToken }) => !needsToken).map(({ id }) => id)).toEqual([
    'createAccessToken',
  ])
})

/** A contract with one operation. */
function model(operation: object, paths = {}) {
  const responses = { 200: { description: 'Success' } }
  const ids = ['order_id', 'borrower_id'].map((name) => ({ name, in: 'path', schema: { type: 'integer' } }))
  return readModel({
    openapi: '3.1.0',
    info: { title: 'Test', version: '1.0.0' },
    paths: {
      '/orders/{order_id}/borrowers/{borrower_id}/addresses': {
        summary: 'A path item may have a summary.',
        parameters: ids,
        get: { operationId: 'listBorrowerAddresses', tags: ['Borrower Addresses'], responses, ...operation },
      },
      ...paths,
    },
  })
}

test.each([
  ['query', { name: 'page', in: 'query', schema: { type: 'integer' } }],
  ['header', { name: 'If-Match', in: 'header', schema: { type: 'string' } }],
  ['path', { name: 'order_id', in: 'path', schema: { type: 'string' } }],
])('a %s parameter that the sandbox does not support stops the generator', (place, parameter) => {
  const unsupported = model({ parameters: [parameter] })
  expect(() => renderContract(unsupported)).toThrow(
    new RegExp(`listBorrowerAddresses.*${place} parameter ${parameter.name}`),
  )
})

test('a resource with only a list gets its import and its handlers', () => {
  const rendered = renderResources(model({}))
  expect(rendered).toContain("import { resource as borrowerAddresses } from './borrower-addresses.ts'")
  expect(rendered).toContain('...borrowerAddresses.createHandlers(context)')
})

test('an operation without a tag is in the resource "Other"', () => {
  expect(renderResources(model({ tags: [] }))).toContain("import { resource as other } from './other.ts'")
})

/** A list, and the fields of its records. */
function list(path: string, tag: string, fields: Record<string, object> = {}) {
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    schema: { type: 'integer' },
  }))
  const data = { type: 'array', items: { type: 'object', properties: fields } }
  const content = { 'application/json': { schema: { type: 'object', properties: { data } } } }
  const responses = { 200: { description: 'Success', content } }
  return {
    [path]: { parameters, get: { operationId: `list${tag.replaceAll(' ', '')}`, tags: [tag], responses } },
  }
}

const borrowers = list('/orders/{order_id}/borrowers', 'Borrowers', {
  id: {},
  order_id: {},
  name: {},
  phones: { type: 'array' },
})
const phonesPath = '/orders/{order_id}/borrowers/{borrower_id}/phones'

/** The lists of a world file, as the generator writes them. */
function readCollections(...paths: object[]): string[] {
  const rendered = renderResources(readModel({ openapi: '3.1.0', paths: Object.assign({}, ...paths) }))
  return [...rendered.matchAll(/^ {2}\{ (name: .*) \},$/gm)].map(([, members = '']) => members)
}

describe('the lists of a world file come from the paths', () => {
  test.each<[string, object[], string[]]>([
    [
      'a parent without operations has only its id',
      [list(phonesPath, 'Phones', { id: {} })],
      [
        'name: "orders", idKey: "order_id", fields: []',
        'name: "borrowers", idKey: "borrower_id", parent: "orders", fields: []',
        'name: "phones", idKey: "id", parent: "borrowers", fields: ["id"], rules: phones.records',
      ],
    ],
    [
      "a record has neither its parent's id nor the lists inside it",
      [borrowers, list(phonesPath, 'Phones', { id: {}, order_id: {}, person_id: {} })],
      [
        'name: "orders", idKey: "order_id", fields: []',
        'name: "borrowers", idKey: "borrower_id", parent: "orders", fields: ["id","name"], rules: borrowers.records',
        'name: "phones", idKey: "id", parent: "borrowers", fields: ["id","person_id"], rules: phones.records',
      ],
    ],
    [
      "a parent's id is `id` if the path parameter is a field of the record",
      [list('/things', 'Things', { id: {}, thing_id: {} }), list('/things/{thing_id}/spare-parts', 'Parts')],
      [
        'name: "things", idKey: "id", fields: ["id","thing_id"], rules: things.records',
        'name: "spare_parts", idKey: "id", parent: "things", fields: [], rules: parts.records',
      ],
    ],
    [
      'two ids in a row are two lists',
      [list('/orders/{order_id}/{day}/files', 'Files')],
      [
        'name: "orders", idKey: "order_id", fields: []',
        'name: "day", idKey: "day", parent: "orders", fields: []',
        'name: "files", idKey: "id", parent: "day", fields: [], rules: files.records',
      ],
    ],
  ])('%s', (_, paths, expected) => expect(readCollections(...paths)).toEqual(expected))

  test('outer lists come first, whatever the order of the tags', () => {
    const order = (...paths: object[]) => readCollections(...paths).map((one) => /"(\w+)"/.exec(one)?.[1])
    const expected = ['orders', 'borrowers', 'phones']
    expect(order(list(phonesPath, 'Phones'), borrowers)).toEqual(expected)
    expect(order(borrowers, list(phonesPath, 'Phones'))).toEqual(expected)
  })

  test('an operation knows the lists that its path leads through', () => {
    const paths = {
      ...borrowers,
      ...list(phonesPath, 'Phones'),
      ...list('/orders/{order_id}/borrowers/{borrower_id}/summary/lines', 'Summaries'),
    }
    const one = paths['/orders/{order_id}/borrowers']
    const read = {
      operationId: 'getBorrower',
      tags: ['Borrowers'],
      responses: { 200: { description: 'Success' } },
    }
    const single = { parameters: paths[phonesPath]?.parameters, get: read }
    const order = { parameters: one?.parameters, get: { ...read, operationId: 'getOrder' } }
    const login = { post: { operationId: 'createToken', tags: ['Login'], responses: one?.get.responses } }
    const rendered = renderContract(
      readModel({
        openapi: '3.1.0',
        paths: {
          ...paths,
          ...list('/orders/{order_id}/{day}/files', 'Files'),
          '/orders/{order_id}/borrowers/{borrower_id}': single,
          '/orders/{order_id}': order,
          '/auth': login,
        },
      }),
    )
    const found = [...rendered.matchAll(/id: "(\w+)"[\s\S]*?collections: (.*),/g)].map(([, id, names]) => [
      id,
      names,
    ])
    expect(Object.fromEntries(found)).toEqual({
      listBorrowers: '["orders","borrowers"]',
      listFiles: '["orders","day","files"]',
      getOrder: '["orders"]',
      getBorrower: '["orders","borrowers"]',
      listPhones: '["orders","borrowers","phones"]',
      listSummaries: '["orders","borrowers","lines"]',
      createToken: '[]',
    })
  })
})

describe('a name with another meaning in a world file stops the generator', () => {
  const inBorrower = '/orders/{order_id}/borrowers/{borrower_id}'
  test.each<[string, object[], string]>([
    ['orders', [list(`${inBorrower}/orders`, 'Old Orders')], 'another list'],
    ['borrowers', [borrowers, list(`${inBorrower}/borrowers`, 'Old Borrowers')], 'another list'],
    ['order_id', [list(`${inBorrower}/order_id`, 'Old Ids')], 'an id'],
    ['borrower_id', [list(`${inBorrower}/borrower_id`, 'Old Ids')], 'an id'],
    ['id', [borrowers, list(`${inBorrower}/id`, 'Old Ids')], 'a field of "Borrowers"'],
    ['next_ids', [list('/next-ids', 'Next Ids')], 'the next id of each list'],
    ['name', [borrowers, list(`${inBorrower}/name`, 'Names')], 'a field of "Borrowers"'],
    ['phones', [list(phonesPath, 'Phones'), list('/phones', 'All Phones')], 'another list'],
  ])('%s', (name, paths, use) => {
    const tag = Object.values(paths.at(-1) as ReturnType<typeof list>)[0]?.get.tags[0]
    const problem = `"${tag}" can't be "${name}" in a world file, because that is ${use}: `
    expect(() => readCollections(...paths)).toThrow(problem)
    expect(() => readCollections(...paths)).toThrow('packages/sandbox/world-lists.ts')
  })
})

test('resources are in the order of the tags', () => {
  const { resources } = readModel()
  const imported = [...renderResources().matchAll(/resource as (\w+)/g)].map(([, name]) => name)
  expect(imported).toEqual(resources.map(({ name }) => name))
})

test('responses keep headers, ranges and inline examples', () => {
  const content = (example: object) => ({ 'application/json': { example } })
  const responses = {
    200: { description: 'Success', content: content({ data: [] }) },
    '4XX': {
      description: 'Error',
      headers: { 'Retry-After': { schema: { type: 'integer', examples: [30] } } },
      content: content({ message: 'No' }),
    },
    default: { description: 'Failure' },
  }
  const rendered = renderContract(model({ responses, security: [{}] }))
  expect(rendered).toContain('needsToken: false')
  expect(rendered).toContain(
    '"200": { headers: {}, examples: [{ name: "default", status: 200, body: {"data":[]} }] }',
  )
  expect(rendered).toContain(
    '"4XX": { headers: {"retry-after":"30"}, examples: [{ name: "default", status: 400, body: {"message":"No"} }] }',
  )
  expect(rendered).toContain('"default": { headers: {}, examples: [] }')
})

test('the known fields of a body are those of its schema, unless it allows any', () => {
  const body = (schema: object) =>
    renderContract(model({ requestBody: { content: { 'application/json': { schema } } } }))
  const one = { type: 'object', properties: { street: { type: 'string' } } }
  const other = { type: 'object', properties: { city: { type: 'object', properties: { name: {} } } } }
  expect(body({ allOf: [one, other] })).toMatch(
    /"required":false,"fields":\["(street","city|city","street)"\]/,
  )
  expect(body({ ...one, additionalProperties: { type: 'string' } })).toContain('"fields":null')
  expect(body({ type: 'object' })).toContain('"fields":null')
})
