/** Legal but unusual OpenAPI documents, and what a reader has to make of each. The model and its consumers are tested with them. */
import type { Model } from '../model.ts'

type Node = any

export interface UnusualDocument {
  what: string
  document: Node
  /** What the model says of it. */
  expected: (model: Model) => unknown
  /** The right value of `expected`. */
  is: unknown
}

const json = (schema: Node, examples?: Node) => ({
  description: 'Success.',
  content: { 'application/json': { schema, ...(examples && { examples }) } },
})
const ok = { 200: json({ type: 'object' }, { empty: { summary: 'Nothing', value: {} } }) }
const thingId = { name: 'thing_id', in: 'path', required: true, schema: { type: 'integer' }, example: 7 }
const tagged = (operationId: string, more: Node = {}) => ({
  operationId,
  tags: ['Things'],
  responses: ok,
  ...more,
})

/** A document in which every operation needs a token, unless it says something else. */
function write(paths: Node, more: Node = {}): Node {
  return {
    openapi: '3.1.1',
    info: { title: 'Things', version: '1.0.0' },
    servers: [{ url: 'https://api.example.com' }],
    security: [{ bearer: [] }],
    tags: [{ name: 'Things', description: 'All things.' }],
    paths,
    ...more,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      ...more.components,
    },
  }
}

const first = ({ operations: [operation] }: Model) => operation as Model['operations'][number]
const success = (model: Model) =>
  first(model).responses[0] as Model['operations'][number]['responses'][number]
const needsToken = ({ operations }: Model) => operations.map((operation) => operation.needsToken)

export const unusualDocuments: UnusualDocument[] = [
  {
    what: 'a path item with a summary, a description and servers',
    document: write({
      '/things': {
        summary: 'Things',
        description: 'Everything.',
        servers: [{ url: 'https://other.example.com' }],
        get: tagged('listThings'),
      },
    }),
    expected: ({ operations }) => operations.map(({ id, method }) => [id, method]),
    is: [['listThings', 'GET']],
  },
  {
    what: 'parameters of the path item that an operation overrides',
    document: write({
      '/things/{thing_id}': {
        parameters: [thingId],
        get: tagged('getThing', { parameters: [{ ...thingId, example: 8 }] }),
        delete: tagged('deleteThing'),
      },
    }),
    expected: ({ operations }) =>
      operations.map(({ parameters }) => parameters.map(({ example }) => example)),
    is: [[8], [7]],
  },
  {
    what: 'a path item behind a reference',
    document: write(
      { '/things': { $ref: '#/components/pathItems/Things' } },
      { components: { pathItems: { Things: { get: tagged('listThings') } } } },
    ),
    expected: (model) => [first(model).path, first(model).pointer],
    is: ['/things', '#/components/pathItems/Things/get'],
  },
  {
    what: 'no security at all',
    document: write({ '/things': { get: tagged('listThings') } }, { security: undefined }),
    expected: needsToken,
    is: [false],
  },
  {
    what: 'an empty security at the root',
    document: write(
      {
        '/things': { get: tagged('listThings'), post: tagged('createThing', { security: [{ bearer: [] }] }) },
      },
      { security: [] },
    ),
    expected: needsToken,
    is: [false, true],
  },
  {
    what: 'an operation without security under a root that has it',
    document: write({
      '/things': { get: tagged('listThings', { security: [] }), post: tagged('createThing') },
    }),
    expected: needsToken,
    is: [false, true],
  },
  {
    what: 'optional security',
    document: write({ '/things': { get: tagged('listThings', { security: [{}, { bearer: [] }] }) } }),
    expected: needsToken,
    is: [false],
  },
  {
    what: 'an example that refers to an example that refers to an example',
    document: write(
      {
        '/things': {
          get: tagged('listThings', {
            responses: { 200: json({ type: 'object' }, { a: { $ref: '#/components/examples/A' } }) },
          }),
        },
      },
      {
        components: {
          examples: {
            A: { $ref: '#/components/examples/B' },
            B: { $ref: '#/components/examples/C' },
            C: { summary: 'The last one', value: { data: 1 } },
          },
        },
      },
    ),
    expected: (model) =>
      success(model).examples.map(({ name, component, value }) => [name, component, value]),
    is: [['a', 'C', { data: 1 }]],
  },
  {
    what: 'a response and its header behind references',
    document: write(
      {
        '/things': {
          get: tagged('listThings', { responses: { 200: { $ref: '#/components/responses/Things' } } }),
        },
      },
      {
        components: {
          headers: { Left: { description: 'How many.', schema: { type: 'integer', examples: [9] } } },
          responses: { Things: { ...ok[200], headers: { 'X-Left': { $ref: '#/components/headers/Left' } } } },
        },
      },
    ),
    expected: (model) => [success(model).component, success(model).headers],
    is: ['Things', [{ name: 'X-Left', description: 'How many.', example: 9 }]],
  },
  {
    what: 'status ranges in either case, and a default',
    document: write({
      '/things': {
        get: tagged('listThings', {
          responses: {
            ...ok,
            '4xx': json({ type: 'object' }, { gone: { value: {}, 'x-status': 410 } }),
            '5XX': json({ type: 'object' }, { broken: { value: {} } }),
            default: json({ type: 'object' }, { other: { value: {} } }),
          },
        }),
      },
    }),
    expected: (model) =>
      first(model).responses.map(({ status, examples }) => [
        status,
        examples.map((example) => example.status),
      ]),
    is: [
      ['200', [200]],
      ['4XX', [410]],
      ['5XX', [500]],
      ['default', [500]],
    ],
  },
  {
    what: 'a resource with only a list',
    document: write({ '/things': { get: tagged('listThings') } }),
    expected: ({ resources }) =>
      resources.map(({ name, byVerb, recordId }) => [name, Object.keys(byVerb), recordId]),
    is: [['things', ['list'], undefined]],
  },
  {
    what: 'a resource below another, and one below that',
    document: write(
      {
        '/things': { get: tagged('listThings') },
        '/things/{thing_id}/parts': { parameters: [thingId], get: tagged('listParts', { tags: ['Parts'] }) },
        '/things/{thing_id}/parts/{part_id}/bits/{bit_id}': {
          parameters: [thingId, { ...thingId, name: 'part_id' }, { ...thingId, name: 'bit_id' }],
          get: tagged('getBit', { tags: ['Bits'] }),
        },
      },
      { tags: [{ name: 'Bits' }, { name: 'Parts' }, { name: 'Things' }] },
    ),
    expected: ({ resources }) => resources.map(({ name, parent, recordId }) => [name, parent, recordId]),
    is: [
      ['bits', 'parts', 'bit_id'],
      ['parts', 'things', undefined],
      ['things', undefined, undefined],
    ],
  },
  {
    what: 'an operation without a tag',
    document: write({ '/health': { get: { operationId: 'getHealth', responses: ok } } }),
    expected: (model) => [first(model).resource, first(model).name, model.resources.map(({ name }) => name)],
    is: ['other', 'getHealth', ['other']],
  },
  {
    what: 'a tag that the document does not describe, and one that nothing uses',
    document: write({ '/parts': { get: tagged('listParts', { tags: ['Spare parts'] }) } }),
    expected: ({ resources }) =>
      resources.map(({ tag, typeName, slug, description }) => [tag, typeName, slug, description]),
    is: [['Spare parts', 'SpareParts', 'spare-parts', '']],
  },
  {
    what: 'an operation whose name does not fit its tag, and a second one of a verb',
    document: write({
      '/things': { get: tagged('listThings'), post: tagged('importThings') },
      '/all-things': { get: tagged('listThing') },
    }),
    expected: ({ operations }) => operations.map(({ name, verb }) => [name, verb]),
    is: [
      ['list', 'list'],
      ['importThings', undefined],
      ['listThing', undefined],
    ],
  },
  {
    what: '3.1 type arrays and const',
    document: write({
      '/things': {
        get: tagged('listThings', {
          responses: {
            200: json(
              { properties: { a: { type: ['string', 'null'] }, b: { const: 1 }, c: {} } },
              { one: { value: {} } },
            ),
          },
        }),
      },
    }),
    expected: (model) =>
      Object.values(success(model).schema?.properties ?? {}).map(({ types, enum: values }) => [
        types,
        values,
      ]),
    is: [
      [['string', 'null'], undefined],
      [[], [1]],
      [[], undefined],
    ],
  },
  {
    what: 'allOf and anyOf',
    document: write(
      {
        '/things': {
          post: tagged('createThing', {
            requestBody: {
              content: { 'application/json': { schema: { $ref: '#/components/schemas/NewThing' } } },
            },
          }),
        },
      },
      {
        components: {
          schemas: {
            Base: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
            NewThing: {
              allOf: [{ $ref: '#/components/schemas/Base' }],
              anyOf: [{ required: ['size'], properties: { size: { type: 'integer' } } }],
              required: ['kind'],
              properties: { kind: { enum: ['a', 'b'] } },
            },
          },
        },
      },
    ),
    expected: (model) => {
      const { schema } = first(model).body ?? {}
      return [
        schema?.name,
        Object.keys(schema?.properties ?? {}).sort(),
        schema?.required.toSorted(),
        schema?.types,
      ]
    },
    is: ['NewThing', ['kind', 'name', 'size'], ['kind', 'name'], ['object']],
  },
  {
    what: 'a schema that contains itself',
    document: write(
      {
        '/things': {
          get: tagged('listThings', {
            responses: { 200: json({ $ref: '#/components/schemas/Tree' }, { leaf: { value: {} } }) },
          }),
        },
      },
      {
        components: {
          schemas: {
            Tree: {
              type: 'object',
              properties: { children: { type: 'array', items: { $ref: '#/components/schemas/Tree' } } },
            },
          },
        },
      },
    ),
    expected: (model) => success(model).schema === success(model).schema?.properties.children?.items,
    is: true,
  },
  {
    what: 'a description beside a reference to a schema',
    document: write(
      {
        '/things': {
          get: tagged('listThings', {
            responses: {
              200: json(
                { properties: { id: { $ref: '#/components/schemas/Id', description: 'This one.' } } },
                { one: { value: {} } },
              ),
            },
          }),
        },
      },
      {
        components: {
          schemas: { Id: { type: 'integer', description: 'Any.', 'x-assumed': 'We think so.' } },
        },
      },
    ),
    expected: (model) => {
      const { id } = success(model).schema?.properties ?? {}
      return [id?.name, id?.types, id?.description, id?.provenance]
    },
    is: ['Id', ['integer'], 'This one.', { assumed: 'We think so.' }],
  },
  {
    what: 'empty examples, and a single one without a name',
    document: write({
      '/things': {
        get: tagged('listThings', { responses: { 200: json({ type: 'object' }, {}) } }),
        post: tagged('createThing', {
          requestBody: { content: { 'application/json': { schema: { type: 'object' }, example: { a: 1 } } } },
        }),
      },
    }),
    expected: ({ operations }) => [
      operations[0]?.responses[0]?.examples,
      operations[1]?.body?.examples.map(({ name, value }) => [name, value]),
    ],
    is: [[], [['default', { a: 1 }]]],
  },
  {
    what: 'JSON under another name, and a body that is not JSON',
    document: write({
      '/things': {
        get: tagged('listThings', {
          responses: {
            200: {
              description: 'Success.',
              content: { 'application/vnd.api+json': { schema: { type: 'array' } } },
            },
            204: { description: 'Nothing.' },
          },
        }),
        post: tagged('createThing', {
          requestBody: { content: { 'text/plain': { schema: { type: 'string' } } } },
        }),
      },
    }),
    expected: ({ operations }) => [
      operations[0]?.responses.map(({ schema }) => schema?.types),
      operations[1]?.body?.schema,
    ],
    is: [[['array'], undefined], undefined],
  },
  {
    what: 'named examples of a parameter, and one in its schema',
    document: write({
      '/things/{thing_id}': {
        get: tagged('getThing', {
          parameters: [
            { ...thingId, example: undefined, examples: { one: { value: 11 } } },
            { name: 'part', in: 'query', schema: { type: 'integer', examples: [12] } },
          ],
        }),
      },
    }),
    expected: (model) =>
      first(model).parameters.map(({ name, required, example }) => [name, required, example]),
    is: [
      ['thing_id', true, 11],
      ['part', false, 12],
    ],
  },
  {
    what: 'a request body behind a reference',
    document: write(
      {
        '/things': {
          post: tagged('createThing', { requestBody: { $ref: '#/components/requestBodies/Thing' } }),
        },
      },
      { components: { requestBodies: { Thing: { required: true, content: ok[200].content } } } },
    ),
    expected: (model) => [first(model).body?.required, first(model).body?.pointer],
    is: [true, '#/components/requestBodies/Thing'],
  },
  {
    what: 'no summary, no description, no paths',
    document: {
      ...write({}),
      info: { title: '', version: '1' },
      paths: undefined,
      tags: undefined,
      servers: undefined,
    },
    expected: ({ operations, resources, servers }) => [operations, resources, servers],
    is: [[], [], []],
  },
]

/** Documents that can't be understood, with a part of the message that names the place and what to do. */
export const unreadableDocuments: { what: string; document: Node; message: RegExp }[] = [
  {
    what: 'another version of OpenAPI',
    document: { openapi: '3.0.3' },
    message: /#\/openapi: .*3\.0\.3.*Convert/,
  },
  {
    what: 'no document at all',
    document: {},
    message: /#\/openapi/,
  },
  {
    what: 'a reference to nothing',
    document: write({
      '/things': { get: tagged('listThings', { responses: { 200: { $ref: '#/components/responses/No' } } }) },
    }),
    message: /#\/paths\/~1things\/get\/responses\/200: .*#\/components\/responses\/No leads nowhere/,
  },
  {
    what: 'references in a circle',
    document: write(
      { '/things': { $ref: '#/components/pathItems/A' } },
      {
        components: {
          pathItems: { A: { $ref: '#/components/pathItems/B' }, B: { $ref: '#/components/pathItems/A' } },
        },
      },
    ),
    message: /leads back to itself/,
  },
  {
    what: 'a reference to another file',
    document: write({ '/things': { $ref: 'things.yaml' } }),
    message: /#\/paths\/~1things: .*things\.yaml.*Bundle it/,
  },
  {
    what: 'an operation without an operationId',
    document: write({ '/things': { get: { responses: ok } } }),
    message: /#\/paths\/~1things\/get: .*operationId.*such as/,
  },
  {
    what: 'two operations of one id',
    document: write({ '/things': { get: tagged('listThings') }, '/parts': { get: tagged('listThings') } }),
    message: /#\/paths\/~1parts\/get: .*listThings isn't unique/,
  },
  {
    what: 'a path parameter that is not declared',
    document: write({ '/things/{thing_id}': { get: tagged('getThing') } }),
    message: /#\/paths\/~1things~1\{thing_id\}\/get: .*\{thing_id\}.*Declare/,
  },
]
