/** The client, sandbox, mock, contract tests and docs agree on what an unusual document says. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Operation, readModel } from '../spec/model.ts'
import { unusualBodies } from '../spec/test/documents/bodies.ts'
import { unusualOperations } from '../spec/test/documents/operations.ts'
import { unreadableDocuments } from '../spec/test/documents/unreadable.ts'

const unusualDocuments = [...unusualOperations, ...unusualBodies]

afterEach(() => {
  vi.doUnmock('../spec/dist/openapi.json')
  vi.resetModules()
})

/** From here on, the document takes the place of the built contract in everything that is imported. */
function replaceContract(document: object): void {
  vi.resetModules()
  vi.doMock('../spec/dist/openapi.json', () => ({ default: document }))
}

/** Whether each operation needs a token, by id. */
function readNeeds(document: object): Record<string, boolean> {
  return Object.fromEntries(readModel(document).operations.map(({ id, needsToken }) => [id, needsToken]))
}

/** The documents that a consumer can express as a whole. */
function documentsOf(isSupported: (operation: Operation) => boolean) {
  return unusualDocuments.filter(({ document }) => readModel(document).operations.every(isSupported))
}

describe('the client', () => {
  const documents = documentsOf(
    ({ parameters, body, responses }) =>
      parameters.every(({ in: place, required }) => place === 'path' || !required) &&
      (!body || body.schema !== undefined) &&
      responses.filter(({ status, schema }) => /^2\d\d$/.test(status) && schema).length === 1,
  )

  test.each(documents.filter(({ document }) => document.servers))('$what', async ({ document }) => {
    replaceContract(document)
    const { renderOperations } = await import('../packages/client/generate.ts')
    const code = renderOperations()
    const rendered = [...code.matchAll(/^const (\w+): Operation = \{\n([\s\S]*?)^\}/gm)]
    const needs = rendered.map(([, id = '', body = '']) => [id, !body.includes('anonymous: true')])
    expect(Object.fromEntries(needs)).toEqual(readNeeds(document))
    for (const { resource, name } of readModel(document).operations)
      expect(code).toMatch(new RegExp(`export function ${resource}\\([\\s\\S]*?^ {4}${name}: `, 'm'))
  })
})

describe('the sandbox', () => {
  const documents = documentsOf(({ parameters }) => parameters.every(({ in: place }) => place === 'path'))

  test.each(documents)('$what', async ({ document }) => {
    replaceContract(document)
    const { renderContract, renderResources } = await import('../packages/sandbox/generate.ts')
    const rendered = [...renderContract().matchAll(/^ {4}id: "(\w+)",[\s\S]*?needsToken: (\w+)/gm)]
    const needs = rendered.map(([, id, needsToken]) => [id, needsToken === 'true'])
    expect(Object.fromEntries(needs)).toEqual(readNeeds(document))
    for (const { slug } of readModel(document).resources)
      expect(renderResources()).toContain(`'./${slug}.ts'`)
  })
})

test.each(unusualDocuments)('the mock: $what', async ({ document }) => {
  const { createResponder } = await import('../packages/mock/src/respond.ts')
  const respond = await createResponder(structuredClone(document))
  for (const { method, path, needsToken } of readModel(document).operations) {
    const target = path.replaceAll(/\{\w+\}/g, '7')
    const request = { method, target, headers: {}, body: new Uint8Array() }
    const getStatus = ({ status }: { status: number }) => status
    expect([target, (await respond(request).then(getStatus, getStatus)) === 401]).toEqual([
      target,
      needsToken,
    ])
  }
})

/** The contract tests need the phones and the login, so the document is added to the contract. */
function addToContract(document: any): object {
  const contract = structuredClone(readModel().document) as any
  for (const operation of Object.values<any>(contract.paths).flatMap(Object.values<any>))
    if (operation.operationId) operation.security ??= contract.security
  const components = structuredClone(document.components)
  for (const [kind, members] of Object.entries<any>(contract.components))
    components[kind] = { ...components[kind], ...members }
  const tags = [...(document.tags ?? []), ...contract.tags]
  return { ...document, tags, paths: { ...document.paths, ...contract.paths }, components }
}

test.each(unusualDocuments)('the contract tests: $what', async ({ document: unusual }) => {
  const document = addToContract(unusual)
  replaceContract(document)
  const { checks } = await import('../packages/contract-tests/src/checks.ts')
  const checked = checks.filter(({ id }) => id.startsWith('token-needed-')).map(({ operation }) => operation)
  const needs = Object.entries(readNeeds(document)).flatMap(([id, needsToken]) => (needsToken ? [id] : []))
  expect(new Set(checked)).toEqual(new Set(needs))
})

test.each(unusualDocuments)('the docs: $what', async ({ document }) => {
  replaceContract(document)
  const { renderReference } = await import('../docs/reference.ts')
  const reference = renderReference()
  for (const { method, path, needsToken } of readModel(document).operations)
    expect(reference).toContain(`\`${method} ${path}\`${needsToken ? '\n' : ' · needs no token\n'}`)
})

test.each(unreadableDocuments)('all consumers say the same of $what', async ({ document, message }) => {
  replaceContract(document)
  for (const load of [
    async () => (await import('../packages/client/generate.ts')).renderOperations(),
    async () => (await import('../packages/sandbox/generate.ts')).renderContract(),
    async () => (await import('../packages/mock/src/respond.ts')).createResponder(document),
    () => import('../packages/contract-tests/src/checks.ts'),
    () => import('../docs/reference.ts'),
  ])
    await expect((async () => load())()).rejects.toThrow(message)
})
