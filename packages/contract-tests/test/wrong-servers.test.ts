/** What the suite is known to catch: every wrong server. It never fails the right one. */
import { expect, test } from 'vitest'
import { checks } from '../src/checks.ts'
import { verify } from '../src/suite.ts'
import { inProcess } from './in-process.ts'
import {
  changeRecords,
  type Defect,
  isGet,
  isList,
  isWrite,
  type Request,
  serverWith,
  type WrongServer,
} from './wrong-servers/defect.ts'
import { isolation } from './wrong-servers/isolation.ts'
import { everyIsolation, everyLifecycle } from './wrong-servers/lifecycle.ts'
import { memory } from './wrong-servers/memory.ts'
import { everyOperation } from './wrong-servers/operations.ts'
import { everyResource } from './wrong-servers/resources.ts'
import { shape } from './wrong-servers/shape.ts'
import { status } from './wrong-servers/status.ts'
import { tokens } from './wrong-servers/tokens.ts'

const wrongServers: WrongServer[] = [
  ...shape,
  ...status,
  ...tokens,
  ...memory,
  ...isolation,
  ...everyOperation,
  ...everyResource,
  ...everyLifecycle,
  ...everyIsolation,
]

const right: Defect = (request, next) => next(request)

/** The findings for a server with this defect. */
async function findOn(defect: Defect) {
  const target = inProcess({ fetch: serverWith(defect) })
  return (await verify(target, { write: true, seed: 20260307 })).checks
}

/** The checks that fail on a server with this defect. */
async function failedBy(defect: Defect): Promise<string[]> {
  const findings = await findOn(defect)
  return findings.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id)
}

test('there are at least thirty, each with a defect of its own', () => {
  expect(new Set(wrongServers.map(([defect]) => defect)).size).toBe(wrongServers.length)
  expect(wrongServers.length).toBeGreaterThanOrEqual(30)
})

test('every check has an id of its own', () => {
  expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length)
})

const catching = new Set<string>()
test.each(wrongServers)('%s: caught by %s', async (_, caughtBy, make) => {
  const findings = await findOn(make())
  for (const { id, outcome } of findings) if (outcome === 'failed') catching.add(id)
  const finding = findings.find(({ id }) => id === caughtBy)
  expect(finding?.outcome, finding?.because ?? 'no check has this id').toBe('failed')
})

test('the right server passes every check', async () => {
  expect(await failedBy(right)).toEqual([])
})

test.each(everyResource.filter(([, caughtBy]) => caughtBy.startsWith('needs-known-ids-')))(
  '%s: caught by %s, even if no other borrower is known',
  async (_, caughtBy, make) => {
    const { other: _other, ...target } = inProcess({ fetch: serverWith(make()) })
    const { checks } = await verify(target, { write: true, seed: 1 })
    expect(checks).toContainEqual(expect.objectContaining({ id: caughtBy, outcome: 'failed' }))
  },
)

test.each([
  ['without dashes', (number: string) => number.replaceAll('-', '')],
  ['with brackets', (number: string) => number.replace(/^(\d{3})-/, '($1) ')],
])('a server may return numbers %s', async (_, write) => {
  const isPhone = (request: Request) => isList(request) || isGet(request) || isWrite(request)
  expect(await failedBy(changeRecords(isPhone, (one) => ({ ...one, number: write(one.number) })))).toEqual([])
})

test('the right server passes if the other borrower belongs to the same order', async () => {
  const other = { order_id: 57062885, borrower_id: 124941995 }
  const target = inProcess({ fetch: serverWith(right), other })
  const { checks } = await verify(target, { write: true, seed: 1 })
  expect(checks.filter(({ outcome }) => outcome === 'failed')).toEqual([])
  expect(checks).toContainEqual(
    expect.objectContaining({ id: 'keeps-to-its-borrower-updateBorrowerPhone', outcome: 'passed' }),
  )
  expect(checks).toContainEqual(
    expect.objectContaining({ because: expect.stringContaining('same order'), outcome: 'skipped' }),
  )
})

test('every check catches some wrong server', () => {
  const idle = checks.filter(({ id, needs }) => !needs.includes('responses on demand') && !catching.has(id))
  expect(idle.map(({ id }) => id)).toEqual([])
})
