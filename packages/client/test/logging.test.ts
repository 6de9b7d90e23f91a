/** The guide "Log and trace calls": its programs show what happened, and no token and no personal data. */
import { pino, stdSerializers } from 'pino'
import { describe, expect, test } from 'vitest'
import { createClient } from '../src/client.ts'
import { compile, readBlocks, runWithNode } from './guides.ts'
import { expectNoSecret } from './leaks.ts'
import { type CleanUp, type Handler, http, ids, json, newPhone, phone, secrets, serve } from './servers.ts'

const [logging = '', tracing = ''] = readBlocks('log-and-trace-calls', 'ts')
const echo = Object.values(secrets).join(' ')
const tells = { 'x-echo': echo, 'retry-after': 0 }
const problem = { message: echo, errors: { number: [echo] } }
const send =
  (...responses: Buffer[]): Handler =>
  (socket, _, count) =>
    void socket.write(responses[count - 1] ?? '')

interface Case {
  name: string
  handle: Handler
  /** The status of each attempt. It's missing if there was no response. */
  statuses: (number | undefined)[]
  /** Missing if the phone is stored. */
  kind?: string
}

const cases: Case[] = [
  { name: 'success', handle: send(json(200, { data: phone }, tells)), statuses: [200] },
  {
    name: 'a second attempt',
    handle: send(json(429, problem, tells), json(200, { data: phone }, tells)),
    statuses: [429, 200],
  },
  { name: '422', handle: send(json(422, problem, tells)), statuses: [422], kind: 'validation' },
  { name: '503 with a page', handle: send(http(503, echo, tells)), statuses: [503], kind: 'server' },
  {
    name: 'redirect',
    handle: send(http(302, echo, { location: `/${encodeURIComponent(echo)}` })),
    statuses: [302],
    kind: 'unexpected_response',
  },
  {
    name: 'another flag',
    handle: send(json(200, { data: { ...phone, no_contact: 1 } }, tells)),
    statuses: [200],
    kind: 'contradiction',
  },
  {
    name: 'a response that is not HTTP',
    handle: (socket) => void socket.end(echo),
    statuses: [undefined],
    kind: 'connection',
  },
  {
    name: 'a reset',
    handle: (socket) => void socket.resetAndDestroy(),
    statuses: [undefined],
    kind: 'connection',
  },
]

test.concurrent('the programs compile', async (t) => {
  t.expect(await compile([logging, tracing])).toBe('')
})

test.concurrent.for(cases)('the log after $name', async ({ handle, statuses, kind }, t) => {
  const { stdout } = await start(logging, handle, t.onTestFinished)
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const attempts = lines.filter(({ msg }) => msg === 'attempt')
  t.expect(attempts.map(({ status }) => status)).toEqual(statuses)
  t.expect(attempts[0]).toMatchObject({ level: 20, operation: 'createBorrowerPhone', attempt: 1 })
  t.expect(lines.filter(({ msg }) => msg === 'wait')).toHaveLength(statuses.length - 1)
  const result = kind
    ? {
        level: 50,
        err: { type: 'RecoveryConnectError', kind, stack: t.expect.stringContaining('createBorrowerPhone') },
      }
    : { level: 30, phone_id: phone.id }
  t.expect(lines.at(-1)).toMatchObject({ ...ids, ...result })
})

test.concurrent.for(cases)('the spans after $name', async ({ handle, statuses, kind }, t) => {
  const setUp = new URL('tracing.ts', import.meta.url).href
  const { stdout, code } = await start(tracing, handle, t.onTestFinished, ['--import', setUp])
  t.expect(code).toBe(kind ? 1 : 0)
  const spans: Span[] = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  const own = spans.find(({ name }) => name === 'createBorrowerPhone')
  const attempts = own?.events.filter(({ name }) => name === 'attempt')
  t.expect(attempts?.map(({ attributes }) => attributes.status)).toEqual(statuses)
  t.expect(own?.events.filter(({ name }) => name === 'wait')).toHaveLength(statuses.length - 1)
  t.expect(own?.events.filter(({ name }) => name === 'exception')).toHaveLength(kind ? 1 : 0)
  t.expect(own?.attributes['error.type']).toBe(kind)
  // Of the instrumentation of undici.
  const requests = spans.filter(({ parent }) => parent === own?.id)
  t.expect(requests.map(({ name }) => name)).toEqual(statuses.map(() => 'POST'))
  t.expect(requests[0]?.attributes['url.full']).toContain(
    `/orders/${ids.order_id}/borrowers/${ids.borrower_id}/`,
  )
})

interface Span {
  name: string
  id: string
  parent?: string
  attributes: Record<string, unknown>
  events: { name: string; attributes: Record<string, unknown> }[]
}

/** Runs a program. Only the number and the memo are replaced. */
async function start(program: string, handle: Handler, cleanUp: CleanUp, args?: string[]) {
  const { url, arrived } = await serve(handle, cleanUp)
  const filled = program.replace('2025550142', secrets.number).replace('Invented', secrets.memo)
  const env = { RECOVERYCONNECT_TOKEN: secrets.token, RECOVERYCONNECT_URL: url }
  const output = await runWithNode(filled, env, args)
  expect(arrived[0]).toMatchObject({
    headers: { authorization: `Bearer ${secrets.token}` },
    body: JSON.stringify(newPhone),
  })
  expectNoSecret(output.stdout + output.stderr)
  return output
}

describe('pino shows no secret', () => {
  const ways: [string, (error: unknown) => [object] | [string, unknown]][] = [
    ['as the only argument', (error) => [error as object]],
    ['as err', (err) => [{ err }]],
    ['with another key', (error) => [{ error }]],
    ['as a cause', (cause) => [{ err: new Error('failed', { cause }) }]],
    ['in a list', (error) => [{ err: new AggregateError([error]) }]],
    ['in a message', (error) => ['%o', error]],
  ]
  const options = [{}, { serializers: { err: stdSerializers.errWithCause, error: stdSerializers.err } }]
  const broken = async () => {
    throw new Error(echo)
  }

  test.each(ways)('of an error %s', async (_, way) => {
    const refusal = new Response(JSON.stringify(problem), { status: 422, headers: tells as never })
    const clients = [
      createClient({ token: secrets.token, fetch: async () => refusal }),
      createClient({ token: secrets.token, fetch: broken }),
      createClient({ token: broken }),
    ]
    for (const rc of clients) {
      const result = await rc.borrowerPhones.create(ids, newPhone).result()
      const error = result.ok ? expect.unreachable() : result.error
      expect(JSON.stringify([error.body, (error.reason as Error | undefined)?.message])).toContain(
        secrets.number,
      )
      for (const each of options) {
        let line = ''
        const log = pino(each, { write: (text) => (line += text) })
        log.error(...(way(error) as [object]))
        expect(line).toContain('createBorrowerPhone')
        expectNoSecret(line)
      }
    }
  })
})
