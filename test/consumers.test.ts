/** The client, sandbox, mock, contract tests and docs agree on what an unusual document says. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Operation, readModel } from '../spec/model.ts'
import { unreadableDocuments, unusualDocuments } from '../spec/test/unusual-documents.ts'

afterEach(() => {
  vi.doUnmock('../spec/dist/openapi.json')
  vi.resetModules()
})

/** From here on, the document takes the place of the built contract in everything that is imported. */
function replaceContract(document: object): void {
  vi.resetModules()
  vi.doMock('../spec/dist/openapi.json', () => ({ default: document }))
}

/** The operations that a consumer can express, by id. */
const supported: Record<string, (operation: Operation) => boolean> = {
  client: ({ parameters, body, responses }) =>
    parameters.every(({ in: place, required }) => place === 'path' || !required) &&
    (!body || body.schema !== undefined) &&
    responses.filter(({ status, schema }) => /^2\d\d$/.test(status) && schema).length === 1,
  sandbox: ({ parameters }) => parameters.every(({ in: place }) => place === 'path'),
}

describe.each(unusualDocuments)('$what', ({ document }) => {
  const { operations } = readModel(document)
  const expected = Object.fromEntries(operations.map(({ id, needsToken }) => [id, needsToken]))

  test.runIf(operations.length > 0 && operations.every(supported.client as never))('the client', async () => {
    replaceContract(document)
    const { renderOperations } = await import('../packages/client/generate.ts')
    const code = renderOperations()
    const rendered = [...code.matchAll(/^const (\w+): Operation = \{\n([\s\S]*?)^\}/gm)]
    expect(
      Object.fromEntries(rendered.map(([, id = '', body = '']) => [id, !body.includes('anonymous: true')])),
    ).toEqual(expected)
    for (const { resource, name } of operations)
      expect(code).toMatch(new RegExp(`export function ${resource}\\([\\s\\S]*?^ {4}${name}: `, 'm'))
  })

  test.runIf(operations.every(supported.sandbox as never))('the sandbox', async () => {
    replaceContract(document)
    const { renderContract, renderResources } = await import('../packages/sandbox/generate.ts')
    const rendered = renderContract().matchAll(/^ {4}id: "(\w+)",[\s\S]*?needsToken: (\w+)/gm)
    expect(Object.fromEntries([...rendered].map(([, id, needs]) => [id, needs === 'true']))).toEqual(expected)
    for (const { slug } of readModel(document).resources)
      expect(renderResources()).toContain(`'./${slug}.ts'`)
  })

  test('the mock', async () => {
    const { createResponder } = await import('../packages/mock/src/respond.ts')
    const respond = await createResponder(structuredClone(document))
    for (const { method, path, needsToken } of operations) {
      const target = path.replaceAll(/\{\w+\}/g, '7')
      const outcome = await respond({ method, target, headers: {}, body: new Uint8Array() }).then(
        ({ status }) => status,
        ({ status }) => status,
      )
      expect([method, path, outcome === 401]).toEqual([method, path, needsToken])
    }
  })

  test('the contract tests', async () => {
    replaceContract(document)
    const { checks } = await import('../packages/contract-tests/src/checks.ts')
    const asked = checks.filter(({ id }) => id.startsWith('token-needed-')).map(({ operation }) => operation)
    expect(new Set(asked)).toEqual(new Set(operations.filter((one) => one.needsToken).map(({ id }) => id)))
  })

  test('the docs', async () => {
    replaceContract(document)
    const { renderReference } = await import('../docs/reference.ts')
    const reference = renderReference()
    for (const { method, path, needsToken } of operations)
      expect(reference).toContain(`\`${method} ${path}\`${needsToken ? '\n' : ' · needs no token\n'}`)
  })
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
