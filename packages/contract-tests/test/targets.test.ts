/** The suite against everything that claims to be this API. */
import type { Operation } from '@recoveryconnect/spec/model'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Need } from '../src/check.ts'
import { checks } from '../src/checks.ts'
import { model } from '../src/operations.ts'
import { type Report, verify } from '../src/suite.ts'
import { local, type Running } from './targets.ts'

const seed = Number(process.env.RECOVERYCONNECT_SEED ?? 20260307)
console.info(`The generated requests have the seed ${seed} (RECOVERYCONNECT_SEED).`)

/** The checks that a target can't be asked. Nothing else may be skipped. */
const skipped: Record<string, Need> = { 'the mock': 'memory', 'the sandbox behind Prism': 'direct' }

/** Where the contract documents only 4XX, the sandbox and the mock return a status of their own. */
const login = ['createAccessToken /errors', 'createAccessToken 422']
const drift: Record<string, string[]> = {
  'the mock': [...login, ...model.operations.flatMap(mockDrift)].sort(),
  'the sandbox in this process': login,
  'the sandbox over HTTP': login,
  'the hosted sandbox': login,
}

/** A bad path or body is a 400, and a body for HTML a 406. A delete has neither. */
function mockDrift({ id, method, needsToken }: Operation): string[] {
  if (!needsToken || method === 'DELETE') return []
  return method === 'GET' ? [`${id} 400`, `${id} 406`] : [`${id} 400`]
}

describe.each(Object.entries(local))('%s', (name, start) => {
  let running: Running
  let report: Report
  beforeAll(async () => {
    running = await start()
    report = await verify(running.target, { write: true, seed })
  })
  afterAll(() => running.close())

  test.each(checks)('$id', (check) => {
    const finding = report.checks.find(({ id }) => id === check.id)
    const isSkipped = check.needs.some((need) => need === skipped[name])
    expect(finding?.outcome, finding?.because).toBe(isSkipped ? 'skipped' : 'passed')
  })

  test('leaves nothing behind, and shows no other drift', () => {
    expect(report).toMatchObject({ leftBehind: [], interrupted: false })
    expect(report.drift.map(({ operation, what }) => `${operation} ${what}`).sort()).toEqual(
      drift[name] ?? [],
    )
  })
})
