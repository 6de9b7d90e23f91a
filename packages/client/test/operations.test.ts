import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { oneResource, programBytes } from '../bench/figures.ts'
import { contractFile, operationsFile, renderOperations } from '../generate.ts'

const contract = await readFile(contractFile, 'utf8')
type Contract = any
const list = '/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones'

test('the committed operations are those of the contract', async () => {
  expect(await readFile(operationsFile, 'utf8')).toBe(renderOperations(contract))
})

describe('a contract that does not fit is refused, with the place and what would fit', () => {
  test.each<[what: string, edit: (contract: Contract) => void, message: RegExp]>([
    [
      'an operation without an id',
      ({ paths }) => delete paths[list].get.operationId,
      /GET .*phones needs an operationId/,
    ],
    [
      'an id without a verb',
      ({ paths }) => {
        paths[list].get.operationId = 'borrowerPhones'
      },
      /borrowerPhones does not begin with one of list, get/,
    ],
    [
      'an id with another verb',
      ({ paths }) => {
        paths[list].get.operationId = 'fetchBorrowerPhones'
      },
      /fetchBorrowerPhones does not begin with/,
    ],
    [
      'a verb with another method',
      ({ paths }) => {
        paths[list].get.operationId = 'createBorrowerPhones'
      },
      /is a GET, but "create" stands for POST/,
    ],
    [
      'an id with another resource',
      ({ paths }) => {
        paths[list].get.operationId = 'listBorrowerFones'
      },
      /listBorrowerFones does not fit its tag "Borrower Phones"; a fitting name is listBorrowerPhone/,
    ],
    [
      'the same verb twice',
      ({ paths }) => {
        paths[list].get.operationId = 'getBorrowerPhones'
      },
      /is the second "get" of the tag/,
    ],
    ['no tag', ({ paths }) => delete paths[list].get.tags, /needs exactly one tag/],
    [
      'two tags',
      ({ paths }) => {
        paths[list].get.tags.push('Authentication')
      },
      /needs exactly one tag/,
    ],
    [
      'a tag that is not described',
      ({ tags }) => tags.shift(),
      /which the contract's list of tags does not describe/,
    ],
    [
      'a tag that is no name',
      ({ tags, paths }) => {
        tags[0].name = 'borrower-phones'
        paths[list].get.tags = ['borrower-phones']
      },
      /a tag is words with capitals/,
    ],
    [
      'a name in the path without a parameter',
      ({ paths }) => paths[list].parameters.pop(),
      /has {borrower_id} in its path, but no path parameter/,
    ],
    [
      'a header parameter',
      ({ paths }) => paths[list].parameters.push({ name: 'x-one', in: 'header' }),
      /has the header parameter "x-one"/,
    ],
    [
      'two parameters of one name',
      ({ paths }) => paths[list].parameters.push({ name: 'order_id', in: 'query' }),
      /has two parameters named "order_id"/,
    ],
    [
      'a body of another type',
      ({ paths }) => {
        paths[list].post.requestBody.content = { 'text/plain': {} }
      },
      /has a body that is not application\/json/,
    ],
    [
      'an answer without content',
      ({ paths }) => {
        paths[list].get.responses['200'] = {}
      },
      /needs exactly one 2xx answer/,
    ],
    [
      'two answers',
      ({ paths }) => {
        paths[list].get.responses['201'] = paths[list].get.responses['200']
      },
      /needs exactly one 2xx answer/,
    ],
    [
      'a reference into nothing',
      ({ components }) => delete components.parameters.OrderId,
      /OrderId is not in the contract/,
    ],
    ['no server', (whole) => delete whole.servers, /servers needs at least one entry/],
  ])('%s', (_, edit, message) => {
    const edited = parse(contract)
    edit(edited)
    expect(() => renderOperations(stringify(edited, { aliasDuplicateObjects: false }))).toThrow(message)
  })
})

test('query parameters, optional ones and nested bodies are carried over', () => {
  const edited: Contract = parse(contract)
  edited.paths[list].get.parameters = [{ name: 'page', in: 'query', schema: { type: 'integer' } }]
  edited.components.schemas.BorrowerPhoneCreate.properties.address = {
    type: 'object',
    properties: { street: { type: 'string' }, marked: { enum: [0, 1] } },
  }
  const rendered = renderOperations(stringify(edited, { aliasDuplicateObjects: false }))
  expect(rendered).toContain("query: ['page']")
  expect(rendered).toContain("& NonNullable<operations['listBorrowerPhones']['parameters']['query']>")
  expect(rendered).toContain("address: { street: 'any', marked: 'flag' }")
})

test.each([
  ['Borrower Losses', 'BorrowerLoss'],
  ['Borrower Companies', 'BorrowerCompany'],
  ['Borrower Boxes', 'BorrowerBox'],
  ['Borrower Notes', 'BorrowerNote'],
  ['Borrower Business', 'BorrowerBusiness'],
])('%s are single as %s', (tag, one) => {
  const renamed = contract
    .replaceAll('Borrower Phones', tag)
    .replaceAll('listBorrowerPhones', `list${tag.replace(' ', '')}`)
    .replaceAll(/(create|get|update|delete)BorrowerPhone\b/g, `$1${one}`)
  expect(renderOperations(renamed)).toContain(`const get${one}: Operation`)
  const misnamed = renamed.replaceAll(`get${one}`, `get${one}x`)
  expect(() => renderOperations(misnamed)).toThrow(`a fitting name is get${one}.`)
})

test('schemas that stand in place, and bodies of several parts, are carried over', () => {
  const edited: Contract = parse(contract)
  const { post } = edited.paths[list]
  const { BorrowerPhoneCreate: body, BorrowerPhoneResponse: answer } = edited.components.schemas
  post.requestBody.content['application/json'].schema = {
    allOf: [body, { type: 'object', properties: { marked: { enum: [0, 1] } } }],
  }
  post.responses['200'].content['application/json'].schema = answer
  post.description = 'Ends */ early.'
  edited.components.examples.CreateAllFields.value = { 'a-b': "it's", '9c': '"x"', deep: {}, none: null }
  const rendered = renderOperations(stringify(edited, { aliasDuplicateObjects: false }))
  expect(rendered).toContain(
    "body: NonNullable<operations['createBorrowerPhone']['requestBody']>['content']['application/json']",
  )
  expect(rendered).toContain(
    "Call<operations['createBorrowerPhone']['responses'][200]['content']['application/json']>",
  )
  expect(rendered).toContain("no_contact: 'flag', marked: 'flag'")
  expect(rendered).toContain('Ends *\\/ early.')
  expect(rendered).toContain(`{ 'a-b': 'it\\'s', '9c': '"x"', deep: {}, none: null }`)
})

test('a tree of bodies ends where it holds itself', () => {
  const edited: Contract = parse(contract)
  edited.components.schemas.BorrowerPhoneCreate.properties.next = {
    $ref: '#/components/schemas/BorrowerPhoneCreate',
  }
  expect(renderOperations(stringify(edited, { aliasDuplicateObjects: false }))).toMatch(
    /next: \{[^{}]*next: 'any'/,
  )
})

test('a program of one resource does not grow with the contract', async () => {
  const [one, many] = [renderOperations(contract), renderOperations(repeated(100))]
  expect(many.split('mayRepeat').length).toBeGreaterThan(500)
  const bytes = await programBytes(oneResource, one)
  expect(Math.abs((await programBytes(oneResource, many)) - bytes)).toBeLessThanOrEqual(10)
})

/** The contract with its resource repeated under other names. */
function repeated(times: number): string {
  const whole: Contract = parse(contract)
  const phones = Object.entries(whole.paths).filter(([path]) => path.startsWith(list))
  for (let n = 1; n < times; n++) {
    whole.tags.push({ name: `Thing${n} Phones`, description: 'Things.' })
    for (const [path, item] of phones) {
      const text = JSON.stringify(item).replaceAll('Borrower Phones', `Thing${n} Phones`)
      whole.paths[path.replace('phones', `things-${n}`)] = JSON.parse(
        text.replace(/"(list|create|get|update|delete)Borrower/g, `"$1Thing${n}`),
      )
    }
  }
  return JSON.stringify(whole)
}
