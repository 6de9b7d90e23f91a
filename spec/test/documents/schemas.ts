/** Legal but unusual schemas. */
import { first, json, success, tagged, thingId, type UnusualDocument, write } from './write.ts'

export const unusualSchemas: UnusualDocument[] = [
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
    what: 'a description and further fields beside a reference to the schema of a request',
    document: write(
      {
        '/things': {
          post: tagged('createThing', {
            requestBody: {
              content: {
                'application/json': {
                  schema: {
                    $ref: '#/components/schemas/Thing',
                    description: 'A new thing.',
                    required: ['kind'],
                    properties: { kind: { type: 'string' } },
                  },
                },
              },
            },
          }),
        },
      },
      {
        components: {
          schemas: {
            Thing: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
          },
        },
      },
    ),
    expected: (model) => {
      const { schema } = first(model).body ?? {}
      const { name, kind } = schema?.properties ?? {}
      return [schema?.description, schema?.required.toSorted(), schema?.types, name?.pointer, kind?.pointer]
    },
    is: [
      'A new thing.',
      ['kind', 'name'],
      ['object'],
      '#/components/schemas/Thing/properties/name',
      '#/paths/~1things/post/requestBody/content/application~1json/schema/properties/kind',
    ],
  },
  {
    what: 'schemas that are part of each other',
    document: write(
      {
        '/things': {
          get: tagged('listThings', {
            responses: { 200: json({ $ref: '#/components/schemas/A' }, { one: { value: {} } }) },
          }),
        },
      },
      {
        components: {
          schemas: {
            A: { type: 'object', properties: { child: { $ref: '#/components/schemas/B' }, own: {} } },
            B: { allOf: [{ $ref: '#/components/schemas/A' }, { properties: { extra: {} } }] },
          },
        },
      },
    ),
    expected: (model) => {
      const { child } = success(model).schema?.properties ?? {}
      return [Object.keys(child?.properties ?? {}).sort(), child?.properties.child === child]
    },
    is: [['child', 'extra', 'own'], true],
  },
  {
    what: 'types and codes in allOf, oneOf and anyOf',
    document: write({
      '/things': {
        get: tagged('listThings', {
          responses: {
            200: json(
              {
                properties: {
                  both: { allOf: [{ type: ['object', 'null'] }, { type: 'object' }] },
                  flag: { oneOf: [{ enum: [0, 1] }, { type: 'null' }] },
                  any: { anyOf: [{ type: 'string' }, {}] },
                  width: { type: 'number', allOf: [{ type: 'integer', format: 'int64' }] },
                },
              },
              { one: { value: {} } },
            ),
          },
        }),
      },
    }),
    expected: (model) =>
      Object.values(success(model).schema?.properties ?? {}).map((schema) => [
        schema.types,
        schema.enum,
        schema.format,
      ]),
    is: [
      [['object'], undefined, undefined],
      [['integer', 'null'], [0, 1, null], undefined],
      [[], undefined, undefined],
      [['integer'], undefined, 'int64'],
    ],
  },
]
