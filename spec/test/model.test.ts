import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { examplePath, findOperation, findResponse, readModel } from '../model.ts'
import { unusualBodies } from './documents/bodies.ts'
import { unusualOperations } from './documents/operations.ts'
import { unusualSchemas } from './documents/schemas.ts'
import { unreadableDocuments } from './documents/unreadable.ts'

const model = readModel()

describe('an unusual document is read', () => {
  test.each([...unusualOperations, ...unusualBodies, ...unusualSchemas])(
    '$what',
    ({ document, expected, is }) => {
      expect(expected(readModel(document))).toEqual(is)
    },
  )
})

describe('a document that cannot be understood is one clear error', () => {
  test.each(unreadableDocuments)('$what', ({ document, message }) => {
    expect(() => readModel(document)).toThrow(message)
  })
})

test('the model reads the built contract by default', () => {
  const built = JSON.parse(readFileSync(new URL('../dist/openapi.json', import.meta.url), 'utf8'))
  expect(model.document).toEqual(built)
  expect(model).toEqual(readModel(built))
})

test('a document that changed is read again', () => {
  const document = structuredClone(model.document) as any
  readModel(document)
  document.components.schemas.Borrower.description = 'Another text.'
  expect(readModel(document).schemas.Borrower?.description).toBe('Another text.')
})

test('every operation of the contract belongs to one resource, under a name of its own', () => {
  expect(model.resources.flatMap(({ operations }) => operations)).toEqual(
    expect.arrayContaining(model.operations),
  )
  const names = model.operations.map(({ resource, name }) => `${resource}.${name}`)
  expect(names).toContain('borrowerPhones.list')
  expect(new Set(names).size).toBe(names.length)
})

test.each([
  ['Borrower Phones', 'getBorrowerPhone'],
  ['Borrower Losses', 'getBorrowerLoss'],
  ['Borrower Companies', 'getBorrowerCompany'],
  ['Borrower Boxes', 'getBorrowerBox'],
  ['Borrower Business', 'getBorrowerBusiness'],
])('a record of "%s" is read with %s', (tag, operationId) => {
  const responses = { 200: { description: 'Success.' } }
  const document = { openapi: '3.1.1', paths: { '/one': { get: { operationId, tags: [tag], responses } } } }
  expect(readModel(document).operations[0]).toMatchObject({ name: 'get', verb: 'get' })
})

test('every mark of the contract is in the model, with its pointer', () => {
  const source = readFileSync(new URL('../openapi.yaml', import.meta.url), 'utf8')
  const written = source.match(/^ +x-(assumed|source|question): /gm) ?? []
  expect(model.marks).toHaveLength(written.length)
  expect(model.marks).toContainEqual(
    expect.objectContaining({ kind: 'source', pointer: '#/paths/~1api~1v140~1auth/post' }),
  )
})

test('an operation, a response and a path are found by what a caller knows', () => {
  const operation = findOperation(model, 'listBorrowerPhones')
  expect(examplePath(operation)).toMatch(/^\/api\/v140\/orders\/\d+\/borrowers\/\d+\/phones$/)
  expect(findResponse(operation, 404)?.status).toBe('404')
  expect(findResponse(operation, 418)?.status).toBe('4XX')
  expect(findResponse(operation, 302)).toBeUndefined()
  expect(() => findOperation(model, 'listThings')).toThrow(/listThings.*listBorrowerPhones/)
})
