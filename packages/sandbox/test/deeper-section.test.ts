/** A new section three ids deep needs one file by hand. Here it's the notes of an address. */
import { stripTypeScriptTypes } from 'node:module'
import { readModel } from '@recoveryconnect/spec/model'
import { beforeAll, expect, test, vi } from 'vitest'
import { renderContract, renderResources } from '../generate.ts'
import type { RecordRules } from '../src/world/collection.ts'
import { type Call, caller } from './calls.ts'

const notes = '/api/v140/orders/{order_id}/borrowers/{borrower_id}/addresses/{address_id}/notes'

/** The contract with the notes of an address. */
function addNotes() {
  const document = structuredClone(readModel().document) as any
  const ids = Object.keys(document.paths).find((path) => path.endsWith('/addresses')) as string
  const id = {
    name: 'address_id',
    in: 'path',
    required: true,
    schema: { type: 'integer' },
    example: 219114267,
  }
  const fields = { id: {}, address_id: {}, text: { type: 'string' }, created_at: {}, updated_at: {} }
  const note = { type: 'object', properties: fields }
  const respond = (data: object) => ({
    200: {
      description: 'Success',
      content: { 'application/json': { schema: { type: 'object', properties: { data } } } },
    },
  })
  const text = { type: 'object', properties: { text: { type: 'string' } } }
  document.paths[notes] = {
    parameters: [...document.paths[ids].parameters, id],
    get: { operationId: 'listNotes', tags: ['Notes'], responses: respond({ type: 'array', items: note }) },
    post: {
      operationId: 'createNote',
      tags: ['Notes'],
      requestBody: { required: true, content: { 'application/json': { schema: text } } },
      responses: respond(note),
    },
  }
  return readModel(document)
}

/** What `resources/notes.ts` would contain. */
const handlers = {
  listNotes: ({ world, place }: any) => ({ data: world.list(place) }),
  createNote({ body, world, place, params, now }: any) {
    const id = world.nextId(place)
    const note = { id, address_id: params.address_id, ...body, created_at: now(), updated_at: now() }
    world.put(place, note)
    return { data: note }
  },
}
const records: RecordRules = {
  documented: [{ parents: [57073907, 124943338, 219114267], records: [{ id: 5001, text: 'Ring twice' }] }],
  complete: (given, { id, time, parents }) => ({
    ...{ id, address_id: parents[2], text: '', created_at: time, updated_at: time },
    ...given,
  }),
  findMisfits: ({ text }: any) =>
    typeof text === 'string'
      ? []
      : [{ instancePath: '/data/text', keyword: 'type', params: {}, message: 'must be string' }],
}

/** Runs generated code, with these modules in place of its imports. */
function runCode(code: string, modules: Record<string, unknown> = {}): Record<string, unknown> {
  const names = [...code.matchAll(/^export (?:const|function) (\w+)/gm)].map(([, name]) => name)
  const body = stripTypeScriptTypes(code)
    .replaceAll(/^import .*$/gm, '')
    .replaceAll(/^export /gm, '')
  return new Function(...Object.keys(modules), `${body}\nreturn { ${names.join(', ')} }`)(
    ...Object.values(modules),
  )
}

let call: Call
beforeAll(async () => {
  const model = addNotes()
  vi.doMock('../src/core/contract.gen.ts', () => runCode(renderContract(model)))
  vi.doMock('@recoveryconnect/spec/validators', async (importOriginal) => ({
    ...(await importOriginal<object>()),
    listNotes: { responses: { 200: () => true, '4XX': () => true } },
    createNote: { request: () => true, responses: { 200: () => true, '4XX': () => true } },
  }))
  vi.resetModules()
  const modules = {
    borrowers: (await import('../src/resources/borrowers.ts')).resource,
    borrowerAddresses: (await import('../src/resources/borrower-addresses.ts')).resource,
    borrowerPhones: (await import('../src/resources/borrower-phones.ts')).resource,
    authentication: (await import('../src/resources/authentication.ts')).resource,
    notes: { createHandlers: () => handlers, records },
  }
  vi.doMock('../src/resources/resources.gen.ts', () => runCode(renderResources(model), modules))
  const { createSandboxFetch } = await import('../src/fetch.ts')
  call = caller('https://sandbox.invalid', createSandboxFetch() as typeof fetch)
})

const home = '/api/v140/orders/57073907/borrowers/124943338/addresses/219114267/notes'

test('its records can be listed and created below a record that exists', async () => {
  expect((await call('GET', home)).body.data).toMatchObject([{ id: 5001, address_id: 219114267 }])
  expect((await call('POST', home, { text: 'Second floor' })).body.data).toMatchObject({ id: 5002 })
  expect((await call('GET', home)).body.data).toHaveLength(2)
  expect((await call('GET', home.replace('219114267', '219114268'))).body.data).toEqual([])
  for (const [known, other] of [
    ['57073907', '57062885'],
    ['124943338', '124927241'],
    ['219114267', '219114269'],
  ] as const)
    expect((await call('GET', home.replace(known, other))).status).toBe(404)
})

test('a world file has them inside the address, whose id is `id` as before', async () => {
  const token = { token: 'world-file' }
  const { body: world } = await call('GET', '/__sandbox/world', undefined, token)
  const [address] = world.orders[1].borrowers[0].addresses
  expect(address).toMatchObject({
    id: 219114267,
    address_id: 120093908,
    notes: [{ id: 5001, text: 'Ring twice' }],
  })
  expect(address.notes[0]).not.toHaveProperty('address_id')
  address.notes.push({ text: 'Gate code at the desk' })
  expect((await call('PUT', '/__sandbox/world', world, token)).status).toBe(200)
  expect((await call('GET', home, undefined, token)).body.data).toMatchObject([
    { id: 5001 },
    { id: 5002, address_id: 219114267 },
  ])
  address.notes.push({ text: 5 })
  expect(Object.keys((await call('PUT', '/__sandbox/world', world, token)).body.errors)).toEqual([
    '/orders/1/borrowers/0/addresses/0/notes/2/text',
  ])
})
