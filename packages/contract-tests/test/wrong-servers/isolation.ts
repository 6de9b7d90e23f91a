/** One borrower sees or changes what belongs to another. */
import {
  changeRequests,
  changeResponses,
  isDelete,
  isGet,
  isList,
  isUpdate,
  json,
  type WrongServer,
} from './defect.ts'

const theirs = '/orders/57073907/borrowers/124943338/'
const mine = '/orders/57062885/borrowers/124927241/'

/** Runs requests for the second borrower on the records of the first. */
const mixedUp = (which: typeof isGet) =>
  changeRequests(which, ({ path }) => ({ path: path.replace(theirs, mine) }))

export const isolation: WrongServer[] = [
  ['another borrower’s phone is visible', 'keeps-to-its-borrower-getBorrowerPhone', () => mixedUp(isGet)],
  [
    'another borrower’s phone can be deleted',
    'keeps-to-its-borrower-updateBorrowerPhone',
    () => mixedUp(isDelete),
  ],
  [
    'another borrower’s phone can be changed',
    'keeps-to-its-borrower-updateBorrowerPhone',
    () => mixedUp(isUpdate),
  ],
  [
    'another borrower gets the list of the first',
    'shows-one-borrower-listBorrowerPhones',
    () => mixedUp(isList),
  ],
  [
    'the order in the path does not matter',
    'keeps-to-its-borrower-getBorrowerPhone',
    () => changeRequests(isGet, ({ path }) => ({ path: path.replace('/57073907/', '/57062885/') })),
  ],
  [
    'get accepts any order',
    'unknown-order_id-is-404-getBorrowerPhone',
    () =>
      changeRequests(isGet, ({ path }) => ({ path: path.replace(/orders\/9\d{15}\//, 'orders/57062885/') })),
  ],
  [
    'list accepts any order',
    'needs-matching-ids-listBorrowerPhones',
    () =>
      changeRequests(isList, ({ path }) => ({
        path: path.replace('/57073907/borrowers/124927241/', '/57062885/borrowers/124927241/'),
      })),
  ],
  [
    'an empty list is 404',
    'may-be-empty-listBorrowerPhones',
    () =>
      changeResponses(isList, (all) =>
        all.body.data.length === 0 ? json(404, { message: 'Not found.' }) : all,
      ),
  ],
]
