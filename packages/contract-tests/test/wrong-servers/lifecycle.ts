/** Defects that every resource can have in how it keeps its records, and in whose records it keeps. */
import type { Operation } from '@recoveryconnect/spec/model'
import { exampleIds, model, pathOf, targetParents } from '../../src/operations.ts'
import { type RecordType, recordTypes } from '../../src/record-types.ts'
import { documented } from '../in-process.ts'
import {
  type Body,
  changeRecords,
  changeRequests,
  changeResponses,
  type Defect,
  goesTo,
  json,
  type Request,
  type ServerResponse,
  type WrongServer,
} from './defect.ts'

const succeeded = ({ status }: ServerResponse) => status === 200

export const everyLifecycle: WrongServer[] = recordTypes.flatMap((type) => {
  const { list, create, update, delete: remove } = type
  return [
    [`${create.id} stores nothing`, `lists-new-record-${list.id}`, () => storesNothing(type)],
    [`${create.id} returns an existing record`, `responds-${create.id}`, () => createsNothing(type)],
    [`${create.id} reuses ids`, `assigns-new-ids-${create.id}`, () => reusesIds(type)],
    [`${list.id} contains deleted records`, `omits-deleted-record-${list.id}`, () => keepsInList(type)],
    [`${list.id} shows first values`, `lists-updated-record-${list.id}`, () => listsFirstValues(type)],
    [`${remove.id} also deletes the next record`, `touches-one-record-${update.id}`, () => deletesTwo(type)],
    [`${create.id} stores every second record twice`, `lists-new-record-${list.id}`, () => storesTwice(type)],
    [
      `${list.id} shows a page of 50`,
      `lists-all-records-${list.id}`,
      () => changeResponses(goesTo(list), ({ body }) => json(200, { data: body.data.slice(0, 50) })),
    ],
    [`${update.id} leaves updated_at alone`, `moves-updated_at-${update.id}`, () => keepsUpdateTime(type)],
    [`${update.id} counts the updates`, `is-idempotent-${update.id}`, () => countsUpdates(type)],
  ]
})

export const everyIsolation: WrongServer[] = [
  ...model.operations.filter(({ verb }) => verb === 'list').flatMap(wrongLists),
  ...recordTypes.flatMap(({ list, get, update, delete: remove }): WrongServer[] => [
    [`${get.id} ignores the borrower`, `keeps-to-its-borrower-${get.id}`, () => ignoresParents(get)],
    ...[update, remove].map(
      (write): WrongServer => [
        `${write.id} ignores the borrower`,
        `keeps-to-its-borrower-${update.id}`,
        () => ignoresParents(write),
      ],
    ),
    [
      `${list.id} is 404 if it's empty`,
      `may-be-empty-${list.id}`,
      () =>
        changeResponses(goesTo(list), (all) =>
          all.body.data.length === 0 ? json(404, { message: 'Not found.' }) : all,
        ),
    ],
  ]),
]

function wrongLists(list: Operation): WrongServer[] {
  const parents = targetParents(list)
  // Only the lists of two borrowers can be compared. For a list below another record, the record is unknown.
  const isOfTarget = parents.length === Object.keys(exampleIds(list)).length
  const owner = isOfTarget
    ? `shows-one-${parents.at(-1)?.replace('_id', '')}-${list.id}`
    : `unknown-${parents.at(-1)}-is-404-${list.id}`
  if (parents.length === 0) return []
  return [
    [`${list.id} ignores the order and the borrower`, owner, () => ignoresParents(list)],
    ...(parents.length > 1 ? [ignoresOrder(list)] : []),
  ]
}

function ignoresOrder(list: Operation): WrongServer {
  const orders = new Map([documented.ids, documented.other].map((ids) => [ids.borrower_id, ids.order_id]))
  return [
    `${list.id} ignores the order`,
    `needs-matching-ids-${list.id}`,
    () =>
      changeRequests(goesTo(list), ({ path }) => ({
        path: path.replace(/\/orders\/\d+\/borrowers\/(\d+)/, (same, borrower) => {
          const order = orders.get(Number(borrower))
          return order ? `/orders/${order}/borrowers/${borrower}` : same
        }),
      })),
  ]
}

function storesNothing({ create }: RecordType): Defect {
  return async (request, next) => {
    const response = await next(request)
    if (!goesTo(create)(request) || !succeeded(response)) return response
    const path = `${request.path}/${response.body.data.id}`
    await next({ ...request, method: 'DELETE', path, body: undefined })
    return response
  }
}

/** Responds to each create with the record that was the first of the list. */
export function createsNothing(type: RecordType): Defect {
  const store = storesNothing(type)
  let first: ServerResponse | undefined
  return async (request, next) => {
    const response = await store(request, next)
    if (!goesTo(type.create)(request) || !succeeded(response)) return response
    const read = (path: string) => next({ ...request, method: 'GET', path, body: undefined })
    first ??= await read(`${request.path}/${(await read(request.path)).body.data[0].id}`)
    return first
  }
}

/** Gives a new record the id of the one that was deleted last. */
function reusesIds({ get, create, update, delete: remove, list }: RecordType): Defect {
  const real = new Map<number, number>()
  let free: number | undefined
  const shown = (id: number) => [...real].findLast(([, one]) => one === id)?.[0] ?? id
  const isOnRecord = (request: Request) => [get, update, remove].some((one) => goesTo(one)(request))
  return async (request, next) => {
    const path = isOnRecord(request)
      ? request.path.replace(/\d+$/, (id) => String(real.get(Number(id)) ?? id))
      : request.path
    const response = await next({ ...request, path })
    const isOurs = isOnRecord(request) || goesTo(create)(request) || goesTo(list)(request)
    if (!succeeded(response) || !isOurs) return response
    if (goesTo(create)(request) && free !== undefined) real.set(free, response.body.data.id)
    if (goesTo(remove)(request)) free = Number(request.path.split('/').at(-1))
    const { data } = response.body
    const renamed = (one: Body) => (one.id === undefined ? one : { ...one, id: shown(one.id) })
    return json(200, { ...response.body, data: Array.isArray(data) ? data.map(renamed) : renamed(data) })
  }
}

function keepsInList({ list, delete: remove }: RecordType): Defect {
  const deleted: Body[] = []
  return async (request, next) => {
    const before = goesTo(remove)(request) ? await next({ ...request, method: 'GET' }) : undefined
    const response = await next(request)
    if (before && succeeded(before) && succeeded(response)) deleted.push(before.body.data)
    if (!goesTo(list)(request) || !succeeded(response)) return response
    return json(200, { data: [...response.body.data, ...deleted] })
  }
}

function listsFirstValues({ list, create }: RecordType): Defect {
  const first = new Map<number, Body>()
  return async (request, next) => {
    const response = await next(request)
    if (goesTo(create)(request) && succeeded(response)) first.set(response.body.data.id, response.body.data)
    if (!goesTo(list)(request) || !succeeded(response)) return response
    const data = response.body.data.map((one: Body) => {
      const known = first.get(one.id) ?? one
      return Object.fromEntries(Object.keys(one).map((name) => [name, known[name]]))
    })
    return json(200, { data })
  }
}

function storesTwice({ create }: RecordType): Defect {
  let creates = 0
  return async (request, next) => {
    const response = await next(request)
    if (goesTo(create)(request) && succeeded(response) && ++creates % 2 === 0) await next(request)
    return response
  }
}

function keepsUpdateTime({ list, get, update }: RecordType): Defect {
  return changeRecords(
    (request) => [list, get, update].some((one) => goesTo(one)(request)),
    (one) => ({ ...one, updated_at: one.created_at }),
  )
}

function deletesTwo({ delete: remove }: RecordType): Defect {
  return async (request, next) => {
    const response = await next(request)
    const path = request.path.replace(/\d+$/, (id) => String(Number(id) + 1))
    if (goesTo(remove)(request) && succeeded(response)) await next({ ...request, path })
    return response
  }
}

function countsUpdates({ get, update }: RecordType): Defect {
  let updates = 0
  const count = changeRecords(goesTo(get), (one) => ({ ...one, updates }))
  return (request, next) => {
    if (goesTo(update)(request)) updates++
    return count(request, next)
  }
}

/** Treats every order and every borrower as the documented ones. */
function ignoresParents(operation: Operation): Defect {
  const places = operation.path.split('/')
  const documented = pathOf(operation, {}).split('/')
  const isParent = (place: string | undefined) => place === '{order_id}' || place === '{borrower_id}'
  return changeRequests(goesTo(operation), ({ path }) => ({
    path: path
      .split('/')
      .map((part, index) => (isParent(places[index]) ? documented[index] : part))
      .join('/'),
  }))
}
