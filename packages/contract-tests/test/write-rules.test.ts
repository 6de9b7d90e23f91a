/** What a run may do to a server: the rules that make it safe to point at a live one. */
import { createSandboxFetch } from '@recoveryconnect/sandbox/fetch'
import { describe, expect, test } from 'vitest'
import { idle, marks, unasked } from '../src/assumptions.ts'
import { contract, nodeAt, operations } from '../src/contract.ts'
import { Run } from '../src/run.ts'
import { type Target, type VerifyOptions, verify } from '../src/suite.ts'
import { documented } from './targets.ts'
import {
  answered,
  isCreate,
  isGet,
  isList,
  isUpdate,
  json,
  records,
  refused,
  serverWith,
} from './wrong-servers/defect.ts'

type Fetch = NonNullable<Target['fetch']>
interface Sent {
  method: string
  path: string
  body: any
}

/** What a live server would be: it remembers, and nothing on it may be destroyed. */
const { disposable: _, ...live } = { ...documented, url: 'https://live.invalid' }

/** Runs the suite and notes what was sent. */
async function watched(options: VerifyOptions, server: Fetch = createSandboxFetch()) {
  const sent: Sent[] = []
  const fetch: Fetch = (url, init) => {
    const { method = 'GET', body } = init
    sent.push({ method, path: new URL(url).pathname, body: parsed(body) })
    return server(url, init)
  }
  const report = await verify({ ...live, fetch }, { seed: 1, ...options })
  return { report, sent, writes: sent.filter(({ method }) => method !== 'GET') }
}

function parsed(body: unknown): any {
  try {
    return JSON.parse(body as string)
  } catch {
    return body
  }
}

const own = '/api/v140/orders/57062885/borrowers/124927241/phones'

test('without --write nothing is sent that could write', async () => {
  const { sent, writes } = await watched({})
  expect(sent.length).toBeGreaterThan(20)
  expect(writes).toEqual([])
})

describe('with --write', () => {
  test('every new record is marked, fictitious and not to be contacted', async () => {
    const { writes } = await watched({ write: true })
    const creates = writes.filter(({ method, path, body }) => method === 'POST' && path === own && body?.memo)
    expect(creates.length).toBeGreaterThan(50)
    for (const { body } of creates) {
      if (typeof body.number === 'string' && body.number.length > 4)
        expect(body.number).toMatch(/555-?01\d\d$/)
      expect(body.memo).toMatch(/^recoveryconnect-verify [0-9a-f]{8}/)
    }
    // A no_contact that the contract refuses is part of what is tried; a valid one is always 1.
    expect(creates.filter(({ body }) => body.no_contact === 0)).toEqual([])
  })

  test('no record is touched that was there before', async () => {
    const { writes } = await watched({ write: true })
    const touched = new Set(
      writes.map(({ path }) => Number(/\/phones\/(\d+)$/.exec(path)?.[1] ?? Number.NaN)),
    )
    for (const id of [39317578, 39317579, 39317580]) expect(touched).not.toContain(id)
    expect(writes.filter(({ method, path }) => path === own && method !== 'POST')).toEqual([])
    expect(writes.filter(({ path }) => path.endsWith('/auth')).every(({ method }) => method === 'POST')).toBe(
      true,
    )
  })

  test('everything that was created is removed', async () => {
    const server = createSandboxFetch()
    const { report } = await watched({ write: true }, server)
    const answer = await server(`https://live.invalid${own}`, {
      headers: { authorization: 'Bearer any-token' },
    })
    expect(((await answer.json()) as { data: unknown[] }).data).toHaveLength(2)
    expect(report.leftBehind).toEqual([])
  })

  test('a server that names somebody else’s record as the new one does not lead to it', async () => {
    const liar = serverWith(
      answered(isCreate, ({ body }) => json(200, { ...body, data: { ...body.data, id: 39317578 } })),
    )
    const { writes, report } = await watched({ write: true }, liar)
    expect(writes.filter(({ path }) => path.endsWith('/39317578'))).toEqual([])
    expect(report.promises).toContainEqual(
      expect.objectContaining({
        id: 'create-answers',
        outcome: 'broken',
        seen: 'a record that is not the new one',
      }),
    )
  })

  test('nothing is written where it cannot be seen what is there', async () => {
    const blind = serverWith(answered(isList, () => json(500, { message: 'Server Error' })))
    await expect(watched({ write: true }, blind)).rejects.toThrow(/so nothing is written/)
  })

  test('what cannot be removed is named', async () => {
    const stubborn = serverWith((request, next) =>
      request.method === 'DELETE' ? json(403, { message: 'No.' }) : next(request),
    )
    const { report } = await watched({ write: true }, stubborn)
    expect(report.leftBehind.length).toBeGreaterThan(0)
  })
})

describe('a promise that breaks the rules is stopped before it sends', () => {
  const run = (write: boolean) =>
    new Run({ ...live, fetch: () => expect.unreachable('nothing may be sent') }, { seed: 1, write })
  test.each<[string, boolean, (run: Run) => Promise<unknown>]>([
    ['a create without --write', false, (one) => one.create()],
    ['a create without the marker', true, (one) => one.create({ memo: 'home' })],
    [
      'a record of somebody else',
      true,
      (one) => one.call('deleteBorrowerPhone', { ids: { phone_id: 39317578 } }),
    ],
    ['the whole collection', true, (one) => one.call('listBorrowerPhones', { method: 'DELETE' })],
    [
      'another borrower',
      true,
      (one) => one.call('createBorrowerPhone', { ids: { borrower_id: 1 }, body: one.phone() }),
    ],
  ])('%s', async (_, write, send) => {
    await expect(send(run(write))).rejects.toThrow(/could write|marker|did not create/)
  })
})

test('being told to slow down is waited out, and answers an assumption', async () => {
  let requests = 0
  const slow = { status: 429, headers: { 'content-type': 'application/json', 'retry-after': '0' } }
  const busy = serverWith((request, next) =>
    ++requests % 10 === 9 ? { ...slow, body: { message: 'Too many.' } } : next(request),
  )
  const { report } = await watched({}, busy)
  expect(report.promises.filter(({ outcome }) => outcome === 'broken')).toEqual([])
  expect(report.assumptions).toContainEqual(
    expect.objectContaining({ at: '#/components/responses/TooManyRequests', outcome: 'confirmed' }),
  )
})

describe('an assumption that a server contradicts is told as such', () => {
  const text = { 'content-type': 'text/html' }
  test.each<[string, Parameters<typeof serverWith>[0]]>([
    ['responses/Unauthenticated', refused(401, (all) => ({ ...all, status: 403 }))],
    ['responses/NotFound', refused(404, (all) => ({ ...all, headers: text }))],
    ['responses/CreationRefused', refused(422, (all) => ({ ...all, status: 400 }))],
    ['responses/UpdateRefused', refused(422, (all) => ({ ...all, body: { message: 'No.' } }))],
    [
      'schemas/BorrowerPhone/properties/number',
      records(isList, (one) => ({ ...one, number: one.number.replaceAll('-', '') })),
    ],
    ['responses/ClientError', refused(405, (all) => ({ ...all, body: { error: 'No.' } }))],
    ['responses/ServerError', refused(405, () => ({ status: 500, headers: text, body: 'No.' }))],
    [
      'schemas/BorrowerPhoneCreate/properties/extension',
      (request, next) =>
        isCreate(request) && request.body?.extension === null
          ? json(422, { message: 'No.', errors: { extension: ['No.'] } })
          : next(request),
    ],
    [
      'schemas/BorrowerPhoneUpdate/properties/mobile_carrier_id',
      records(isUpdate, (one) => ({ ...one, mobile_carrier_id: one.mobile_carrier_id ?? 0 })),
    ],
    [
      'schemas/BorrowerPhoneDetails/properties/deleted_at',
      records(isGet, (one) => ({ ...one, deleted_at: 'never' })),
    ],
  ])('%s', async (at, defect) => {
    const { report } = await watched({ write: true }, serverWith(defect))
    expect(report.assumptions).toContainEqual(
      expect.objectContaining({ at: `#/components/${at}`, outcome: 'contradicted' }),
    )
  })
})

test('what the contract does not know is reported as drift', async () => {
  const newer = serverWith((request, next) =>
    isGet(request) && request.path.endsWith('/9007199254740991')
      ? json(410, { message: 'Gone.' })
      : records(isList, (one) => ({ ...one, nickname: 'x' }))(request, next),
  )
  const { report } = await watched({}, newer)
  expect(report.drift).toContainEqual(
    expect.objectContaining({ operation: 'listBorrowerPhones', kind: 'field', what: '/data/*/nickname' }),
  )
  expect(report.drift).toContainEqual(
    expect.objectContaining({ operation: 'getBorrowerPhone', kind: 'status', what: '410' }),
  )
})

test('the suite asks about every assumption that the phones rest on, and about no other', () => {
  const parts = new Set<string>()
  const gather = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    const { $ref } = node as { $ref?: string }
    if ($ref && !parts.has($ref)) gather(nodeAt(parts.add($ref) && $ref))
    Object.values(node).forEach(gather)
  }
  for (const { path } of operations.filter(({ path }) => /\/(phones.*|auth)$/.test(path)))
    gather(contract.paths[path])
  const theirs = marks.filter(({ at }) => [...parts].some((part) => `${at}/`.startsWith(`${part}/`)))
  expect(theirs.length).toBeGreaterThanOrEqual(18)
  expect(theirs.map(({ at }) => at).filter((at) => unasked.includes(at))).toEqual([])
  expect(idle).toEqual([])
})
