/** Responses of another form. */
import {
  changeRecords,
  changeResponses,
  isCreate,
  isDelete,
  isGet,
  isList,
  isLogin,
  isWrite,
  json,
  omitField,
  type WrongServer,
} from './defect.ts'

const deleting = (body: unknown) => changeResponses(isDelete, () => json(200, body))

export const shape: WrongServer[] = [
  ['a list item lacks memo', 'responds-listBorrowerPhones', () => omitField(isList, 'memo')],
  ['a record lacks migration', 'responds-getBorrowerPhone', () => omitField(isGet, 'migration')],
  [
    'a new record lacks its address',
    'responds-createBorrowerPhone',
    () => omitField(isCreate, 'address_with_number'),
  ],
  [
    'ids are strings',
    'responds-listBorrowerPhones',
    () => changeRecords(isList, (one) => ({ ...one, id: String(one.id) })),
  ],
  [
    'valid is a boolean',
    'responds-getBorrowerPhone',
    () => changeRecords(isGet, (one) => ({ ...one, valid: one.valid === 1 })),
  ],
  [
    'no_contact is a string',
    'responds-listBorrowerPhones',
    () => changeRecords(isList, (one) => ({ ...one, no_contact: String(one.no_contact) })),
  ],
  [
    'numbers lose their area code',
    'agrees-with-list-getBorrowerPhone',
    () => changeRecords(isGet, (one) => ({ ...one, number: one.number.slice(4) })),
  ],
  [
    'timestamps are ISO 8601',
    'responds-getBorrowerPhone',
    () => changeRecords(isGet, (one) => ({ ...one, created_at: one.created_at.replace(' ', 'T') })),
  ],
  [
    'extensions come back as integers',
    'responds-createBorrowerPhone',
    () => changeRecords(isWrite, (one) => ({ ...one, extension: Number(one.extension) })),
  ],
  [
    "a type isn't an integer",
    'responds-getBorrowerPhone',
    () => changeRecords(isGet, (one) => ({ ...one, type: 0.5 })),
  ],
  [
    'a list has no envelope',
    'responds-listBorrowerPhones',
    () => changeResponses(isList, ({ body }) => json(200, body.data)),
  ],
  [
    'a record has no envelope',
    'responds-getBorrowerPhone',
    () => changeResponses(isGet, ({ body }) => json(200, body.data)),
  ],
  ['a deletion returns the record', 'responds-deleteBorrowerPhone', () => deleting({ data: { id: 1 } })],
  ['a deletion says success: 1', 'responds-deleteBorrowerPhone', () => deleting({ data: { success: 1 } })],
  [
    'a deletion says success: false',
    'responds-deleteBorrowerPhone',
    () => deleting({ data: { success: false } }),
  ],
  [
    'a token has no lifetime',
    'issues-token-createAccessToken',
    () => changeResponses(isLogin, ({ body: { expires_in: _, ...body } }) => json(200, body)),
  ],
  [
    'a token is of another type',
    'issues-token-createAccessToken',
    () => changeResponses(isLogin, ({ body }) => json(200, { ...body, token_type: 'bearer' })),
  ],
]
