/** What a report says about a server that is wrong or away: each fault once, and nothing that wasn't seen. */
import { createSandboxFetch } from '@recoveryconnect/sandbox/fetch'
import type { Operation } from '@recoveryconnect/spec/model'
import { describe, expect, test } from 'vitest'
import { checks } from '../src/checks.ts'
import { renderJUnit } from '../src/junit.ts'
import { model } from '../src/operations.ts'
import { exitCode, type Finding, type Report, renderReport } from '../src/report.ts'
import { countFindings, type VerifyOptions, verify } from '../src/suite.ts'
import { inProcess } from './in-process.ts'
import {
  changeErrors,
  goesTo,
  isList,
  json,
  type Request,
  respondInstead,
  serverWith,
} from './wrong-servers/defect.ts'

type Send = (url: string, init: RequestInit) => Promise<Response>

/** The report on a sandbox with something in front of it. */
async function reportOn(inFront: (send: Send) => Send, options: VerifyOptions = {}): Promise<Report> {
  const target = inProcess({ fetch: inFront(createSandboxFetch()), disposable: false })
  return verify(target, { seed: 1, ...options })
}

const findingsOf = ({ checks }: Report, outcome: Finding['outcome']) =>
  checks.filter((finding) => finding.outcome === outcome)

const refuseConnection = () => {
  throw new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } })
}

describe('a create that returns 201 and leaves out a field', () => {
  const report = reportOn(
    (send) => async (url, init) => {
      const response = await send(url, init)
      if (init.method !== 'POST' || !url.endsWith('/phones') || !response.ok) return response
      const { data } = (await response.json()) as { data: Record<string, unknown> }
      const { valid: _, ...rest } = data
      return Response.json({ data: rest }, { status: 201 })
    },
    { write: true },
  )

  test('fails with both faults, which are one cause', async () => {
    const { causes, checks } = await report
    const failed = findingsOf(await report, 'failed')
    expect(new Set(failed.map(({ operation }) => operation))).toEqual(new Set(['createBorrowerPhone']))
    for (const { expected, seen } of failed)
      expect([expected, seen]).toEqual([
        expect.stringMatching(/^200/),
        expect.stringMatching(/^201; also \/data has valid – /),
      ])
    const wrong = checks.filter(({ outcome }) => outcome === 'failed' || outcome === 'not asked')
    expect(causes).toEqual([
      { because: expect.stringContaining('seen 201; also'), checks: wrong.map(({ id }) => id) },
    ])
  })

  test("and what needs a record isn't asked", async () => {
    const notAsked = findingsOf(await report, 'not asked')
    expect(notAsked.length).toBeGreaterThan(10)
    for (const { operation, because } of notAsked) {
      expect(operation).not.toBe('createBorrowerPhone')
      expect(because).toContain('createBorrowerPhone')
    }
    const text = renderReport(await report)
    expect(text.match(/expected {2}200/g)).toHaveLength(1)
    for (const { id } of notAsked) expect(text).toMatch(new RegExp(`^ +not asked +${id}$`, 'm'))
    expect(text).toMatch(new RegExp(`, ${notAsked.length} not asked, \\d+ skipped \\(1 cause\\)`))
    expect(renderJUnit(await report)).toContain(`errors="${notAsked.length}"`)
    expect(exitCode(await report)).toBe(1)
    expect(exitCode({ ...(await report), checks: notAsked })).toBe(1)
  })

  test('and no assumption is said to need an option that was given', async () => {
    const open = (await report).assumptions.map(({ because }) => because)
    expect(open).toContain('No null was sent: an earlier step failed, or the run ended first.')
    expect(open.filter((because) => because.includes('needs --write'))).toEqual([])
  })
})

test('a server that accepts an impossible token fails for each operation that reads', async () => {
  const report = await reportOn((send) => (url, init) => {
    const headers = new Headers(init.headers)
    if (headers.get('authorization')?.includes(',')) headers.set('authorization', 'Bearer any-token')
    return send(url, { ...init, headers })
  })
  const canBeAsked = checks.filter(
    ({ id, needs }) => id.startsWith('token-needed-') && !needs.includes('write'),
  )
  expect(canBeAsked.length).toBeGreaterThanOrEqual(2)
  const expected = '401 with a token that no server can have issued'
  expect(findingsOf(report, 'failed')).toEqual(
    canBeAsked.map(({ id }) => expect.objectContaining({ id, expected, seen: '200' })),
  )
})

test.each([
  ['offers responses on demand and accepts any token', true, true, false],
  ['offers responses on demand and accepts only its own tokens', true, false, false],
  ['offers no responses on demand and accepts any token', false, true, true],
  ['offers no responses on demand and accepts only its own tokens', false, false, false],
])('a random token is tried on a server that %s', async (_, offersOnDemand, acceptsAny, fails) => {
  const token = 'e30.e30.c2lnbmF0dXJl'
  const forged = new Set<string>()
  let count = 0
  const right = createSandboxFetch()
  const fetch: Send = (url, init) => {
    const { authorization = '', prefer, ...headers } = init.headers as Record<string, string>
    const isForged = /^Bearer e30\.e30\.\w{12}$/.test(authorization) && !authorization.endsWith(token)
    if (isForged) forged.add(authorization)
    count += Number(isForged)
    const isKnown = authorization.toLowerCase() === `bearer ${token}`.toLowerCase()
    const known = (isKnown || (isForged && acceptsAny)) && { authorization: 'Bearer any-token' }
    const wish = offersOnDemand && prefer !== undefined && { prefer }
    return right(url, { ...init, headers: { ...headers, ...known, ...wish } })
  }
  const report = await verify({ ...inProcess({ fetch, disposable: false }), token }, { seed: 1 })
  const failed = findingsOf(report, 'failed').map(({ expected, seen }) => [expected, seen])
  if (fails) expect(failed).toContainEqual(['401 with a random token', '200'])
  else expect(failed).toEqual([])
  expect(forged.size).toBe(1)
  const isOnlyProbed = offersOnDemand && acceptsAny
  if (isOnlyProbed) expect(count).toBe(1)
  else expect(count).toBeGreaterThan(3)
})

describe('a first list of another kind gets a full report, not only a message', () => {
  const page = { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>' }
  test.each([
    ['a bare array', json(200, [{ id: 1 }]), 'the body is of type object'],
    ['a string', json(200, 'none'), 'the body is of type object'],
    ['null', json(200, null), 'the body is of type object'],
    ['records of null', json(200, { data: [null] }), '/data/* is of type object'],
    ['a page', page, 'application/json'],
    ['an error', json(500, { message: 'Server Error' }), '200'],
  ])('%s', async (_, response, expected) => {
    const isOfCaller = (request: Request) => isList(request) && request.headers.authorization !== undefined
    const fetch = serverWith(respondInstead(isOfCaller, response))
    for (const write of [false, true]) {
      const report = await verify(inProcess({ fetch, disposable: false }), { write, seed: 1 })
      const [cause] = report.causes
      expect(exitCode(report)).toBe(1)
      expect(report.checks).toHaveLength(countFindings(inProcess(), write))
      expect(cause?.checks).toContain('responds-listBorrowerPhones')
      expect(report.checks).toContainEqual(
        expect.objectContaining({
          id: 'responds-listBorrowerPhones',
          outcome: 'failed',
          expected: expect.stringContaining(expected),
        }),
      )
    }
  })
})

describe('a server that goes away ends the run, and no check fails', () => {
  test('one that dies', async () => {
    let left = 20
    const report = await reportOn(
      (send) => (url, init) => (left-- > 0 ? send(url, init) : refuseConnection()),
    )
    expect(report.because).toMatch(/stopped responding.*ECONNREFUSED/)
    expect(findingsOf(report, 'passed').length).toBeGreaterThan(0)
    expect(findingsOf(report, 'failed')).toEqual([])
    expect(exitCode(report)).toBe(2)
    expect(renderReport(report)).toMatch(/Interrupted: .*\. .*stopped responding/)
    expect(renderJUnit(report)).toMatch(/<property name="interrupted" value="[^"]*ECONNREFUSED/)
  })

  test('one that rejects every request for too long', async () => {
    let left = 20
    const later = () =>
      Response.json({ message: 'Later.' }, { status: 429, headers: { 'retry-after': '600' } })
    const report = await reportOn((send) => async (url, init) => (left-- > 0 ? send(url, init) : later()))
    expect(report.because).toContain('429')
    expect(findingsOf(report, 'failed')).toEqual([])
    expect(exitCode(report)).toBe(2)
  })

  test('one that dies during a write: the next run looks for what was created', async () => {
    // The reads come first, so the server dies somewhere in the writes, wherever the first one is.
    let writes = 10
    const inFront =
      (send: Send): Send =>
      (url, { method, ...init }) => {
        if (method === 'POST') writes--
        return writes > 0 ? send(url, { method: method as string, ...init }) : refuseConnection()
      }
    const report = await reportOn(inFront, { write: true })
    expect(report.interrupted).toBe(true)
    expect(findingsOf(report, 'failed').map(({ id }) => id)).toEqual(['leaves-nothing-behind'])
    expect(exitCode(report)).toBe(2)
  })

  test('but one that drops a single kind of request is wrong, and the run goes on', async () => {
    const get = model.operations.find(({ verb }) => verb === 'get') as Operation
    const isGet = (url: string) =>
      goesTo(get)({ method: 'GET', path: new URL(url).pathname, headers: {}, body: '' })
    const report = await reportOn(
      (send) => (url, init) => (isGet(url) ? refuseConnection() : send(url, init)),
    )
    expect(report.interrupted).toBe(false)
    expect(findingsOf(report, 'failed').length).toBeGreaterThan(0)
    expect(findingsOf(report, 'passed').length).toBeGreaterThan(0)
    expect(exitCode(report)).toBe(1)
  })
})

test('a secret that is a word of the report changes no verdict', async () => {
  const credentials = { username: 'passed', password: 'failed' }
  const wrong = serverWith(respondInstead(isList, json(200, { data: 'none' })))
  const report = await verify(inProcess({ fetch: wrong, credentials }), { seed: 1 })
  expect(findingsOf(report, 'failed').length).toBeGreaterThan(0)
  expect(exitCode(report)).toBe(1)
})

test('what a server says about itself is redacted where an assumption quotes it', async () => {
  const type = 'text/any-token-202-555-0143'
  const report = await reportOn((send) => async (url, init) => {
    const response = await send(url, init)
    return response.status === 404
      ? new Response(await response.text(), { status: 404, headers: { 'content-type': type } })
      : response
  })
  const quoted = report.assumptions.find(({ because }) => because.includes('(text/'))
  expect(quoted?.because).toContain('(text/[redacted]-[number])')
})

test('a key that may be personal is masked in the place of a problem', async () => {
  const errors = { 'Jane ~ Doe': 'No.', '123121234': 'No.', memo: 'No.' }
  const wrong = serverWith(changeErrors(422, () => json(422, { message: 'No.', errors })))
  const report = await verify(inProcess({ fetch: wrong }), { write: true, seed: 1 })
  const text = JSON.stringify(report)
  expect(text).toContain('/errors/memo')
  expect(text).toContain('/errors/(hidden name)')
  expect(text).not.toMatch(/Jane|123121234/)
})

test.each([
  [false, true],
  [true, true],
  [true, false],
])('the number of findings is known before a run (write %s, memory %s)', async (write, remembers) => {
  const target = inProcess({ remembers })
  let findings = 0
  await verify(target, { write, seed: 1, onFinding: () => findings++ })
  expect(countFindings(target, write)).toBe(findings)
})

test('the titles of checks are never redacted', async () => {
  const titles = new Map(checks.map(({ id, title }) => [id, title]))
  const report = await reportOn((send) => send)
  for (const finding of report.checks) expect(finding.title).toBe(titles.get(finding.id))
})
