/** The situations in which the tests run the programs of the recipes. */
import type { ServerResponse } from 'node:http'
import { expect } from 'vitest'
import type { Phone } from './programs.ts'

/** By default, the last look of this program is after half a minute. */
export const impatient = 'handle-a-lost-response without pauses'

/** Other ways to write the number that the program marks do-not-contact. */
export const spellings = ['(678) 932.1578', '']

/** A mistake in each program that shows after the create: a text, and what replaces it. */
export const broken = 'handle-a-lost-response with a mistake'
export const mistakes: Record<string, [string, string]> = {
  curl: ['sleep "$pause"', 'false'],
  typescript: ['const attempt =', "throw new TypeError('SECRET')\n  const attempt ="],
  python: ['    try:\n        outcome', '    raise ValueError("SECRET")\n    try:\n        outcome'],
  java: [
    'TimeUnit.SECONDS',
    'if (before != null) throw new IllegalStateException("SECRET");\nTimeUnit.SECONDS',
  ],
  csharp: [
    'await Task.Delay',
    'if (before != null) throw new ArgumentException("SECRET");\nawait Task.Delay',
  ],
  php: ['sleep(', "throw new ValueError('SECRET');\nsleep("],
}

/** Other bodies of the create. The API accepts a number with dashes, but every program sends ten digits. */
export const withDashes = 'handle-a-lost-response with dashes'
export const withoutContact = 'handle-a-lost-response with no_contact: 1'

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

const blocked = '<html><h1>Request blocked</h1></html>'
const older = { ...record, number: '202-555-0100' }

/** The texts of the lists before and after a create that the API carries out, and what the program gets instead. */
export const carriedOut: { what: string; lists: [string, string]; response?: [number, string] }[] = [
  ...[401, 403, 422, 429].map((status) => ({
    what: `a gateway replaces the response with a ${status}`,
    lists: [listText(), listText(record)] as [string, string],
    response: [status, blocked] as [number, string],
  })),
  {
    what: 'the number is an object',
    lists: [listText(), listText({ ...record, number: { SECRET: 1 } })],
  },
  {
    what: 'two ids are the same number in JavaScript',
    lists: [
      listText({ ...older, id: 2 ** 53 }),
      listText({ ...older, id: 2 ** 53 }, record).replace('"id":1,', '"id":9007199254740993,'),
    ],
  },
  {
    what: 'records have no id',
    lists: [listText({ ...older, id: null }), listText({ ...older, id: null }, { ...record, id: null })],
  },
]

function listText(...data: object[]): string {
  return JSON.stringify({ data })
}

/** What a create can return with a 200 besides a record. */
export const withoutId = [
  { what: 'an empty record', data: {} },
  { what: 'a record without an id', data: { ...record, id: undefined } },
]

const marked = { ...record, number: '678-932-1578', no_contact: 1 }
const rejected = { message: 'SECRET', errors: { type: ['SECRET'] } }

/** Lists with the number, and the responses to an update. */
export const updates: {
  what: string
  ids: string[]
  respond: (id: string) => { status?: number; body: object | string }
  status: number
  marks: string[]
  /** The records to which an update may be sent. */
  sent: string[]
}[] = [
  {
    what: 'marks the other records if an update fails',
    ids: ['1', '2', '3'],
    respond: (id) =>
      id === '2' ? { status: 422, body: rejected } : { body: { data: { ...marked, id: Number(id) } } },
    status: 1,
    marks: ['1', '3'],
    sent: ['1', '2', '3'],
  },
  {
    what: 'fails if the response is about another record',
    ids: ['1'],
    respond: () => ({ body: { data: { ...marked, id: 77 } } }),
    status: 1,
    marks: [],
    sent: ['1'],
  },
  {
    what: 'fails if the response has another flag',
    ids: ['1', '2'],
    respond: (id) => ({ body: { data: { ...marked, id: Number(id), no_contact: id === '1' ? 0 : 1 } } }),
    status: 1,
    marks: ['2'],
    sent: ['1', '2'],
  },
  {
    what: "fails if the response's own status is an error",
    ids: ['1'],
    respond: () => ({ body: { data: marked, status: 'error' } }),
    status: 1,
    marks: [],
    sent: ['1'],
  },
  {
    what: 'marks records whose ids are texts',
    ids: ['"1"', '"2"'],
    respond: (id) => ({ body: { data: { ...marked, id }, status: 'success' } }),
    status: 0,
    marks: ['1', '2'],
    sent: ['1', '2'],
  },
  {
    what: 'marks the other records if a record has no id',
    ids: ['null', '2'],
    respond: (id) => ({ body: { data: { ...marked, id: id === '2' ? 2 : null } } }),
    status: 1,
    marks: ['2'],
    sent: ['2'],
  },
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
