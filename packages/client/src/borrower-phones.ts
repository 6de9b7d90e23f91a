/** What the contract cannot say about borrower phones: when a number may be dialled, and what became of a create. */
import type { Call, CallOptions } from './call.ts'
import { invalidInput, RecoveryConnectError } from './errors.ts'
import type { Schemas } from './operations.gen.ts'
import { stage } from './transport.ts'

/** The fields that {@link mayBeDialled} looks at; every phone record has them. */
export type DialledPhone = Pick<Schemas['BorrowerPhone'], 'number' | 'valid' | 'no_contact'> & {
  readonly deleted_at?: string | null
}

/**
 * Whether a phone record carries no sign against dialling it.
 *
 * `true` takes `valid: 1`, `no_contact: 0`, no `deleted_at` and a number of ten digits, with or without dashes. In
 * everything else, a missing field or a flag of another type included, the answer is `false`.
 *
 * One number can stand on several records, as in the vendor's own example, and one of them can speak against it. A single
 * record does not show that: for a list take {@link dialable}.
 *
 * What it cannot know: whose phone it is (an emergency contact's can be among them), whether the case or the address is
 * under a do-not-contact, whether the borrower asked for silence elsewhere, what the hour is where the phone rings, how
 * often it rang this week, or whether the record has changed since it was read. `true` is not a clearance to dial.
 *
 * @example
 * const { data } = await rc.borrowerPhones.get(ids)
 * if (!mayBeDialled(data)) return
 */
export function mayBeDialled(phone: DialledPhone | null | undefined): boolean {
  if (!phone || speaksAgainst(phone)) return false
  const { number, deleted_at = null } = phone
  return deleted_at === null && typeof number === 'string' && /^\d{3}-?\d{3}-?\d{4}$/.test(number)
}

/**
 * The records whose number carries no sign against dialling it, on any of the records; see {@link mayBeDialled} for what
 * that means, and for what it cannot know.
 *
 * @param phones all records, of all borrowers that may share numbers. What is taken out before (one type, one page)
 *   cannot speak against a number any more, so choose among the result.
 * @example
 * const { data } = await rc.borrowerPhones.list(ids)
 * const candidates = dialable(data).filter(({ type }) => type === 6)
 */
export function dialable<Phone extends DialledPhone>(phones: readonly Phone[]): Phone[] {
  const against = phones.filter(speaksAgainst).map((phone) => digits(phone?.number))
  const same = new Set(against)
  const longer = against.filter(({ length }) => length > 10)
  return phones.filter((phone) => {
    const number = digits(phone?.number)
    return mayBeDialled(phone) && !same.has(number) && !longer.some((other) => other.includes(number))
  })
}

function speaksAgainst(phone: DialledPhone | null | undefined): boolean {
  return phone?.valid !== 1 || phone.no_contact !== 0
}

/** What became of a create. */
export type CreateOutcome =
  | {
      readonly created: true
      readonly phone: Schemas['BorrowerPhone']
      /** The flags that were stored otherwise than sent. If there is one, treat the number as not to be dialled. */
      readonly contradicts: readonly string[]
    }
  /** It was not there when last looked at. */
  | { readonly created: false }
  /** Records that may be the created one. Let a person decide, or leave it: do not create again. */
  | { readonly created: 'unknown'; readonly candidates: readonly Schemas['BorrowerPhone'][] }

/** What {@link createOutcome} needs to know. */
export interface CreateAttempt {
  /** The ids that the create was called with. */
  ids: { order_id: number; borrower_id: number }
  /** The body that the create was called with. */
  body: Schemas['BorrowerPhoneCreate']
  /** What the create threw. */
  error: unknown
  /** The phones as they were listed before the create. Without them a match can be an older record. */
  before?: readonly Pick<Schemas['BorrowerPhone'], 'id'>[] | undefined
  /**
   * The pauses before each look, in milliseconds: a server that is slow can still be at work. Default:
   * `[0, 2000, 8000, 20_000]`, together half a minute, which is how long PHP lets a request run unless it is told
   * otherwise. `false` is the answer only after the last look.
   */
  pausesMs?: readonly number[] | undefined
  /** The options of the list calls. */
  options?: CallOptions | undefined
}

/**
 * Finds out whether a create was carried out whose answer was lost, so that it need not be sent again blindly.
 *
 * It lists the phones and compares. With `before` (list, then create), a new record that agrees with the body in every
 * field is the created one; if there is none, one that differs in its flags alone, and `contradicts` names them.
 *
 * `created: false` says that the API did not have it when it was last looked at; a server that is still at work can prove
 * that wrong, so keep the pauses longer than it takes. `'unknown'` is the answer where looking proves nothing as well: the
 * list is one page of several, or the number sent has no ten digits to compare.
 *
 * @throws {RecoveryConnectError} if listing fails, or `invalid_input` for an error that is not of this package.
 * @example
 * const { data: before } = await rc.borrowerPhones.list(ids)
 * const result = await rc.borrowerPhones.create(ids, body).result()
 * if (!result.ok) {
 *   const outcome = await createOutcome(rc.borrowerPhones, { ids, body, error: result.error, before })
 *   if (outcome.created === true) console.log('it is there:', outcome.phone.id, ...outcome.contradicts)
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
    throw invalidInput('error must be what the create threw', operation)
  if (error.kind === 'contradiction')
    return { created: true, phone: (error.body as Created).data, contradicts: error.fields }
  if (!error.mayHaveBeenCarriedOut) return { created: false }

  const sent = digits(body.number).replace(/^1(?=\d{10}$)/, '')
  const isComparable = sent.length === 10
  const canBeTold = before !== undefined && isComparable
  const older = new Set(before?.map(({ id }) => id))
  const progress = { operation, attempts: error.attempts, mayHaveBeenCarriedOut: true, settings: options }
  const pauses = pausesMs.length ? pausesMs : [0]
  for (const [look, ms] of pauses.entries()) {
    if (ms) await stage(progress, ms, 'total')
    const { data, links } = (await borrowerPhones.list(ids, options)) as PagedList
    const candidates = data.filter(
      ({ id, number }) => !older.has(id) && (!isComparable || digits(number).includes(sent)),
    )
    const compared = candidates.map((phone) => ({ phone, contradicts: differing(phone, body) }))
    const same = compared.filter(({ contradicts }) => contradicts.length === 0)
    const close = compared.filter(({ contradicts }) => contradicts.every((name) => flags.includes(name)))
    // Somebody else's record may come close while the server is still at work on ours.
    const isLast = look === pauses.length - 1
    if (canBeTold && same.length === 0 && close.length > 0 && !isLast) continue
    const [found, ...others] = same.length > 0 ? same : close
    if (canBeTold && found && others.length === 0) return { created: true, ...found }
    if (candidates.length || (links && links.next !== null)) return { created: 'unknown', candidates }
  }
  return { created: false }
}

const operation = 'createBorrowerPhone'
const flags = ['valid', 'no_contact']

type Created = Schemas['BorrowerPhoneResponse']

/** No paging is documented for this list; on the vendor's page about another one it looks like this, as in Laravel. */
type PagedList = Schemas['BorrowerPhoneList'] & { links?: { next?: unknown } | null }

/** Numbers come back with dashes in whichever form they were sent; a country or an extension may stand beside them. */
function digits(number: unknown): string {
  return String(number).replace(/\D/g, '')
}

/** The fields in which a record is not what the body holds. A server may trim text, or store an empty one as null. */
function differing(phone: Schemas['BorrowerPhone'], body: Schemas['BorrowerPhoneCreate']): string[] {
  const { number: _, ...fields } = body
  const plain = (value: unknown) => String(value ?? '').trim()
  return Object.entries(fields)
    .filter(
      ([name, value]) => value !== undefined && plain(value) !== plain(phone[name as keyof typeof fields]),
    )
    .map(([name]) => name)
}
