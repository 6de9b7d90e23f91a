/** What the contract cannot say about borrower phones: numbers, ids, timestamps, what belongs where. */
import type { components } from '@recoveryconnect/spec'
import { getBorrowerPhone } from '@recoveryconnect/spec/validators'
import { exampleIds, examples } from './contract.gen.ts'
import type { Behaviours } from './operation.ts'
import { invalid, Refusal } from './refusal.ts'
import type { Resource } from './resource.ts'
import type { World } from './store.ts'
import type { Collection } from './world-file.ts'

type Phone = components['schemas']['BorrowerPhoneDetails']
type Changes = components['schemas']['BorrowerPhoneUpdate']

const collection = 'phones'
/** In the order of the vendor's samples. */
const phoneFields = Object.keys(examples.Phone.data)

/** What a record holds where nothing was sent. The two flags are an assumption. */
const unsent = { mobile_carrier_id: null, extension: null, memo: null, valid: 1, no_contact: 0 } as const
const constants = { deleted_at: null, migration: null, address_with_number: 'No address' } as const

/** These numbers fail whoever sends them, as documented for the status. No such area code exists. */
const failures: Record<string, number> = {
  '000-555-0101': 401,
  '000-555-0103': 403,
  '000-555-0104': 404,
  '000-555-0122': 422,
  '000-555-0129': 429,
  '000-555-0150': 500,
  '000-555-0153': 503,
}

export const borrowerPhones = {
  listBorrowerPhones({ params, world }) {
    return { data: [...phonesOf(world, params).values()].map(asListed) }
  },

  createBorrowerPhone({ params, body, world, now }) {
    phonesOf(world, params)
    const fields = checked(body)
    const time = now()
    const id = world.nextId(collection)
    const record: Phone = {
      id,
      ...ordered({ ...unsent, ...fields }),
      created_at: time,
      updated_at: time,
      ...constants,
    }
    world.put(collection, parentOf(params), record)
    return { data: record, status: 'success' }
  },

  getBorrowerPhone({ params, world }) {
    return { data: phoneOf(world, params) }
  },

  updateBorrowerPhone({ params, body = {}, world, now }) {
    const phone = phoneOf(world, params)
    const fields = checked(body)
    if (!changes(phone, fields)) return { data: phone, status: 'success' }
    const record = { ...phone, ...fields, updated_at: now() }
    world.put(collection, parentOf(params), record)
    return { data: record, status: 'success' }
  },

  deleteBorrowerPhone({ params, world }) {
    phoneOf(world, params)
    world.remove(collection, parentOf(params), params.phone_id)
    return { data: { success: true } }
  },
} satisfies Partial<Behaviours>

/** How phones stand in a world file, and in the world that every token starts with. */
const phones: Collection = {
  name: collection,
  under: ['order_id', 'borrower_id'],
  fields: phoneFields,
  // The second borrower is of another order: the vendor's ids leave out 39317580, so it is his.
  documented: [
    {
      order_id: exampleIds.order_id,
      borrower_id: exampleIds.borrower_id,
      records: examples.TwoPhones.data,
    },
    {
      order_id: exampleIds.order_id + 1,
      borrower_id: exampleIds.borrower_id + 1,
      records: [{ id: 39317580, type: 5, number: '202-555-0180', created_at: '2026-03-07 14:03:51' }],
    },
  ],
  complete(given, id, time) {
    const number = typeof given.number === 'string' ? { number: dashed(given.number) ?? given.number } : {}
    const times = { created_at: time, updated_at: given.created_at ?? time }
    const record: Record<string, unknown> = { id, ...unsent, ...times, ...constants, ...given, ...number }
    return Object.fromEntries(
      phoneFields.filter((name) => name in record).map((name) => [name, record[name]]),
    )
  },
  misfits(record) {
    return getBorrowerPhone.responses[200]({ data: record })
      ? []
      : (getBorrowerPhone.responses[200].errors ?? [])
  },
}

export const resource: Resource<typeof borrowerPhones> = {
  behaviours: () => borrowerPhones,
  collection: phones,
}

interface Parents {
  order_id: number
  borrower_id: number
}

function parentOf({ order_id, borrower_id }: Parents): string {
  return `${order_id}/${borrower_id}`
}

function phonesOf(world: World, params: Parents): ReadonlyMap<number, Phone> {
  const found = world.records<Phone>(collection, parentOf(params))
  if (found) return found
  throw new Refusal(404, { message: 'Not found: this world has no such order with such a borrower.' })
}

function phoneOf(world: World, params: Parents & { phone_id: number }): Phone {
  const found = phonesOf(world, params).get(params.phone_id)
  if (found) return found
  throw new Refusal(404, { message: 'Not found: this borrower has no such phone.' })
}

/** A list shows ten of the thirteen fields. */
function asListed({ deleted_at: _, migration: __, address_with_number: ___, ...phone }: Phone) {
  return phone
}

/** The fields in the order of the vendor's samples, whatever order they were sent in. */
function ordered({ type, mobile_carrier_id, number, extension, memo, valid, no_contact }: Required<Changes>) {
  return { type, mobile_carrier_id, number, extension, memo, valid, no_contact }
}

function changes(phone: Phone, fields: Changes): boolean {
  return (Object.keys(fields) as (keyof Changes)[]).some((name) => fields[name] !== phone[name])
}

/** What the sandbox refuses beyond the contract, and a number as it is stored: each rule stands in the README. */
function checked<Fields extends Changes>(fields: Fields): Fields {
  const errors: Record<string, string[]> = {}
  for (const name of ['type', 'mobile_carrier_id'] as const) {
    const id = fields[name]
    if (typeof id === 'number' && !(id > 0 && Number.isSafeInteger(id))) {
      errors[name] = [`The ${name.replaceAll('_', ' ')} must be a positive integer.`]
    }
  }
  const number = fields.number === undefined ? undefined : dashed(fields.number)
  if (fields.number !== undefined && !number) {
    errors.number = ['The number must be ten digits, such as 2025550143 or 202-555-0143.']
  }
  if (Object.keys(errors).length > 0) throw invalid(errors)
  if (!number) return fields
  const failure = failures[number]
  if (failure === 422) throw invalid({ number: ['The number is one that this sandbox always refuses.'] })
  if (failure) throw new Refusal(failure)
  return { ...fields, number }
}

/** `2025550143` and `202-555-0143` become the latter; anything else is undefined. */
function dashed(number: string): string | undefined {
  const parts = /^(\d{3})(-?)(\d{3})\2(\d{4})$/.exec(number)
  return parts ? `${parts[1]}-${parts[3]}-${parts[4]}` : undefined
}
