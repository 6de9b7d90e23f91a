/** The life of a record: created, read, listed, deleted, gone. */
import { type ContractPromise, hold, holdFields } from '../promise.ts'
import type { NewPhone, Phone, Run } from '../run.ts'

const write = { where: 'everywhere', writes: true } as const
const remembered = { where: 'memory', writes: true } as const

export const lifecycle: ContractPromise[] = [
  {
    id: 'create-answers',
    operation: 'createBorrowerPhone',
    says: 'A create is answered with 200 and the record, in the documented shape.',
    ...write,
    async check(run) {
      await run.create()
    },
  },
  {
    id: 'create-takes-mandatory-fields-alone',
    operation: 'createBorrowerPhone',
    says: 'Everything but type and number may be left out.',
    ...write,
    async check(run) {
      const { type, number, memo, no_contact } = run.phone()
      await run.call('createBorrowerPhone', { body: { type, number, memo, no_contact } })
    },
  },
  {
    id: 'update-answers',
    operation: 'updateBorrowerPhone',
    says: 'An update is answered with 200 and the record, in the documented shape.',
    ...write,
    async check(run) {
      const { id } = await run.create()
      await run.call('updateBorrowerPhone', { ids: { phone_id: id }, body: { extension: '44' } })
    },
  },
  {
    id: 'delete-answers',
    operation: 'deleteBorrowerPhone',
    says: 'A delete is answered with 200 and success: true.',
    ...write,
    async check(run) {
      const { id } = await run.create()
      const { body } = await run.call('deleteBorrowerPhone', { ids: { phone_id: id } })
      const { success } = (body as { data: { success: boolean } }).data
      hold(success, 'success: true', 'success: false')
    },
  },
  {
    id: 'create-stores-what-was-sent',
    operation: 'createBorrowerPhone',
    says: 'A new record holds every field as it was sent, the number with dashes.',
    ...remembered,
    async check(run) {
      const sent = run.phone({ extension: '007' })
      const phone = await run.create(sent)
      const expected = { ...sent, number: dashed(sent.number) }
      holdFields({ ...phone }, expected, 'in the answer, as sent')
      holdFields({ ...(await run.get(phone.id)) }, expected, 'when read, as sent')
      const other = run.phone({ type: 5, mobile_carrier_id: 2, extension: '0', valid: 0 })
      const stored = await run.get((await run.create(other)).id)
      holdFields({ ...stored }, { ...other, number: dashed(other.number) }, 'when read, as sent')
    },
  },
  {
    id: 'create-keeps-letters',
    operation: 'createBorrowerPhone',
    says: 'A memo comes back letter by letter.',
    ...remembered,
    async check(run) {
      const memo = `${run.marker} Zoë’s “home” <b>&amp; \\ "42" / päivä`
      const { id } = await run.create({ memo })
      const same = (await run.get(id)).memo === memo
      hold(same, 'the memo as it was sent', 'another text')
    },
  },
  {
    id: 'create-is-listed',
    operation: 'listBorrowerPhones',
    says: 'A new record is in the list, once, as it was answered.',
    ...remembered,
    async check(run) {
      const phone = await run.create()
      const found = (await run.list()).filter(({ id }) => id === phone.id)
      hold(found.length === 1, 'the new record once in the list', `${found.length} times`)
      holdFields({ ...phone }, { ...found[0] }, 'as listed')
    },
  },
  {
    id: 'create-twice-makes-two',
    operation: 'createBorrowerPhone',
    says: 'The same number may stand twice on a borrower, as in the vendor’s example.',
    ...remembered,
    async check(run) {
      const sent = run.phone()
      const [first, second] = [await run.create(sent), await run.create(sent)]
      hold(first.id !== second.id, 'two records', 'the same id twice')
    },
  },
  {
    id: 'new-record-has-equal-timestamps',
    operation: 'createBorrowerPhone',
    says: 'A new record was last changed when it was created, as in the vendor’s example.',
    ...remembered,
    async check(run) {
      const { created_at, updated_at, deleted_at } = await run.create()
      hold(created_at === updated_at, 'updated_at like created_at', 'two different times')
      hold(deleted_at === null, 'deleted_at null', 'a time')
    },
  },
  ...['digits', 'dashes'].map(
    (form): ContractPromise => ({
      id: `number-in-${form}-comes-back-with-dashes`,
      operation: 'createBorrowerPhone',
      says: `A number that is sent in ${form} comes back with dashes, from create and from update.`,
      ...remembered,
      async check(run) {
        const inForm = (number: string) => (form === 'digits' ? number : dashed(number))
        const { id, number } = await run.create({ number: inForm('2025550161') })
        const expected = { number: '202-555-0161' }
        holdFields({ number }, expected, 'from create')
        const body = { number: inForm('2025550162') }
        const { body: answer } = await run.call('updateBorrowerPhone', { ids: { phone_id: id }, body })
        holdFields({ ...(answer as { data: Phone }).data }, { number: '202-555-0162' }, 'from update')
      },
    }),
  ),
  {
    id: 'write-touches-one-record',
    operation: 'updateBorrowerPhone',
    says: 'An update or a delete changes the record that it names, and no other.',
    ...remembered,
    async check(run) {
      const [mine, neighbour] = [await run.create(), await run.create({ type: 5 })]
      const before = (await run.list()).filter(({ id }) => id !== mine.id)
      await run.call('updateBorrowerPhone', {
        ids: { phone_id: mine.id },
        body: { extension: '47', valid: 0 },
      })
      holdFields({ ...(await run.get(neighbour.id)) }, { ...neighbour }, 'as before the update of another')
      await run.call('deleteBorrowerPhone', { ids: { phone_id: mine.id } })
      holdFields({ ...(await run.get(neighbour.id)) }, { ...neighbour }, 'as before the delete of another')
      const after = await run.list()
      hold(after.length === before.length, `${before.length} records in the list`, String(after.length))
      for (const phone of before) {
        holdFields({ ...after.find(({ id }) => id === phone.id) }, { ...phone }, 'as before')
      }
    },
  },
  {
    id: 'deleted-is-gone',
    operation: 'getBorrowerPhone',
    says: 'A deleted record is 404 for get, update and delete.',
    ...remembered,
    async check(run) {
      const phone_id = await deleted(run)
      await run.call('getBorrowerPhone', { ids: { phone_id }, due: [404] })
      await run.call('updateBorrowerPhone', { ids: { phone_id }, body: { extension: '48' }, due: [404] })
      await run.call('deleteBorrowerPhone', { ids: { phone_id }, due: [404] })
      await run.call('getBorrowerPhone', { ids: { phone_id }, due: [404] })
    },
  },
  {
    id: 'deleted-is-not-listed',
    operation: 'listBorrowerPhones',
    says: 'A deleted record is not in the list.',
    ...remembered,
    async check(run) {
      const phone_id = await deleted(run)
      const found = (await run.list()).some(({ id }) => id === phone_id)
      hold(!found, 'a list without the deleted record', 'it is still there')
    },
  },
  {
    id: 'id-is-not-given-twice',
    operation: 'createBorrowerPhone',
    says: 'The id of a deleted record is not given to the next one.',
    ...remembered,
    async check(run) {
      const gone = await deleted(run)
      const { id } = await run.create()
      hold(id !== gone, 'a new id', 'the id of the deleted record')
    },
  },
  {
    id: 'null-is-stored',
    operation: 'createBorrowerPhone',
    says: 'A nullable field may be sent as null, and is null then.',
    ...remembered,
    async check(run) {
      const { id } = await run.create()
      for (const name of ['mobile_carrier_id', 'extension'] as const) {
        const phone = await run.create({ [name]: null })
        holdFields({ ...(await run.get(phone.id)) }, { [name]: null }, 'when read, as sent')
        await run.call('updateBorrowerPhone', { ids: { phone_id: id }, body: { [name]: null } })
        holdFields({ ...(await run.get(id)) }, { [name]: null }, 'when read, as sent')
      }
    },
  },
  {
    id: 'null-memo-is-stored',
    operation: 'createBorrowerPhone',
    says: 'A memo may be sent as null, and is null then.',
    ...remembered,
    destroys: true, // Without its memo a record could not be found again after a crash.
    async check(run) {
      const { id } = await run.create({ memo: null })
      holdFields({ ...(await run.get(id)) }, { memo: null }, 'when read, as sent')
      const { id: other } = await run.create()
      await run.call('updateBorrowerPhone', { ids: { phone_id: other }, body: { memo: null } })
      holdFields({ ...(await run.get(other)) }, { memo: null }, 'when read, as sent')
    },
  },
]

async function deleted(run: Run): Promise<number> {
  const { id } = await run.create()
  await run.call('deleteBorrowerPhone', { ids: { phone_id: id } })
  return id
}

export function dashed(number: NewPhone['number']): string {
  return number.replace(/^(\d{3})(\d{3})(\d{4})$/, '$1-$2-$3')
}
