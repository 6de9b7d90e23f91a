import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cp, mkdir, mkdtempDisposable, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { vendorFacts } from '../provenance/facts.ts'
import { renderSchema, schemaFile } from '../schema.ts'

const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')
const built = ['dist/openapi.yaml', 'dist/openapi.json', 'dist/openapi-3.0.json']
const contract = JSON.parse(read('dist/openapi.json'))

test('the committed types are those of the contract', async () => {
  expect(readFileSync(schemaFile, 'utf8')).toBe(await renderSchema(read('openapi.yaml')))
})

test('the 3.0 document gives the same types as the 3.1 document', async () => {
  expect(await renderSchema(read('dist/openapi-3.0.json'))).toBe(
    await renderSchema(read('dist/openapi.json')),
  )
})

test.each([
  ['an optional field', { type: 'string' }, [], 'field?: string | undefined;'],
  [
    'an optional field that can be null',
    { type: ['integer', 'null'] },
    [],
    'field?: number | null | undefined;',
  ],
  [
    'an optional field of an inner object',
    { properties: { in: { enum: [1] } } },
    ['field'],
    'in?: 1 | undefined;',
  ],
  ['a required field', { type: 'string' }, ['field'], 'field: string;'],
])('%s has a type that says whether it can be undefined', async (_, field, required, line) => {
  const schema = { type: 'object', properties: { field }, required }
  const paths = { '/x': { get: { responses: { 200: { description: '' } } } } }
  const document = {
    openapi: '3.1.1',
    info: { title: '', version: '1' },
    paths,
    components: { schemas: { schema } },
  }
  const types = await renderSchema(JSON.stringify(document))
  expect(types.split('\n').map((line) => line.trim())).toContain(line)
  // An operation without a body takes none.
  expect(types).toContain('requestBody?: never;')
})

test('two builds are equal byte by byte', async () => {
  // In a copy, because the tests of other packages read the built files at the same time.
  const spec = fileURLToPath(new URL('..', import.meta.url))
  await mkdir(`${spec}report`, { recursive: true })
  await using copy = await mkdtempDisposable(`${spec}report/build-`)
  const sources = (await readdir(spec)).filter(
    (name) => !/^(node_modules|dist|report|test|tsconfig.json)$/.test(name),
  )
  for (const name of sources) await cp(spec + name, join(copy.path, name), { recursive: true })
  await promisify(execFile)(process.execPath, ['build.ts'], { cwd: copy.path })
  const files = (await readdir(`${spec}dist`)).sort()
  expect((await readdir(join(copy.path, 'dist'))).sort()).toEqual(files)
  for (const file of files)
    expect(await readFile(join(copy.path, 'dist', file), 'utf8'), file).toBe(read(`dist/${file}`))
})

test.each(built)('%s carries no path of a server', (file) => {
  expect(read(file)).not.toMatch(/\/var\/www|App\\\\|\.php/)
})

describe('the vendor’s bodies validate word for word', () => {
  const ajv = new Ajv2020({ allowUnionTypes: true, strict: true, formats: { int64: true, password: true } })
  ajv.addVocabulary(['x-source', 'x-assumed', 'x-question', 'x-enum-varnames', 'components', 'openapi'])
  ajv.addSchema({ $id: 'contract', components: contract.components })
  const validate = (pointer: string, body: unknown) => {
    const check = ajv.compile({ $ref: `contract#/${pointer}` })
    return check(body) ? [] : check.errors
  }
  const bodies = vendorFacts.operations.flatMap(({ method, path, title, status, request, response }) => {
    const operation = contract.paths[path][method]
    const schema = (body: any) => body.content['application/json'].schema.$ref.slice(2)
    return [
      ...(request === undefined ? [] : [[`${title}, request`, schema(operation.requestBody), request]]),
      [`${title}, response`, schema(operation.responses[status]), response],
    ] as [string, string, unknown][]
  })

  test.each(bodies)('%s', (_, pointer, body) => expect(validate(pointer, body)).toEqual([]))
  test.each(bodies)('%s, with a field of a wrong type, does not', (_, pointer, body) => {
    const spoilt = JSON.parse(JSON.stringify(body), (_, value) =>
      typeof value === 'object' ? value : { wrong: value },
    )
    expect(validate(pointer, spoilt)).not.toEqual([])
  })
})
