/** Responses with a wrong status or content type, and bad requests that aren't rejected. */
import {
  changeBodies,
  changeErrors,
  changeRequests,
  changeResponses,
  isCreate,
  isDelete,
  isGet,
  isList,
  isWrite,
  json,
  respondInstead,
  type WrongServer,
} from './defect.ts'

const failed = json(500, { message: 'Server Error' })
const invalid = json(422, { message: 'The given data was invalid.', errors: {} })
const page = { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>' }

export const status: WrongServer[] = [
  [
    'create returns 201',
    'responds-createBorrowerPhone',
    () => changeResponses(isCreate, (all) => ({ ...all, status: 201 })),
  ],
  [
    'delete returns 204 without a body',
    'responds-deleteBorrowerPhone',
    () => changeResponses(isDelete, () => ({ status: 204, headers: {}, body: undefined })),
  ],
  [
    'JSON is sent as text/html',
    'responds-listBorrowerPhones',
    () => changeResponses(isList, (all) => ({ ...all, headers: { 'content-type': 'text/html' } })),
  ],
  [
    'a caller that accepts HTML gets a page',
    'no-html-listBorrowerPhones',
    () => respondInstead(({ headers }) => headers.accept === 'text/html', page),
  ],
  [
    'only one form of Accept gets JSON',
    'json-for-json-listBorrowerPhones',
    () =>
      respondInstead(({ headers }) => headers.accept !== 'application/json', json(406, { message: 'No.' })),
  ],
  [
    'a missing record is 200 with null',
    'unknown-phone_id-is-404-getBorrowerPhone',
    () => changeErrors(404, (all, request) => (isGet(request) ? json(200, { data: null }) : all)),
  ],
  [
    'a missing record is 400',
    'unknown-phone_id-is-404-getBorrowerPhone',
    () => changeErrors(404, (all, request) => (isGet(request) ? { ...all, status: 400 } : all)),
  ],
  [
    'an unknown borrower has an empty list',
    'unknown-borrower_id-is-404-listBorrowerPhones',
    () => changeErrors(404, (all, request) => (isList(request) ? json(200, { data: [] }) : all)),
  ],
  [
    'a bad body is 500',
    'rejects-bad-type-createBorrowerPhone',
    () => changeErrors(422, (all) => ({ ...all, status: 500 })),
  ],
  [
    'a bad body is 400',
    'rejects-bad-valid-updateBorrowerPhone',
    () => changeErrors(422, (all) => ({ ...all, status: 400 })),
  ],
  [
    'an error names no fields',
    'rejects-bad-number-createBorrowerPhone',
    () => changeErrors(422, () => json(422, { message: 'The given data was invalid.' })),
  ],
  [
    'error reasons are texts, not lists',
    'rejects-bad-number-createBorrowerPhone',
    () => changeErrors(422, ({ body }) => json(422, { ...body, errors: { number: 'No.' } })),
  ],
  [
    'broken JSON is 500',
    'rejects-broken-json-createBorrowerPhone',
    () => respondInstead(({ body }) => typeof body === 'string', failed),
  ],
  [
    'an id of letters is 500',
    'rejects-text-as-phone_id-getBorrowerPhone',
    () => respondInstead(({ path }) => path.endsWith('/abc'), failed),
  ],
  [
    'an unknown method is 500',
    'rejects-PATCH-getBorrowerPhone',
    () => changeErrors(405, (all) => ({ ...all, status: 500 })),
  ],
  [
    'PATCH is an update',
    'rejects-PATCH-getBorrowerPhone',
    () =>
      changeRequests(
        ({ method }) => method === 'PATCH',
        () => ({ method: 'PUT' }),
      ),
  ],
  [
    'DELETE on the collection succeeds',
    'rejects-DELETE-listBorrowerPhones',
    () =>
      respondInstead(
        (request) => isDelete(request) && request.path.endsWith('/phones'),
        json(200, { data: { success: true } }),
      ),
  ],
  [
    'a create without a number is accepted',
    'rejects-bad-number-createBorrowerPhone',
    () => changeBodies(isCreate, (body) => (body.type === 6 ? { number: '2025550100', ...body } : body)),
  ],
  [
    'a flag of 2 is accepted',
    'rejects-bad-no_contact-createBorrowerPhone',
    () => changeBodies(isWrite, (body) => ({ ...body, ...(body.no_contact === 2 && { no_contact: 1 }) })),
  ],
  [
    'a boolean flag is accepted',
    'rejects-bad-valid-updateBorrowerPhone',
    () =>
      changeBodies(isWrite, (body) => ({
        ...body,
        ...(typeof body.valid === 'boolean' && { valid: Number(body.valid) }),
      })),
  ],
  [
    'numbers with dashes are rejected',
    'stores-number-createBorrowerPhone',
    () => respondInstead((request) => isWrite(request) && /-555-/.test(request.body?.number), invalid),
  ],
  [
    'null is rejected',
    'stores-extension-createBorrowerPhone',
    () => respondInstead((request) => isWrite(request) && request.body?.extension === null, invalid),
  ],
  [
    'one more field is required',
    'accepts-required-fields-alone-createBorrowerPhone',
    () => respondInstead((request) => isCreate(request) && request.body?.valid === undefined, invalid),
  ],
  [
    'a rejected create is stored all the same',
    'rejects-any-bad-body-createBorrowerPhone',
    () => async (request, next) => {
      const response = await next(request)
      if (response.status === 422 && isCreate(request)) {
        await next({ ...request, body: { type: 6, number: '2025550100' } })
      }
      return response
    },
  ],
]
