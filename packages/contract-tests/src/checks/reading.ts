/** Checks of operations that need no body. They need only the operation, so a new section gets them automatically. */
import type { Operation } from '@recoveryconnect/spec/model'
import { type Check, checksOf } from '../check.ts'
import { expectFields } from '../compare-fields.ts'
import { type Fields, resourceOf, successesOf } from '../operations.ts'
import { expectThat, failStep } from '../outcome.ts'
import { recordTypeOf } from '../record-types.ts'
import type { CallOptions, Run } from '../run.ts'
import { findIds, findRecord, listRecords, unknownId, writeNeeds } from './steps.ts'

const acceptsJson = ['application/json', '*/*', 'application/*', 'text/html;q=0.5, application/json']

/**
 * `status_code_conformance`, `content_type_conformance` and `response_schema_conformance`, as Schemathesis calls them.
 * The call validates all three.
 */
export function readingChecks(operation: Operation): Check[] {
  if (operation.method !== 'GET') return []
  const check = checksOf(operation)
  const direct = checksOf(operation, 'direct')
  const inPath = operation.parameters.filter((parameter) => parameter.in === 'path')
  const integers = inPath.filter(({ schema }) => schema.types.includes('integer'))
  const call = async (run: Run, { ids, ...options }: CallOptions = {}) =>
    run.call(operation, { ids: { ...(await findIds(run, operation, ids)), ...ids }, ...options })
  return [
    check('responds', 'A read succeeds in the documented form.', (run) => call(run)),
    check('json-for-json', 'A caller that accepts JSON, or anything, gets JSON.', async (run) => {
      for (const accept of acceptsJson) await call(run, { headers: { accept } })
    }),
    direct('no-html', 'A caller that accepts only HTML gets JSON or an error, never a page.', (run) =>
      call(run, { headers: { accept: 'text/html' }, due: [...successesOf(operation), 406] }),
    ),
    ...inPath.map(({ name }) =>
      checksOf(operation, 'memory')(`unknown-${name}-is-404`, `An unknown ${name} returns 404.`, (run) =>
        call(run, { ids: { [name]: unknownId }, due: [404] }),
      ),
    ),
    ...integers.map(({ name }) =>
      direct(`rejects-text-as-${name}`, `Text as ${name} is an error, but not a 5XX.`, async (run) => {
        for (const text of ['abc', '1.5', '%20', '%ff', 'true'])
          await call(run, { ids: { [name]: text }, due: [404, 400, 422] })
      }),
    ),
    ...(operation.verb === 'list' ? [listsOnce(operation)] : []),
    ...(operation.verb === 'get' && resourceOf(operation).byVerb.list ? getChecks(operation) : []),
  ]
}

/** Checks of an operation that writes, needs no body, and has no record checks. */
export function actionChecks(operation: Operation): Check[] {
  if (operation.method === 'GET' || operation.body?.required || recordTypeOf(operation)) return []
  const check = checksOf(operation, ...writeNeeds())
  return [
    check('responds', 'The call succeeds in the documented form.', async (run) =>
      run.call(operation, { ids: await findIds(run, operation) }),
    ),
  ]
}

function listsOnce(list: Operation): Check {
  return checksOf(list)('lists-each-record-once', 'A list contains each id only once.', async (run) => {
    const records = await listRecords(run, list, await findIds(run, list))
    const ids = records.flatMap(({ id }) => id ?? [])
    const different = new Set(ids).size
    expectThat(different === ids.length, `${ids.length} different ids`, `${different} different ids`)
  })
}

function getChecks(get: Operation): Check[] {
  const resource = resourceOf(get)
  const list = resource.byVerb.list as Operation
  const check = checksOf(get, 'memory')
  const read = async (run: Run, id: number) => {
    const { body } = await run.call(get, { ids: { [resource.recordId as string]: id } })
    return (body as Fields).data
  }
  return [
    check('agrees-with-list', 'A single record has the same fields as in the list.', async (run) => {
      await findRecord(run, resource)
      for (const listed of (await listRecords(run, list).catch(failStep(list.id))).slice(0, 3))
        expectFields(await read(run, listed.id), listed, 'as in the list')
    }),
    check('changes-nothing', 'Reading a record twice returns the same record twice.', async (run) => {
      const id = await findRecord(run, resource)
      const first = await read(run, id)
      expectFields(await read(run, id), first, 'as before')
    }),
  ]
}
