/** Finds the reasons not to dial a phone: in its record, in others with its number, and in those of the borrower. */
import { compareNumbers, isDialable, readNumber } from './numbers.ts'
import type { Schemas } from './operations.gen.ts'

/** The fields of a phone record that decide about dialing. Only single records have `deleted_at`. */
export type DialledPhone = Pick<Schemas['BorrowerPhone'], 'id' | 'number' | 'valid' | 'no_contact'> & {
  readonly deleted_at?: string | null | undefined
}

/** The records to check a phone against. A record that you leave out can't rule out a number. */
export interface DialingRecords {
  /**
   * The phones of all borrowers that may share numbers, of every type. If another borrower must not be called, pass that
   * borrower's phones with `no_contact: 1`.
   */
  readonly phones: readonly DialledPhone[]
  /** The borrower that the phone belongs to. */
  readonly borrower?:
    | Pick<Schemas['Borrower'], 'id' | 'is_deceased' | 'bankruptcy' | 'active_military' | 'deleted_at'>
    | undefined
  /** All addresses of that borrower. */
  readonly addresses?: readonly Pick<Schemas['BorrowerAddress'], 'id' | 'no_contact'>[] | undefined
}

/** A reason not to dial a number. It contains no personal data, so you can log it. */
export interface Objection {
  /**
   * - `no_contact`: The phone or an address is marked as do-not-contact.
   * - `not_valid`: The phone has `valid: 0`.
   * - `deleted`: The phone or the borrower was deleted.
   * - `not_dialable`: The number isn't ten digits, or the North American Numbering Plan rules it out.
   * - `unreadable_number`: Another phone must not be dialed, and its number can't be compared. It may be the same one.
   * - `deceased`: The borrower is marked as deceased.
   * - `bankruptcy`: The borrower has a bankruptcy on file: any value except null.
   * - `active_military`: The borrower is marked as being on active military duty.
   * - `unclear`: The field is missing, or has a value that the contract doesn't list.
   */
  readonly kind:
    | 'no_contact'
    | 'not_valid'
    | 'deleted'
    | 'not_dialable'
    | 'unreadable_number'
    | 'deceased'
    | 'bankruptcy'
    | 'active_military'
    | 'unclear'
  /** The resource of the record, as the client names it. */
  readonly resource: 'borrowerPhones' | 'borrowers' | 'borrowerAddresses'
  /** The id of the record. */
  readonly id: number
  /** The field that is the reason. */
  readonly field: string
}

/**
 * Returns the reasons not to dial a phone. An empty list isn't permission to call.
 *
 * A field that is missing or has another type is a reason, too. So are `phones`, `borrower` and `addresses` if you pass
 * them as undefined or null. If you leave out `borrower` and `addresses`, they aren't checked.
 *
 * The records don't say whose phone it is (it may be an emergency contact's), whether the case is marked as
 * do-not-contact, or whether the borrower objected elsewhere. They also don't contain the local time or how often you
 * called. They may have changed since you read them. `is_violent` and `is_fraud` aren't reasons here: you decide what
 * they mean.
 *
 * @example
 * for (const { kind, resource, id } of objectionsTo(phone, { phones, borrower, addresses }))
 *   console.log(kind, resource, id)
 */
export function objectionsTo(phone: DialledPhone, records: DialingRecords): Objection[] {
  const found = [
    ...objectionsOfRecord(phone),
    ...objectionsOfOthers(phone, findBlocked(toList(records.phones))),
    ...objectionsOfBorrower(records),
  ]
  return [...new Map(found.map((objection) => [JSON.stringify(objection), objection])).values()]
}

/**
 * Returns the phones without objections. For the rules and their limits, see {@link objectionsTo}.
 *
 * @param phones all phones of one borrower. Filter the result, not the argument: a record that you leave out can't rule
 *   out a number.
 * @param records the borrower, the addresses, and `phones` of other borrowers that may share numbers.
 * @example
 * const { data } = await rc.borrowerPhones.list(ids)
 * const candidates = dialable(data, { borrower, addresses }).filter(({ type }) => type === 6)
 */
export function dialable<Phone extends DialledPhone>(
  phones: readonly Phone[],
  records: Partial<DialingRecords> = {},
): Phone[] {
  if (objectionsOfBorrower(records).length) return []
  const others = 'phones' in records ? toList(records.phones) : []
  const found = findBlocked([...phones, ...others])
  const blocked = new Set(found.map(({ number }) => number))
  const blockedIds = new Set(found.map(({ id }) => id))
  // Only these can rule out a dialable number without being the same. Lists of thousands have few of them.
  const inexact = [...blocked].filter((number) => number?.length !== 10)
  return phones.filter((phone) => {
    const number = readNumber(phone?.number)
    const isClear = (other: string | undefined) => compareNumbers(number, other) === 'different'
    return mayBeDialled(phone) && !blockedIds.has(phone.id) && !blocked.has(number) && inexact.every(isClear)
  })
}

/**
 * Returns whether nothing in a phone record itself rules out its number.
 *
 * It returns `true` for `valid: 1`, `no_contact: 0`, no `deleted_at` and a dialable number. It returns `false` for
 * everything else, including missing fields and flags with another type. Another record can have the same number, as in
 * the vendor's own example, and rule it out. Before you dial, use {@link dialable} or {@link objectionsTo}.
 *
 * @example
 * const { data } = await rc.borrowerPhones.get(ids)
 * if (!mayBeDialled(data)) return
 */
export function mayBeDialled(phone: DialledPhone | null | undefined): boolean {
  return !objectionsOfRecord(phone).length
}

type Rules = readonly (readonly [field: string, clear: 0 | 1 | null, kind: Objection['kind']])[]

/** For each field, the value that isn't an objection, and the kind of objection for the opposite value. */
const rules: Record<Objection['resource'], Rules> = {
  borrowerPhones: [
    ['no_contact', 0, 'no_contact'],
    ['valid', 1, 'not_valid'],
  ],
  borrowers: [
    ['is_deceased', 0, 'deceased'],
    ['bankruptcy', null, 'bankruptcy'],
    ['active_military', 0, 'active_military'],
    ['deleted_at', null, 'deleted'],
  ],
  borrowerAddresses: [['no_contact', 0, 'no_contact']],
}

function checkFields(resource: Objection['resource'], record: object | null | undefined): Objection[] {
  const values = (record ?? {}) as Record<string, unknown>
  return rules[resource].flatMap(([field, clear, kind]) => {
    const value = values[field]
    if (value === clear) return []
    const isClear = clear === null ? value !== undefined : value === 1 - clear
    return createObjection(isClear ? kind : 'unclear', resource, record, field)
  })
}

function objectionsOfRecord(phone: DialledPhone | null | undefined): Objection[] {
  const objections = checkFields('borrowerPhones', phone)
  if ((phone?.deleted_at ?? null) !== null)
    objections.push(createObjection('deleted', 'borrowerPhones', phone, 'deleted_at'))
  if (!isDialable(phone?.number))
    objections.push(createObjection('not_dialable', 'borrowerPhones', phone, 'number'))
  return objections
}

interface Blocked {
  readonly id: number | undefined
  readonly number: string | undefined
  readonly objections: readonly Objection[]
}

function findBlocked(phones: readonly (DialledPhone | undefined)[]): Blocked[] {
  return phones.flatMap((phone) => {
    const number = readNumber(phone?.number)
    const objections = checkFields('borrowerPhones', phone)
    const unreadable = createObjection('unreadable_number', 'borrowerPhones', phone, 'number')
    return objections.length ? { id: phone?.id, number, objections: number ? objections : [unreadable] } : []
  })
}

function objectionsOfOthers(phone: DialledPhone, blocked: readonly Blocked[]): Objection[] {
  const own = readNumber(phone?.number)
  // The same record may have had another number when the phone was read.
  return blocked.flatMap(({ id, number, objections }) =>
    id !== phone?.id && compareNumbers(own, number) === 'different' ? [] : objections,
  )
}

function objectionsOfBorrower(records: Partial<DialingRecords>): Objection[] {
  // `in`, because the records can be getters of a class.
  const addresses = 'addresses' in records ? toList(records.addresses) : []
  return [
    ...('borrower' in records ? checkFields('borrowers', records.borrower) : []),
    ...addresses.flatMap((address) => checkFields('borrowerAddresses', address)),
  ]
}

/** Spreading turns the gaps of a list into undefined, which isn't a record. Array methods skip them. */
function toList<Item>(items: readonly Item[] | undefined): (Item | undefined)[] {
  return Array.isArray(items) ? [...items] : [items as never]
}

function createObjection(
  kind: Objection['kind'],
  resource: Objection['resource'],
  record: object | null | undefined,
  field: string,
): Objection {
  return { kind, resource, id: (record as { id: number } | undefined)?.id as number, field }
}
