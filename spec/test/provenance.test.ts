import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { checkProvenance } from '../provenance/check.ts'
import { parseVendorFacts, vendorFacts, vendorPages } from '../provenance/facts.ts'

type Node = Record<string, any>

const source = readFileSync(new URL('../openapi.yaml', import.meta.url), 'utf8')
const contract = (): Node => parse(source)

test('every operation and every JSON body of the vendor’s pages is read', () => {
  const all = vendorPages.join('\n')
  const bodies = vendorFacts.operations
    .flatMap(({ request, response }) => [request, response])
    .filter(Boolean)
  expect(vendorFacts.operations).toHaveLength([...all.matchAll(/^Method: /gm)].length)
  expect(bodies).toHaveLength([...all.matchAll(/^\{/gm)].length)
})

test('the contract claims only what is documented or marked', () => {
  expect(checkProvenance(contract(), vendorFacts)).toEqual([])
})

describe('a section of another resource', () => {
  const section = `Create Thing
URL: /api/v140/orders/{order_id}/things
Method: POST
type | What it is | Yes | of two words |
address1 | Where it is (7 = Here) | No | 12 |
valid | Whether it is there (1 = Yes, 2 = No, 3 = Perhaps) | No | 1 |
Success Code: 200 OK
URL: https://api.mbsisystems.com/api/v140/orders/1/things |
Request Body:
{ "type": "large", "valid": 3 } |
Response:
{ "data": { "id": "1", "type": "large", "created_at": "today" } } |
`
  const both = parseVendorFacts([...vendorPages, section])

  test('is read field by field, digits and blanks included', () => {
    expect(both.operations.at(-1)?.fields).toEqual([
      { name: 'type', mandatory: true, example: 'of two words', codes: [] },
      { name: 'address1', mandatory: false, example: '12', codes: [7] },
      { name: 'valid', mandatory: false, example: '1', codes: [1, 2, 3] },
    ])
  })

  test('says nothing about fields of the same name in the first', () => {
    expect(checkProvenance(contract(), both)).toEqual([expect.stringContaining('/things')])
  })
})

describe('a mark that is removed leaves a claim without support', () => {
  test.each(marksIn(contract()))('%s', (path) => {
    const edited = contract()
    const keys = path.split(' ')
    const mark = keys.pop() ?? ''
    delete keys.reduce((node, key) => node[key], edited)[mark]
    expect(checkProvenance(edited, vendorFacts)).not.toEqual([])
  })
})

const list = '/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones'
const one = `${list}/{phone_id}`
const borrowers = '/api/v140/orders/{order_id}/borrowers'
const addresses = `${borrowers}/{borrower_id}/addresses`

describe('an invented claim is found', () => {
  test.each<[string, (schemas: Node, paths: Node, contract: Node) => unknown]>([
    ['a bound', (s) => (s.BorrowerPhoneCreate.properties.number.minLength = 10)],
    ['a default', (s) => (s.BorrowerPhoneCreate.properties.valid.default = 1)],
    ['a pattern on a request', (s) => (s.BorrowerPhoneUpdate.properties.number.pattern = '^\\d{10}$')],
    ['a wrong pattern', (s) => (s.BorrowerPhone.properties.created_at.pattern = '^\\d{4}$')],
    ['a format', (s) => (s.BorrowerPhone.properties.created_at.format = 'date-time')],
    ['an enum of type ids', (s) => (s.BorrowerPhone.properties.type.enum = [5, 6])],
    ['a third code of a flag', (s) => (s.BorrowerPhone.properties.valid.enum = [0, 1, 2])],
    ['a constant', (s) => (s.BorrowerPhoneResponse.properties.status.const = 'success')],
    ['a boolean flag', (s) => (s.BorrowerPhone.properties.no_contact.type = 'boolean')],
    ['a nullable id', (s) => (s.BorrowerPhone.properties.type.type = ['integer', 'null'])],
    ['a closed object', (s) => (s.BorrowerPhoneCreate.additionalProperties = false)],
    ['a field nobody documents', (s) => (s.BorrowerPhone.properties.country = { type: 'string' })],
    ['a mandatory flag', (s) => s.BorrowerPhoneCreate.required.push('no_contact')],
    ['a mandatory field of an update', (s) => (s.BorrowerPhoneUpdate.required = ['type'])],
    ['a status that get lacks', (s) => s.BorrowerPhoneResponse.required.push('status')],
    ['an update whose body is optional', (_, p) => delete p[one].put.requestBody.required],
    ['another page as the source', (_, p) => (p[borrowers].get['x-source'] = p[addresses].get['x-source'])],
    ['the id of another page', (_, p) => (p[addresses].parameters[0].example = 57062885)],
    ['a role nobody documents', (s) => (s.Borrower.properties.role.enum = ['borrower', 'co-borrower'])],
    ['an edited borrower', (_, __, c) => (c.components.examples.OneBorrower.value.data[0].is_fraud = 1)],
    [
      'a query parameter',
      (_, p) => (p[list].get.parameters = [{ name: 'page', in: 'query', schema: { type: 'integer' } }]),
    ],
    ['another response', (_, p) => (p[list].post.responses['201'] = { description: 'Created.' })],
    ['another method', (_, p) => (p[one].patch = { summary: 'Patch', responses: {} })],
    ['another media type', (_, p) => (p[list].post.requestBody.content['text/plain'] = {})],
    ['an open operation', (_, p) => (p[list].get.security = [])],
    ['a server of its own', (_, __, c) => (c.servers[0].url = 'https://sandbox.example.com')],
    ['a bound under a mark', (s) => (s.BorrowerPhone.properties.number.minLength = 1)],
    ['another type under a mark', (s) => (s.BorrowerPhoneCreate.properties.memo.type = 'boolean')],
    ['a mark on all of a documented schema', (s) => (s.BorrowerPhoneCreate['x-assumed'] = 'Because.')],
    ['a mark on a documented operation', (_, p) => (p[list].post['x-assumed'] = 'Because.')],
    ['a mark that excuses nothing', (s) => (s.BorrowerPhone.properties.memo['x-assumed'] = 'Because.')],
    ['a server of one operation', (_, p) => (p[list].get.servers = [{ url: 'https://example.com' }])],
    ['a deprecation', (_, p) => (p[list].get.deprecated = true)],
    ['a callback', (_, p) => (p[list].post.callbacks = {})],
    ['a header of a documented response', (_, p) => (p[list].get.responses['200'].headers = {})],
    ['an id that is in no sample', (_, __, c) => (c.components.parameters.OrderId.example = 1)],
    [
      'a key in the query',
      (_, __, c) => (c.components.securitySchemes.bearer = { type: 'apiKey', in: 'query', name: 'token' }),
    ],
    ['a webhook', (_, __, c) => (c.webhooks = {})],
    ['an edited sample', (_, __, c) => (c.components.examples.Created.value.data.memo = 'work')],
    ['an invented value', (_, __, c) => (c.components.examples.CreateMandatoryFields.value.type = 9)],
  ])('%s', (_, edit) => {
    const edited = contract()
    edit(edited.components.schemas, edited.paths, edited)
    expect(checkProvenance(edited, vendorFacts)).not.toEqual([])
  })
})

describe('what is documented cannot go missing', () => {
  test.each<[string, (schemas: Node, paths: Node, contract: Node) => unknown]>([
    ['an operation', (_, p) => delete p[one].delete],
    ['an operation of another page', (_, p) => delete p[borrowers]],
    ['a field of another page', (s) => delete s.BorrowerAddress.properties.hits],
    ['an answer', (_, p) => delete p[one].delete.responses['200']],
    ['a request body', (_, p) => delete p[list].post.requestBody],
    ['the duty to send a body', (_, p) => delete p[list].post.requestBody.required],
    [
      'the sample of a request',
      (_, p) => delete p[list].post.requestBody.content['application/json'].examples['all-fields'],
    ],
    ['the server', (_, __, c) => (c.servers = [])],
    ['the token', (_, __, c) => delete c.security],
    ['a mandatory field under a mark', (s) => s.BorrowerPhone.required.splice(3, 1)],
    ['a title', (_, p) => (p[list].get.summary = 'List phones')],
    ['a field of a request', (s) => delete s.BorrowerPhoneUpdate.properties.memo],
    ['a field of an answer', (s) => delete s.BorrowerPhoneDetails.properties.migration],
    ['meta', (s) => delete s.BorrowerPhoneResponse.properties.meta],
    ['a mandatory field', (s) => (s.BorrowerPhoneCreate.required = ['type'])],
    ['a field that every answer has', (s) => s.BorrowerPhone.required.pop()],
    ['a renamed field', (s) => rename(s.BorrowerPhoneCreate.properties, 'no_contact', 'noContact')],
  ])('%s', (_, edit) => {
    const edited = contract()
    edit(edited.components.schemas, edited.paths, edited)
    expect(checkProvenance(edited, vendorFacts)).not.toEqual([])
  })
})

function rename(properties: Node, from: string, to: string): void {
  properties[to] = properties[from]
  delete properties[from]
}

/** The place of every mark, as keys separated by blanks. */
function marksIn(node: unknown, keys: string[] = []): string[] {
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([key, child]) =>
    key === 'x-source' || key === 'x-assumed' ? [[...keys, key].join(' ')] : marksIn(child, [...keys, key]),
  )
}
