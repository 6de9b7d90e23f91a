/** Finds out what a create did if its response was lost. */
import type { Call, CallOptions, Id } from './call.ts'
import { createInputError, RecoveryConnectError } from './errors.ts'
import { checkFields, checkValue, defaults, mergeSettings } from './input.ts'
import { compareNumbers, readNumber } from './numbers.ts'
import type { Schemas } from './operations.gen.ts'
import { runWithTimeout } from './transport.ts'

/** The outcome of a create. */
export type CreateOutcome =
  | {
      readonly created: true
      readonly phone: Schemas['BorrowerPhone']
      /** The flags that the API stored with a different value than you sent. If there are any, don't dial. */
      readonly contradicts: readonly string[]
    }
  /** The record wasn't there at the last look. */
  | { readonly created: false }
  /** Records that may be the created one. Let a person decide, and don't create the record again. */
  | { readonly created: 'unknown'; readonly candidates: readonly Schemas['BorrowerPhone'][] }

/** The argument of {@link createOutcome}. */
export interface CreateAttempt {
  /** The ids that you passed to the create. */
  ids: { order_id: Id; borrower_id: Id }
  /** The body that you passed to the create. */
  body: Schemas['BorrowerPhoneCreate']
  /** The error that the create threw. */
  error: unknown
  /** The phones that you listed before the create. Without them, a matching record may be an older one. */
  before?: readonly Pick<Schemas['BorrowerPhone'], 'id'>[] | null | undefined
  /**
   * The pause before each look, in milliseconds: 0 to 2,147,483,647. A slow server may still be working.
   * Default: `[0, 2000, 8000, 20_000]`, half a minute in total. That is our choice: the vendor documents no limit.
   * Until the last look, `createOutcome` returns only a record that matches in every field.
   */
  pausesMs?: readonly number[] | undefined
  /** Options for the list calls. */
  options?: CallOptions | undefined
}

/**
 * Finds out whether a create succeeded although its response was lost, so that you don't create a duplicate.
 *
 * It lists the phones and compares them with the body. With `before` (list, then create), a single new record that
 * matches in every field is the created one. If none matches, and the only new record that can have the number differs
 * only in its flags, that record is the created one. `contradicts` then names these flags.
 *
 * `created: false` means that the record wasn't there at the last look. A server that is still working can create it
 * later, so choose pauses that are longer than the server needs. `'unknown'` can also mean that the list proves
 * nothing: it's one page of several, or your number or that of a new record can't be compared.
 *
 * @throws {RecoveryConnectError} if listing fails, or `invalid_input` if `error` isn't from a create or a pause is
 *   invalid.
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
    list(ids: CreateAttempt['ids'], options?: CallOptions): Call<PhoneList>
  },
  attempt: CreateAttempt,
): Promise<CreateOutcome> {
  checkAttempt(attempt)
  const { ids, error, pausesMs = [0, 2000, 8000, 20_000], options = {} } = attempt
  if (!(error instanceof RecoveryConnectError) || error.operation !== operation)
    throw createInputError('error must be the error that the create threw')
  if (error.kind === 'contradiction')
    return { created: true, phone: (error.body as Created).data, contradicts: error.fields }
  if (!error.mayHaveBeenCarriedOut) return { created: false }

  const progress = { operation, attempts: error.attempts, mayHaveBeenCarriedOut: true, settings: options }
  let outcome: CreateOutcome = { created: false }
  for (const ms of pausesMs.length ? pausesMs : [0]) {
    if (ms) await runWithTimeout(progress, ms)
    const result = await borrowerPhones.list(ids, options).result()
    if (!result.ok && result.error.kind !== 'incomplete_list') throw result.error
    const { data } = result.ok ? result.data : (result.error.body as PhoneList)
    const candidates = findCandidates(data, attempt)
    if (!result.ok) return { created: 'unknown', candidates }
    outcome = chooseOutcome(candidates, attempt)
    // While the server may still be working on this create, a record that differs in its flags may be someone else's.
    if (outcome.created === true && outcome.contradicts.length === 0) break
  }
  return outcome
}

/** Its errors name no operation. Otherwise, a caller could pass one back as the error of a create that wasn't sent. */
function checkAttempt(attempt: CreateAttempt): void {
  const before = attempt?.before === null ? 'any' : 'Array'
  const fields = {
    ids: 'object',
    body: 'object',
    error: 'object',
    before,
    pausesMs: 'Array',
    options: 'object',
  } as const
  checkFields('the argument', attempt, fields)
  for (const ms of attempt.pausesMs ?? []) checkValue('pausesMs', ms ?? null, 'ms')
  mergeSettings(attempt.options ?? {}, defaults)
  if (!attempt.body) throw createInputError('body must be the body that you passed to the create')
}

const operation = 'createBorrowerPhone'
const flags = ['valid', 'no_contact']

type Phone = Schemas['BorrowerPhone']
type PhoneList = Schemas['BorrowerPhoneList']
type Created = Schemas['BorrowerPhoneResponse']

/** Finds the new records that may have the number of the create. */
function findCandidates(phones: readonly Phone[], { body, before }: CreateAttempt): Phone[] {
  const sent = readNumber(body.number)
  const older = new Set(before?.map(readId))
  return phones.filter((phone) => {
    const id = readId(phone)
    return !(id && older.has(id)) && compareNumbers(sent, readNumber(phone?.number)) !== 'different'
  })
}

/** Returns the id as text, or an empty text for a record without one, which may be new or old. */
function readId(phone: Pick<Phone, 'id'> | null | undefined): string {
  return String(phone?.id ?? '')
}

function chooseOutcome(candidates: readonly Phone[], { body, before }: CreateAttempt): CreateOutcome {
  if (candidates.length === 0) return { created: false }
  const sent = readNumber(body.number)
  const compared = candidates
    .filter((phone) => before && readId(phone) && sent?.length === 10 && readNumber(phone.number) === sent)
    .map((phone) => ({ phone, contradicts: findDifferences(phone, body) }))
  const same = compared.filter(({ contradicts }) => contradicts.length === 0)
  const close = compared.filter(({ contradicts }) => contradicts.every((name) => flags.includes(name)))
  const found = same[0] ?? close[0]
  const isOnly = same.length === 1 || candidates.length === 1
  return found && isOnly ? { created: true, ...found } : { created: 'unknown', candidates }
}

/** Finds the fields in which a record differs from the body. A server may trim text, or store an empty one as null. */
function findDifferences(phone: Phone, body: CreateAttempt['body']): string[] {
  const { number: _, ...fields } = body
  const normalize = (value: unknown) => String(value ?? '').trim()
  return Object.entries(fields)
    .filter(
      ([name, value]) =>
        value !== undefined && normalize(value) !== normalize(phone[name as keyof typeof fields]),
    )
    .map(([name]) => name)
}
