/** What the suite is known to catch: every wrong server, and never the right one. */
import { expect, test } from 'vitest'
import { promises } from '../src/promises.ts'
import { verify } from '../src/suite.ts'
import { inProcess } from './targets.ts'
import { type Defect, serverWith, type WrongServer } from './wrong-servers/defect.ts'
import { isolation } from './wrong-servers/isolation.ts'
import { memory } from './wrong-servers/memory.ts'
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
  ...everyResource,
]

/** The promises that a server with this defect breaks. */
async function brokenBy(defect: Defect): Promise<string[]> {
  const target = inProcess({ fetch: serverWith(defect) })
  const { promises: found } = await verify(target, { write: true, seed: 20260307 })
  return found.filter(({ outcome }) => outcome === 'broken').map(({ id }) => id)
}

test('there are at least thirty, each wrong in its own way', () => {
  expect(new Set(wrongServers.map(([defect]) => defect)).size).toBe(wrongServers.length)
  expect(wrongServers.length).toBeGreaterThanOrEqual(30)
})

const catching = new Set<string>()
test.each(wrongServers)('%s: caught by %s', async (_, caughtBy, make) => {
  const broken = await brokenBy(make())
  for (const id of broken) catching.add(id)
  expect(broken).toContain(caughtBy)
})

test('the right server is called wrong by no promise', async () => {
  expect(await brokenBy((request, next) => next(request))).toEqual([])
})

test('every promise catches some wrong server', () => {
  const idle = promises.filter(({ id, needs }) => !catching.has(id) && needs !== 'on-demand')
  expect(idle.map(({ id }) => id)).toEqual([])
})
