/** The steps that checks have in common: find, create, read, list, update and delete records. */
import type { Operation, Resource } from '@recoveryconnect/spec/model'
import type { Need } from '../check.ts'
import { expectFields } from '../compare-fields.ts'
import { exampleIds, type Fields, type Ids, model } from '../operations.ts'
import { Failed, failStep, Skipped } from '../outcome.ts'
import { type RecordType, recordTypes } from '../record-types.ts'
import type { Run } from '../run.ts'

/** No server has assigned the largest id that a JavaScript number can hold. */
export const unknownId = Number.MAX_SAFE_INTEGER

/** The needs of a check that writes records of this type. Without a type: of a check that writes anything else. */
export function writeNeeds(type?: RecordType): Need[] {
  return type?.isSafe ? ['write'] : ['write', 'disposable']
}

/** @throws {Failed} as a failed step, if the record can't be created. */
export async function createRecord(run: Run, type: RecordType, fields: Fields = {}): Promise<Fields> {
  const { id } = type.create
  const record = dataOf(await run.call(type.create, { body: run.makeBody(type, fields) }).catch(failStep(id)))
  if (!run.target.remembers || run.own.isOwn(type, record.id)) return record
  throw new Failed('a new record with the values that were sent', "a record that isn't the new one", '', id)
}

export async function readRecord(run: Run, type: RecordType, id: number): Promise<Fields> {
  return dataOf(await run.call(type.get, { ids: { [type.idName]: id } }))
}

/** @param changes Default: every field. */
export async function updateRecord(
  run: Run,
  type: RecordType,
  id: number,
  changes?: Fields,
): Promise<Fields> {
  const body = changes ?? type.makeUpdate(run.marker)
  return dataOf(await run.call(type.update, { ids: { [type.idName]: id }, body }))
}

export async function deleteRecord(run: Run, type: RecordType, id: number): Promise<Fields> {
  return dataOf(await run.call(type.delete, { ids: { [type.idName]: id } }))
}

export async function listRecords(run: Run, list: Operation, ids: Ids = {}): Promise<Fields[]> {
  const data = dataOf(await run.call(list, { ids }))
  return Array.isArray(data) ? data.map((record) => record ?? {}) : []
}

/**
 * Finds the id of an existing record.
 *
 * @throws {Skipped} if there is none and the run may not create one.
 */
async function findRecord(run: Run, { byVerb, name }: Resource, parents: Ids): Promise<number> {
  const list = byVerb.list as Operation
  const [first] = await listRecords(run, list, parents).catch(failStep(list.id))
  if (first) return first.id
  const type = recordTypes.find((one) => one.resource.name === name)
  if (!type || !run.mayCreate(type)) throw new Skipped('there is no record to read')
  return (await createRecord(run, type)).id
}

/**
 * Finds path parameters for calling an operation. For a server without memory, the documented examples are sufficient. If
 * the run's borrower has no records, the parameters are those of the other borrower.
 *
 * @param known the parameters that the caller already has.
 * @throws {Skipped} if only the documented examples are left, which a real server doesn't know.
 */
export async function findIds(run: Run, operation: Operation, known: Ids = {}): Promise<Ids> {
  const { other } = run.target
  return findIdsBelow(run, operation, known, {}).catch((error: unknown) => {
    if (!(error instanceof Skipped) || !other) throw error
    return findIdsBelow(run, operation, known, { ...other })
  })
}

async function findIdsBelow(run: Run, operation: Operation, known: Ids, parents: Ids): Promise<Ids> {
  const found: Ids = { ...parents }
  if (!run.target.remembers) return found
  const names = Object.keys(exampleIds(operation))
  for (const name of names) {
    // The caller may know an id that doesn't exist, which can't lead to the ids after it.
    if (name in run.target.ids || (name in known && name === names.at(-1))) continue
    const holder = model.resources.find(
      ({ byVerb: { list } }) => list && operation.path.startsWith(`${list.path}/{${name}}`),
    )
    if (holder) found[name] = await findRecord(run, holder, found)
    else if (!run.target.disposable) throw new Skipped(`there is no known ${name} to use`)
  }
  return found
}

/**
 * Runs something that the server must reject, and expects that it changes nothing.
 *
 * @param withRecord whether the attempt needs a record. If so, this function creates one first.
 */
export async function expectUnchanged(
  run: Run,
  type: RecordType,
  withRecord: boolean,
  attempt: (ids: Ids) => Promise<unknown>,
): Promise<void> {
  const record = withRecord ? await createRecord(run, type) : undefined
  const before = run.target.remembers ? await listRecords(run, type.list).catch(failStep(type.list.id)) : []
  await attempt(record ? { [type.idName]: record.id } : {})
  if (!run.target.remembers) return
  if (record) expectFields(await readRecord(run, type, record.id), record, 'as before')
  expectSameRecords(await listRecords(run, type.list), before)
}

export function expectSameRecords(after: Fields[], before: Fields[]): void {
  const counts = `(${before.length} before, ${after.length} now)`
  if (after.length !== before.length) throw new Failed('as many records as before', 'another number', counts)
  for (const row of before) expectFields(after.find(({ id }) => id === row.id) ?? {}, row, 'as before')
}

function dataOf({ body }: { body: unknown }): Fields {
  return (body as Fields | undefined)?.data ?? {}
}
