/**
 * Which checks an operation gets. The test adds two kinds of operations to the contract: a resource with only a list, and
 * operations without a tag.
 */
import type { Operation } from '@recoveryconnect/spec/model'
import { describe, expect, test, vi } from 'vitest'
import { unknownId } from '../src/checks/steps.ts'
import { checks } from '../src/checks.ts'
import { exampleIds, model, resourceOf, targetParents } from '../src/operations.ts'
import { needsNoBody } from '../src/record-types.ts'
import { Run } from '../src/run.ts'
import { verify } from '../src/suite.ts'
import { documented, inProcess } from './in-process.ts'
import { json, serverWith } from './wrong-servers/defect.ts'

vi.mock('@recoveryconnect/spec/model', async (importOriginal) => {
  const spec = await importOriginal<typeof import('@recoveryconnect/spec/model')>()
  const document = structuredClone(spec.readModel().document) as any
  const schema = { type: 'object', required: ['data'], properties: { data: { type: 'array' } } }
  const responses = { 200: { description: 'Data.', content: { 'application/json': { schema } } } }
  const parameters = [
    { name: 'order_id', in: 'path', required: true, schema: { type: 'integer' }, example: 57062885 },
  ]
  document.paths['/orders/{order_id}/notes'] = {
    parameters,
    get: { operationId: 'listNotes', tags: ['Notes'], responses },
  }
  document.paths['/status'] = { get: { operationId: 'getStatus', responses } }
  document.paths['/refresh'] = { post: { operationId: 'refreshStatus', responses } }
  document.paths['/orders/{order_id}/borrowers/{borrower_id}/refresh'] = {
    parameters: [...parameters, { ...parameters[0], name: 'borrower_id', example: 124927241 }],
    post: { operationId: 'refreshBorrower', responses },
  }
  const phone = Object.keys(document.paths).find((path) => path.endsWith('/{phone_id}')) as string
  const [order, borrower] = document.paths[phone].parameters
  document.paths[`${phone}/calls`] = {
    parameters: [order, borrower, { ...parameters[0], name: 'phone_id', example: 1 }],
    get: { operationId: 'listCalls', tags: ['Calls'], responses },
  }
  return { ...spec, readModel: () => spec.readModel(document) }
})

const namesOf = ({ id }: Operation) =>
  checks.filter((check) => check.operation === id).map((check) => check.id.slice(0, -id.length - 1))

test.each(model.operations)('$id has a check', (operation) => {
  expect(namesOf(operation)).not.toEqual([])
})

test.each(model.operations.filter(needsNoBody))(
  '$id is asked plainly, with unknown and foreign ids, and with wrong tokens',
  (operation) => {
    const { verb, needsToken } = operation
    const parents = targetParents(operation)
    const [foreign] = [
      ...(verb === 'get' && resourceOf(operation).byVerb.list ? ['keeps-to-its-borrower'] : []),
      ...(parents.length > 1 ? ['needs-matching-ids'] : []),
      ...(parents.length === 1 && verb === 'list' ? ['shows-one-order'] : []),
    ]
    expect(namesOf(operation)).toEqual(
      expect.arrayContaining([
        'responds',
        ...Object.keys(exampleIds(operation)).map((name) => `unknown-${name}-is-404`),
        ...(foreign ? [foreign] : []),
        ...(needsToken ? ['token-needed'] : []),
      ]),
    )
  },
)

describe.each([
  ['listNotes', 'GET', '/orders/57062885/notes'],
  ['getStatus', 'GET', '/status'],
  ['refreshStatus', 'POST', '/refresh'],
])('%s', (id, method, path) => {
  const responds = checks.find((check) => check.id === `responds-${id}`)

  /** Runs the check against a server that returns this body. */
  async function respondWith(body: unknown): Promise<RequestInit | undefined> {
    let sent: RequestInit | undefined
    const fetch = async (url: string, init: RequestInit) => {
      expect([init.method, url]).toEqual([method, `http://other.invalid${path}`])
      sent = init
      return Response.json(body)
    }
    const target = { ...documented, url: 'http://other.invalid', fetch }
    await responds?.run(new Run(target, { seed: 1, write: true }))
    return sent
  }

  test('is called with a token, and its response is validated', async () => {
    const sent = await respondWith({ data: [] })
    expect(new Headers(sent?.headers).get('authorization')).toBe('Bearer any-token')
    await expect(respondWith({ data: 'none' })).rejects.toThrow(/array/)
  })
})

test('an id in the middle of a path comes from the list above, not from an example', async () => {
  const ids = new Set<string>()
  const fetch = serverWith((request, next) => {
    const [, id] = /\/phones\/(\d+)\/calls$/.exec(request.path) ?? []
    if (id === undefined) return next(request)
    ids.add(id)
    return json(200, { data: [] })
  })
  const report = await verify(inProcess({ fetch, disposable: false }), { seed: 1 })
  expect(report.checks).toContainEqual(
    expect.objectContaining({ id: 'responds-listCalls', outcome: 'passed' }),
  )
  // The third is a phone of the other borrower.
  expect([...ids].sort()).toEqual(['39317578', '39317579', '39317580', String(unknownId)])
})
