/** What a report says of a server that is wrong, or gone: the fault once, and nothing that was not seen. */
import { createSandboxFetch } from '@recoveryconnect/sandbox/fetch'
import { describe, expect, test } from 'vitest'
import { promises } from '../src/promises.ts'
import { exitCode, type Finding, type Report, renderJUnit, renderReport } from '../src/report.ts'
import { type VerifyOptions, verify } from '../src/suite.ts'
import { inProcess } from './targets.ts'
import { instead, isList, json, serverWith } from './wrong-servers/defect.ts'

type Send = (url: string, init: RequestInit) => Promise<Response>

/** The report on a sandbox that something stands before. */
async function reportOn(before: (send: Send) => Send, options: VerifyOptions = {}): Promise<Report> {
  const target = inProcess({ fetch: before(createSandboxFetch()), disposable: false })
  return verify(target, { seed: 1, ...options })
}

const found = ({ promises }: Report, outcome: Finding['outcome']) =>
  promises.filter((finding) => finding.outcome === outcome)

const refused = () => {
  throw new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } })
}

describe('a create that is answered with 201 and without a field', () => {
  const report = reportOn(
    (send) => async (url, init) => {
      const answer = await send(url, init)
      if (init.method !== 'POST' || !url.endsWith('/phones') || !answer.ok) return answer
      const { data } = (await answer.json()) as { data: Record<string, unknown> }
      const { valid: _, ...rest } = data
      return Response.json({ data: rest }, { status: 201 })
    },
    { write: true },
  )

  test('is broken, with both faults', async () => {
    const broken = found(await report, 'broken')
    expect(broken.map(({ operation }) => operation)).toContain('createBorrowerPhone')
    expect(new Set(broken.map(({ operation }) => operation))).toEqual(new Set(['createBorrowerPhone']))
    for (const { expected, seen } of broken)
      expect([expected, seen]).toEqual([
        '200',
        expect.stringMatching(/^201; furthermore \/data has valid – it is missing/),
      ])
  })

  test('and what needs a record was not asked', async () => {
    const notAsked = found(await report, 'not asked')
    expect(notAsked.length).toBeGreaterThan(10)
    for (const { operation, because } of notAsked) {
      expect(operation).not.toBe('createBorrowerPhone')
      expect(because).toBe('createBorrowerPhone before it')
    }
    expect(renderReport(await report)).toContain(
      `not asked  ${notAsked.length}: createBorrowerPhone before it: expected 200, seen 201; furthermore`,
    )
    expect(renderReport(await report)).toContain(`, ${notAsked.length} not asked, `)
    expect(renderJUnit(await report)).toContain(`errors="${notAsked.length}"`)
    expect(exitCode(await report)).toBe(1)
    expect(exitCode({ ...(await report), promises: notAsked })).toBe(1)
  })

  test('and no assumption is said to take an option that was given', async () => {
    const open = (await report).assumptions.map(({ because }) => because)
    expect(open).toContain('No null was sent: a step before it did not succeed, or the run ended first.')
    expect(open.filter((because) => because.includes('that takes --write'))).toEqual([])
  })
})

test('a token that should not be accepted is named', async () => {
  const report = await reportOn((send) => (url, init) => {
    const headers = new Headers(init.headers)
    if (headers.get('authorization')?.includes(',')) headers.set('authorization', 'Bearer any-token')
    return send(url, { ...init, headers })
  })
  expect(found(report, 'broken')).toEqual([
    expect.objectContaining({
      id: 'token-needed-listBorrowerPhones',
      seen: '200 with a token that no server can have issued',
    }),
    expect.objectContaining({
      id: 'token-needed-getBorrowerPhone',
      seen: '200 with a token that no server can have issued',
    }),
  ])
})

describe('a server that is not wrong but away ends the run, and breaks nothing', () => {
  test('one that dies', async () => {
    let left = 20
    const report = await reportOn((send) => (url, init) => (left-- > 0 ? send(url, init) : refused()))
    expect(report.because).toBe('The server is not there any more (a connection that failed (ECONNREFUSED))')
    expect(found(report, 'held').length).toBeGreaterThan(0)
    expect(found(report, 'broken')).toEqual([])
    expect(exitCode(report)).toBe(2)
    expect(renderReport(report)).toMatch(/Interrupted: .*\. The server is not there any more/)
    expect(renderJUnit(report)).toContain('<property name="interrupted" value="The server is not there')
  })

  test('one that lets nobody in for long', async () => {
    let left = 20
    const later = () =>
      Response.json({ message: 'Later.' }, { status: 429, headers: { 'retry-after': '600' } })
    const report = await reportOn((send) => async (url, init) => (left-- > 0 ? send(url, init) : later()))
    expect(report.because).toBe('The server limits the requests (429) for too long')
    expect(found(report, 'broken')).toEqual([])
    expect(exitCode(report)).toBe(2)
  })

  test('one that dies while it is written to; what was created is looked for the next time', async () => {
    let left = 60
    const before =
      (send: Send): Send =>
      (url, init) =>
        left-- > 0 ? send(url, init) : refused()
    const report = await reportOn(before, { write: true })
    expect(report.interrupted).toBe(true)
    expect(found(report, 'broken').map(({ id }) => id)).toEqual(['leaves-nothing-behind'])
    expect(exitCode(report)).toBe(2)
  })

  test('but one that breaks off one kind of request is wrong, and the run goes on', async () => {
    const report = await reportOn(
      (send) => (url, init) => (url.endsWith('/39317578') ? refused() : send(url, init)),
    )
    expect(report.interrupted).toBe(false)
    expect(found(report, 'broken').length).toBeGreaterThan(0)
    expect(found(report, 'held').length).toBeGreaterThan(0)
    expect(exitCode(report)).toBe(1)
  })
})

test('a secret that is a word of the report changes no verdict', async () => {
  const credentials = { username: 'held', password: 'broken' }
  const wrong = serverWith(instead(isList, json(200, { data: 'none' })))
  const report = await verify(inProcess({ fetch: wrong, credentials }), { seed: 1 })
  expect(found(report, 'broken').length).toBeGreaterThan(0)
  expect(exitCode(report)).toBe(1)
})

test('what a server says of itself is blanked where an assumption quotes it', async () => {
  const type = 'text/any-token-202-555-0143'
  const report = await reportOn((send) => async (url, init) => {
    const answer = await send(url, init)
    return answer.status === 404
      ? new Response(await answer.text(), { status: 404, headers: { 'content-type': type } })
      : answer
  })
  const quoted = report.assumptions.find(({ because }) => because.startsWith('404 came in another shape'))
  expect(quoted?.because).toBe('404 came in another shape (text/[redacted]-[number])')
})

test('what a promise says stays as it is written', async () => {
  const says = new Map(promises.map((promise) => [promise.id, promise.says]))
  const report = await reportOn((send) => send)
  for (const finding of report.promises) expect(finding.says).toBe(says.get(finding.id))
})
