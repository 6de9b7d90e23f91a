/** Checks that the server rejects requests that the contract doesn't allow, and that they change nothing. */
import { findResponse, type Operation } from '@recoveryconnect/spec/model'
import { misshape } from '../bodies.ts'
import { type Check, checksOf } from '../check.ts'
import { type Ids, model } from '../operations.ts'
import { Skipped } from '../outcome.ts'
import { phones, type RecordType, recordTypeOf } from '../record-types.ts'
import type { Run } from '../run.ts'
import { expectUnchanged, writeNeeds } from './steps.ts'

export function rejectionChecks(operation: Operation): Check[] {
  const type = recordTypeOf(operation)
  if (!type || ![type.create, type.update].includes(operation)) return []
  const check = checksOf(operation, 'direct', ...writeNeeds(type))
  const title = 'Broken JSON is an error, but not a 5XX, and nothing is stored.'
  return [
    ...badValueChecks(operation, type),
    check('rejects-broken-json', title, (run) => {
      const text = JSON.stringify(run.makeBody(type))
      const bodies = [text.slice(0, -1), `${text},`, text.replaceAll('"', "'")]
      return expectRejected(run, operation, bodies, [400, 422])
    }),
    ...(operation === type.create ? [needsBody(operation)] : []),
  ]
}

/** `negative_data_rejection`, as Schemathesis calls it: one check for each field. */
function badValueChecks(operation: Operation, type: RecordType): Check[] {
  const { body, responses } = operation
  const fields = Map.groupBy(body?.schema ? misshape(body.schema) : [], ({ field }) => field)
  // 400 counts only if the contract doesn't name 422 itself.
  const isNamed = responses.some(({ status }) => status === '422')
  const due = [422, ...(isNamed ? [] : [400])].filter((status) => findResponse(operation, status))
  return [...fields].map(([field, bad]) => {
    // Without its memo, a record that a wrong server stores couldn't be found again.
    const check = checksOf(operation, 'direct', ...writeNeeds(field === 'memo' ? undefined : type))
    const title = `A bad ${field} returns ${due.join(' or ') || 'an error'}, and nothing is stored.`
    return check(`rejects-bad-${field}`, title, async (run) => {
      if (due.length === 0) throw new Skipped('the contract documents no status for a bad body')
      const valid = operation === type.update ? {} : run.makeBody(type)
      const bodies = bad.map(({ change }) => ({ ...valid, ...change }))
      await expectRejected(run, operation, bodies, due)
    })
  })
}

function expectRejected(run: Run, operation: Operation, bodies: unknown[], due: number[]): Promise<void> {
  const type = recordTypeOf(operation) as RecordType
  return expectUnchanged(run, type, operation === type.update, async (ids) => {
    for (const body of bodies) await run.call(operation, { ids, body, due })
  })
}

function needsBody(create: Operation): Check {
  const check = checksOf(create, 'direct', ...writeNeeds())
  return check('needs-a-body', "A create whose body isn't an object is rejected.", async (run) => {
    for (const body of [undefined, '', '[]', 'null', '"text"', '{}'])
      await run.call(create, { body, due: [400, 415, 422] })
  })
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/**
 * `unsupported_method`, as Schemathesis calls it, once for each path. A method that could destroy something is tried
 * only on a record of the run, or on a server made for tests.
 */
export function methodChecks(operation: Operation): Check[] {
  const onPath = model.operations.filter(({ path }) => path === operation.path)
  if (onPath[0] !== operation) return []
  const type = recordTypeOf(operation)
  const record = type && operation.path.endsWith(`{${type.idName}}`) ? type : undefined
  const unsupported = methods.filter((method) => !onPath.some((one) => one.method === method))
  return unsupported.map((method) => {
    const check = checksOf(operation, 'direct', ...(method === 'GET' && !record ? [] : writeNeeds(record)))
    return check(`rejects-${method}`, `${method} isn't supported on this path.`, async (run) => {
      const body = ['GET', 'DELETE'].includes(method) ? undefined : run.makeBody(type ?? phones)
      const call = (ids: Ids) => run.call(operation, { method, ids, body, due: [405, 404, 403, 501] })
      await (record ? expectUnchanged(run, record, true, call) : call({}))
    })
  })
}
