/** A new section of the contract gets its checks from its examples. Here it's a copy of the phones, named notes. */
import { expect, test, vi } from 'vitest'
import { checks } from '../src/checks.ts'
import { pathOf } from '../src/operations.ts'
import { type RecordType, recordTypes } from '../src/record-types.ts'
import { verify } from '../src/suite.ts'
import { inProcess } from './in-process.ts'
import { type Defect, serverWith } from './wrong-servers/defect.ts'
import { createsNothing, everyIsolation, everyLifecycle } from './wrong-servers/lifecycle.ts'
import { everyOperation } from './wrong-servers/operations.ts'
import { everyResource } from './wrong-servers/resources.ts'

vi.mock('@recoveryconnect/spec/model', async (importOriginal) => {
  const spec = await importOriginal<typeof import('@recoveryconnect/spec/model')>()
  const document = structuredClone(spec.readModel().document) as any
  for (const [path, item] of Object.entries(document.paths).filter(([path]) => path.includes('/phones'))) {
    const copy = JSON.stringify(item)
      .replaceAll('Borrower Phones', 'Borrower Notes')
      .replace(/("operationId":"\w+)Phone/g, '$1Note')
    document.paths[path.replace('/phones', '/notes')] = JSON.parse(copy)
  }
  return { ...spec, readModel: () => spec.readModel(document) }
})

/** The findings for the new section, on a sandbox that keeps its notes among the phones. */
async function check(defect: Defect, disposable = true) {
  const server = serverWith((request, next) =>
    defect(request, (changed) => next({ ...changed, path: changed.path.replace('/notes', '/phones') })),
  )
  const report = await verify(inProcess({ fetch: server, disposable }), { write: true, seed: 1 })
  return report.checks.filter(({ operation }) => operation.includes('BorrowerNote'))
}

const isRight: Defect = (request, next) => next(request)

test('the right server passes every check of the section', async () => {
  const findings = await check(isRight)
  expect(findings.length).toBeGreaterThan(60)
  const others = findings.filter(({ outcome }) => outcome !== 'passed')
  expect(new Set(others.map(({ because }) => because))).toEqual(new Set([expect.stringContaining('Prefer')]))
})

test('a real server is only asked to read the section', async () => {
  const writes: string[] = []
  await check((request, next) => {
    if (request.method !== 'GET' && request.path.includes('/notes')) writes.push(request.method)
    return next(request)
  }, false)
  expect(writes).toEqual([])
})

test("an existing record that a create returns isn't removed", async () => {
  const notes = recordTypes.find(({ create }) => create.id === 'createBorrowerNote') as RecordType
  const createExisting = createsNothing(notes)
  const removed: string[] = []
  await check((request, next) => {
    if (request.method === 'DELETE') removed.push(request.path)
    return createExisting(request, next)
  })
  const collection = pathOf(notes.list, {})
  for (const id of [39317578, 39317579]) expect(removed).not.toContain(`${collection}/${id}`)
})

const defects = [...everyOperation, ...everyResource, ...everyLifecycle, ...everyIsolation].filter(
  ([, caughtBy]) => caughtBy.includes('BorrowerNote'),
)
const catching = new Set<string>()
test.each(defects)('%s: caught by %s', async (_, caughtBy, make) => {
  const findings = await check(make())
  const failed = findings.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id)
  for (const id of failed) catching.add(id)
  expect(failed).toContain(caughtBy)
})

test('every check of the section catches a defect that is made for every section', () => {
  const theirs = checks.filter(({ operation }) => operation.includes('BorrowerNote'))
  const idle = theirs.filter(({ id, needs }) => !needs.includes('responses on demand') && !catching.has(id))
  expect(idle.map(({ id }) => id)).toEqual([])
})
