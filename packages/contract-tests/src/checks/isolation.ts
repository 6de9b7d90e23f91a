/** Checks that records stay with their borrower, for each resource whose path contains the order or the borrower. */
import { type Check, checksOf, type Need } from '../check.ts'
import { exampleIds, type Ids } from '../operations.ts'
import { expectThat } from '../outcome.ts'
import type { RecordType } from '../record-types.ts'
import type { Run } from '../run.ts'
import { createRecord, expectUnchanged, findRecord, listRecords, unknownId, writeNeeds } from './steps.ts'

const needs: Need[] = ['memory', 'other borrower']

export function isolationChecks(type: RecordType): Check[] {
  if (parentsOf(type).length === 0) return []
  const { list, get, create, update, idName } = type
  const writes = [...needs, ...writeNeeds(type)]
  const onGet = checksOf(get, ...needs)
  const onList = checksOf(list, ...needs)
  const onCreate = checksOf(create, ...writes)
  const onUpdate = checksOf(update, ...writes)
  return [
    onGet(
      'keeps-to-its-borrower',
      "A record returns 404 under any ids except its borrower's.",
      async (run) => {
        const id = await findRecord(run, type.resource)
        for (const ids of foreignIds(run, type))
          await run.call(get, { ids: { ...ids, [idName]: id }, due: [404] })
      },
    ),
    onList('shows-one-borrower', 'Two borrowers have no record in common.', async (run) => {
      await findRecord(run, type.resource)
      const own = new Set((await listRecords(run, list)).map(({ id }) => id))
      const theirs = await listRecords(run, list, { ...run.target.other })
      const shared = theirs.filter(({ id }) => own.has(id)).length
      expectThat(shared === 0, 'no record in both lists', `${shared} in both`)
    }),
    onList('needs-matching-ids', "An order and a borrower that don't match return 404.", async (run) => {
      for (const ids of foreignIds(run, type).slice(1)) await run.call(list, { ids, due: [404] })
    }),
    onCreate('keeps-to-its-borrower', 'No other borrower has the new record.', async (run) => {
      const { id } = await createRecord(run, type)
      const other = { ...run.target.other }
      const isListed = (await listRecords(run, list, other)).some((row) => row.id === id)
      expectThat(!isListed, 'the other list without the new record', "it's there")
      await run.call(get, { ids: { ...other, [idName]: id }, due: [404] })
    }),
    onUpdate('keeps-to-its-borrower', "A write returns 404 under any ids except the borrower's.", (run) =>
      expectUnchanged(run, type, true, async (record) => {
        const unknown = parentsOf(type).map((name) => ({ [name]: unknownId }))
        for (const parents of [...foreignIds(run, type), ...unknown]) {
          const ids = { ...parents, ...record }
          await run.call(update, { ids, body: type.makeUpdate(run.marker), due: [404] })
          await run.call(type.delete, { ids, due: [404] })
        }
      }),
    ),
  ]
}

/** Runs last, because it deletes every record of the other borrower. */
export function emptyListChecks(type: RecordType): Check[] {
  if (parentsOf(type).length === 0) return []
  const check = checksOf(type.list, ...needs, 'disposable', 'write')
  return [
    check('may-be-empty', 'A borrower without records has an empty list.', async (run) => {
      const ids = { ...run.target.other }
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

/** The other borrower first, then the mixtures of both. */
function foreignIds({ target: { other } }: Run, type: RecordType): Ids[] {
  const parents = Object.entries({ ...other }).filter(([name]) => parentsOf(type).includes(name))
  const mixtures = parents.length > 1 ? parents.map((one) => Object.fromEntries([one])) : []
  return [Object.fromEntries(parents), ...mixtures]
}
