import { readFile } from 'node:fs/promises'
import { readModel } from '@recoveryconnect/spec/model'
import contract from '@recoveryconnect/spec/openapi.json' with { type: 'json' }
import { expect, test } from 'vitest'
import { oneResource, programBytes } from '../bench/figures.ts'
import { operationsFile, renderOperations } from '../generate.ts'

type Contract = any
const list = '/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones'

test('the committed operations match the contract', async () => {
  expect(await readFile(operationsFile, 'utf8')).toBe(renderOperations())
})

test.each<[problem: string, edit: (contract: Contract) => void, named: string[]]>([
  [
    'a required query parameter',
    ({ paths }) => paths[list].get.parameters.push({ name: 'page', in: 'query', required: true, schema: {} }),
    ['listBorrowerPhones', 'query parameter page', 'Make it optional'],
  ],
  [
    'a required header of the whole path',
    ({ paths }) => paths[list].parameters.push({ name: 'x-one', in: 'header', required: true, schema: {} }),
    ['listBorrowerPhones', 'header parameter x-one', 'Make it optional'],
  ],
  [
    'a request body without JSON',
    ({ paths }) => {
      paths[list].post.requestBody.content = { 'text/plain': {} }
    },
    ['createBorrowerPhone', "request body isn't JSON", 'application/json'],
  ],
  [
    'no 2xx response with JSON',
    ({ paths }) => {
      paths[list].get.responses['200'] = { description: 'Empty.' }
    },
    ['listBorrowerPhones', '0 2xx responses with JSON', 'Document exactly one'],
  ],
  [
    'several 2xx responses with JSON',
    ({ paths }) => {
      paths[list].get.responses['201'] = paths[list].get.responses['200']
    },
    ['listBorrowerPhones', '2 2xx responses with JSON', 'Document exactly one'],
  ],
  ['no server', (whole) => delete whole.servers, ['no server', 'Add one']],
])('%s is an error that says where it is and what to do', (_, edit, named) => {
  for (const text of named) expect(() => renderEdited(edit)).toThrow(text)
})

test('optional parameters outside the path are left out', () => {
  const rendered = renderEdited(({ paths }) => {
    paths[list].get.parameters.push(
      ...['query', 'header', 'cookie'].map((place) => ({ name: 'page', in: place, schema: {} })),
    )
  })
  expect(rendered).toBe(renderOperations())
})

test('an operation without a tag is in "other", under its whole id', () => {
  const rendered = renderEdited(({ paths }) => delete paths[list].get.tags)
  expect(rendered).toContain('export function other(connection: Connection): Other {')
  expect(rendered).toContain(
    'listBorrowerPhones: (ids, options) => callOperation(connection, listBorrowerPhones, ids,',
  )
})

test('a response without JSON beside the one with JSON, and a range of statuses, are fine', () => {
  const rendered = renderEdited(({ paths }) => {
    const { responses } = paths[list].get
    const schema = { type: 'object', properties: { data: { type: ['array', 'null'] } } }
    responses['2XX'] = { description: 'A list.', content: { 'application/json': { schema } } }
    responses['200'] = { description: 'Empty.' }
  })
  expect(rendered).toContain("Call<operations['listBorrowerPhones']['responses']['2XX']['content']")
  const [, constant] = /const listBorrowerPhones: Operation = \{([^}]*)\}/.exec(rendered) ?? []
  expect(constant).toContain("method: 'GET'")
  expect(constant).not.toContain("data: 'array'")
})

test('schemas without a name, bodies of several parts, and texts with quotes are rendered', () => {
  const rendered = renderEdited(({ paths, components }) => {
    const { post } = paths[list]
    const { BorrowerPhoneCreate: body, BorrowerPhoneResponse: response } = components.schemas
    const address = { type: 'object', properties: { street: { type: 'string' } } }
    post.requestBody.content['application/json'].schema = {
      allOf: [body, { type: 'object', properties: { blocked: { enum: [1, 0] }, address } }],
    }
    post.responses['200'].content['application/json'].schema = response
    post.description = 'Ends */ early.'
    components.examples.CreateAllFields.value = { 'a-b': "it's", '9c': '"x"', deep: {}, none: null }
  })
  expect(rendered).toContain(
    "body: NonNullable<operations['createBorrowerPhone']['requestBody']>['content']['application/json']",
  )
  expect(rendered).toContain(
    "Call<operations['createBorrowerPhone']['responses'][200]['content']['application/json']>",
  )
  const [, keys = ''] = /id: 'createBorrowerPhone',.*?keys: \{(.*?)\}/s.exec(rendered) ?? []
  for (const key of ["no_contact: 'flag'", "blocked: 'flag'", "address: 'any'"]) expect(keys).toContain(key)
  expect(rendered).toContain('Ends *\\/ early.')
  expect(rendered).toContain(`{ 'a-b': 'it\\'s', '9c': '"x"', deep: {}, none: null }`)
})

test("a program that uses one resource doesn't grow with the contract", async () => {
  const [one, many] = [renderOperations(), renderEdited(repeatPhones)]
  expect(many.split(': Operation = ').length).toBeGreaterThan(500)
  const bytes = await programBytes(oneResource, one)
  expect(Math.abs((await programBytes(oneResource, many)) - bytes)).toBeLessThanOrEqual(10)
})

function renderEdited(edit: (contract: Contract) => void): string {
  const edited: Contract = structuredClone(contract)
  edited.paths[list].get.parameters ??= []
  edit(edited)
  return renderOperations(readModel(edited))
}

/** Adds 99 more resources like the phones. */
function repeatPhones(whole: Contract): void {
  const phones = Object.entries(whole.paths).filter(([path]) => path.startsWith(list))
  for (let n = 1; n < 100; n++) {
    whole.tags.push({ name: `Thing${n} Phones`, description: 'Things.' })
    for (const [path, item] of phones) {
      const text = JSON.stringify(item).replaceAll('Borrower Phones', `Thing${n} Phones`)
      whole.paths[path.replace('phones', `things-${n}`)] = JSON.parse(
        text.replace(/"(list|create|get|update|delete)Borrower/g, `"$1Thing${n}`),
      )
    }
  }
}
