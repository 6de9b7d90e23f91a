/** Tokens that aren't checked, or not well enough. */
import {
  always,
  changeErrors,
  changeRequests,
  type Defect,
  isCreate,
  isDelete,
  isGet,
  isList,
  isUpdate,
  json,
  type Request,
  respondInstead,
  type WrongServer,
  withToken,
} from './defect.ts'

const unchecked = (which: (request: Request) => boolean): Defect => changeRequests(which, withToken)
const loginPage = { status: 302, headers: { location: '/login' }, body: undefined }

export const tokens: WrongServer[] = [
  ['no check of the token', 'token-needed-listBorrowerPhones', () => unchecked(always)],
  [
    'a missing token is 403',
    'token-needed-listBorrowerPhones',
    () => changeErrors(401, (all) => ({ ...all, status: 403 })),
  ],
  [
    'a missing token redirects to a login page',
    'token-needed-listBorrowerPhones',
    () => changeErrors(401, () => loginPage),
  ],
  [
    'another scheme counts as a token',
    'token-needed-listBorrowerPhones',
    () => unchecked(({ headers }) => headers.authorization?.startsWith('Basic') === true),
  ],
  ...(
    [
      ['list', 'token-needed-listBorrowerPhones', isList],
      ['get', 'token-needed-getBorrowerPhone', isGet],
      ['create', 'token-needed-createBorrowerPhone', isCreate],
      ['update', 'token-needed-updateBorrowerPhone', isUpdate],
      ['delete', 'token-needed-deleteBorrowerPhone', isDelete],
    ] as const
  ).map(
    ([name, check, which]): WrongServer => [
      `an impossible token is accepted on ${name}`,
      check,
      () => unchecked((request) => which(request) && request.headers.authorization?.includes(',') === true),
    ],
  ),
  [
    'any well-formed token is accepted',
    'token-needed-listBorrowers',
    () => unchecked(({ headers }) => /^Bearer [\w.~+/-]+=*$/.test(headers.authorization ?? '')),
  ],
  [
    'only one spelling of the scheme is accepted',
    'scheme-in-any-case-listBorrowerPhones',
    () =>
      respondInstead(
        ({ headers }) => headers.authorization?.startsWith('bearer') === true,
        json(401, { message: 'Unauthenticated.' }),
      ),
  ],
  [
    'an update without a token is stored, then rejected',
    'token-needed-updateBorrowerPhone',
    () => async (request, next) => {
      const response = await next(request)
      if (response.status === 401 && isUpdate(request)) await next({ ...request, ...withToken(request) })
      return response
    },
  ],
  [
    'an issued token is rejected',
    'issued-token-is-accepted-createAccessToken',
    () =>
      respondInstead(
        ({ headers }) => headers.authorization?.endsWith('.sandbox') === true,
        json(401, { message: 'Unauthenticated.' }),
      ),
  ],
]
