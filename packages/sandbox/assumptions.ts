/**
 * The one table of what the sandbox refuses although the contract allows it, and of what it does although nobody
 * documents it. The README shows it; the property test knows of no other refusal.
 */
export interface Assumption {
  /** As the README says it. */
  text: string
  /** The tag of the operations whose bodies it refuses. */
  of?: string
  /** The status that a body is refused with, if it is refused for this. Absent where nothing is refused. */
  refuses?: (body: Record<string, unknown>) => number | undefined
}

const failing: Record<string, number> = {
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

const phones = 'Borrower Phones'

export const assumptions: Assumption[] = [
  {
    text: '`number` is ten digits, with dashes (`202-555-0143`) or without; anything else is 422. It comes back with dashes.',
    of: phones,
    refuses: ({ number }) => (number === undefined || isNumber(number) ? undefined : 422),
  },
  {
    text: '`type` and `mobile_carrier_id` are positive integers below 2^53; anything else is 422.',
    of: phones,
    refuses: ({ type, mobile_carrier_id: carrier }) =>
      (type === undefined || isTypeId(type)) &&
      (carrier === undefined || carrier === null || isTypeId(carrier))
        ? undefined
        : 422,
  },
  {
    text: 'The numbers `000-555-01NN` fail on demand, see above.',
    of: phones,
    refuses: ({ number }) =>
      isNumber(number) && number.replaceAll('-', '').startsWith('00055501')
        ? failing[number.slice(-2)]
        : undefined,
  },
  {
    text: 'Ids are positive integers below 2^53; any other is 404. Ids from 401 to 503 that are a documented status fail with it.',
  },
  { text: 'A record that is unknown or deleted, and ids that do not belong together, are 404.' },
  {
    text: 'A body must come as `application/json` in UTF-8 and be a JSON object; anything else is 422 under the field `body`.',
  },
  { text: 'A body beyond 64 KiB is 413.' },
  {
    text: 'A token is what RFC 6750 allows after `Bearer`; any such token is accepted, except the ones above.',
  },
  {
    text: 'The authentication call accepts every name and password but the password `wrong`; older tokens stay valid until they expire, after 3600 seconds.',
    of: 'Authentication',
    refuses: ({ password }) => (password === 'wrong' ? 401 : undefined),
  },
  {
    text: 'The order of refusals: path (404), method (405), token (401, 429), ids (404), body (413, 422), `Prefer`, then what the world holds (404, 422).',
  },
  {
    text: 'A create that leaves out `valid` or `no_contact` stores 1 and 0; other fields that are left out are null.',
  },
  { text: 'A field that is sent as null becomes null; an empty string stays an empty string.' },
  {
    text: 'An update that changes nothing, an empty one for instance, succeeds and leaves `updated_at` as it is.',
  },
  { text: 'Timestamps are UTC.' },
  { text: 'A list is sorted by ascending id; deleted records are not in it.' },
  { text: 'Fields that the contract does not know are ignored, with a warning.' },
  { text: '`meta` is absent, `deleted_at` and `migration` are null, `address_with_number` is "No address".' },
]
