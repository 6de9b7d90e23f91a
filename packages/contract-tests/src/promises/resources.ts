/**
 * What every resource promises, whatever its records are made of: asked with the documented examples alone, so a new
 * section of the contract is held to it at once. They carry no marker, so a server made for tests is asked, no other.
 */
import { type ContractOperation, type ContractResource, nodeAt, resolve, resources } from '../contract.ts'
import { type ContractPromise, hold, holdFields } from '../promise.ts'
import { type Run, unready } from '../run.ts'
import { misshapen } from '../schemas.ts'
import { nowhere } from './reading.ts'

interface Row {
  id: number
  [field: string]: unknown
}

const guarded = { writes: true, destroys: true } as const

export const lives: ContractPromise[] = resources.flatMap((resource) => [
  {
    id: `life-of-${resource.tag.toLowerCase().replaceAll(' ', '-')}`,
    operation: resource.create.id,
    says: 'A record is created, read, listed, changed, deleted, and gone.',
    where: 'memory',
    ...guarded,
    check: (run) => live(run, resource),
  },
  ...[resource.create, resource.update].map(
    (operation): ContractPromise => ({
      id: `misfits-refused-${operation.id}`,
      operation: operation.id,
      says: 'A field that the contract does not allow is refused, and nothing is stored.',
      where: 'everywhere',
      provokes: true,
      ...guarded,
      check: (run) => refusesMisfits(run, resource, operation),
    }),
  ),
])

/** A new record, from the first documented request. */
export async function born(run: Run, { create }: ContractResource): Promise<Row> {
  const asked = run.call(create.id, { body: Object.values(create.requests)[0] })
  return recordIn(await asked.catch(unready(create.id)))
}

/** The record as it is read. */
export async function read(run: Run, { get, id }: ContractResource, record: number): Promise<Row> {
  return recordIn(await run.call(get.id, { ids: { [id]: record } }))
}

export async function buried(run: Run, resource: ContractResource, record: number): Promise<void> {
  await run.call(resource.delete.id, { ids: { [resource.id]: record } })
}

async function live(run: Run, resource: ContractResource): Promise<void> {
  const { list, get, update } = resource
  const before = await listed(run, resource)
  const created = await born(run, resource)
  hold(
    before.every(({ id }) => id !== created.id),
    'a new id',
    'the id of another record',
  )
  const ids = { [resource.id]: created.id }
  holdFields(await read(run, resource, created.id), created, 'when read, as created')
  const inList = (await listed(run, resource)).filter(({ id }) => id === created.id)
  hold(inList.length === 1, 'the new record once in the list', `${inList.length} times`)
  holdFields(created, { ...inList[0] }, 'as listed')
  for (const body of Object.values(update.requests)) {
    const changed = recordIn(await run.call(update.id, { ids, body }))
    holdFields(await read(run, resource, created.id), changed, 'when read, as updated')
  }
  await changesAlone(run, resource, created.id)
  await keepsToItsParents(run, resource, created.id)
  await buried(run, resource, created.id)
  for (const one of [get, update, resource.delete])
    await run.call(one.id, { ids, body: Object.values(one.requests)[0], due: [404] })
  holdSame(await listed(run, resource), before, list)
  await createsEachValue(run, resource)
}

/** One field at a time: it takes the value, and every other field stays as it was. */
async function changesAlone(run: Run, resource: ContractResource, record: number): Promise<void> {
  const { update, kept } = resource
  for (const change of alternatives(update)) {
    const { updated_at: _, ...before } = await read(run, resource, record)
    const ids = { [resource.id]: record }
    const { status } = await run.call(update.id, { ids, body: change, due: [200, 422] })
    const [name = ''] = Object.keys(change)
    const { [name]: __, ...others } = before
    const due = status === 200 && kept.includes(name) ? { ...others, ...change } : others
    holdFields(await read(run, resource, record), due, `after ${name} alone was sent`)
  }
}

async function createsEachValue(run: Run, resource: ContractResource): Promise<void> {
  const { create, kept } = resource
  const example = Object.values(create.requests)[0] as object
  for (const change of alternatives(create)) {
    const { status, body } = await run.call(create.id, { body: { ...example, ...change }, due: [200, 422] })
    if (status !== 200) continue
    const { id } = recordIn({ body })
    const isKept = kept.includes(Object.keys(change)[0] ?? '')
    if (isKept) holdFields(await read(run, resource, id), change, 'as created')
    await buried(run, resource, id)
  }
}

/** A record is 404 under ids that do not exist, and under another borrower where one is named. */
async function keepsToItsParents(run: Run, resource: ContractResource, record: number): Promise<void> {
  const above = Object.keys(resource.list.ids).map((name) => ({ [name]: nowhere }))
  for (const ids of [...above, ...(run.target.other ? [{ ...run.target.other }] : [])]) {
    const { get, update, delete: remove } = resource
    for (const one of [get, update, remove]) {
      const at = { ids: { ...ids, [resource.id]: record }, due: [404] }
      await run.call(one.id, { ...at, body: Object.values(one.requests)[0] })
    }
  }
  for (const ids of above) await run.call(resource.list.id, { ids, due: [404] })
}

/** Values of single fields: those of the examples, every code, and null where it may stand. */
function alternatives({ request = '', requests }: ContractOperation): Record<string, unknown>[] {
  const shown = Object.values(requests).flatMap((body) => Object.entries(body as object))
  const codes = Object.entries(nodeAt(request)?.properties ?? {}).flatMap(([name, schema]) => {
    const { enum: values = [], type } = resolve(schema)
    return [...values, ...([type].flat().includes('null') ? [null] : [])].map((value) => [name, value])
  })
  return [...shown, ...codes].map(([name, value]) => ({ [name]: value }))
}

async function refusesMisfits(
  run: Run,
  resource: ContractResource,
  operation: ContractOperation,
): Promise<void> {
  const isUpdate = operation === resource.update
  const record = isUpdate && run.remembers ? await born(run, resource) : undefined
  const before = run.remembers ? await listed(run, resource) : []
  for (const { change } of misshapen(operation.request as string)) {
    const body = isUpdate ? change : { ...(Object.values(operation.requests)[0] as object), ...change }
    await run.call(operation.id, { ids: record ? { [resource.id]: record.id } : {}, body, due: [422] })
  }
  if (run.remembers) holdSame(await listed(run, resource), before, resource.list)
  if (record) await buried(run, resource, record.id)
}

async function listed(run: Run, { list }: ContractResource): Promise<Row[]> {
  const { body } = await run.call(list.id)
  return (body as { data: Row[] }).data
}

function recordIn({ body }: { body: unknown }): Row {
  return (body as { data: Row }).data
}

function holdSame(after: Row[], before: Row[], { id }: ContractOperation): void {
  hold(after.length === before.length, `${before.length} records in ${id}`, String(after.length))
  for (const row of before) holdFields({ ...after.find((one) => one.id === row.id) }, row, 'as before')
}
