/** Checks of operations that need no body. They need only the operation, so a new section gets them automatically. */
import type { Operation } from '@recoveryconnect/spec/model'
import { type Check, checksOf } from '../check.ts'
import { expectFields } from '../compare-fields.ts'
import { type Fields, type Ids, resourceOf, successesOf } from '../operations.ts'
import { failStep } from '../outcome.ts'
import { needsNoBody } from '../record-types.ts'
import type { CallOptions, Run } from '../run.ts'
import { findIds, listRecords, unknownId, writeNeeds } from './steps.ts'

const acceptsJson = ['application/json', '*/*', 'application/*', 'text/html;q=0.5, application/json']

/**
 * `status_code_conformance`, `content_type_conformance` and `response_schema_conformance`, as Schemathesis calls them.
 * The call validates all three.
 */
export function plainChecks(operation: Operation): Check[] {
  if (!needsNoBody(operation)) return []
  const needs = operation.method === 'GET' ? [] : writeNeeds()
  const inPath = operation.parameters.filter((parameter) => parameter.in === 'path')
  const onMemory = checksOf(operation, 'memory', ...needs)
  const title = 'A request without a body gets the documented success response.'
  return [
    checksOf(operation, ...needs)('responds', title, (run) => call(run, operation)),
    ...inPath.map(({ name }) =>
      onMemory(`unknown-${name}-is-404`, `An unknown ${name} returns 404.`, (run) =>
        call(run, operation, { ids: { [name]: unknownId }, due: [404] }),
      ),
    ),
  ]
}

export function readingChecks(operation: Operation): Check[] {
  if (operation.method !== 'GET') return []
  const direct = checksOf(operation, 'direct')
  const integers = operation.parameters.filter(
    (parameter) => parameter.in === 'path' && parameter.schema.types.includes('integer'),
  )
  return [
    checksOf(operation)(
      'json-for-json',
      'A caller that accepts JSON, or anything, gets JSON.',
      async (run) => {
        for (const accept of acceptsJson) await call(run, operation, { headers: { accept } })
      },
    ),
    direct('no-html', 'A caller that accepts only HTML gets JSON or an error, never a page.', (run) =>
      call(run, operation, { headers: { accept: 'text/html' }, due: [...successesOf(operation), 406] }),
    ),
    ...integers.map(({ name }) =>
      direct(`rejects-text-as-${name}`, `Text as ${name} is an error, but not a 5XX.`, async (run) => {
        for (const text of ['abc', '1.5', '%20', '%ff', 'true'])
          await call(run, operation, { ids: { [name]: text }, due: [404, 400, 422] })
      }),
    ),
    ...(operation.verb === 'get' && resourceOf(operation).byVerb.list ? getChecks(operation) : []),
  ]
}

async function call(run: Run, operation: Operation, { ids, ...options }: CallOptions = {}): Promise<void> {
  await run.call(operation, { ids: { ...(await findIds(run, operation, ids)), ...ids }, ...options })
}

function getChecks(get: Operation): Check[] {
  const { byVerb, recordId } = resourceOf(get)
  const list = byVerb.list as Operation
  const check = checksOf(get, 'memory')
  const read = async (run: Run, ids: Ids) => ((await run.call(get, { ids })).body as Fields).data
  return [
    check('agrees-with-list', 'A single record has the same fields as in the list.', async (run) => {
      const ids = await findIds(run, get)
      for (const listed of (await listRecords(run, list, ids).catch(failStep(list.id))).slice(0, 3))
        expectFields(await read(run, { ...ids, [recordId as string]: listed.id }), listed, 'as in the list')
    }),
    check('changes-nothing', 'Reading a record twice returns the same record twice.', async (run) => {
      const ids = await findIds(run, get)
      const first = await read(run, ids)
      expectFields(await read(run, ids), first, 'as before')
    }),
  ]
}
