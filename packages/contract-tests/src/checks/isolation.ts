/** Checks that records stay with their order and their borrower, for each path that contains one of them. */
import type { Operation } from '@recoveryconnect/spec/model'
import { type Check, checksOf, type Need } from '../check.ts'
import { exampleIds, type Ids, resourceOf, targetParents } from '../operations.ts'
import { expectThat, Skipped } from '../outcome.ts'
import { needsNoBody, type RecordType } from '../record-types.ts'
import type { Run } from '../run.ts'
import { createRecord, expectUnchanged, findIds, listRecords, unknownId, writeNeeds } from './steps.ts'

const needs: Need[] = ['memory', 'other borrower']
const sameOrder = 'both borrowers have the same order'

/** For an operation that needs no body. A list also exists under the ids of the other borrower, a record doesn't. */
export function foreignIdsChecks(operation: Operation): Check[] {
  const parents = targetParents(operation)
  const isOfRecord = operation.verb === 'get' && resourceOf(operation).byVerb.list !== undefined
  if (!needsNoBody(operation) || parents.length < (isOfRecord ? 1 : 2)) return []
  const check = checksOf(operation, ...needs, ...(operation.method === 'GET' ? [] : writeNeeds()))
  const [name, title] = isOfRecord
    ? ['keeps-to-its-borrower', 'A record returns 404 under another order or borrower.']
    : ['needs-matching-ids', "An order and a borrower that don't belong together return 404."]
  return [
    check(name, title, async (run) => {
      const record = await findIds(run, operation)
      const foreign = foreignIds(run, operation, record).slice(isOfRecord ? 0 : 1)
      if (foreign.length === 0) throw new Skipped(sameOrder)
      for (const ids of foreign) await run.call(operation, { ids: { ...record, ...ids }, due: [404] })
    }),
  ]
}

/** For a list that needs only the ids of the target. */
export function separateListsChecks(list: Operation): Check[] {
  const parents = targetParents(list)
  const parent = parents.at(-1)?.replace('_id', '')
  if (list.verb !== 'list' || !parent || parents.length < Object.keys(exampleIds(list)).length) return []
  const check = checksOf(list, ...needs)
  return [
    check(`shows-one-${parent}`, `The lists of two ${parent}s have no record in common.`, async (run) => {
      const [others] = foreignIds(run, list)
      const [own, theirs] = [await listRecords(run, list), await listRecords(run, list, others)]
      if (own.length + theirs.length === 0) throw new Skipped('both lists are empty')
      const ids = new Set(own.map(({ id }) => id))
      const shared = theirs.filter(({ id }) => ids.has(id)).length
      expectThat(shared === 0, 'no record in both lists', `${shared} in both`)
    }),
  ]
}

export function isolationChecks(type: RecordType): Check[] {
  const parents = targetParents(type.list)
  if (parents.length === 0) return []
  const { list, get, create, update, idName } = type
  const writes = [...needs, ...writeNeeds(type)]
  const onCreate = checksOf(create, ...writes)
  const onUpdate = checksOf(update, ...writes)
  const unknown = parents.map((name) => ({ [name]: unknownId }))
  const onOwn = checksOf(update, 'memory', ...writeNeeds(type))
  return [
    onOwn('needs-known-ids', 'A write returns 404 under an unknown order or borrower.', (run) =>
      expectNoWrites(run, type, unknown),
    ),
    onCreate('keeps-to-its-borrower', 'No other borrower has the new record.', async (run) => {
      const { id } = await createRecord(run, type)
      const [other] = foreignIds(run, list)
      const isListed = (await listRecords(run, list, other)).some((row) => row.id === id)
      expectThat(!isListed, 'the other list without the new record', "it's there")
      await run.call(get, { ids: { ...other, [idName]: id }, due: [404] })
    }),
    onUpdate('keeps-to-its-borrower', "A write returns 404 under any ids except the borrower's.", (run) =>
      expectNoWrites(run, type, foreignIds(run, list)),
    ),
  ]
}

/** Expects that a record can't be updated or deleted under the ids of these parents. */
function expectNoWrites(run: Run, type: RecordType, parents: Ids[]): Promise<void> {
  return expectUnchanged(run, type, true, async (record) => {
    for (const one of parents) {
      const ids = { ...one, ...record }
      await run.call(type.update, { ids, body: type.makeUpdate(run.marker), due: [404] })
      await run.call(type.delete, { ids, due: [404] })
    }
  })
}

/** Runs last, because it deletes every record of the other borrower. */
export function emptyListChecks(type: RecordType): Check[] {
  if (targetParents(type.list).length === 0) return []
  const check = checksOf(type.list, ...needs, 'disposable', 'write')
  return [
    check('may-be-empty', 'A borrower without records has an empty list.', async (run) => {
      const [ids] = foreignIds(run, type.list)
      for (const { id } of await listRecords(run, type.list, ids))
        await run.call(type.delete, { ids: { ...ids, [type.idName]: id } })
      const { length } = await listRecords(run, type.list, ids)
      expectThat(length === 0, 'an empty list', `${length} records`)
    }),
  ]
}

/**
 * The other borrower's ids, then the mixtures that belong to neither borrower. Two borrowers of one order have no mixtures.
 *
 * @param used the ids that the check uses. If they are those of the other borrower, the run's own borrower is the other.
 * @throws {Skipped} if the operation belongs to the order, and both borrowers have the same order.
 */
function foreignIds({ target }: Run, operation: Operation, used: Ids = {}): [Ids, ...Ids[]] {
  const own: Ids = { ...target.ids, ...used }
  const other: Ids = { ...target.other }
  const isOther = Object.entries(other).every(([name, id]) => own[name] === id)
  const foreign: Ids = isOther ? { ...target.ids } : other
  const theirs = Object.entries(foreign).filter(([name]) => targetParents(operation).includes(name))
  const differing = theirs.filter(([name, id]) => id !== own[name])
  if (differing.length === 0) throw new Skipped(sameOrder)
  const mixtures = differing.length > 1 ? differing.map((one) => Object.fromEntries([one])) : []
  return [Object.fromEntries(theirs), ...mixtures]
}
