/** Defects that every operation can have, made from its documentation. */
import { isDeepStrictEqual } from 'node:util'
import type { Operation } from '@recoveryconnect/spec/model'
import { childLists, exampleIds, model, resourceOf, targetNames } from '../../src/operations.ts'
import { recordTypeOf } from '../../src/record-types.ts'
import {
  type Body,
  changeRecords,
  changeRequests,
  changeResponses,
  type Defect,
  goesTo,
  json,
  type Request,
  respondInstead,
  type WrongServer,
  withToken,
} from './defect.ts'

const invalid = json(422, { message: 'The given data was invalid.', errors: {} })
const notAcceptable = json(406, { message: 'No.' })
const page = { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>' }

export const everyOperation: WrongServer[] = model.operations.flatMap((operation) => [
  ...(operation.body?.examples ?? []).map(
    ({ name, value }): WrongServer => [
      `${operation.id} rejects the documented request ${name}`,
      `accepts-${name}-${operation.id}`,
      () =>
        respondInstead(
          (request) => goesTo(operation)(request) && isDeepStrictEqual(request.body, value),
          invalid,
        ),
    ],
  ),
  ...(operation.needsToken ? [needsNoToken(operation)] : []),
  ...(operation.method === 'GET' ? wrongReads(operation) : []),
  ...(operation.verb === 'list' ? wrongLists(operation) : []),
  ...acceptsMethods(operation),
  ...failsAlways(operation),
])

/** For an operation that writes, needs no body and has no records. */
function failsAlways(operation: Operation): WrongServer[] {
  if (operation.method === 'GET' || operation.body || recordTypeOf(operation)) return []
  const failed = json(500, { message: 'Server Error' })
  return [
    [`${operation.id} fails`, `responds-${operation.id}`, () => respondInstead(goesTo(operation), failed)],
  ]
}

function needsNoToken(operation: Operation): WrongServer {
  return [
    `${operation.id} needs no token`,
    `token-needed-${operation.id}`,
    () => changeRequests(goesTo(operation), withToken),
  ]
}

/** Every method that the path doesn't have succeeds. */
function acceptsMethods(operation: Operation): WrongServer[] {
  const onPath = model.operations.filter(({ path }) => path === operation.path)
  if (onPath[0] !== operation) return []
  const others = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter(
    (method) => !onPath.some((one) => one.method === method),
  )
  return others.map((method) => [
    `${method} on ${operation.path} succeeds`,
    `rejects-${method}-${operation.id}`,
    () => respondInstead(goesTo({ ...operation, method }), json(200, { data: {} })),
  ])
}

function wrongReads(operation: Operation): WrongServer[] {
  const is = goesTo(operation)
  const names = Object.keys(exampleIds(operation))
  const [example] = operation.responses.find(({ status }) => status === '200')?.examples ?? []
  const hasId = (name: string, id: string) => (request: Request) =>
    is(request) && request.path.split('/')[operation.path.split('/').indexOf(`{${name}}`)] === id
  return [
    [
      `${operation.id} has no data`,
      `responds-${operation.id}`,
      () => changeResponses(is, () => json(200, {})),
    ],
    ...Object.entries({
      nonsense: json(200, { nonsense: true }),
      page,
      500: json(500, { message: 'No.' }),
    }).map(
      ([name, response]): WrongServer => [
        `${operation.id} returns ${name}`,
        `responds-${operation.id}`,
        () => changeResponses(is, () => response),
      ],
    ),
    [
      `${operation.id} gets a page if HTML is all that is accepted`,
      `no-html-${operation.id}`,
      () => respondInstead((request) => is(request) && request.headers.accept === 'text/html', page),
    ],
    [
      `${operation.id} knows one form of Accept`,
      `json-for-json-${operation.id}`,
      () => respondInstead((request) => is(request) && request.headers.accept === '*/*', notAcceptable),
    ],
    ...(operation.verb === 'get' ? wrongGets(operation) : []),
    ...names.flatMap((name): WrongServer[] => [
      [
        `${operation.id} fails on letters as ${name}`,
        `rejects-text-as-${name}-${operation.id}`,
        () => respondInstead(hasId(name, 'abc'), json(500, { message: 'Server Error' })),
      ],
      [
        `${operation.id} finds an unknown ${name}`,
        `unknown-${name}-is-404-${operation.id}`,
        () => respondInstead(hasId(name, String(Number.MAX_SAFE_INTEGER)), json(200, example?.value)),
      ],
    ]),
  ]
}

/** Lists of records that the server doesn't have. All but the last also apply to records that can only be listed. */
function wrongLists(list: Operation): WrongServer[] {
  const is = goesTo(list)
  const change = (change: (records: Body[]) => Body[]) =>
    changeResponses(is, ({ body }) => json(200, { data: change(body.data) }))
  const inventsIds = (by: number) => changeRecords(is, (one) => ({ ...one, id: one.id + by }))
  const isReadOnly = resourceOf(list).operations.every(({ method }) => method === 'GET')
  const documented = `shows-documented-records-${list.id}`
  const [child] = childLists(list)
  let reads = 0
  return [
    [
      `${list.id} repeats a record`,
      `lists-each-record-once-${list.id}`,
      () => change((records) => [...records, ...records.slice(0, 1)]),
    ],
    [
      `${list.id} returns other ids each time`,
      `changes-nothing-${list.id}`,
      () => changeRecords(is, (one) => ({ ...one, id: one.id + ++reads })),
    ],
    ...(isReadOnly
      ? [
          [`${list.id} is always empty`, documented, () => change(() => [])] as WrongServer,
          [`${list.id} invents ids`, documented, () => inventsIds(1_000_000)] as WrongServer,
        ]
      : []),
    ...(child ? wrongParents(list, child) : []),
  ]
}

/** For a list whose records have lists of their own. */
function wrongParents(list: Operation, child: Operation): WrongServer[] {
  const is = goesTo(list)
  const changeData = (change: (records: Body[]) => Body[]) =>
    changeResponses(is, ({ body }) => json(200, { data: change(body.data) }))
  const invented = (records: Body[]) => records.slice(0, 1).map((one) => ({ ...one, id: one.id + 1_000_000 }))
  const fields = list.responses[0]?.schema?.properties.data?.items?.properties ?? {}
  const inPath = Object.keys(exampleIds(list)).filter((name) => name in fields)
  const known = targetNames.filter((name) => name === Object.keys(exampleIds(child)).at(-1))
  return [
    ...known.map(
      (name): WrongServer => [
        `${list.id} lacks the first record`,
        `lists-known-${name}-${list.id}`,
        () => changeData((records) => records.slice(1)),
      ],
    ),
    [
      `${list.id} has a record that ${child.id} doesn't know`,
      `leads-to-${child.id}-${list.id}`,
      () => changeData((records) => [...records, ...invented(records)]),
    ],
    ...inPath.map(
      (name): WrongServer => [
        `${list.id} returns records with another ${name}`,
        `lists-its-own-${name}-${list.id}`,
        () => changeRecords(is, (one) => ({ ...one, [name]: one[name] + 1 })),
      ],
    ),
  ]
}

function wrongGets(get: Operation): WrongServer[] {
  const { list } = resourceOf(get).byVerb
  if (!list) return []
  return [
    [
      `${list.id} shows more than ${get.id}`,
      `agrees-with-list-${get.id}`,
      () => changeRecords(goesTo(list), (one) => ({ ...one, more: 1 })),
    ],
    [`${get.id} counts the reads`, `changes-nothing-${get.id}`, () => countsReads(get)],
  ]
}

function countsReads(get: Operation): Defect {
  let reads = 0
  return changeRecords(goesTo(get), (one) => ({ ...one, reads: ++reads }))
}
