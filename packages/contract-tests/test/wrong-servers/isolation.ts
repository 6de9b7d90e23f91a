/** One borrower sees or changes what belongs to another. */
import { answered, asked, isDelete, isGet, isList, isUpdate, json, type WrongServer } from './defect.ts'

const theirs = '/orders/57062886/borrowers/124927242/'
const mine = '/orders/57062885/borrowers/124927241/'

/** Carries out under the first borrower what was asked under the second. */
const mixedUp = (which: typeof isGet) => asked(which, ({ path }) => ({ path: path.replace(theirs, mine) }))

export const isolation: WrongServer[] = [
  ['another borrower’s phone is visible', 'phone-stays-with-its-borrower', () => mixedUp(isGet)],
  ['another borrower’s phone can be deleted', 'write-stays-with-its-borrower', () => mixedUp(isDelete)],
  ['another borrower’s phone can be changed', 'write-stays-with-its-borrower', () => mixedUp(isUpdate)],
  ['another borrower’s list is mine', 'list-shows-one-borrower', () => mixedUp(isList)],
  [
    'the order in the path does not matter',
    'phone-stays-with-its-borrower',
    () => asked(isGet, ({ path }) => ({ path: path.replace('/57062886/', '/57062885/') })),
  ],
  [
    'any order will do for a get',
    'phone-needs-its-own-path',
    () => asked(isGet, ({ path }) => ({ path: path.replace(/orders\/9\d{15}\//, 'orders/57062885/') })),
  ],
  [
    'any order will do for a list',
    'list-needs-ids-that-belong-together',
    () =>
      asked(isList, ({ path }) => ({
        path: path.replace('/57062886/borrowers/124927241/', '/57062885/borrowers/124927241/'),
      })),
  ],
  [
    'an empty list is 404',
    'empty-list',
    () =>
      answered(isList, (all) => (all.body.data.length === 0 ? json(404, { message: 'Not found.' }) : all)),
  ],
]
