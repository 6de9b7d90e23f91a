/** Servers that store something other than what was sent. */
import {
  type Body,
  changeBodies,
  changeRecords,
  changeRequests,
  changeResponses,
  type Defect,
  isCreate,
  isGet,
  isList,
  isUpdate,
  isWrite,
  json,
  respondInstead,
  type ServerResponse,
  type WrongServer,
} from './defect.ts'

const succeeded = ({ status }: ServerResponse) => status === 200

export const memory: WrongServer[] = [
  [
    'an update clears absent fields',
    'stores-type-updateBorrowerPhone',
    () => changeBodies(isUpdate, (body) => ({ extension: null, mobile_carrier_id: null, ...body })),
  ],
  [
    'an update resets no_contact',
    'stores-memo-updateBorrowerPhone',
    () => changeBodies(isUpdate, (body) => ({ no_contact: 0, ...body })),
  ],
  ['an update is confirmed but not stored', 'stores-extension-updateBorrowerPhone', unstored],
  [
    'an update ignores the memo',
    'stores-memo-updateBorrowerPhone',
    () => changeBodies(isUpdate, ({ memo: _, ...body }) => body),
  ],
  [
    'an update changes created_at',
    'stores-valid-updateBorrowerPhone',
    () => changeRecords(isUpdate, (one) => ({ ...one, created_at: '2001-01-01 00:00:00' })),
  ],
  [
    'an update sets updated_at back',
    'stores-valid-updateBorrowerPhone',
    () =>
      changeRecords(isGet, (one) => ({
        ...one,
        ...(one.valid === 0 && { updated_at: '2001-01-01 00:00:00' }),
      })),
  ],
  [
    'the same update twice counts twice',
    'is-idempotent-updateBorrowerPhone',
    () => {
      let last: unknown
      return changeRequests(isUpdate, ({ path, body }) => {
        const isAgain = JSON.stringify([path, body]) === last
        last = JSON.stringify([path, body])
        return { body: isAgain ? { ...body, extension: '2' } : body }
      })
    },
  ],
  [
    'a delete deletes nothing',
    'deleted-is-404-getBorrowerPhone',
    () =>
      respondInstead(
        ({ method, path, headers }) =>
          method === 'DELETE' && /\d$/.test(path) && headers.authorization !== undefined,
        json(200, { data: { success: true } }),
      ),
  ],
  [
    "a new record isn't in the list",
    'lists-new-record-listBorrowerPhones',
    () =>
      changeResponses(isList, ({ body }) =>
        json(200, { data: body.data.filter(({ id }: Body) => id < 39317581) }),
      ),
  ],
  [
    'the list shows old values',
    'lists-updated-record-listBorrowerPhones',
    () => changeRecords(isList, (one) => ({ ...one, ...(one.extension === '0044' && { extension: '22' }) })),
  ],
  [
    'a create with a known number returns the first record',
    'accepts-the-same-number-twice-createBorrowerPhone',
    deduplicating,
  ],
  [
    'extensions lose leading zeros',
    'stores-extension-createBorrowerPhone',
    () =>
      changeRecords(isWrite, (one) => ({
        ...one,
        extension: one.extension?.replace(/^0+(?=.)/, '') ?? null,
      })),
  ],
  [
    'memos are escaped for HTML',
    'stores-memo-createBorrowerPhone',
    () => changeRecords(isGet, (one) => ({ ...one, memo: one.memo?.replaceAll('<', '&lt;') ?? null })),
  ],
  ...Object.entries({
    'a create cuts a memo': changeBodies(isCreate, cutMemo),
    'a get cuts a memo': changeRecords(isGet, cutMemo),
    'a list cuts a memo': changeRecords(isList, cutMemo),
  }).map(([name, defect]): WrongServer => [name, 'keeps-long-memo-createBorrowerPhone', () => defect]),
  [
    'no_contact: 1 is stored as 0',
    'stores-no_contact-createBorrowerPhone',
    () => changeBodies(isCreate, (body) => ({ ...body, ...(body.no_contact === 1 && { no_contact: 0 }) })),
  ],
  [
    'no_contact: 0 is stored as 1',
    'stores-any-no_contact-updateBorrowerPhone',
    () => changeBodies(isWrite, (body) => ({ ...body, ...(body.no_contact === 0 && { no_contact: 1 }) })),
  ],
  [
    'valid: 0 is stored as 1',
    'stores-valid-createBorrowerPhone',
    () => changeBodies(isCreate, (body) => ({ ...body, ...(body.valid === 0 && { valid: 1 }) })),
  ],
  ...Object.entries({ valid: 1, type: 6, mobile_carrier_id: 1 }).map(
    ([field, value]): WrongServer => [
      `an update can't set ${field} back to ${value}`,
      `stores-${field}-updateBorrowerPhone`,
      () =>
        changeBodies(isUpdate, ({ [field]: sent, ...body }) =>
          sent === value || sent === undefined ? body : { ...body, [field]: sent },
        ),
    ],
  ),
  [
    'a memo of null becomes a text',
    'stores-any-memo-createBorrowerPhone',
    () => changeBodies(isWrite, (body) => ({ ...body, ...(body.memo === null && { memo: '' }) })),
  ],
  [
    'reading changes updated_at',
    'changes-nothing-getBorrowerPhone',
    () => {
      let reads = 0
      const minute = () => String(++reads % 60).padStart(2, '0')
      return changeRecords(isGet, (one) => ({ ...one, updated_at: `2026-03-07 14:${minute()}:00` }))
    },
  ],
  [
    'every get returns the first record',
    'agrees-with-list-getBorrowerPhone',
    () =>
      changeRequests(
        (request) => isGet(request) && /\/393\d{5}$/.test(request.path),
        ({ path }) => ({ path: path.replace(/\d+$/, '39317578') }),
      ),
  ],
  [
    'a new record was changed before it was created',
    'sets-equal-timestamps-createBorrowerPhone',
    () => changeRecords(isCreate, (one) => ({ ...one, updated_at: '2001-01-01 00:00:00' })),
  ],
]

function cutMemo(one: Body): Body {
  return { ...one, ...(one.memo && { memo: one.memo.slice(0, 255) }) }
}

/** Responds to an update as if it was stored, and forgets it. */
function unstored(): Defect {
  return async (request, next) => {
    if (!isUpdate(request)) return next(request)
    const read = await next({ ...request, method: 'GET', body: undefined })
    const response = await next(request)
    if (succeeded(read) && succeeded(response)) {
      const { type, mobile_carrier_id, number, extension, memo, valid, no_contact } = read.body.data
      await next({
        ...request,
        body: { type, mobile_carrier_id, number, extension, memo, valid, no_contact },
      })
    }
    return response
  }
}

function deduplicating(): Defect {
  const known = new Map<string, Body>()
  return async (request, next) => {
    const response = await next(request)
    if (!isCreate(request) || !succeeded(response)) return response
    const { number } = response.body.data
    if (known.has(number)) return json(200, known.get(number))
    known.set(number, response.body)
    return response
  }
}
