/** Answers of another status or type, and refusals that are none. */
import {
  answered,
  asked,
  instead,
  isCreate,
  isDelete,
  isGet,
  isList,
  isWrite,
  json,
  refused,
  sent,
  type WrongServer,
} from './defect.ts'

const failed = json(500, { message: 'Server Error' })
const invalid = json(422, { message: 'The given data was invalid.', errors: {} })
const page = { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>' }

export const status: WrongServer[] = [
  ['create answers 201', 'create-answers', () => answered(isCreate, (all) => ({ ...all, status: 201 }))],
  [
    'delete answers 204 without a body',
    'delete-answers',
    () => answered(isDelete, () => ({ status: 204, headers: {}, body: undefined })),
  ],
  [
    'JSON is sent as text/html',
    'list-answers',
    () => answered(isList, (all) => ({ ...all, headers: { 'content-type': 'text/html' } })),
  ],
  [
    'a page for whoever accepts HTML',
    'no-html-for-who-accepts-html',
    () => instead(({ headers }) => headers.accept === 'text/html', page),
  ],
  [
    'JSON only for exactly that Accept',
    'json-for-who-accepts-json',
    () => instead(({ headers }) => headers.accept !== 'application/json', json(406, { message: 'No.' })),
  ],
  [
    'a missing record is 200 with null',
    'unknown-phone-is-not-found',
    () => refused(404, (all, request) => (isGet(request) ? json(200, { data: null }) : all)),
  ],
  [
    'a missing record is 400',
    'unknown-phone-is-not-found',
    () => refused(404, (all, request) => (isGet(request) ? { ...all, status: 400 } : all)),
  ],
  [
    'an unknown borrower has an empty list',
    'unknown-borrower-is-not-found',
    () => refused(404, (all, request) => (isList(request) ? json(200, { data: [] }) : all)),
  ],
  ['a bad body is 500', 'create-refuses-bad-type', () => refused(422, (all) => ({ ...all, status: 500 }))],
  ['a bad body is 400', 'update-refuses-bad-valid', () => refused(422, (all) => ({ ...all, status: 400 }))],
  [
    'a refused body names no fields',
    'create-refuses-bad-number',
    () => refused(422, () => json(422, { message: 'The given data was invalid.' })),
  ],
  [
    'reasons are texts, not lists',
    'create-refuses-bad-number',
    () => refused(422, ({ body }) => json(422, { ...body, errors: { number: 'No.' } })),
  ],
  [
    'broken JSON is 500',
    'create-refuses-broken-json',
    () => instead(({ body }) => typeof body === 'string', failed),
  ],
  [
    'an id of letters is 500',
    'id-that-is-no-integer-is-refused',
    () => instead(({ path }) => path.endsWith('/abc'), failed),
  ],
  [
    'an unknown method is 500',
    'no-patch-on-a-record',
    () => refused(405, (all) => ({ ...all, status: 500 })),
  ],
  [
    'PATCH is an update',
    'no-patch-on-a-record',
    () =>
      asked(
        ({ method }) => method === 'PATCH',
        () => ({ method: 'PUT' }),
      ),
  ],
  [
    'DELETE on the collection succeeds',
    'no-delete-on-phones',
    () =>
      instead(
        (request) => isDelete(request) && request.path.endsWith('/phones'),
        json(200, { data: { success: true } }),
      ),
  ],
  [
    'a create without a number is accepted',
    'create-refuses-bad-number',
    () => sent(isCreate, (body) => (body.type === 6 ? { number: '2025550100', ...body } : body)),
  ],
  [
    'a flag of 2 is accepted',
    'create-refuses-bad-no_contact',
    () => sent(isWrite, (body) => ({ ...body, ...(body.no_contact === 2 && { no_contact: 1 }) })),
  ],
  [
    'a boolean flag is accepted',
    'update-refuses-bad-valid',
    () =>
      sent(isWrite, (body) => ({
        ...body,
        ...(typeof body.valid === 'boolean' && { valid: Number(body.valid) }),
      })),
  ],
  [
    'numbers with dashes are refused',
    'number-in-dashes-comes-back-with-dashes',
    () => instead((request) => isWrite(request) && /-555-/.test(request.body?.number), invalid),
  ],
  [
    'null is refused',
    'null-is-stored',
    () => instead((request) => isWrite(request) && request.body?.extension === null, invalid),
  ],
  [
    'one mandatory field more',
    'create-takes-mandatory-fields-alone',
    () => instead((request) => isCreate(request) && request.body?.valid === undefined, invalid),
  ],
  [
    'a refused create is stored all the same',
    'any-bad-create-is-refused',
    () => async (request, next) => {
      const answer = await next(request)
      if (answer.status === 422 && isCreate(request)) {
        await next({ ...request, body: { type: 6, number: '2025550100' } })
      }
      return answer
    },
  ],
]
