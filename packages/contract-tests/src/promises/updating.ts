/** What an update changes, and what it leaves. */
import type { components } from '@recoveryconnect/spec'
import { type ContractPromise, hold, holdFields } from '../promise.ts'
import type { Phone, Run } from '../run.ts'

type Changes = Required<components['schemas']['BorrowerPhoneUpdate']>

/** Another value for every field that an update may hold. A field that the contract gains must be added to compile. */
const changes: { [K in keyof Changes]: (run: Run) => Changes[K] } = {
  type: () => 5,
  mobile_carrier_id: () => 2,
  number: () => '202-555-0177',
  extension: () => '0044',
  memo: (run) => `${run.marker} changed`,
  valid: () => 0,
  no_contact: () => 1, // A live run never lifts it; see no-contact-can-be-lifted.
}

const remembered = { where: 'memory', writes: true } as const

export const updating: ContractPromise[] = [
  ...Object.keys(changes).map(
    (name): ContractPromise => ({
      id: `update-of-${name}-leaves-the-others`,
      operation: 'updateBorrowerPhone',
      says: `An update of ${name} alone changes it, and leaves every other field as it was.`,
      ...remembered,
      check: (run) => changesOne(run, name as keyof Changes),
    }),
  ),
  {
    id: 'update-of-all-fields',
    operation: 'updateBorrowerPhone',
    says: 'An update of every field changes every field.',
    ...remembered,
    async check(run) {
      const { id } = await run.create()
      const body = Object.fromEntries(Object.entries(changes).map(([name, other]) => [name, other(run)]))
      await run.call('updateBorrowerPhone', { ids: { phone_id: id }, body })
      holdFields({ ...(await run.get(id)) }, body, 'when read, as sent')
    },
  },
  {
    id: 'update-twice-is-as-once',
    operation: 'updateBorrowerPhone',
    says: 'The same update twice leaves the same record.',
    ...remembered,
    async check(run) {
      const { id } = await run.create()
      const update = { ids: { phone_id: id }, body: { extension: '45', valid: 0 } }
      await run.call('updateBorrowerPhone', update)
      const { updated_at: _, ...once } = await run.get(id)
      await run.call('updateBorrowerPhone', update)
      holdFields({ ...(await run.get(id)) }, once, 'as after the first update')
    },
  },
  {
    id: 'update-is-listed',
    operation: 'listBorrowerPhones',
    says: 'A changed record is listed as it is now.',
    ...remembered,
    async check(run) {
      const { id } = await run.create()
      await run.call('updateBorrowerPhone', { ids: { phone_id: id }, body: { extension: '46' } })
      const now = await run.get(id)
      const listed = (await run.list()).find((phone) => phone.id === id)
      hold(listed !== undefined, 'the record in the list', 'it is missing')
      holdFields({ ...now }, { ...listed }, 'as listed')
    },
  },
  {
    id: 'no-contact-can-be-lifted',
    operation: 'updateBorrowerPhone',
    says: 'no_contact becomes 0 and 1 again, as an update says.',
    ...remembered,
    destroys: true, // A live run leaves no record that may be contacted, not for a moment.
    async check(run) {
      const { id } = await run.create({ no_contact: 0 })
      for (const no_contact of [1, 0, 1]) {
        await run.call('updateBorrowerPhone', { ids: { phone_id: id }, body: { no_contact } })
        holdFields({ ...(await run.get(id)) }, { no_contact, valid: 1 }, 'as sent')
      }
    },
  },
]

async function changesOne(run: Run, name: keyof Changes): Promise<void> {
  const phone = await run.create()
  const value = changes[name](run)
  const ids = { phone_id: phone.id }
  const { body } = await run.call('updateBorrowerPhone', { ids, body: { [name]: value } })
  const { updated_at, ...expected } = { ...phone, [name]: value }
  holdFields({ ...(body as { data: Phone }).data }, expected, 'in the answer')
  const read = await run.get(phone.id)
  holdFields({ ...read }, expected, 'when read')
  // The form sorts like the time.
  hold(read.updated_at >= updated_at, 'updated_at not before the update', 'an earlier time')
}
