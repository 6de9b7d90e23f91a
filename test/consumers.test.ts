/** The client, sandbox, mock, contract tests and docs agree with the model about unusual documents. */
import { stripTypeScriptTypes } from 'node:module'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Operation, readModel } from '../spec/model.ts'
import { unusualBodies } from '../spec/test/documents/bodies.ts'
import { unusualOperations } from '../spec/test/documents/operations.ts'
import { unusualSchemas } from '../spec/test/documents/schemas.ts'
import { unreadableDocuments } from '../spec/test/documents/unreadable.ts'

const unusualDocuments = [...unusualOperations, ...unusualBodies, ...unusualSchemas]

afterEach(() => {
  vi.doUnmock('../spec/dist/openapi.json')
  vi.resetModules()
})

/** From here on, the document takes the place of the built contract in everything that is imported. */
function replaceContract(document: object): void {
  vi.resetModules()
  vi.doMock('../spec/dist/openapi.json', () => ({ default: document }))
}

/** The documents that a consumer can express as a whole. */
function documentsOf(isSupported: (operation: Operation) => boolean) {
  return unusualDocuments.filter(({ document }) => readModel(document).operations.every(isSupported))
}

/** What generated code exports or defines. */
async function runCode(code: string): Promise<any> {
  const javascript = stripTypeScriptTypes(code).replaceAll(/^import .*$/gm, '')
  return import(`data:text/javascript,${encodeURIComponent(javascript)}`)
}

describe('the client knows the methods, paths, parameters and fields', () => {
  const documents = documentsOf(
    ({ parameters, body, responses }) =>
      parameters.every(({ in: place, required, schema }) =>
        place === 'path' ? schema.types.join() === 'integer' : !required,
      ) &&
      (!body || body.schema !== undefined) &&
      responses.filter(({ status, schema }) => /^2\d\d$/.test(status) && schema).length === 1,
  )

  test.each(documents.filter(({ document }) => document.servers))('$what', async ({ document }) => {
    replaceContract(document)
    const { renderOperations } = await import('../packages/client/generate.ts')
    const record = 'const callOperation = (calls, ...sent) => calls.push(sent)'
    const { clientOf } = await runCode(`${record}\n${renderOperations()}`)
    const calls: any[][] = []
    const client = clientOf(calls)
    const { operations } = readModel(document)
    for (const { resource, name } of operations) client[resource][name]({}, {})
    expect(calls.map(([operation]) => operation)).toEqual(
      operations.map(({ id, method, path, needsToken, body }) =>
        expect.objectContaining({
          id,
          method,
          path,
          ...(!needsToken && { anonymous: true }),
          ...(body?.schema &&
            Object.keys(body.schema.properties).length > 0 && {
              keys: expect.toSatisfy((keys) => sameKeys(keys, body.schema?.properties)),
            }),
        }),
      ),
    )
  })
})

function sameKeys(one: object, other: object = {}): boolean {
  return Object.keys(one).sort().join() === Object.keys(other).sort().join()
}

describe('the sandbox knows the tokens, statuses, headers and examples', () => {
  const documents = documentsOf(({ parameters }) =>
    parameters.every(({ in: place, schema }) => place === 'path' && schema.types.join() === 'integer'),
  )

  test.each(documents)('$what', async ({ document }) => {
    replaceContract(document)
    const { renderContract, renderResources } = await import('../packages/sandbox/generate.ts')
    const { operations } = await runCode(renderContract())
    const model = readModel(document)
    const facts = operations.map(({ id, method, path, needsToken, responses }: any) => [
      [id, method, path, needsToken],
      Object.entries<any>(responses).map(([status, { examples, headers }]) => [status, examples, headers]),
    ])
    expect(facts).toEqual(
      model.operations.map(({ id, method, path, needsToken, responses }) => [
        [id, method, path, needsToken],
        expect.arrayContaining(
          responses.map(({ status, examples, headers }) => [
            status,
            examples.map(({ name, status, value }) => ({ name, status, body: value })),
            Object.fromEntries(headers.map(({ name, example }) => [name.toLowerCase(), String(example)])),
          ]),
        ),
      ]),
    )
    for (const { slug } of model.resources) expect(renderResources()).toContain(`'./${slug}.ts'`)
  })
})

describe('the mock', () => {
  async function createRespond(document: object) {
    const { createResponder } = await import('../packages/mock/src/respond.ts')
    const respond = await createResponder(structuredClone(document))
    return ({ method, path, body }: Operation, headers: Record<string, string>) => {
      const target = path.replaceAll(/\{\w+\}/g, '7')
      const sent = body?.examples[0] && headers.authorization ? JSON.stringify(body.examples[0].value) : ''
      const type: Record<string, string> = sent ? { 'content-type': 'application/json' } : {}
      return respond({
        method,
        target,
        headers: { ...headers, ...type },
        body: new TextEncoder().encode(sent),
      })
    }
  }

  test.each(unusualDocuments)('asks for a token where one is needed: $what', async ({ document }) => {
    const respond = await createRespond(document)
    const getStatus = ({ status }: { status: number }) => status
    for (const operation of readModel(document).operations) {
      const status = await respond(operation, {}).then(getStatus, getStatus)
      expect([operation.id, status === 401]).toEqual([operation.id, operation.needsToken])
    }
  })

  // Prism returns the first media type of a response, whatever it is, and never a body for HEAD.
  const documents = documentsOf(({ method }) => method !== 'HEAD').filter(
    ({ document }) => !JSON.stringify(document).includes('application/problem+json'),
  )

  test.each(documents)('returns each example by its name: $what', async ({ document }) => {
    const respond = await createRespond(document)
    for (const operation of readModel(document).operations)
      for (const { status, examples } of operation.responses)
        for (const example of examples.filter(() => status !== 'default')) {
          const prefer = `code=${example.status}, example=${example.name}`
          const response = await respond(operation, { authorization: 'Bearer any', prefer })
          expect([response.status, response.body]).toEqual([example.status, example.value])
        }
  })
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

test.each(unusualDocuments)(
  'the contract tests check tokens and examples: $what',
  async ({ document: unusual }) => {
    const document = addToContract(unusual)
    replaceContract(document)
    const { checks } = await import('../packages/contract-tests/src/checks.ts')
    const { operations } = readModel(document)
    const found = new Set(checks.map(({ id }) => id))
    const due = operations.flatMap(({ id, needsToken, responses }) => [
      ...(needsToken ? [`token-needed-${id}`] : []),
      ...responses.flatMap(({ examples }) =>
        examples.map(({ name, status }) => `shows-${status}-${name}-${id}`),
      ),
    ])
    const about = (id: string) => /^(token-needed-|shows-\d)/.test(id)
    expect([...found].filter(about).sort()).toEqual(due.sort())
  },
)

test.each(unusualDocuments)(
  'the docs show operations, parameters, fields, errors and samples: $what',
  async ({ document }) => {
    replaceContract(document)
    const { isError, listErrors, listFields, listParameters } = await import('../docs/reference.ts')
    const { describeSample } = await import('../docs/samples/call.ts')
    const { languages } = await import('../docs/samples/languages.ts')
    const names = (rows: { name: string }[]) => rows.map(({ name }) => name)
    for (const operation of readModel(document).operations) {
      const { method, parameters, body, responses } = operation
      expect(names(listParameters(operation))).toEqual(names(parameters))
      for (const schema of [body?.schema, ...responses.map((response) => response.schema)])
        if (schema)
          expect(names(listFields(schema))).toEqual(expect.arrayContaining(Object.keys(schema.properties)))
      for (const { status } of responses.filter(isError)) {
        const found = listErrors().find((error) => error.status === status)
        expect(found?.responses.flatMap(({ operations }) => operations)).toContainEqual(operation)
      }
      const samples = languages.map(({ render }) => render(describeSample(operation)))
      expect(samples.filter((sample) => sample.toUpperCase().includes(method)).length).toBeGreaterThan(3)
    }
  },
)

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
