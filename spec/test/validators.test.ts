/** The compiled validators: those of the contract, and what the compiler makes of a document that it has not seen. */
import { readFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { renderValidators } from '../validators.ts'

const read = (file: string) => readFileSync(new URL(`../dist/${file}`, import.meta.url), 'utf8')

test('what was built is what is rendered', () => {
  const { code, types } = renderValidators(JSON.parse(read('openapi.json')))
  expect(read('validators.js')).toBe(code)
  expect(read('validators.d.ts')).toBe(types)
})

const json = (schema: object) => ({ content: { 'application/json': { schema } } })

/** One operation that reads, one that writes, with schemas in place and by name. */
const document = {
  openapi: '3.1.1',
  paths: {
    '/things/{a~b}': {
      parameters: [{ name: 'a~b', in: 'path' }],
      get: {
        operationId: 'getThing',
        responses: {
          200: json({ $ref: '#/components/schemas/Thing' }),
          204: { description: 'Nothing.' },
          '4XX': { $ref: '#/components/responses/Refused' },
        },
      },
      put: {
        operationId: 'updateThing',
        requestBody: { $ref: '#/components/requestBodies/Thing' },
        responses: { 200: json({ type: 'object', properties: { done: { type: 'boolean' } } }) },
      },
      post: {
        operationId: 'createThing',
        requestBody: { content: { 'text/plain': {} } },
        responses: { 200: json({ type: ['string', 'null'], pattern: '^a+$', examples: ['a'] }) },
      },
    },
  },
  components: {
    responses: {
      Refused: { ...json({ $ref: '#/components/schemas/Refusal' }), 'x-assumed': 'So it is elsewhere.' },
    },
    requestBodies: { Thing: json({ $ref: '#/components/schemas/Thing' }) },
    schemas: {
      Refusal: { type: 'object', required: ['message'], properties: { message: { type: 'string' } } },
      Thing: {
        description: 'A sentence for readers.',
        type: 'object',
        required: ['description'],
        properties: {
          description: { type: 'string', description: 'Another sentence.', 'x-question': 'Is it so?' },
          examples: { type: 'array', items: { type: 'string' }, examples: [['one']] },
          kind: { enum: ['a', { description: 'stays' }], 'x-source': 'Elsewhere.' },
          size: { type: 'integer', format: 'int64', const: 7 },
        },
      },
    },
  },
}

describe('another document', () => {
  // Beside the code, where its few imports are found.
  const file = new URL('../dist/validators-of-another.mjs', import.meta.url)
  afterAll(() => rm(file, { force: true }))
  const compiled = async () => {
    const { code } = renderValidators(document)
    await writeFile(file, code)
    return import(/* @vite-ignore */ `${file.href}?${Date.now()}`)
  }

  test('has one export per operation, with what carries JSON', async () => {
    const { getThing, updateThing, createThing } = await compiled()
    expect(Object.keys(getThing)).toEqual(['responses'])
    expect(Object.keys(getThing.responses)).toEqual(['200', '4XX'])
    expect(Object.keys(updateThing)).toEqual(['request', 'responses'])
    expect(Object.keys(createThing)).toEqual(['responses'])
    expect(updateThing.request).toBe(getThing.responses[200])
  })

  test('judges values, and names every misfit', async () => {
    const { getThing, updateThing, createThing } = await compiled()
    const fits = getThing.responses[200]
    expect(fits({ description: 'x', examples: ['y'], kind: { description: 'stays' }, size: 7 })).toBe(true)
    expect(fits({ description: 5, examples: [5], kind: { description: 'else' }, size: 8 })).toBe(false)
    expect(fits.errors.map(({ instancePath, keyword }: any) => `${instancePath} ${keyword}`)).toEqual([
      '/description type',
      '/examples/0 type',
      '/kind enum',
      '/size const',
    ])
    expect(fits({})).toBe(false)
    expect(getThing.responses['4XX']({ message: 'No.' })).toBe(true)
    expect(getThing.responses['4XX']({})).toBe(false)
    expect(updateThing.responses[200]({ done: 1 })).toBe(false)
    for (const value of ['aa', null]) expect(createThing.responses[200](value)).toBe(true)
    for (const value of ['b', 5]) expect(createThing.responses[200](value)).toBe(false)
  })

  test('holds nothing that is for readers alone', () => {
    const { code } = renderValidators(document)
    for (const text of [
      'A sentence for readers.',
      'Another sentence.',
      'Is it so?',
      'Elsewhere.',
      'So it is elsewhere.',
      '["one"]',
    ])
      expect(code).not.toContain(text)
    expect(code).toContain('stays')
    expect(code.split('\n')[0]).toBe('// Compiled by spec/validators.ts.')
  })

  test('is a module of which a bundler may drop what is not used', () => {
    const { code } = renderValidators(document)
    expect(code).not.toMatch(/require\(|"use strict"/)
    expect(code).toContain('/* @__PURE__ */ new RegExp(')
    expect(code.match(/^export const \w+/gm)).toEqual([
      'export const getThing',
      'export const updateThing',
      'export const createThing',
    ])
    expect(code).not.toContain('evaluated')
  })

  test('is typed by operation and status', () => {
    const { types } = renderValidators(document)
    expect(types).toContain(`export declare const getThing: {
  responses: {
    200: Validator<Response<'getThing', 200>>
    '4XX': Validator<Response<'getThing', '4XX'>>
  }
}`)
    expect(types).toContain(`export declare const updateThing: {
  request: Validator<Request<'updateThing'>>
  responses: {
    200: Validator<Response<'updateThing', 200>>
  }
}`)
  })

  test('may close its objects', () => {
    const closed = structuredClone(document)
    Object.assign(closed.components.schemas.Thing, { unevaluatedProperties: false })
    const { code } = renderValidators(closed)
    expect(code).toContain('evaluated')
  })

  test.each<[string, object, RegExp]>([
    [
      'an unknown keyword',
      { type: 'string', maximun: 5 },
      /^The schema at #\/components\/schemas\/Thing does not compile: strict mode: unknown keyword: "maximun"/,
    ],
    ['an unknown format', { type: 'string', format: 'phone' }, /unknown format "phone"/],
    ['a reference into nothing', { $ref: '#/components/schemas/None', type: 'object' }, /leads nowhere/],
    ['a type that is none', { type: 'text' }, /type/],
  ])('%s stops the build', (_, schema, message) => {
    const wrong = {
      ...document,
      components: { ...document.components, schemas: { ...document.components.schemas, Thing: schema } },
    }
    expect(() => renderValidators(wrong)).toThrow(message)
  })
})
