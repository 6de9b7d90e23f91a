import { readFile } from 'node:fs/promises'
import { readModel } from '@recoveryconnect/spec/model'
import { expect, test } from 'vitest'
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
