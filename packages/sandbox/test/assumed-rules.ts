/**
 * The behavior of the sandbox that the vendor doesn't document. The README shows this list.
 *
 * The code in `src/` is the rule. `rejects` states it a second time, in the words of the list, and
 * `property.test.ts` compares the two: the sandbox rejects what the contract or this list rejects, and nothing else.
 */
export interface Assumption {
  /** As in the README. */
  text: string
  /** The resource whose bodies it rejects. */
  resource?: string
  /** The status for a body that the assumption rejects; undefined for any other body. */
  rejects?: (body: Record<string, unknown>) => number | undefined
}

const failingNumbers: Record<string, number> = {
  '01': 401,
  '03': 403,
  '04': 404,
  22: 422,
  29: 429,
  50: 500,
  53: 503,
}
const isNumber = (value: unknown): value is string =>
  typeof value === 'string' && /^(\d{10}|\d{3}-\d{3}-\d{4})$/.test(value)
const isTypeId = (value: unknown) => Number.isSafeInteger(value) && (value as number) > 0

const resource = 'borrowerPhones'

export const assumptions: Assumption[] = [
  {
    text: 'In a request, `number` is ten digits, with dashes (`202-555-0143`) or without. Anything else is a 422. Responses have the dashes. In a world file, `number` is any string, and responses have it unchanged unless it is ten digits.',
    resource,
    rejects: ({ number }) => (number === undefined || isNumber(number) ? undefined : 422),
  },
  {
    text: '`type` and `mobile_carrier_id` are positive integers below 2^53. Anything else is a 422.',
    resource,
    rejects: ({ type, mobile_carrier_id: carrier }) =>
      (type === undefined || isTypeId(type)) &&
      (carrier === undefined || carrier === null || isTypeId(carrier))
        ? undefined
        : 422,
  },
  {
    text: 'The numbers `000-555-01NN` fail on demand, as described above.',
    resource,
    rejects: ({ number }) =>
      isNumber(number) && number.replaceAll('-', '').startsWith('00055501')
        ? failingNumbers[number.slice(-2)]
        : undefined,
  },
  {
    text: 'Ids are positive integers below 2^53. Any other id is a 404. An id from 401 to 503 that is a documented status fails with that status.',
  },
  { text: "Unknown records, deleted records, and ids that don't belong together are a 404." },
  {
    text: 'A body must be a JSON object in UTF-8, sent as `application/json`. Anything else, or no body, is a 422 with the reason under the field `body`.',
  },
  { text: 'A body larger than 64 KiB is a 413.' },
  {
    text: 'A token is any text that RFC 6750 allows after `Bearer`. Every token is accepted, except those listed above, unless `--tokens issued` is set.',
  },
  {
    text: 'The authentication call accepts every name and password, except the password `wrong`. Earlier tokens stay valid until they expire after 3600 seconds.',
    resource: 'authentication',
    rejects: ({ password }) => (password === 'wrong' ? 401 : undefined),
  },
  {
    text: 'Checks run in this order: path (404), method (405), token (401, 429), ids (404), body (413, 422), `Prefer`, and then the world (404, 422).',
  },
  {
    text: 'A create without `valid` or `no_contact` stores 1 and 0. Other fields that are left out are null.',
  },
  { text: 'A field sent as null becomes null. An empty string stays an empty string.' },
  {
    text: "An update that changes nothing, such as an empty object, succeeds and doesn't change `updated_at`.",
  },
  { text: 'Timestamps are in UTC.' },
  { text: 'Lists are sorted by ascending id and leave out deleted records.' },
  {
    text: 'With `--page-size`, `?page=2` returns the second page of a list. The form of `links` and `meta` is that of another list of the vendor (support article 66000535049).',
  },
  {
    text: '`HEAD` has the response of `GET` without its body. `OPTIONS` needs no token and is a 204 with the supported methods in `Allow`.',
  },
  { text: 'Query parameters are ignored with a warning.' },
  { text: "Fields that the contract doesn't know are ignored with a warning." },
  {
    text: '`meta` is absent, `deleted_at` and `migration` are null, and `address_with_number` is "No address".',
  },
  { text: "The `phones` of a borrower in a response are always an empty list, as in the vendor's sample." },
  {
    text: "Fields of a borrower or an address that a world file leaves out have the values of the vendor's sample. `parent_id`, `person_id`, and `address_id` are the record's own id.",
  },
  {
    text: "Some values of the seed are invented: the first name of borrower 124941995, and the fields of borrower 124943338 except the ids. That borrower's phone 39317580 is invented, too. The `updated_at` of address 219114268 is its `created_at`.",
  },
]
