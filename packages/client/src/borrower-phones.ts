/** What the contract can't express about borrower phones: which numbers not to dial, and what a lost create did. */
import type { Call, CallOptions } from './call.ts'
import { createInputError, RecoveryConnectError } from './errors.ts'
import type { Schemas } from './operations.gen.ts'
import { pause } from './transport.ts'

/** The fields that {@link mayBeDialled} reads. Every phone record has them. */
export type DialledPhone = Pick<Schemas['BorrowerPhone'], 'number' | 'valid' | 'no_contact'> & {
  readonly deleted_at?: string | null
}

/**
 * Returns whether nothing in a phone record forbids dialing its number.
 *
 * It returns `true` for `valid: 1`, `no_contact: 0`, no `deleted_at` and a number with ten digits, with or without
 * dashes. It returns `false` for everything else, including missing fields and flags with another type.
 *
 * Several records can share a number, as in the vendor's own example, and one of the others may forbid it. For a list,
 * use {@link dialable}.
 *
 * `true` isn't permission to call. The function doesn't know whose phone it is (it may be an emergency contact's),
 * whether the case or the address is marked as do-not-contact, or whether the borrower objected elsewhere. It also
 * doesn't know the local time, how often the phone rang this week, or whether the record has changed since you read it.
 *
 * @example
 * const { data } = await rc.borrowerPhones.get(ids)
 * if (!mayBeDialled(data)) return
 */
export function mayBeDialled(phone: DialledPhone | null | undefined): boolean {
  if (!phone || isBlocked(phone)) return false
  const { number, deleted_at = null } = phone
  return deleted_at === null && typeof number === 'string' && /^\d{3}-?\d{3}-?\d{4}$/.test(number)
}

/**
 * Returns the records whose number isn't forbidden by any record in the list. For the rules and their limits, see
 * {@link mayBeDialled}.
 *
 * @param phones all records of all borrowers that may share numbers. Filter the result, not the argument: a record that
 *   you leave out (another type, another page) can't forbid a number.
 * @example
 * const { data } = await rc.borrowerPhones.list(ids)
 * const candidates = dialable(data).filter(({ type }) => type === 6)
 */
export function dialable<Phone extends DialledPhone>(phones: readonly Phone[]): Phone[] {
  const blocked = phones.filter(isBlocked).map((phone) => extractDigits(phone?.number))
  const same = new Set(blocked)
  const longer = blocked.filter(({ length }) => length > 10)
  return phones.filter((phone) => {
    const number = extractDigits(phone?.number)
    return mayBeDialled(phone) && !same.has(number) && !longer.some((other) => other.includes(number))
  })
}

function isBlocked(phone: DialledPhone | null | undefined): boolean {
  return phone?.valid !== 1 || phone.no_contact !== 0
}

/** The outcome of a create. */
export type CreateOutcome =
  | {
      readonly created: true
      readonly phone: Schemas['BorrowerPhone']
      /** The flags that the API stored differently than you sent them. If there are any, don't dial. */
      readonly contradicts: readonly string[]
    }
  /** The record wasn't there at the last look. */
  | { readonly created: false }
  /** Records that may be the created one. Let a person decide, and don't create the record again. */
  | { readonly created: 'unknown'; readonly candidates: readonly Schemas['BorrowerPhone'][] }

/** The argument of {@link createOutcome}. */
export interface CreateAttempt {
  /** The ids that you passed to the create. */
  ids: { order_id: number; borrower_id: number }
  /** The body that you passed to the create. */
  body: Schemas['BorrowerPhoneCreate']
  /** The error that the create threw. */
  error: unknown
  /** The phones that you listed before the create. Without them, a matching record may be an older one. */
  before?: readonly Pick<Schemas['BorrowerPhone'], 'id'>[] | undefined
  /**
   * The pause before each look, in milliseconds. A slow server may still be working.
   * Default: `[0, 2000, 8000, 20_000]`, half a minute in total, which is how long PHP runs a request by default.
   * `createOutcome` returns `false` only after the last look.
   */
  pausesMs?: readonly number[] | undefined
  /** Options for the list calls. */
  options?: CallOptions | undefined
}

/**
 * Finds out whether a create succeeded although its response was lost, so that you don't create a duplicate.
 *
 * It lists the phones and compares them with the body. With `before` (list, then create), a single new record that
 * matches in every field is the created one. If there is none, a single new record that differs only in its flags is
 * the created one, and `contradicts` names the flags.
 *
 * `created: false` means that the record wasn't there at the last look. A server that is still working can create it
 * later, so choose pauses that are longer than its work. `'unknown'` also means that the list can't prove anything: it
 * is one page of several, or the number doesn't have ten digits to compare.
 *
 * @throws {RecoveryConnectError} if listing fails, or `invalid_input` if `error` isn't from this package.
 * @example
 * const { data: before } = await rc.borrowerPhones.list(ids)
 * const result = await rc.borrowerPhones.create(ids, body).result()
 * if (!result.ok) {
 *   const outcome = await createOutcome(rc.borrowerPhones, { ids, body, error: result.error, before })
 *   if (outcome.created === true) console.log('created:', outcome.phone.id, ...outcome.contradicts)
 * }
 */
export async function createOutcome(
  borrowerPhones: {
    list(ids: CreateAttempt['ids'], options?: CallOptions): Call<Schemas['BorrowerPhoneList']>
  },
  attempt: CreateAttempt,
): Promise<CreateOutcome> {
  const { ids, body, error, before, pausesMs = [0, 2000, 8000, 20_000], options = {} } = attempt
  if (!(error instanceof RecoveryConnectError))
    throw createInputError('error must be the error that the create threw', operation)
  if (error.kind === 'contradiction')
    return { created: true, phone: (error.body as Created).data, contradicts: error.fields }
  if (!error.mayHaveBeenCarriedOut) return { created: false }

  const progress = { operation, attempts: error.attempts, mayHaveBeenCarriedOut: true, settings: options }
  const pauses = pausesMs.length ? pausesMs : [0]
  for (const [look, ms] of pauses.entries()) {
    if (ms) await pause(progress, ms)
    const list: PagedList = await borrowerPhones.list(ids, options)
    const outcome = findOutcome(list, body, before, look === pauses.length - 1)
    if (outcome) return outcome
  }
  return { created: false }
}

const operation = 'createBorrowerPhone'
const flags = ['valid', 'no_contact']

type Created = Schemas['BorrowerPhoneResponse']

/** The vendor documents no paging for this list. Another page of the vendor shows `links` like Laravel's. */
type PagedList = Schemas['BorrowerPhoneList'] & { links?: { next?: unknown } | null }

/** Finds the created record in a list. Returns undefined if it may appear in a later look. */
function findOutcome(
  { data, links }: PagedList,
  body: CreateAttempt['body'],
  before: CreateAttempt['before'],
  isLast: boolean,
): CreateOutcome | undefined {
  const sent = extractDigits(body.number).replace(/^1(?=\d{10}$)/, '')
  const isComparable = sent.length === 10
  const isConclusive = before !== undefined && isComparable
  const older = new Set(before?.map(({ id }) => id))
  const candidates = data.filter(
    ({ id, number }) => !older.has(id) && (!isComparable || extractDigits(number).includes(sent)),
  )
  const compared = candidates.map((phone) => ({ phone, contradicts: findDifferences(phone, body) }))
  const same = compared.filter(({ contradicts }) => contradicts.length === 0)
  const close = compared.filter(({ contradicts }) => contradicts.every((name) => flags.includes(name)))
  // While the server may still be working on this create, a close record may be someone else's.
  if (isConclusive && same.length === 0 && close.length > 0 && !isLast) return undefined
  const [found, ...others] = same.length > 0 ? same : close
  if (isConclusive && found && others.length === 0) return { created: true, ...found }
  if (candidates.length || (links && links.next !== null)) return { created: 'unknown', candidates }
  return undefined
}

/** The API returns numbers with dashes. They may include a country code or an extension. */
function extractDigits(number: unknown): string {
  return String(number).replace(/\D/g, '')
}

/** Finds the fields in which a record differs from the body. A server may trim text, or store an empty one as null. */
function findDifferences(phone: Schemas['BorrowerPhone'], body: CreateAttempt['body']): string[] {
  const { number: _, ...fields } = body
  const normalize = (value: unknown) => String(value ?? '').trim()
  return Object.entries(fields)
    .filter(
      ([name, value]) =>
        value !== undefined && normalize(value) !== normalize(phone[name as keyof typeof fields]),
    )
    .map(([name]) => name)
}
