/** Checks that records stay with their borrower, for each resource whose path contains the order or the borrower. */
import { type Check, checksOf, type Need } from '../check.ts'
import { exampleIds, type Ids } from '../operations.ts'
import { expectThat, Skipped } from '../outcome.ts'
import type { RecordType } from '../record-types.ts'
import type { Run } from '../run.ts'
import { createRecord, expectUnchanged, findRecord, listRecords, unknownId, writeNeeds } from './steps.ts'

const needs: Need[] = ['memory', 'other borrower']
const sameOrder = 'both borrowers have the same order'

export function isolationChecks(type: RecordType): Check[] {
  if (parentsOf(type).length === 0) return []
  const { list, get, create, update, idName } = type
  const writes = [...needs, ...writeNeeds(type)]
  const onGet = checksOf(get, ...needs)
  const onList = checksOf(list, ...needs)
  const onCreate = checksOf(create, ...writes)
  const onUpdate = checksOf(update, ...writes)
  const unknown = parentsOf(type).map((name) => ({ [name]: unknownId }))
  const onOwn = checksOf(update, 'memory', ...writeNeeds(type))
  return [
    onOwn('needs-known-ids', 'A write returns 404 under an unknown order or borrower.', (run) =>
      expectNoWrites(run, type, unknown),
    ),
    onGet('keeps-to-its-borrower', "Any ids except the borrower's return 404.", async (run) => {
      const id = await findRecord(run, type.resource)
      for (const ids of foreignIds(run, type))
        await run.call(get, { ids: { ...ids, [idName]: id }, due: [404] })
    }),
    onList('shows-one-borrower', 'Two borrowers have no record in common.', async (run) => {
      await findRecord(run, type.resource)
      const own = new Set((await listRecords(run, list)).map(({ id }) => id))
      const theirs = await listRecords(run, list, foreignIds(run, type)[0])
      const shared = theirs.filter(({ id }) => own.has(id)).length
      expectThat(shared === 0, 'no record in both lists', `${shared} in both`)
    }),
    onList('needs-matching-ids', "An order and a borrower that don't match return 404.", async (run) => {
      const [, ...mixtures] = foreignIds(run, type)
      if (mixtures.length === 0) throw new Skipped(sameOrder)
      for (const ids of mixtures) await run.call(list, { ids, due: [404] })
    }),
    onCreate('keeps-to-its-borrower', 'No other borrower has the new record.', async (run) => {
      const { id } = await createRecord(run, type)
      const [other] = foreignIds(run, type)
      const isListed = (await listRecords(run, list, other)).some((row) => row.id === id)
      expectThat(!isListed, 'the other list without the new record', "it's there")
      await run.call(get, { ids: { ...other, [idName]: id }, due: [404] })
    }),
    onUpdate('keeps-to-its-borrower', "A write returns 404 under any ids except the borrower's.", (run) =>
      expectNoWrites(run, type, foreignIds(run, type)),
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
  if (parentsOf(type).length === 0) return []
  const check = checksOf(type.list, ...needs, 'disposable', 'write')
  return [
    check('may-be-empty', 'A borrower without records has an empty list.', async (run) => {
      const [ids] = foreignIds(run, type)
      for (const { id } of await listRecords(run, type.list, ids))
        await run.call(type.delete, { ids: { ...ids, [type.idName]: id } })
      const { length } = await listRecords(run, type.list, ids)
      expectThat(length === 0, 'an empty list', `${length} records`)
    }),
  ]
}

/** The path parameters of the collection that the target sets. */
function parentsOf({ list }: RecordType): string[] {
  return Object.keys(exampleIds(list)).filter((name) => ['order_id', 'borrower_id'].includes(name))
}

/**
 * The other borrower's ids, then the mixtures that belong to neither borrower. Two borrowers of one order have no mixtures.
 *
 * @throws {Skipped} if the resource belongs to the order, and both borrowers have the same order.
 */
function foreignIds({ target: { ids, other } }: Run, type: RecordType): [Ids, ...Ids[]] {
  const own: Ids = { ...ids }
  const theirs = Object.entries({ ...other }).filter(([name]) => parentsOf(type).includes(name))
  const differing = theirs.filter(([name, id]) => id !== own[name])
  if (differing.length === 0) throw new Skipped(sameOrder)
  const mixtures = differing.length > 1 ? differing.map((one) => Object.fromEntries([one])) : []
  return [Object.fromEntries(theirs), ...mixtures]
}
