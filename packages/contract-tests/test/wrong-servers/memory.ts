/** Servers that remember something else than what they were told. */
import {
  type Answer,
  answered,
  asked,
  type Body,
  type Defect,
  instead,
  isCreate,
  isDelete,
  isGet,
  isList,
  isLogin,
  isUpdate,
  isWrite,
  json,
  records,
  sent,
  type WrongServer,
} from './defect.ts'

const succeeded = ({ status }: Answer) => status === 200

export const memory: WrongServer[] = [
  [
    'a create is not stored',
    'create-is-listed',
    () => async (request, next) => {
      const answer = await next(request)
      if (!isCreate(request) || !succeeded(answer)) return answer
      const path = `${request.path}/${answer.body.data.id}`
      await next({ ...request, method: 'DELETE', path, body: undefined })
      return answer
    },
  ],
  [
    'an update clears absent fields',
    'update-of-type-leaves-the-others',
    () => sent(isUpdate, (body) => ({ extension: null, mobile_carrier_id: null, ...body })),
  ],
  [
    'an update resets no_contact',
    'update-of-memo-leaves-the-others',
    () => sent(isUpdate, (body) => ({ no_contact: 0, ...body })),
  ],
  ['an update is answered but not stored', 'update-of-extension-leaves-the-others', unstored],
  [
    'an update ignores the memo',
    'update-of-memo-leaves-the-others',
    () => sent(isUpdate, ({ memo: _, ...body }) => body),
  ],
  [
    'an update changes created_at',
    'update-of-valid-leaves-the-others',
    () => records(isUpdate, (one) => ({ ...one, created_at: '2001-01-01 00:00:00' })),
  ],
  [
    'an update sets updated_at back',
    'update-of-valid-leaves-the-others',
    () =>
      records(isGet, (one) => ({ ...one, ...(one.valid === 0 && { updated_at: '2001-01-01 00:00:00' }) })),
  ],
  [
    'the same update twice counts twice',
    'update-twice-is-as-once',
    () => {
      let last: unknown
      return sent(isUpdate, (body) => {
        const again = JSON.stringify(body) === last
        last = JSON.stringify(body)
        return again ? { ...body, extension: '2' } : body
      })
    },
  ],
  [
    'a delete deletes nothing',
    'deleted-is-gone',
    () =>
      instead(
        ({ method, path, headers }) =>
          method === 'DELETE' && /\d$/.test(path) && headers.authorization !== undefined,
        json(200, { data: { success: true } }),
      ),
  ],
  ['a deleted record stays in the list', 'deleted-is-not-listed', undead],
  [
    'a delete takes a neighbour along',
    'write-touches-one-record',
    () => async (request, next) => {
      const answer = await next(request)
      const path = request.path.replace(/\d+$/, (id) => String(Number(id) + 1))
      if (isDelete(request) && succeeded(answer)) await next({ ...request, path })
      return answer
    },
  ],
  [
    'a new record does not show up in the list',
    'create-is-listed',
    () =>
      answered(isList, ({ body }) => json(200, { data: body.data.filter(({ id }: Body) => id < 39317581) })),
  ],
  [
    'the list shows old values',
    'update-is-listed',
    () => records(isList, (one) => ({ ...one, ...(one.extension === '46' && { extension: '22' }) })),
  ],
  ['a create of a known number gives the first record', 'create-twice-makes-two', deduplicating],
  [
    'extensions lose leading zeros',
    'create-stores-what-was-sent',
    () => records(isWrite, (one) => ({ ...one, extension: one.extension?.replace(/^0+(?=.)/, '') ?? null })),
  ],
  [
    'memos are escaped for HTML',
    'create-keeps-letters',
    () => records(isGet, (one) => ({ ...one, memo: one.memo?.replaceAll('<', '&lt;') ?? null })),
  ],
  [
    'no_contact: 1 is stored as 0',
    'create-stores-what-was-sent',
    () => sent(isCreate, (body) => ({ ...body, ...(body.no_contact === 1 && { no_contact: 0 }) })),
  ],
  [
    'no_contact: 0 is stored as 1',
    'no-contact-can-be-lifted',
    () => sent(isWrite, (body) => ({ ...body, ...(body.no_contact === 0 && { no_contact: 1 }) })),
  ],
  [
    'valid: 0 is stored as 1',
    'create-stores-what-was-sent',
    () => sent(isCreate, (body) => ({ ...body, ...(body.valid === 0 && { valid: 1 }) })),
  ],
  [
    'a memo of null becomes a text',
    'null-memo-is-stored',
    () => sent(isWrite, (body) => ({ ...body, ...(body.memo === null && { memo: '' }) })),
  ],
  [
    'reading moves updated_at on',
    'reading-changes-nothing',
    () => {
      let reads = 0
      const minute = () => String(++reads % 60).padStart(2, '0')
      return records(isGet, (one) => ({ ...one, updated_at: `2026-03-07 14:${minute()}:00` }))
    },
  ],
  [
    'every get gives the first record',
    'get-agrees-with-list',
    () =>
      asked(
        (request) => isGet(request) && /\/393\d{5}$/.test(request.path),
        ({ path }) => ({ path: path.replace(/\d+$/, '39317578') }),
      ),
  ],
  [
    'a list names a record twice',
    'list-names-each-record-once',
    () => answered(isList, ({ body }) => json(200, { data: [...body.data, ...body.data.slice(0, 1)] })),
  ],
  [
    'a new record was changed before it was created',
    'new-record-has-equal-timestamps',
    () => records(isCreate, (one) => ({ ...one, updated_at: '2001-01-01 00:00:00' })),
  ],
  ['ids are given again', 'id-is-not-given-twice', reusing],
]

/** Checks an update, answers as if it were carried out, and forgets it. */
function unstored(): Defect {
  return async (request, next) => {
    if (!isUpdate(request)) return next(request)
    const read = await next({ ...request, method: 'GET', body: undefined })
    const answer = await next(request)
    if (succeeded(read) && succeeded(answer)) {
      const { type, mobile_carrier_id, number, extension, memo, valid, no_contact } = read.body.data
      await next({
        ...request,
        body: { type, mobile_carrier_id, number, extension, memo, valid, no_contact },
      })
    }
    return answer
  }
}

function undead(): Defect {
  const deleted: Body[] = []
  return async (request, next) => {
    const before = isDelete(request) ? await next({ ...request, method: 'GET' }) : undefined
    const answer = await next(request)
    if (before && succeeded(before) && succeeded(answer)) deleted.push(before.body.data)
    if (!isList(request) || !succeeded(answer)) return answer
    return json(200, { data: [...answer.body.data, ...deleted] })
  }
}

function deduplicating(): Defect {
  const known = new Map<string, Body>()
  return async (request, next) => {
    const answer = await next(request)
    if (!isCreate(request) || !succeeded(answer)) return answer
    const { number } = answer.body.data
    if (known.has(number)) return json(200, known.get(number))
    known.set(number, answer.body)
    return answer
  }
}

/** Shows a new record under the id of the one that was deleted last. */
function reusing(): Defect {
  const real = new Map<number, number>()
  let free: number | undefined
  const shown = (id: number) => [...real].findLast(([, one]) => one === id)?.[0] ?? id
  return async (request, next) => {
    const path = request.path.replace(/(?<=phones\/)\d+$/, (id) => String(real.get(Number(id)) ?? id))
    const answer = await next({ ...request, path })
    if (!succeeded(answer) || isLogin(request)) return answer
    if (isCreate(request) && free !== undefined) real.set(free, answer.body.data.id)
    if (isDelete(request)) free = Number(request.path.split('/').at(-1))
    const { data } = answer.body
    const renamed = (one: Body) => (one.id === undefined ? one : { ...one, id: shown(one.id) })
    return json(200, { ...answer.body, data: Array.isArray(data) ? data.map(renamed) : renamed(data) })
  }
}
