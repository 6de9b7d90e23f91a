/** What the contract does not allow is refused, and changes nothing. */
import { operation, operations } from '../contract.ts'
import { type ContractPromise, hold, holdFields } from '../promise.ts'
import type { CallOptions, Run } from '../run.ts'
import { misshapen } from '../schemas.ts'

const provoking = { where: 'everywhere', provokes: true } as const
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
const paths = [...new Set(operations.map(({ path }) => path))]

/** The field that carries the marker; a bad value there would leave a record that nothing can find again. */
const carrier = 'memo'

export const refusals: ContractPromise[] = [
  ...['createBorrowerPhone', 'updateBorrowerPhone'].flatMap((id) => {
    const cases = misshapen(operation(id).request as string)
    const fields = [...new Set(cases.map(({ field }) => field))]
    return fields.map(
      (field): ContractPromise => ({
        id: `${id.startsWith('create') ? 'create' : 'update'}-refuses-bad-${field}`,
        operation: id,
        says: `A ${field} that the contract does not allow is 422, and nothing is stored.`,
        ...provoking,
        writes: true,
        ...(field === carrier && { destroys: true }),
        check: (run) =>
          refuses(
            run,
            id,
            cases.filter((one) => one.field === field).map(({ change }) => change),
          ),
      }),
    )
  }),
  {
    id: 'create-needs-a-body',
    operation: 'createBorrowerPhone',
    says: 'A create without a body, or with one that is no object, is refused.',
    ...provoking,
    writes: true,
    destroys: true, // No such body can carry the marker.
    async check(run) {
      for (const body of [undefined, '', '[]', 'null', '"text"', '{}']) {
        await run.call('createBorrowerPhone', { body, due: [400, 415, 422] })
      }
    },
  },
  ...['createBorrowerPhone', 'updateBorrowerPhone'].map(
    (id): ContractPromise => ({
      id: `${id.startsWith('create') ? 'create' : 'update'}-refuses-broken-json`,
      operation: id,
      says: 'A body that is no JSON is refused; the server does not fail on it, and nothing is stored.',
      ...provoking,
      writes: true,
      check: (run) => refusesBrokenJson(run, id),
    }),
  ),
  ...paths.flatMap((path) => {
    const there = operations.filter((one) => one.path === path)
    const known = there.map(({ method }) => method)
    return methods
      .filter((method) => !known.includes(method))
      .map((method): ContractPromise => otherMethod(there[0]?.id as string, method))
  }),
]

/** What an unknown method could destroy decides where it is tried: on an own record, or on a server made for tests. */
function otherMethod(id: string, method: string): ContractPromise {
  const onRecord = operation(id).path.endsWith('{phone_id}')
  const isRead = method === 'GET'
  return {
    id: `no-${method.toLowerCase()}-on-${onRecord ? 'a-record' : placeOf(operation(id).path)}`,
    operation: id,
    says: `${method} is not supported here, and does nothing.`,
    ...provoking,
    ...(!isRead && { writes: true }),
    ...(!isRead && !onRecord && { destroys: true }),
    async check(run) {
      const phone = onRecord ? await run.create() : undefined
      const before = phone && run.remembers ? await run.list() : []
      const body = isRead || method === 'DELETE' ? undefined : run.phone()
      const options: CallOptions = { method, body, due: [405, 404, 403, 501] }
      await run.call(id, { ...options, ids: phone ? { phone_id: phone.id } : {} })
      if (!phone || !run.remembers) return
      holdFields({ ...(await run.get(phone.id)) }, { ...phone }, 'as before')
      const after = (await run.list()).length
      hold(after === before.length, `${before.length} records`, String(after))
    },
  }
}

/** `phones` for the collection, `addresses-record` for one record of another. */
function placeOf(path: string): string {
  const parts = path.split('/')
  const last = parts.pop() ?? ''
  return last.startsWith('{') ? `${parts.pop()}-record` : last
}

/** Every bad body is 422, and leaves what was there. */
async function refuses(run: Run, id: string, changes: Record<string, unknown>[]): Promise<void> {
  const isUpdate = id === 'updateBorrowerPhone'
  const phone = isUpdate ? await run.create() : undefined
  const before = run.remembers ? await run.list() : []
  for (const change of changes) {
    const body = isUpdate ? change : { ...run.phone(), ...change }
    await run.call(id, { ids: { phone_id: phone?.id ?? 0 }, body, due: [422] })
  }
  if (run.remembers) await holdUntouched(run, phone?.id, before)
}

async function refusesBrokenJson(run: Run, id: string): Promise<void> {
  const isUpdate = id === 'updateBorrowerPhone'
  const phone = isUpdate ? await run.create() : undefined
  const before = run.remembers ? await run.list() : []
  const whole = JSON.stringify(run.phone())
  for (const body of [whole.slice(0, -1), `${whole},`, whole.replaceAll('"', "'")]) {
    await run.call(id, { ids: { phone_id: phone?.id ?? 0 }, body, due: [400, 422] })
  }
  if (run.remembers) await holdUntouched(run, phone?.id, before)
}

async function holdUntouched(run: Run, id: number | undefined, before: { id: number }[]): Promise<void> {
  const after = await run.list()
  hold(after.length === before.length, 'as many records as before', `${after.length - before.length} more`)
  const own = before.find((phone) => phone.id === id)
  if (own) holdFields({ ...after.find((phone) => phone.id === id) }, own, 'as before')
}
