/** Edits to the contract: edits that break partners, and edits that don't. */

type Contract = any
type Edit = [what: string, edit: (contract: Contract) => void]

const phones = '/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones'
const phone = `${phones}/{phone_id}`
const login = '/api/v140/auth'
const json = 'application/json'

const schema = (contract: Contract, name: string) => contract.components.schemas[name]
const field = (contract: Contract, name: string, property: string) =>
  schema(contract, name).properties[property]
const without = (list: string[], name: string) => list.filter((one) => one !== name)
const moved = (object: Contract, from: string, to: string) => {
  object[to] = object[from]
  delete object[from]
}

export const breaking: Edit[] = [
  // What can be called
  ['an operation is removed', (c) => delete c.paths[phones].get],
  ['a path is removed', (c) => delete c.paths[login]],
  ['a path is renamed', (c) => moved(c.paths, login, '/api/v140/login')],
  ['PUT becomes PATCH', (c) => moved(c.paths[phone], 'put', 'patch')],
  [
    'an operation gets another name in clients',
    (c) => (c.paths[phones].get.operationId = 'getBorrowerPhones'),
  ],
  [
    'an operation moves to another group of the client',
    (c) => (c.paths[phones].get.tags = ['Authentication']),
  ],
  [
    'an id in a path gets another name',
    (c) => {
      moved(c.paths, phone, phone.replace('phone_id', 'id'))
      c.components.parameters.PhoneId.name = 'id'
    },
  ],
  [
    'a schema gets another name',
    (c) => {
      moved(c.components.schemas, 'BorrowerPhoneDetails', 'BorrowerPhoneRecord')
      schema(c, 'BorrowerPhoneResponse').properties.data.$ref = '#/components/schemas/BorrowerPhoneRecord'
    },
  ],
  ['the server changes', (c) => (c.servers[0].url = 'https://api.example.com')],
  ['an open operation needs a token', (c) => delete c.paths[login].post.security],
  [
    'the token goes into another header',
    (c) => (c.components.securitySchemes.bearer = { type: 'apiKey', in: 'header', name: 'X-Key' }),
  ],
  [
    'another scheme is needed',
    (c) => {
      c.components.securitySchemes.key = { type: 'apiKey', in: 'header', name: 'X-Key' }
      c.security = [{ key: [] }]
    },
  ],
  [
    'a second scheme is needed',
    (c) => {
      c.components.securitySchemes.key = { type: 'apiKey', in: 'header', name: 'X-Key' }
      c.security = [{ bearer: [], key: [] }]
    },
  ],
  // What is sent
  [
    'a mandatory query parameter is added',
    (c) =>
      (c.paths[phones].get.parameters = [
        { name: 'page', in: 'query', required: true, schema: { type: 'integer' }, example: 1 },
      ]),
  ],
  [
    'a mandatory header is added',
    (c) =>
      (c.paths[phones].post.parameters = [
        { name: 'Idempotency-Key', in: 'header', required: true, schema: { type: 'string' }, example: 'a' },
      ]),
  ],
  ['ids become strings', (c) => (c.components.parameters.PhoneId.schema.type = 'string')],
  ['ids get an upper bound', (c) => (c.components.parameters.PhoneId.schema.maximum = 1000)],
  [
    'a request is sent as a form',
    (c) => moved(c.paths[phones].post.requestBody.content, json, 'application/x-www-form-urlencoded'),
  ],
  ['an optional field becomes mandatory', (c) => schema(c, 'BorrowerPhoneCreate').required.push('valid')],
  [
    'a mandatory field is added',
    (c) => {
      schema(c, 'BorrowerPhoneCreate').properties.label = { type: 'string' }
      schema(c, 'BorrowerPhoneCreate').required.push('label')
    },
  ],
  ['a request field is removed', (c) => delete schema(c, 'BorrowerPhoneUpdate').properties.valid],
  ['a request field has another type', (c) => (field(c, 'BorrowerPhoneCreate', 'type').type = 'string')],
  ['a request field allows fewer values', (c) => (field(c, 'BorrowerPhoneCreate', 'no_contact').enum = [1])],
  ['a request field gets a list of values', (c) => (field(c, 'BorrowerPhoneCreate', 'type').enum = [5, 6])],
  [
    'a request field gets a pattern',
    (c) => (field(c, 'BorrowerPhoneCreate', 'number').pattern = '^\\d{10}$'),
  ],
  ['a request field gets a length', (c) => (field(c, 'BorrowerPhoneCreate', 'number').maxLength = 10)],
  ['a request field gets a lower bound', (c) => (field(c, 'BorrowerPhoneUpdate', 'type').minimum = 5)],
  [
    'unknown request fields are rejected',
    (c) => (schema(c, 'BorrowerPhoneCreate').additionalProperties = false),
  ],
  // What comes back
  ['200 becomes 201', (c) => moved(c.paths[phones].post.responses, '200', '201')],
  [
    'a response has another content type',
    (c) => moved(c.paths[phones].get.responses[200].content, json, 'application/xml'),
  ],
  ['a deletion has no response body', (c) => delete c.paths[phone].delete.responses[200].content],
  [
    'a field is removed from responses',
    (c) => {
      delete schema(c, 'BorrowerPhone').properties.memo
      schema(c, 'BorrowerPhone').required = without(schema(c, 'BorrowerPhone').required, 'memo')
    },
  ],
  [
    'a response field is renamed',
    (c) => {
      moved(schema(c, 'BorrowerPhoneDetails').properties, 'no_contact', 'do_not_contact')
      schema(c, 'BorrowerPhoneDetails').required = [
        ...without(schema(c, 'BorrowerPhoneDetails').required, 'no_contact'),
        'do_not_contact',
      ]
    },
  ],
  [
    'a response field may be missing',
    (c) => (schema(c, 'BorrowerPhone').required = without(schema(c, 'BorrowerPhone').required, 'number')),
  ],
  [
    'a response field may be null',
    (c) => (field(c, 'BorrowerPhoneDetails', 'type').type = ['integer', 'null']),
  ],
  [
    'a response field has another type',
    (c) => (field(c, 'DeletionResponse', 'data').properties.success.type = 'integer'),
  ],
  ['a response flag has an additional value', (c) => field(c, 'BorrowerPhoneDetails', 'valid').enum.push(2)],
  ['a response flag has any value', (c) => delete field(c, 'BorrowerPhone', 'no_contact').enum],
  [
    'a response timestamp has another form',
    (c) => (field(c, 'BorrowerPhone', 'created_at').pattern = '^\\d{4}-\\d{2}-\\d{2}T'),
  ],
  ['a response timestamp has any form', (c) => delete field(c, 'BorrowerPhoneDetails', 'updated_at').pattern],
  ['a list becomes an object', (c) => (field(c, 'BorrowerPhoneList', 'data').type = 'object')],
  [
    'the envelope of a response is removed',
    (c) =>
      (c.paths[phone].get.responses[200].content[json].schema = {
        $ref: '#/components/schemas/BorrowerPhoneDetails',
      }),
  ],
  ['a token has another type', (c) => (field(c, 'AccessTokenResponse', 'token_type').enum = ['MAC'])],
  ['a response id may be a fraction', (c) => (field(c, 'BorrowerPhone', 'type').type = 'number')],
  ['a list may be null', (c) => (field(c, 'BorrowerPhoneList', 'data').type = ['array', 'null'])],
  [
    'a success may come without its record',
    (c) => (c.paths[phones].post.responses[202] = { description: 'Accepted.' }),
  ],
  [
    'a record in a response may have one of two types',
    (c) =>
      (field(c, 'BorrowerPhoneList', 'data').items = {
        anyOf: [{ $ref: '#/components/schemas/BorrowerPhone' }, { type: 'string' }],
      }),
  ],
  [
    'an update takes a list',
    (c) =>
      (c.paths[phone].put.requestBody.content[json].schema = {
        type: 'array',
        items: { $ref: '#/components/schemas/BorrowerPhoneUpdate' },
      }),
  ],
]

export const harmless: Edit[] = [
  ['nothing at all', () => {}],
  ['a description is rewritten', (c) => (c.paths[phones].get.description = 'Returns the phones.')],
  ['an example changes', (c) => (c.components.examples.CreateAllFields.value.extension = '23')],
  ['a question is settled', (c) => delete c.paths[phones].get['x-question']],
  ['an assumption is confirmed', (c) => delete c.components.responses.NotFound['x-assumed']],
  [
    'an operation is added',
    (c) =>
      (c.paths['/api/v140/orders'] = {
        get: { ...structuredClone(c.paths[login].post), operationId: 'listOrders', requestBody: undefined },
      }),
  ],
  [
    'an optional query parameter is added',
    (c) =>
      (c.paths[phones].get.parameters = [
        { name: 'page', in: 'query', schema: { type: 'integer' }, example: 1 },
      ]),
  ],
  [
    'an optional request field is added',
    (c) => (schema(c, 'BorrowerPhoneCreate').properties.label = { type: 'string' }),
  ],
  [
    'a mandatory request field becomes optional',
    (c) => (schema(c, 'BorrowerPhoneCreate').required = ['number']),
  ],
  ['a request field allows more values', (c) => field(c, 'BorrowerPhoneCreate', 'valid').enum.push(2)],
  [
    'a request field may be null',
    (c) => (field(c, 'BorrowerPhoneUpdate', 'number').type = ['string', 'null']),
  ],
  [
    'a field is added to responses',
    (c) => (schema(c, 'BorrowerPhone').properties.label = { type: 'string' }),
  ],
  [
    'a field is added to every response',
    (c) => {
      schema(c, 'BorrowerPhone').properties.label = { type: 'string' }
      schema(c, 'BorrowerPhone').required.push('label')
    },
  ],
  ['a response field is never null', (c) => (field(c, 'BorrowerPhone', 'memo').type = 'string')],
  [
    'another failure is documented',
    (c) => (c.paths[phones].post.responses[409] = { $ref: '#/components/responses/ClientError' }),
  ],
  ['the description of a tag is rewritten', (c) => (c.tags[0].description = 'Phones.')],
  // Corrections of assumptions, which are minor by definition
  ["corrected: a missing record isn't a 404", (c) => delete c.paths[phone].get.responses[404]],
  [
    "corrected: a request field can't be null",
    (c) => (field(c, 'BorrowerPhoneCreate', 'memo').type = 'string'),
  ],
  ['corrected: an error has another shape', (c) => (schema(c, 'ErrorResponse').required = ['error'])],
  [
    'corrected: the error for a rejected body has another shape',
    (c) => (schema(c, 'ValidationErrorResponse').properties.errors.type = 'array'),
  ],
  [
    'corrected: a number has no dashes',
    (c) => (field(c, 'BorrowerPhoneDetails', 'number').pattern = '^\\d*$'),
  ],
  [
    "corrected: deleted_at isn't a string",
    (c) => (field(c, 'BorrowerPhoneDetails', 'deleted_at').type = ['integer', 'null']),
  ],
  ['corrected: a deletion has no note', (c) => delete schema(c, 'DeletionResponse').properties.meta],
  [
    'corrected: rejections have another content type',
    (c) => moved(c.components.responses.UpdateRefused.content, json, 'application/problem+json'),
  ],
]
