/** Legal but unusual bodies, parameters and examples. */
import { first, json, ok, success, tagged, thingId, type UnusualDocument, write } from './write.ts'

export const unusualBodies: UnusualDocument[] = [
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
    what: 'status ranges and a default',
    document: write({
      '/things': {
        get: tagged('listThings', {
          responses: {
            ...ok,
            '4XX': json({ type: 'object' }, { gone: { value: {}, 'x-status': 410 } }),
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
    what: 'JSON under another name, which is not JSON here, and a body that is not JSON',
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
    is: [[undefined, undefined], undefined],
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
    what: 'a description beside references to a parameter and a response',
    document: write(
      {
        '/things/{thing_id}': {
          get: tagged('getThing', {
            parameters: [{ $ref: '#/components/parameters/ThingId', description: 'This thing.' }],
            responses: { 200: { $ref: '#/components/responses/Thing', description: 'This one.' } },
          }),
        },
      },
      { components: { parameters: { ThingId: thingId }, responses: { Thing: ok[200] } } },
    ),
    expected: (model) => [
      first(model).parameters.map(({ name, description }) => [name, description]),
      [success(model).component, success(model).description, success(model).examples.length],
    ],
    is: [[['thing_id', 'This thing.']], ['Thing', 'This one.', 1]],
  },
  {
    what: 'JSON with a charset, beside another media type',
    document: write({
      '/things': {
        get: tagged('listThings', {
          responses: {
            200: {
              description: 'Success.',
              content: {
                'application/problem+json': { schema: { type: 'string' } },
                'application/json; charset=utf-8': { schema: { type: 'object' }, example: { a: 1 } },
              },
            },
          },
        }),
      },
    }),
    expected: (model) => [success(model).schema?.types, success(model).examples.map(({ value }) => value)],
    is: [['object'], [{ a: 1 }]],
  },
]
