import { readFile } from 'node:fs/promises'
import { readModel } from '@recoveryconnect/spec/model'
import contract from '@recoveryconnect/spec/openapi.json' with { type: 'json' }
import { expect, test } from 'vitest'
import { generatedFile, readmeFile, renderModule, renderReadme } from '../generate.ts'

type Contract = any
const list = '/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones'

test('the committed module matches the contract', async () => {
  expect(await readFile(generatedFile, 'utf8')).toBe(renderModule())
})

test('the table in the README has the expectations', async () => {
  const readme = await readFile(readmeFile, 'utf8')
  expect(renderReadme(readme)).toBe(readme)
})

test.each<[problem: string, edit: (contract: Contract) => void, named: string[]]>([
  [
    'a required query parameter',
    ({ paths }) => paths[list].get.parameters.push({ name: 'page', in: 'query', required: true, schema: {} }),
    ['listBorrowerPhones', 'query parameter page', 'Make it optional'],
  ],
  [
    'a path parameter that is a keyword',
    (whole) => {
      whole.paths['/things/{from}'] = {
        get: {
          operationId: 'listOthers',
          parameters: [{ name: 'from', in: 'path', required: true, schema: { type: 'integer' } }],
          responses: whole.paths[list].get.responses,
        },
      }
    },
    ['listOthers', 'path parameter from', 'Rename it'],
  ],
  [
    'a body field that is a parameter',
    ({ components }) => {
      components.schemas.BorrowerPhoneCreate.properties.order_id = { type: 'integer' }
    },
    ['createBorrowerPhone', 'body field order_id', 'Rename one of them'],
  ],
  [
    'a body field that can be a fraction',
    ({ components }) => {
      components.schemas.BorrowerPhoneCreate.properties.rate = { type: 'number' }
    },
    ['createBorrowerPhone', 'rate can be a fraction', 'integer or a string'],
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
  ['no server', (whole) => delete whole.servers, ['no server', 'Add one']],
])('%s is an error that says where it is and what to do', (_, edit, named) => {
  for (const text of named) expect(() => renderEdited(edit)).toThrow(text)
})

test('types without a name, unions, texts with quotes and fields that are no names are rendered', () => {
  const rendered = renderEdited(({ components }) => {
    const { BorrowerPhone: phone } = components.schemas
    phone.description = 'Ends """ early with a \\ and "'
    phone.properties.owner = { type: ['object', 'null'], properties: { full_name: { type: 'string' } } }
    phone.properties.tags = {
      type: 'array',
      items: { type: 'object', properties: { n: { type: 'integer' } } },
    }
    phone.properties.rates = { type: 'object', additionalProperties: { type: ['number', 'boolean'] } }
    components.schemas.BorrowerPhoneDetails.properties.class = { enum: ['a', null, true] }
  })
  expect(rendered).toContain('"""Ends \\"\\"\\" early with a \\\\ and \\""""')
  expect(rendered).toContain('owner: NotRequired[Union[BorrowerPhoneOwner, None]]')
  expect(rendered).toContain('class BorrowerPhoneOwner(TypedDict):')
  expect(rendered).toContain('tags: NotRequired[List[BorrowerPhoneTagsItem]]')
  expect(rendered).toContain('rates: NotRequired[Dict[str, Union[float, bool]]]')
  expect(rendered).toContain('BorrowerPhoneDetails = TypedDict("BorrowerPhoneDetails", {')
  expect(rendered).toContain('"class": "NotRequired[Literal[\\"a\\", None, True]]"')
})

function renderEdited(edit: (contract: Contract) => void): string {
  const edited: Contract = structuredClone(contract)
  edited.paths[list].get.parameters ??= []
  edit(edited)
  return renderModule(readModel(edited))
}
