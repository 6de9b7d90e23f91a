/** Sections that document other statuses than the phones do, no errors for bad bodies, or fields that may be personal. */
import { expect, test, vi } from 'vitest'
import { verify } from '../src/suite.ts'
import { inProcess } from './in-process.ts'
import { changeErrors, type Defect, json, respondInstead, serverWith } from './wrong-servers/defect.ts'

/**
 * Letters can only be read, with 203. Tasks are phones with other responses, and the path of a task doesn't have the
 * method GET.
 */
vi.mock('@recoveryconnect/spec/model', async (importOriginal) => {
  const spec = await importOriginal<typeof import('@recoveryconnect/spec/model')>()
  const document = structuredClone(spec.readModel().document) as any
  const documentData = (data: object) => {
    const schema = { type: 'object', required: ['data'], properties: { data } }
    return { description: 'Data.', content: { 'application/json': { schema } } }
  }

  const [list, one] = Object.keys(document.paths).filter((path) => path.includes('/phones')) as [
    string,
    string,
  ]
  const copyAsTasks = (path: string) => {
    const text = JSON.stringify(document.paths[path]).replaceAll('Borrower Phones', 'Borrower Tasks')
    return JSON.parse(text.replace(/("operationId":"\w+)Phone/g, '$1Task'))
  }
  const [tasks, task] = [copyAsTasks(list), copyAsTasks(one)]
  tasks.post.responses[201] = tasks.post.responses[200]
  for (const status of ['200', '422']) delete tasks.post.responses[status]
  for (const status of ['422', '4XX']) delete task.put.responses[status]
  const success = { type: ['boolean', 'null'] }
  task.delete.responses[200] = documentData({ type: 'object', properties: { success } })
  const { get, ...others } = task
  document.paths[list.replace('phones', 'tasks')] = tasks
  document.paths[one.replace('phones', 'tasks')] = others
  document.paths[one.replace('phones', 'tasks/details')] = { parameters: task.parameters, get }

  const [id, memo] = [{ type: 'integer' }, { type: 'object' }]
  const letter = { type: 'object', properties: { id, ssn: { type: 'integer' }, memo } }
  const parameters = [{ name: 'letter_id', in: 'path', required: true, schema: id, example: 1 }]
  const addRead = (path: string, operationId: string, data: object) => {
    const responses = { 203: documentData(data) }
    document.paths[path] = {
      ...(path.includes('{') && { parameters }),
      get: { operationId, tags: ['Letters'], responses },
    }
  }
  addRead('/letters', 'listLetters', { type: 'array', items: letter })
  addRead('/letters/{letter_id}', 'getLetter', letter)
  return { ...spec, readModel: () => spec.readModel(document) }
})

/** The findings about a sandbox that keeps its tasks among the phones. */
async function check(defect: Defect, write = true) {
  const server = serverWith((request, next) =>
    defect(request, async (changed) => {
      const path = changed.path.replace(/tasks(\/details)?/, 'phones')
      const response = await next({ ...changed, path })
      const isCreated =
        changed.method === 'POST' && changed.path.endsWith('/tasks') && response.status === 200
      return isCreated ? { ...response, status: 201 } : response
    }),
  )
  const { checks } = await verify(inProcess({ fetch: server }), { write, seed: 1 })
  return new Map(checks.map((finding) => [finding.id, finding]))
}

test('a status of success other than 200 is expected where the contract documents it', async () => {
  const findings = await check(respondInstead(({ path }) => path === '/letters', json(203, { data: [] })))
  for (const id of [
    'responds-listLetters',
    'responds-createBorrowerTask',
    'stores-any-type-createBorrowerTask',
  ])
    expect(findings.get(id)).toMatchObject({ outcome: 'passed' })
})

test('a bad body may return 400 or 422 where the contract documents only 4XX', async () => {
  const id = 'rejects-bad-type-createBorrowerTask'
  for (const [status, outcome] of [
    [422, 'passed'],
    [400, 'passed'],
    [409, 'failed'],
  ] as const) {
    const findings = await check(changeErrors(422, (all) => ({ ...all, status })))
    expect(findings.get(id)).toMatchObject({ outcome })
  }
})

test('bad bodies are skipped, with the reason, where the contract documents no status for them', async () => {
  const findings = await check((request, next) => next(request))
  expect(findings.get('rejects-bad-type-updateBorrowerTask')).toMatchObject({
    outcome: 'skipped',
    because: expect.stringContaining('documents no status'),
  })
})

test.each([[{}], [{ success: null }], [{ success: false }]])(
  'a delete that returns %j fails where the contract documents "success"',
  async (data) => {
    const isDelete: Defect = async (request, next) => {
      const response = await next(request)
      return request.method === 'DELETE' && response.status === 200 ? json(200, { data }) : response
    }
    const findings = await check(isDelete)
    expect(findings.get('responds-deleteBorrowerTask')).toMatchObject({ outcome: 'failed' })
  },
)

test("a run that only reads doesn't try GET on the path of a record that it would have to create", async () => {
  const findings = await check((request, next) => next(request), false)
  expect(findings.get('rejects-GET-updateBorrowerTask')).toMatchObject({ outcome: 'skipped' })
})

test.each([
  ['ssn', (read: number) => 123120000 + read],
  ['memo', (read: number) => ({ name: `Jane ${read}`, children: ['Jim'] })],
])('a report never shows the %s of a section that can only be read', async (field, makeValue) => {
  let reads = 0
  const findings = await check((request, next) => {
    if (!request.path.startsWith('/letters')) return next(request)
    const letter = { id: 1, [field]: makeValue(++reads) }
    return json(203, { data: request.path === '/letters' ? [letter] : letter })
  }, false)
  for (const id of ['agrees-with-list-getLetter', 'changes-nothing-getLetter'])
    expect(findings.get(id)).toMatchObject({ outcome: 'failed', expected: expect.stringContaining(field) })
  expect(JSON.stringify([...findings])).not.toMatch(/12312|Jane|Jim/)
})
