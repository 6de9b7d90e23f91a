/** What a run may do to a server: the rules that make it safe to check a real one. */
import { createSandboxFetch } from '@recoveryconnect/sandbox/fetch'
import { describe, expect, test } from 'vitest'
import { assumptions, unusedRules, withoutRule } from '../src/assumptions.ts'
import { findOperationById, model } from '../src/operations.ts'
import { phones } from '../src/record-types.ts'
import { Run } from '../src/run.ts'
import { type Target, type VerifyOptions, verify } from '../src/suite.ts'
import { documented, inProcess } from './in-process.ts'
import {
  type Body,
  changeErrors,
  changeRecords,
  changeResponses,
  type Defect,
  isCreate,
  isGet,
  isList,
  isUpdate,
  json,
  serverWith,
} from './wrong-servers/defect.ts'

type Fetch = NonNullable<Target['fetch']>
interface Sent {
  method: string
  path: string
  body: any
}

const isRight: Defect = (request, next) => next(request)
const changeBorrowers = (change: (record: Body) => Body) =>
  changeRecords(({ path }) => path.endsWith('/borrowers'), change)

/** Like a real server: it has a memory, and nothing on it may be destroyed. */
const { disposable: _, ...realServer } = { ...documented, url: 'https://real.invalid' }

/** Runs the suite and notes what it sends. */
async function watchRun(options: VerifyOptions, server: Fetch = createSandboxFetch()) {
  const sent: Sent[] = []
  const fetch: Fetch = (url, init) => {
    const { method = 'GET', body } = init
    sent.push({ method, path: new URL(url).pathname, body: parseJson(body) })
    return server(url, init)
  }
  const report = await verify({ ...realServer, fetch }, { seed: 1, ...options })
  return { report, sent, writes: sent.filter(({ method }) => method !== 'GET') }
}

function parseJson(body: unknown): any {
  try {
    return JSON.parse(body as string)
  } catch {
    return body
  }
}

const collection = '/api/v140/orders/57062885/borrowers/124927241/phones'

test('without --write, the run sends nothing that could write', async () => {
  const { sent, writes } = await watchRun({})
  expect(sent.length).toBeGreaterThan(20)
  expect(writes).toEqual([])
})

test('without --write and without records, checks that need no record are still asked', async () => {
  const empty = serverWith(changeResponses(isList, () => json(200, { data: [] })))
  const { report } = await watchRun({}, empty)
  const outcomeOf = (id: string) => report.checks.find((check) => check.id === id)?.outcome
  expect(outcomeOf('responds-getBorrowerPhone')).toBe('skipped')
  expect(outcomeOf('unknown-phone_id-is-404-getBorrowerPhone')).toBe('passed')
  expect(outcomeOf('rejects-text-as-phone_id-getBorrowerPhone')).toBe('passed')
})

describe('with --write', () => {
  test('every new record has the run marker, a fictitious number and the do-not-contact flag', async () => {
    const { writes } = await watchRun({ write: true })
    const creates = writes.filter(
      ({ method, path, body }) => method === 'POST' && path === collection && body?.memo,
    )
    expect(creates.length).toBeGreaterThan(50)
    for (const { body } of creates) {
      if (typeof body.number === 'string' && body.number.length > 4)
        expect(body.number).toMatch(/555-?01\d\d$/)
      expect(body.memo).toMatch(/^recoveryconnect-verify [0-9a-f]{8}/)
    }
  })

  test('no record may be called for a moment, and no memo loses the run marker', async () => {
    const { writes } = await watchRun({ write: true })
    // The checks also send values that the contract rejects; a valid flag is always 1.
    const bodies = writes.map(({ body }) => body).filter((body) => typeof body === 'object')
    expect(bodies.filter((body) => body.no_contact === 0)).toEqual([])
    for (const { memo } of bodies) if (memo !== undefined) expect(memo).toMatch(/^recoveryconnect-verify /)
  })

  test('no existing record is touched, and nothing but phones and logins is written', async () => {
    const { writes } = await watchRun({ write: true })
    const ids = writes.map(({ path }) => Number(/\/phones\/(\d+)$/.exec(path)?.[1]))
    for (const id of [39317578, 39317579, 39317580]) expect(ids).not.toContain(id)
    const others = writes.filter(({ path }) => !/\/phones\/\d+$/.test(path))
    expect(others.filter(({ method }) => method !== 'POST')).toEqual([])
    expect(new Set(others.map(({ path }) => path))).toEqual(new Set([collection, '/api/v140/auth']))
  })

  test('every record that the run created is removed', async () => {
    const server = createSandboxFetch()
    const { report } = await watchRun({ write: true }, server)
    const response = await server(`https://real.invalid${collection}`, {
      headers: { authorization: 'Bearer any-token' },
    })
    expect(((await response.json()) as { data: unknown[] }).data).toHaveLength(2)
    expect(report.leftBehind).toEqual([])
  })

  test("a server that returns someone else's record for a create doesn't lead to that record", async () => {
    const liar = serverWith(
      changeResponses(isCreate, ({ body }) => json(200, { ...body, data: { ...body.data, id: 39317578 } })),
    )
    const { writes, report } = await watchRun({ write: true }, liar)
    expect(writes.filter(({ path }) => path.endsWith('/39317578'))).toEqual([])
    expect(report.checks).toContainEqual(
      expect.objectContaining({
        id: 'responds-createBorrowerPhone',
        outcome: 'failed',
        seen: expect.stringContaining("isn't the new one"),
      }),
    )
  })

  test.each([
    ['never', Number.POSITIVE_INFINITY],
    ['only later', 1],
  ])('nothing is written if the existing records can %s be listed', async (_, times) => {
    let lists = 0
    const blind = serverWith(
      changeResponses(isList, () =>
        ++lists > times ? json(200, { data: [] }) : json(500, { message: 'Server Error' }),
      ),
    )
    const { writes, report } = await watchRun({ write: true }, blind)
    expect(writes).toEqual([])
    expect(report.checks).toContainEqual(
      expect.objectContaining({ id: 'responds-createBorrowerPhone', outcome: 'not asked', seen: '500' }),
    )
  })

  test("the report names the records that the run can't remove", async () => {
    const stubborn = serverWith((request, next) =>
      request.method === 'DELETE' ? json(403, { message: 'No.' }) : next(request),
    )
    const { report } = await watchRun({ write: true }, stubborn)
    expect(report.leftBehind.length).toBeGreaterThan(0)
  })
})

describe('a check that breaks the rules is stopped before it sends anything', () => {
  const run = (write: boolean) =>
    new Run({ ...realServer, fetch: () => expect.unreachable('nothing may be sent') }, { seed: 1, write })
  test.each<[string, boolean, (run: Run) => Promise<unknown>]>([
    ['a create without --write', false, (one) => one.call(phones.create, { body: one.makeBody(phones) })],
    [
      'a create without the run marker',
      true,
      (one) => one.call(phones.create, { body: one.makeBody(phones, { memo: 'home' }) }),
    ],
    [
      'an existing record',
      true,
      (one) => one.call(findOperationById('deleteBorrowerPhone'), { ids: { phone_id: 39317578 } }),
    ],
    ['the whole collection', true, (one) => one.call(phones.list, { method: 'DELETE' })],
    [
      'another borrower',
      true,
      (one) => one.call(phones.create, { ids: { borrower_id: 1 }, body: one.makeBody(phones) }),
    ],
  ])('%s', async (_, write, send) => {
    await expect(send(run(write))).rejects.toThrow(/may only read|marker|did not create/)
  })
})

test('a run waits after a 429, and the 429 confirms an assumption', async () => {
  let requests = 0
  const slow = { status: 429, headers: { 'content-type': 'application/json', 'retry-after': '0' } }
  const busy = serverWith((request, next) =>
    ++requests % 10 === 9 ? { ...slow, body: { message: 'Too many.' } } : next(request),
  )
  const { report } = await watchRun({}, busy)
  expect(report.checks.filter(({ outcome }) => outcome === 'failed')).toEqual([])
  expect(report.assumptions).toContainEqual(
    expect.objectContaining({ pointer: '#/components/responses/TooManyRequests', outcome: 'confirmed' }),
  )
})

describe('the report says if a server contradicts an assumption', () => {
  const text = { 'content-type': 'text/html' }
  test.each<[string, Parameters<typeof serverWith>[0]]>([
    ['responses/Unauthenticated', changeErrors(401, (all) => ({ ...all, status: 403 }))],
    ['responses/NotFound', changeErrors(404, (all) => ({ ...all, headers: text }))],
    ['responses/CreationRefused', changeErrors(422, (all) => ({ ...all, status: 400 }))],
    ['responses/UpdateRefused', changeErrors(422, (all) => ({ ...all, body: { message: 'No.' } }))],
    ['schemas/Borrower/properties/is_deceased', changeBorrowers((one) => ({ ...one, is_deceased: 2 }))],
    ['schemas/Borrower/properties/birthday', changeBorrowers((one) => ({ ...one, birthday: 19700101 }))],
    ['schemas/Borrower/properties/deleted_at', changeBorrowers((one) => ({ ...one, deleted_at: 'never' }))],
    ['responses/ClientError', changeErrors(405, (all) => ({ ...all, body: { error: 'No.' } }))],
    ['responses/ServerError', changeErrors(405, () => ({ status: 500, headers: text, body: 'No.' }))],
    [
      'schemas/BorrowerPhoneCreate/properties/extension',
      (request, next) =>
        isCreate(request) && request.body?.extension === null
          ? json(422, { message: 'No.', errors: { extension: ['No.'] } })
          : next(request),
    ],
    [
      'schemas/BorrowerPhoneUpdate/properties/mobile_carrier_id',
      changeRecords(isUpdate, (one) => ({ ...one, mobile_carrier_id: one.mobile_carrier_id ?? 0 })),
    ],
    [
      'schemas/BorrowerPhoneDetails/properties/deleted_at',
      changeRecords(isGet, (one) => ({ ...one, deleted_at: 'never' })),
    ],
  ])('%s', async (at, defect) => {
    const { report } = await watchRun({ write: true }, serverWith(defect))
    expect(report.assumptions).toContainEqual(
      expect.objectContaining({ pointer: `#/components/${at}`, outcome: 'contradicted' }),
    )
  })
})

test.each([
  ['Borrower/properties/is_deceased', changeBorrowers((one) => ({ ...one, is_deceased: 1 }))],
  ['Borrower/properties/is_fraud', changeBorrowers((one) => ({ ...one, is_fraud: 1 }))],
  ['Borrower/properties/ssn', changeBorrowers((one) => ({ ...one, ssn: '123-45-6789' }))],
  ['Borrower/properties/deleted_at', changeBorrowers((one) => ({ ...one, deleted_at: one.created_at }))],
  [
    'BorrowerPhoneDetails/properties/deleted_at',
    changeRecords(isGet, (one) => ({ ...one, deleted_at: one.created_at })),
  ],
])('the report says if a value that no sample has confirms %s', async (at, defect) => {
  const outcomes = await Promise.all(
    [defect, isRight].map(async (one) => {
      const { report } = await watchRun({}, serverWith(one))
      return report.assumptions.find(({ pointer }) => pointer === `#/components/schemas/${at}`)?.outcome
    }),
  )
  expect(outcomes).toEqual(['confirmed', 'left open'])
})

test('a server without memory contradicts no assumption, and confirms none with its examples', async () => {
  const stateless = { ...inProcess(), remembers: false, fetch: serverWith(isRight) }
  const { assumptions } = await verify(stateless, { write: true, seed: 1 })
  expect(assumptions.filter(({ outcome }) => outcome === 'contradicted')).toEqual([])
  const settled = assumptions.filter(({ outcome }) => outcome === 'confirmed').map(({ pointer }) => pointer)
  expect(settled.filter((pointer) => !pointer.includes('/responses/'))).toEqual([])
})

test("the report shows as drift what the contract doesn't document", async () => {
  const newer = serverWith((request, next) =>
    isGet(request) && request.path.endsWith('/9007199254740991')
      ? json(410, { message: 'Gone.' })
      : changeRecords(isList, (one) => ({ ...one, nickname: 'x' }))(request, next),
  )
  const { report } = await watchRun({}, newer)
  expect(report.drift).toContainEqual(
    expect.objectContaining({ operation: 'listBorrowerPhones', kind: 'field', what: '/data/*/nickname' }),
  )
  expect(report.drift).toContainEqual(
    expect.objectContaining({ operation: 'getBorrowerPhone', kind: 'status', what: '410' }),
  )
})

test('the suite has a rule for every assumption that the phones rest on, and no rule without an assumption', () => {
  const parts = new Set<string>()
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    const { $ref } = node as { $ref?: string }
    if ($ref && !parts.has($ref)) visit(nodeAt(parts.add($ref) && $ref))
    Object.values(node).forEach(visit)
  }
  for (const { path } of model.operations.filter(({ path }) => /\/(phones.*|auth)$/.test(path)))
    visit((model.document.paths as any)[path])
  const theirs = assumptions.filter(({ pointer }) =>
    [...parts].some((part) => `${pointer}/`.startsWith(`${part}/`)),
  )
  expect(theirs.length).toBeGreaterThanOrEqual(18)
  expect(theirs.map(({ pointer }) => pointer).filter((at) => withoutRule.includes(at))).toEqual([])
  expect(unusedRules).toEqual([])
})

function nodeAt(pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce((node: any, key) => node[key.replaceAll('~1', '/').replaceAll('~0', '~')], model.document)
}
