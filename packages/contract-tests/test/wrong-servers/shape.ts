/** Answers of another shape. */
import {
  answered,
  isCreate,
  isDelete,
  isGet,
  isList,
  isLogin,
  isWrite,
  json,
  lacking,
  records,
  type WrongServer,
} from './defect.ts'

const deleting = (body: unknown) => answered(isDelete, () => json(200, body))

export const shape: WrongServer[] = [
  ['a list item lacks memo', 'list-answers', () => lacking(isList, 'memo')],
  ['a record lacks migration', 'get-answers', () => lacking(isGet, 'migration')],
  ['a new record lacks its address', 'create-answers', () => lacking(isCreate, 'address_with_number')],
  ['ids are strings', 'list-answers', () => records(isList, (one) => ({ ...one, id: String(one.id) }))],
  ['valid is a boolean', 'get-answers', () => records(isGet, (one) => ({ ...one, valid: one.valid === 1 }))],
  [
    'no_contact is a string',
    'list-answers',
    () => records(isList, (one) => ({ ...one, no_contact: String(one.no_contact) })),
  ],
  [
    'numbers come without dashes',
    'get-answers',
    () => records(isGet, (one) => ({ ...one, number: one.number.replaceAll('-', '') })),
  ],
  [
    'timestamps are ISO 8601',
    'get-answers',
    () => records(isGet, (one) => ({ ...one, created_at: one.created_at.replace(' ', 'T') })),
  ],
  [
    'extensions come back as integers',
    'create-answers',
    () => records(isWrite, (one) => ({ ...one, extension: Number(one.extension) })),
  ],
  ['a type is no integer', 'get-answers', () => records(isGet, (one) => ({ ...one, type: 0.5 }))],
  ['a list has no envelope', 'list-answers', () => answered(isList, ({ body }) => json(200, body.data))],
  ['a record has no envelope', 'get-answers', () => answered(isGet, ({ body }) => json(200, body.data))],
  ['a deletion answers with the record', 'delete-answers', () => deleting({ data: { id: 1 } })],
  ['a deletion says success: 1', 'delete-answers', () => deleting({ data: { success: 1 } })],
  ['a deletion says success: false', 'delete-answers', () => deleting({ data: { success: false } })],
  [
    'a token has no lifetime',
    'token-is-issued',
    () => answered(isLogin, ({ body: { expires_in: _, ...body } }) => json(200, body)),
  ],
  [
    'a token is of another type',
    'token-is-issued',
    () => answered(isLogin, ({ body }) => json(200, { ...body, token_type: 'bearer' })),
  ],
]
