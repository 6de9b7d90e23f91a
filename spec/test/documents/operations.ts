/** Legal but unusual paths, security, tags and resources. */
import type { Model } from '../../model.ts'
import { first, ok, tagged, thingId, type UnusualDocument, write } from './write.ts'

const needsToken = ({ operations }: Model) => operations.map((operation) => operation.needsToken)

export const unusualOperations: UnusualDocument[] = [
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
    what: 'an operation without an operationId',
    document: write({
      '/things/{thing_id}': { parameters: [thingId], get: { responses: ok, tags: ['Things'] } },
    }),
    expected: ({ operations }) => operations.map(({ id, name }) => [id, name]),
    is: [['getThingsThingId', 'getThingsThingId']],
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
    what: 'references with escaped and percent-encoded names',
    document: write(
      {
        '/things/{thing_id}': { parameters: [thingId], get: tagged('getThing') },
        '/all': { $ref: '#/components/pathItems/a%20b' },
        '/parts': {
          get: tagged('listParts', { responses: { 200: { $ref: '#/components/responses/a~0b' } } }),
        },
      },
      { components: { responses: { 'a~b': ok[200] }, pathItems: { 'a b': { get: tagged('listThings') } } } },
    ),
    expected: ({ operations }) => operations.map(({ id, responses }) => [id, responses[0]?.component]),
    is: [
      ['getThing', undefined],
      ['listThings', undefined],
      ['listParts', 'a~b'],
    ],
  },
  {
    what: 'PATCH for updates, and methods without a verb',
    document: write({
      '/things/{thing_id}': {
        parameters: [thingId],
        patch: tagged('updateThing'),
        head: tagged('headThing'),
        options: tagged('optionsThing'),
      },
    }),
    expected: ({ operations, resources }) => [
      operations.map(({ method, name }) => [method, name]),
      resources[0]?.recordId,
    ],
    is: [
      [
        ['OPTIONS', 'optionsThing'],
        ['HEAD', 'headThing'],
        ['PATCH', 'update'],
      ],
      'thing_id',
    ],
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
