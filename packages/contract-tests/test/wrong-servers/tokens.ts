/** Tokens that are not looked at, or not well enough. */
import {
  always,
  asked,
  type Defect,
  instead,
  isCreate,
  isDelete,
  isGet,
  isList,
  isUpdate,
  json,
  type Request,
  refused,
  type WrongServer,
  withToken,
} from './defect.ts'

const unchecked = (which: (request: Request) => boolean): Defect => asked(which, withToken)
const loginPage = { status: 302, headers: { location: '/login' }, body: undefined }

export const tokens: WrongServer[] = [
  ['no check of the token', 'token-needed-listBorrowerPhones', () => unchecked(always)],
  ['no check of the token on get', 'token-needed-getBorrowerPhone', () => unchecked(isGet)],
  ['no check of the token on create', 'token-needed-createBorrowerPhone', () => unchecked(isCreate)],
  ['no check of the token on update', 'token-needed-updateBorrowerPhone', () => unchecked(isUpdate)],
  ['no check of the token on delete', 'token-needed-deleteBorrowerPhone', () => unchecked(isDelete)],
  [
    'a missing token is 403',
    'token-needed-listBorrowerPhones',
    () => refused(401, (all) => ({ ...all, status: 403 })),
  ],
  [
    'a missing token leads to a login page',
    'token-needed-listBorrowerPhones',
    () => refused(401, () => loginPage),
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
    ([name, promise, which]): WrongServer => [
      `an impossible token is accepted on ${name}`,
      promise,
      () => unchecked((request) => which(request) && request.headers.authorization?.includes(',') === true),
    ],
  ),
  [
    'the scheme counts in one spelling alone',
    'scheme-in-any-case',
    () =>
      instead(
        ({ headers }) => headers.authorization?.startsWith('bearer') === true,
        json(401, { message: 'Unauthenticated.' }),
      ),
  ],
  [
    'an update is carried out, then refused',
    'token-needed-updateBorrowerPhone',
    () => async (request, next) => {
      const answer = await next(request)
      if (answer.status === 401 && isUpdate(request)) await next({ ...request, ...withToken(request) })
      return answer
    },
  ],
  [
    'a token that was issued opens nothing',
    'issued-token-opens',
    () =>
      instead(
        ({ headers }) => headers.authorization?.endsWith('.sandbox') === true,
        json(401, { message: 'Unauthenticated.' }),
      ),
  ],
]
