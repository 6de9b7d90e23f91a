/** A new section of the contract gets its checks from its examples. Here it's a copy of the phones, named notes. */
import { expect, test, vi } from 'vitest'
import { verify } from '../src/suite.ts'
import { inProcess } from './in-process.ts'
import { type Defect, serverWith } from './wrong-servers/defect.ts'
import { everyOperation, everyResource } from './wrong-servers/resources.ts'

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

const defects = [...everyOperation, ...everyResource].filter(([, caughtBy]) =>
  caughtBy.includes('BorrowerNote'),
)
test.each(defects)('%s: caught by %s', async (_, caughtBy, make) => {
  const findings = await check(make())
  const failed = findings.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id)
  expect(failed).toContain(caughtBy)
})
