/** Checks that the server rejects requests that the contract doesn't allow, and that they change nothing. */
import type { Operation } from '@recoveryconnect/spec/model'
import { type BadField, misshape } from '../bodies.ts'
import { type Check, checksOf } from '../check.ts'
import { type Ids, model } from '../operations.ts'
import { phones, recordTypeOf } from '../record-types.ts'
import type { Run } from '../run.ts'
import { expectUnchanged, writeNeeds } from './steps.ts'

export function rejectionChecks(operation: Operation): Check[] {
  const type = recordTypeOf(operation)
  if (!type || ![type.create, type.update].includes(operation)) return []
  const isUpdate = operation === type.update
  const reject = (run: Run, bodies: unknown[], due: number[]) =>
    expectUnchanged(run, type, isUpdate, async (ids) => {
      for (const body of bodies) await run.call(operation, { ids, body, due })
    })
  const onBrokenJson = checksOf(operation, 'direct', ...writeNeeds(type))
  return [
    // `negative_data_rejection`, as Schemathesis calls it: one check for each field.
    ...[...findBadValues(operation)].map(([field, bad]) => {
      // Without its memo, a record that a wrong server stores couldn't be found again.
      const check = checksOf(operation, 'direct', ...writeNeeds(field === 'memo' ? undefined : type))
      return check(`rejects-bad-${field}`, `A bad ${field} returns 422, and nothing is stored.`, (run) => {
        const valid = isUpdate ? {} : run.makeBody(type)
        return reject(
          run,
          bad.map(({ change }) => ({ ...valid, ...change })),
          [422],
        )
      })
    }),
    onBrokenJson(
      'rejects-broken-json',
      'Broken JSON is an error, but not a 5XX, and nothing is stored.',
      (run) => {
        const text = JSON.stringify(run.makeBody(type))
        return reject(run, [text.slice(0, -1), `${text},`, text.replaceAll('"', "'")], [400, 422])
      },
    ),
    ...(isUpdate ? [] : [needsBody(operation)]),
  ]
}

/** Empty if the operation doesn't document that it rejects bodies. */
function findBadValues({ body, responses }: Operation): Map<string, BadField[]> {
  const isDocumented = responses.some(({ status }) => status === '422')
  return Map.groupBy(isDocumented && body?.schema ? misshape(body.schema) : [], ({ field }) => field)
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
    const check = checksOf(operation, 'direct', ...(method === 'GET' ? [] : writeNeeds(record)))
    return check(`rejects-${method}`, `${method} isn't supported on this path.`, async (run) => {
      const body = ['GET', 'DELETE'].includes(method) ? undefined : run.makeBody(type ?? phones)
      const call = (ids: Ids) => run.call(operation, { method, ids, body, due: [405, 404, 403, 501] })
      await (record ? expectUnchanged(run, record, true, call) : call({}))
    })
  })
}
