/** Which checks an operation gets that has no record's life: a resource with only a list, an operation without a tag. */
import { describe, expect, test, vi } from 'vitest'
import { checks } from '../src/checks.ts'
import { Run } from '../src/run.ts'
import { documented } from './in-process.ts'

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
  return { ...spec, readModel: () => spec.readModel(document) }
})

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

  test('needs a token', () => {
    expect(checks.map((check) => check.id)).toContain(`token-needed-${id}`)
  })
})
