/** Checks of lists. They don't write, so they also work for records that can only be listed. */
import { findResponse, type Operation } from '@recoveryconnect/spec/model'
import { type Check, checksOf } from '../check.ts'
import { expectFields } from '../compare-fields.ts'
import {
  childLists,
  exampleIds,
  type Fields,
  type Ids,
  resourceOf,
  successesOf,
  targetNames,
} from '../operations.ts'
import { expectThat, failStep, Skipped } from '../outcome.ts'
import type { Run } from '../run.ts'
import { expectSameRecords, findIds, listRecords } from './steps.ts'

export function listChecks(list: Operation): Check[] {
  if (list.verb !== 'list') return []
  const fields = responseOf(list)?.schema?.properties.data?.items?.properties ?? {}
  const inPath = Object.keys(exampleIds(list)).filter((name) => name in fields)
  const children = childLists(list)
  const [, parameter = ''] = /^\/\{(\w+)/.exec(children[0]?.path.slice(list.path.length) ?? '') ?? []
  const known = targetNames.filter((name) => name === parameter)
  type Expect = (records: Fields[], parents: Ids, run: Run) => unknown
  const check = (name: string, title: string, expect: Expect) =>
    checksOf(list, 'memory')(name, title, async (run) => {
      for (const ids of await parentsOf(run, list)) await expect(await listRecords(run, list, ids), ids, run)
    })
  return [
    check('lists-each-record-once', 'A list contains each id only once.', (records) => {
      const ids = records.flatMap(({ id }) => id ?? [])
      expectThat(new Set(ids).size === ids.length, 'different ids', 'the same id twice')
    }),
    check('changes-nothing', 'Reading a list twice returns the same records.', async (records, ids, run) =>
      expectSameRecords(await listRecords(run, list, ids), records),
    ),
    ...inPath.map((name) =>
      check(`lists-its-own-${name}`, `Every record has the ${name} in the path.`, (records, ids) => {
        for (const record of records) expectFields(record, { [name]: ids[name] }, 'as in the path')
      }),
    ),
    ...known.map((name) =>
      check(`lists-known-${name}`, `The list contains the ${name} that the run uses.`, (records, ids) => {
        const isListed = records.some(({ id }) => id === ids[name])
        expectThat(isListed, `a list with the ${name} that the run uses`, 'a list without it')
      }),
    ),
    ...children.map((child) =>
      check(
        `leads-to-${child.id}`,
        `${child.id} accepts the ids of the first two records and of the last one.`,
        async (records, ids, run) => {
          for (const { id } of [...records.slice(0, 2), ...records.slice(2).slice(-1)]) {
            const options = { ids: { ...ids, [parameter]: id }, due: [...successesOf(child), 404] }
            const { status } = await run.call(child, options).catch(failStep(child.id))
            expectThat(status !== 404, 'a list for each record', '404 for one of them')
          }
        },
      ),
    ),
    ...showsDocumentedRecords(list),
  ]
}

/** For records that the API can't change, on a server made for tests that has the documented ids. */
function showsDocumentedRecords(list: Operation): Check[] {
  const documented = [(responseOf(list)?.examples[0]?.value as Fields | undefined)?.data ?? []].flat()
  if (documented.length === 0 || resourceOf(list).operations.some(({ method }) => method !== 'GET')) return []
  const title = 'If the server has the documented ids, the list contains the documented records.'
  return [
    checksOf(list, 'disposable')('shows-documented-records', title, async (run) => {
      const options = { ids: exampleIds(list), due: [...successesOf(list), 404] }
      const { status, body } = await run.call(list, options)
      if (status === 404) throw new Skipped("the server doesn't have the documented ids")
      const listed = [(body as Fields).data].flat().map((record) => record?.id)
      const missing = documented.filter((record) => !listed.includes(record?.id)).length
      expectThat(missing === 0, 'the documented records in the list', `a list without ${missing} of them`)
    }),
  ]
}

/** The ids of the lists that the run knows: the list of its own borrower, and that of the other borrower. */
async function parentsOf(run: Run, list: Operation): Promise<Ids[]> {
  const { ids, other, remembers } = run.target
  const own = { ...exampleIds(list), ...ids, ...(await findIds(run, list)) }
  const isOfTarget = Object.keys(exampleIds(list)).every((name) => targetNames.includes(name))
  return other && remembers && isOfTarget ? [own, { ...other }] : [own]
}

function responseOf(list: Operation) {
  return findResponse(list, successesOf(list)[0] as number)
}
