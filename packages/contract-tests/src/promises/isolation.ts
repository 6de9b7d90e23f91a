/** What belongs to one borrower is out of reach of another. */
import { type ContractPromise, hold, holdFields } from '../promise.ts'
import { LeftOut, type Run } from '../run.ts'
import type { Ids } from '../wire.ts'
import { nowhere } from './reading.ts'

const needs = { where: 'memory', needs: 'other-borrower' } as const

export const isolation: ContractPromise[] = [
  {
    id: 'phone-stays-with-its-borrower',
    operation: 'getBorrowerPhone',
    says: 'A record is 404 under another borrower, another order, and ids that do not belong together.',
    ...needs,
    async check(run) {
      const phone_id = await run.anyPhone()
      for (const ids of foreign(run))
        await run.call('getBorrowerPhone', { ids: { ...ids, phone_id }, due: [404] })
    },
  },
  {
    id: 'phone-needs-its-own-path',
    operation: 'getBorrowerPhone',
    says: 'A record is 404 under a borrower or an order that does not exist.',
    where: 'memory',
    async check(run) {
      const phone_id = await run.anyPhone()
      for (const ids of [{ borrower_id: nowhere }, { order_id: nowhere }]) {
        await run.call('getBorrowerPhone', { ids: { ...ids, phone_id }, due: [404] })
      }
    },
  },
  {
    id: 'list-shows-one-borrower',
    operation: 'listBorrowerPhones',
    says: 'Two borrowers have no record in common.',
    ...needs,
    async check(run) {
      await run.anyPhone()
      const mine = new Set((await run.list()).map(({ id }) => id))
      const theirs = await run.list({ ids: { ...otherOf(run) } })
      const shared = theirs.filter(({ id }) => mine.has(id)).length
      hold(shared === 0, 'no record in both lists', `${shared} in both`)
    },
  },
  {
    id: 'list-needs-ids-that-belong-together',
    operation: 'listBorrowerPhones',
    says: 'A borrower under another’s order is 404.',
    ...needs,
    async check(run) {
      const { order_id } = otherOf(run)
      await run.call('listBorrowerPhones', { ids: { order_id }, due: [404] })
    },
  },
  {
    id: 'new-phone-stays-with-its-borrower',
    operation: 'createBorrowerPhone',
    says: 'A new record does not show up at another borrower.',
    ...needs,
    writes: true,
    async check(run) {
      const { id } = await run.create()
      const found = (await run.list({ ids: { ...otherOf(run) } })).some((phone) => phone.id === id)
      hold(!found, 'the other list without the new record', 'it is there')
      await run.call('getBorrowerPhone', { ids: { ...otherOf(run), phone_id: id }, due: [404] })
    },
  },
  {
    id: 'write-stays-with-its-borrower',
    operation: 'updateBorrowerPhone',
    says: 'Update and delete under another borrower are 404, and do nothing.',
    ...needs,
    writes: true,
    async check(run) {
      const phone = await run.create()
      for (const ids of foreign(run)) {
        const at = { ids: { ...ids, phone_id: phone.id }, due: [404] }
        await run.call('updateBorrowerPhone', { ...at, body: { extension: '49' } })
        await run.call('deleteBorrowerPhone', at)
      }
      holdFields({ ...(await run.get(phone.id)) }, { ...phone }, 'as before')
    },
  },
  {
    id: 'empty-list',
    operation: 'listBorrowerPhones',
    says: 'A borrower without phones has an empty list.',
    ...needs,
    writes: true,
    destroys: true,
    async check(run) {
      const ids = { ...otherOf(run) }
      for (const { id } of await run.list({ ids })) {
        await run.call('deleteBorrowerPhone', { ids: { ...ids, phone_id: id } })
      }
      const { length } = await run.list({ ids })
      hold(length === 0, 'an empty list', `${length} records`)
    },
  },
]

function otherOf({ target }: Run): Ids {
  if (!target.other) throw new LeftOut('no other borrower is named')
  return target.other
}

/** The other borrower, and both mixtures. */
function foreign(run: Run): Partial<Ids>[] {
  const { order_id, borrower_id } = otherOf(run)
  return [{ order_id, borrower_id }, { order_id }, { borrower_id }]
}
