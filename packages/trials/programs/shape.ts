/** What each program finds, whichever generator it uses. */
export interface Findings {
  /** From the order to its borrowers, and to their phones and addresses. */
  numbers: string[]
  created: string
  read: string
  updated: 0 | 1
  deleted: boolean
  /** The status of a get after the delete. */
  gone: number | undefined
}

export const account = { username: 'example-user', password: 'example-password' }
export const order = { order_id: 57062885 }
export const borrower = { ...order, borrower_id: 124927241 }

/** What a program finds in a sandbox that has just started. */
export const expected: Findings = {
  numbers: ['678-932-1578', '887-213-6744'],
  created: '202-555-0143',
  read: '202-555-0143',
  updated: 1,
  deleted: true,
  gone: 404,
}

interface Person {
  is_deceased: 0 | 1
  active_military: 0 | 1
  bankruptcy?: unknown
}

interface Phone {
  number: string
  valid: 0 | 1
  no_contact: 0 | 1
}

/** Finds the numbers that no record rules out. The parameters have the types that a generator must find. */
export function findNumbers(person: Person, addresses: { no_contact: 0 | 1 }[], phones: Phone[]): string[] {
  const { is_deceased, active_military, bankruptcy } = person
  if (is_deceased || active_military || bankruptcy || addresses.some(({ no_contact }) => no_contact))
    return []
  const objections = phones
    .filter(({ valid, no_contact }) => !valid || no_contact)
    .map(({ number }) => number)
  return phones.map(({ number }) => number).filter((number) => !objections.includes(number))
}
