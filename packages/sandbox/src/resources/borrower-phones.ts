/**
 * What the contract can't express about borrower phones: numbers, ids and timestamps. The undocumented rules are in the
 * README's list of assumptions. If a rule is missing there, `test/property.test.ts` finds it.
 */
import { HttpError } from '@recoveryconnect/http/http-error'
import type { components } from '@recoveryconnect/spec'
import { getBorrowerPhone } from '@recoveryconnect/spec/validators'
import { exampleIds, examples } from '../core/contract.gen.ts'
import type { Handlers, StoredResource } from '../core/handler.ts'
import { validationError } from '../core/http-error.ts'
import { misfitsIn } from '../world/collection.ts'

type Phone = components['schemas']['BorrowerPhoneDetails']
type Changes = components['schemas']['BorrowerPhoneUpdate']

/** Each of these numbers fails with a status. Their area code doesn't exist. */
const failingNumbers: Record<string, number> = {
  '000-555-0101': 401,
  '000-555-0103': 403,
  '000-555-0104': 404,
  '000-555-0122': 422,
  '000-555-0129': 429,
  '000-555-0150': 500,
  '000-555-0153': 503,
}

export const handlers = {
  listBorrowerPhones: ({ world, place }) => ({ data: world.list<Phone>(place).map(toListItem) }),

  createBorrowerPhone({ body, world, place, onDemand, now }) {
    const fields = checkFields(body, onDemand)
    const record = completePhone(fields, world.nextId(place), now())
    world.put(place, record)
    return { data: record, status: 'success' }
  },

  getBorrowerPhone: ({ record }) => ({ data: record as Phone }),

  updateBorrowerPhone({ body, world, place, record, onDemand, now }) {
    const phone = record as Phone
    const fields = checkFields(body, onDemand)
    if (!isChange(phone, fields)) return { data: phone, status: 'success' }
    const changed = { ...phone, ...fields, updated_at: now() }
    world.put(place, changed)
    return { data: changed, status: 'success' }
  },

  deleteBorrowerPhone({ world, place, record }) {
    world.remove(place, record as Phone)
    return { data: { success: true } }
  },
} satisfies Partial<Handlers>

export const resource: StoredResource<typeof handlers> = {
  createHandlers: () => handlers,
  records: {
    documented: [
      { parents: exampleIds.listBorrowerPhones, records: examples.TwoPhones.data },
      // The vendor's sample ids skip 39317580, so the documented borrower of another order gets it.
      {
        parents: exampleIds.listBorrowerAddresses,
        records: [{ id: 39317580, type: 5, number: '202-555-0180', created_at: '2026-03-07 14:03:51' }],
      },
    ],
    /** A number that isn't ten digits stays as it is: the vendor's pages have such numbers, too. */
    complete(given, { id, time }) {
      const number =
        typeof given.number === 'string' ? { number: addDashes(given.number) ?? given.number } : {}
      return completePhone({ ...given, ...number }, id, time)
    },
    findMisfits: (record) => [
      ...misfitsIn(getBorrowerPhone.responses[200], { data: record }),
      ...findWrongIds(record as Partial<Phone>).map((name) => ({
        instancePath: `/data/${name}`,
        keyword: 'minimum',
        params: {},
        message: positive,
      })),
    ],
  },
}

function toListItem({ deleted_at: _, migration: __, address_with_number: ___, ...phone }: Phone) {
  return phone
}

/** Adds the fields that weren't sent, in the order of the vendor's samples. The values of the two flags are an assumption. */
function completePhone(given: Partial<Phone>, id: number, time: string): Phone {
  const { created_at = time, updated_at = given.created_at ?? time } = given
  const { mobile_carrier_id = null, extension = null, memo = null, valid = 1, no_contact = 0 } = given
  const { deleted_at = null, migration = null, address_with_number = 'No address' } = given
  const record: Record<keyof Phone, unknown> = {
    id,
    type: given.type,
    mobile_carrier_id,
    number: given.number,
    extension,
    memo,
    valid,
    no_contact,
    created_at,
    updated_at,
    deleted_at,
    migration,
    address_with_number,
  }
  return record as unknown as Phone
}

function isChange(phone: Phone, fields: Changes): boolean {
  return (Object.keys(fields) as (keyof Changes)[]).some((name) => fields[name] !== phone[name])
}

/**
 * Checks what the contract doesn't, and returns the fields as they're stored.
 *
 * @throws {HttpError} 422, or the status of a number that fails on demand.
 */
function checkFields<Fields extends Changes>(fields: Fields, onDemand: boolean): Fields {
  const errors: Record<string, string[]> = {}
  for (const name of findWrongIds(fields)) errors[name] = [`The ${name.replaceAll('_', ' ')} ${positive}.`]
  const number = fields.number === undefined ? undefined : addDashes(fields.number)
  if (fields.number !== undefined && !number) {
    errors.number = ['The number must be ten digits, such as 2025550143 or 202-555-0143.']
  }
  if (Object.keys(errors).length > 0) throw validationError(errors)
  if (!number) return fields
  const status = onDemand ? failingNumbers[number] : undefined
  if (status === 422) throw validationError({ number: ['The number always fails in this sandbox.'] })
  if (status) throw new HttpError(status)
  return { ...fields, number }
}

const positive = 'must be a positive integer below 2^53'

/** The fields that name a row of the vendor's tables, but can't be the id of one. Requests and world files agree. */
function findWrongIds(fields: Changes): ('type' | 'mobile_carrier_id')[] {
  return (['type', 'mobile_carrier_id'] as const).filter((name) => {
    const id = fields[name]
    return Number.isInteger(id) && !(Number(id) > 0 && Number.isSafeInteger(id))
  })
}

/** Turns `2025550143` into `202-555-0143`, and keeps a number with dashes. Returns undefined for anything else. */
function addDashes(number: string): string | undefined {
  const parts = /^(\d{3})(-?)(\d{3})\2(\d{4})$/.exec(number)
  return parts ? `${parts[1]}-${parts[3]}-${parts[4]}` : undefined
}
