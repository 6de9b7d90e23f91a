/** The situations in which the tests run the programs of the recipes. */
import type { ServerResponse } from 'node:http'
import { expect } from 'vitest'
import type { Phone } from './programs.ts'

/** By default, the last look of this program is after half a minute. */
export const impatient = 'handle-a-lost-response without pauses'

/** Other ways to write the number that the program marks do-not-contact. */
export const spellings = ['(678) 932.1578', '']

/** The number that the programs create. */
export const number = '202-555-0143'

/** The number as it's in the lists, in place of its digits. */
export const dashed = 'create-without-duplicates with dashes'

export const borrower = 124927241

/** A record whose contents no program may print. */
export const record = {
  id: 1,
  type: 6,
  number,
  valid: 1,
  no_contact: 0,
  memo: 'SECRET memo',
  first_name: 'SECRET',
  birthday: '1970-01-01',
}
export const secrets = /SECRET|202-555|1970|sample-|access-token/
export const login = { access_token: 'access-token', expires_in: 3600, token_type: 'Bearer' }
export const stackTrace = /^\s+at |Traceback|Fatal error|Warning|Unhandled/m

/** Responses from which a program can't tell which numbers not to dial. */
export const unusable: { what: string; respond: (response: ServerResponse) => void; says: RegExp }[] = [
  {
    what: 'names the fields of a list that may be one page of several',
    respond: (response) =>
      response.end(JSON.stringify({ data: [record], links: { next: 'https://example.com/?page=2' } })),
    says: /one page of several/,
  },
  {
    what: 'prints the status of an error, and not its body',
    respond: (response) => {
      response.statusCode = 403
      response.end(JSON.stringify({ message: record.memo, data: [record] }))
    },
    says: /\b403\b/,
  },
  {
    what: "prints a line if a list isn't one",
    respond: (response) => response.end(JSON.stringify({ data: record.memo })),
    says: /\bdata\b|ClassCast|cast/i,
  },
]

/** Phones that have the number of the create, but not its flags. */
export const storedOtherwise = [
  {
    what: 'fails if the number is stored with other flags',
    phones: [{ number, valid: 0 as const }],
  },
  {
    what: 'fails if one of two records with the number has other flags',
    phones: [{ number, no_contact: 1 as const }, number],
  },
]

/** Records that have the number of the create and its flags. */
export const mayBeDeleted = [
  {
    what: "takes a record that isn't deleted for stored",
    deleted_at: null,
    outcome: { status: 0, stdout: 'stored already as 1\n', stderr: '' },
  },
  {
    what: "doesn't take a deleted record for stored, and stores nothing",
    deleted_at: '2026-03-08 10:00:00',
    outcome: { status: 1, stdout: '', stderr: expect.stringMatching(/^Check by hand.*: 1$/m) },
  },
]

/** What a login can return with a 200 besides a token. */
export const withoutToken = [{ expires_in: 3600 }, { access_token: null, expires_in: 3600 }]

/** The lists that a server returns before and after a create whose response is lost. The last one repeats. */
export const lookUps: { what: string; lists: unknown[]; status: number; says: RegExp; creates?: number }[] = [
  {
    what: "doesn't take a record with other flags for its own",
    lists: [{ data: [] }, { data: [{ ...record, no_contact: 1 }] }],
    status: 2,
    says: /A person has to decide.*\b1\b|Don't dial.*\b1\b/,
  },
  {
    what: "doesn't say that the record can be created again if the look-up fails, too",
    lists: [{ data: [] }, undefined],
    status: 2,
    says: /unknown.*List the phones/s,
  },
  {
    what: "doesn't take one page for the whole list in the look-up",
    lists: [{ data: [] }, { data: [], links: { next: 'https://example.com/?page=2' } }],
    status: 2,
    says: /unknown.*one page of several/s,
  },
  {
    what: "doesn't take a text for a list in the look-up",
    lists: [{ data: [] }, { data: 'SECRET' }],
    status: 2,
    says: /unknown.*List the phones/s,
  },
  {
    what: "doesn't take what isn't a record for nothing in the look-up",
    lists: [{ data: [] }, { data: ['SECRET', null, {}] }],
    status: 2,
    says: /unknown.*List the phones|A person has to decide/s,
  },
  {
    what: 'sends nothing if the first list fails',
    lists: [undefined],
    status: 1,
    says: /Nothing was sent/,
    creates: 0,
  },
]

/** What a create can return with a 200 besides a record. */
export const withoutId = [
  { what: 'an empty record', data: {} },
  { what: 'a record without an id', data: { ...record, id: undefined } },
]

interface LostResponse {
  what: string
  seed?: object
  fault?: object
  program?: string
  /** The exit code. */
  status: number
  says: RegExp
}

export const lostResponses: LostResponse[] = [
  { what: 'says where the record is if nothing is lost', status: 0, says: /^stored as \d+$/m },
  {
    what: 'finds the record if the response is lost',
    fault: { connection: 'drop-response' },
    status: 0,
    says: /^stored as \d+$/m,
  },
  {
    what: 'finds the record if half of the response is lost',
    fault: { connection: 'cut' },
    status: 0,
    says: /^stored as \d+$/m,
  },
  {
    what: "doesn't take an older record for the lost one",
    seed: seedOf([number]),
    fault: { connection: 'drop' },
    program: impatient,
    status: 3,
    says: /^Not stored/m,
  },
  {
    what: "doesn't create the record again after a 500",
    fault: { status: 500 },
    program: impatient,
    status: 3,
    says: /^Not stored/m,
  },
  {
    what: 'says that nothing was stored after a 422',
    fault: { status: 422 },
    status: 1,
    says: /Nothing was stored.*422/,
  },
]

/** Returns a seed in which one borrower has these phones. */
export function seedOf(phones: (string | Partial<Phone>)[]): object {
  return {
    orders: [{ order_id: 57062885, borrowers: [{ borrower_id: borrower, phones: phones.map(toPhone) }] }],
  }
}

export function toPhone(phone: string | Partial<Phone>): object {
  return { type: 6, ...(typeof phone === 'string' ? { number: phone } : phone) }
}
