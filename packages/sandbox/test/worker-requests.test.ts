/** The hosted sandbox handles bad and random requests as the Node server does. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startSandbox } from '../src/server.ts'
import { testBadRequests } from './bad-requests.ts'
import { borrower, type Call, type CallOptions, caller } from './calls.ts'
import { createFolder, fetchUnpooled, startHosted, unlimited } from './hosted.ts'

describe('bad requests', () => {
  // With a site beside the API, as it's deployed. The site must not respond in place of the API.
  testBadRequests(async () => {
    const closers: (() => Promise<void>)[] = []
    const finish = (close: () => Promise<void>) => closers.unshift(close)
    const assets = await createFolder(finish)
    await writeFile(join(assets, 'index.html'), '<title>Docs</title>')
    const { url } = await startHosted(unlimited, { assets }, finish)
    const closeAll = async () => {
      for (const close of closers) await close()
    }
    return { url, send: fetchUnpooled, close: closeAll }
  })
})

/** One request of a sequence. `record` is an index into the ids seen so far. */
interface Step {
  method: string
  record: number | undefined
  body: unknown
  options: CallOptions
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH'),
    record: fc.option(fc.nat(8), { nil: undefined }),
    body: fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record(
          {
            type: fc.constantFrom(5, 6),
            number: fc.constantFrom('2025550143', '202-555-0144', '0005550122'),
            memo: fc.option(fc.string({ maxLength: 20 })),
            no_contact: fc.constantFrom(0, 1),
          },
          { requiredKeys: ['type', 'number'] },
        ),
      },
      fc.record({ valid: fc.constantFrom(0, 1, 2, '1') }),
      fc.constantFrom('{', '[]', '{"unknown":1,"type":6,"number":"2025550143"}'),
    ),
    options: fc.record(
      {
        token: fc.constantFrom('one', 'two', '', 'sandbox-expired', 'sandbox-throttled'),
        headers: fc.constantFrom({}, { prefer: 'code=404' }, { 'content-type': 'text/plain' }),
      },
      { requiredKeys: [] },
    ),
  }),
  { minLength: 1, maxLength: 12 },
)

test('500 random sequences of requests get the same responses from both servers', async () => {
  // With the same scripted time, the responses can only differ if the servers do.
  const time = ['2026-03-07 14:18:07']
  const node = await startSandbox({ port: 0 })
  onTestFinished(() => node.close())
  const { call } = await startHosted()
  const servers = [caller(node.url), call] as const
  let sequence = 0
  await fc.assert(
    fc.asyncProperty(steps, async (sequenceOfSteps) => {
      const prefix = `s${sequence++}`
      const world = (token = 'one') => (/^(one|two)$/.test(token) ? `${prefix}-${token}` : token)
      for (const token of ['one', 'two'])
        for (const send of servers)
          await send('PUT', '/__sandbox/clock', { times: time }, { token: world(token) })
      const known = [39317578, 39317579]
      for (const { method, record, body, options } of sequenceOfSteps) {
        const path = record === undefined ? borrower : `${borrower}/${known[record] ?? 39317580 + record}`
        const token = world(options.token)
        const sent = method === 'GET' || method === 'DELETE' ? undefined : body
        const [ours, theirs] = await Promise.all(
          servers.map((send) => send(method, path, sent, { ...options, token })),
        )
        expect(pick(theirs)).toEqual(pick(ours))
        if (ours?.body?.data?.id) known.push(ours.body.data.id)
      }
    }),
    { numRuns: 500, seed: 20261124, endOnFailure: true },
  )
})

/** The status, the body, and the headers that are documented. */
function pick(response: Awaited<ReturnType<Call>> | undefined) {
  const names = ['allow', 'content-type', 'retry-after', 'www-authenticate', 'x-sandbox-warning']
  return {
    status: response?.status,
    body: response?.body,
    headers: Object.fromEntries(names.map((name) => [name, response?.headers.get(name)])),
  }
}
