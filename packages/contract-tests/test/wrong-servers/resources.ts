/** Defects that every resource can have in how it reads requests, made from its documentation. */
import type { Operation } from '@recoveryconnect/spec/model'
import { exampleBody, exampleIds, type Fields } from '../../src/operations.ts'
import { type RecordType, recordTypes } from '../../src/record-types.ts'
import { findProblems } from '../../src/validate-response.ts'
import {
  changeBodies,
  changeErrors,
  changeRequests,
  changeResponses,
  type Defect,
  goesTo,
  json,
  respondInstead,
  type WrongServer,
} from './defect.ts'

const unknown = String(Number.MAX_SAFE_INTEGER)
const deleted = json(200, { data: { success: true } })

export const everyResource: WrongServer[] = recordTypes.flatMap((type) => [
  ...wrongWrites(type),
  ...knowsOneCode(type),
  ...(['create', 'update'] as const).flatMap((verb) => [
    ...storesLess(type, verb),
    ...acceptsMore(type[verb]),
    ...acceptsAnyBody(type[verb]),
  ]),
])

function wrongWrites(type: RecordType): WrongServer[] {
  const { list, create, update, delete: remove, get } = type
  return [
    [
      `${remove.id} only says that it deletes`,
      `deleted-is-404-${get.id}`,
      () =>
        respondInstead(
          (request) => goesTo(remove)(request) && request.headers.authorization !== undefined,
          deleted,
        ),
    ],
    [
      `${remove.id} confirms nothing`,
      `responds-${remove.id}`,
      () => changeResponses(goesTo(remove), () => json(200, {})),
    ],
    [
      `${create.id} fails without an optional field`,
      `accepts-required-fields-alone-${create.id}`,
      () =>
        respondInstead(
          ({ body, ...request }) =>
            goesTo(create)({ body, ...request }) && Object.keys(body).length === type.minimum.length,
          json(500, { message: 'Server Error' }),
        ),
    ],
    [
      `${remove.id} deletes what doesn't exist`,
      `deleted-is-404-${get.id}`,
      () => changeErrors(404, (response, request) => (goesTo(remove)(request) ? deleted : response)),
    ],
    [
      `${list.id} is empty for an unknown parent`,
      `unknown-${Object.keys(exampleIds(list))[0]}-is-404-${list.id}`,
      () =>
        changeErrors(404, (response, request) =>
          goesTo(list)(request) ? json(200, { data: [] }) : response,
        ),
    ],
    ...[update, remove].flatMap((operation) =>
      ['order_id', 'borrower_id'].map(
        (parent): WrongServer => [
          `${operation.id} accepts an unknown ${parent}`,
          `needs-known-ids-${update.id}`,
          () => replacesUnknown(operation, parent),
        ],
      ),
    ),
    [
      `${update.id} fills in what wasn't sent`,
      storesId(type, 'update', Object.keys(exampleBody(update))[0] as string),
      () => changeBodies(goesTo(update), (body) => ({ ...exampleBody(create), ...body })),
    ],
  ]
}

/** Treats the unknown id as the documented one. */
function replacesUnknown(operation: Operation, parent: string): Defect {
  const place = operation.path.split('/').indexOf(`{${parent}}`)
  const known = String(exampleIds(operation)[parent])
  return changeRequests(goesTo(operation), ({ path }) => {
    const parts = path.split('/')
    return { path: parts[place] === unknown ? parts.with(place, known).join('/') : path }
  })
}

/** Each field with an enum is stored as in the example, whatever is sent. */
function knowsOneCode(type: RecordType): WrongServer[] {
  const { create } = type
  const codes = Object.entries(create.body?.schema?.properties ?? {}).filter(([, schema]) => schema.enum)
  const fixed = Object.fromEntries(codes.map(([name]) => [name, exampleBody(create)[name]]))
  return codes
    .slice(0, 1)
    .map(([field]) => [
      `${create.id} knows one code of each`,
      storesId(type, 'create', field),
      () => changeBodies(goesTo(create), (body) => ({ ...body, ...fixed })),
    ])
}

function acceptsAnyBody(operation: Operation): WrongServer[] {
  const [field] = Object.keys(operation.body?.schema?.properties ?? {})
  return [
    [
      `${operation.id} accepts any body`,
      `rejects-bad-${field}-${operation.id}`,
      () => changeRequests(goesTo(operation), () => ({ body: exampleBody(operation) })),
    ],
  ]
}

/** The id of the check that sends the most different values of a field. */
function storesId(type: RecordType, verb: 'create' | 'update', field: string): string {
  const isUnsafe = type.changes(verb, '').unsafe.some((change) => field in change)
  return `stores-${isUnsafe ? 'any-' : ''}${field}-${type[verb].id}`
}

/** A field is ignored, whatever is sent. The suite can see that if it has another value for it than the example. */
function storesLess(type: RecordType, verb: 'create' | 'update'): WrongServer[] {
  const operation = type[verb]
  const { safe, unsafe } = type.changes(verb, 'recoveryconnect-verify 01234567')
  const example = exampleBody(type.create)
  const visible = [...safe, ...unsafe].flatMap((change) =>
    Object.keys(type.asStored(change)).filter((field) => change[field] !== example[field]),
  )
  return [...new Set(visible)].map((field) => [
    `${operation.id} ignores ${field}`,
    storesId(type, verb, field),
    () =>
      changeBodies(goesTo(operation), ({ [field]: sent, ...body }) =>
        verb === 'update' || sent === undefined ? body : { ...body, [field]: example[field] },
      ),
  ])
}

/** A bad value is replaced instead of rejected. */
function acceptsMore(operation: Operation): WrongServer[] {
  return Object.entries(operation.body?.schema?.properties ?? {}).map(([field, schema]) => [
    `${operation.id} accepts any ${field}`,
    `rejects-bad-${field}-${operation.id}`,
    () =>
      changeBodies(goesTo(operation), (body: Fields) => {
        const isBad = field in body && findProblems(schema, body[field]).length > 0
        return isBad ? { ...body, [field]: exampleBody(operation)[field] } : body
      }),
  ])
}
