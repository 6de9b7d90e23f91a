/** Two copies of the package in one program recognize each other's errors, and errors reach other threads as JSON. */
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { Worker } from 'node:worker_threads'
import { afterAll, expect, expectTypeOf, onTestFinished, test } from 'vitest'
import { bundle } from '../bench/figures.ts'
import { type NotFoundError, RecoveryConnectError } from '../src/client.ts'
import { expectNoSecret } from './leaks.ts'
import { ids, newPhone, phone, secrets } from './servers.ts'

type Package = typeof import('../src/client.ts')

const folder = await mkdtemp(join(tmpdir(), 'copies-'))
afterAll(() => rm(folder, { recursive: true }))
const names = ['one.mjs', 'other.mjs']
const code = await bundle("export * from '@recoveryconnect/client'")
await Promise.all(names.map((name) => writeFile(join(folder, name), code)))
const imports = names.map((name) => import(pathToFileURL(join(folder, name)).href))
const [one, other] = (await Promise.all(imports)) as [Package, Package]

const respond = (status: number, body: unknown = { message: secrets.memo, errors: {} }) => ({
  fetch: async () => Response.json(body, { status }),
})
const causes: Record<RecoveryConnectError['kind'], object> = {
  invalid_input: { maxAttempts: 0 },
  token_unavailable: { token: () => Promise.reject() },
  unauthenticated: respond(401),
  forbidden: respond(403),
  not_found: respond(404),
  validation: respond(422),
  rate_limited: respond(429),
  refused: respond(400),
  server: respond(500),
  connection: { fetch: () => Promise.reject() },
  timeout: { fetch: () => new Promise(() => {}), attemptTimeoutMs: 1 },
  aborted: { signal: AbortSignal.abort() },
  unexpected_response: respond(200, []),
  incomplete_list: respond(200, { data: [], total: 2 }),
  contradiction: respond(200, { data: { ...phone, no_contact: 1 } }),
}

/** Causes an error in a copy. */
async function fail(copy: Package, kind: string, { token = 't', ...options }: any): Promise<any> {
  const { list, create } = copy.createClient({ token, maxAttempts: 1 }).borrowerPhones
  const call = kind === 'incomplete_list' ? list(ids, options) : create(ids, newPhone, options)
  return call.then(
    () => expect.unreachable('the call must fail'),
    (error) => error,
  )
}

test.each(Object.entries(causes))('%s is an error in both copies', async (kind, options) => {
  for (const [from, to] of [
    [one, other],
    [other, one],
    [one, { RecoveryConnectError }],
  ] as const) {
    const error = await fail(from, kind, options)
    expect(error).toBeInstanceOf(from.RecoveryConnectError)
    expect(error).toBeInstanceOf(to.RecoveryConnectError)
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ kind, name: 'RecoveryConnectError' })
    expect(structuredClone(error.toJSON())).toEqual(JSON.parse(JSON.stringify(error)))
    expect(structuredClone(error.toJSON())).toMatchObject({ kind, message: error.message })
  }
})

test.each<[string, unknown]>([
  ['an Error', new Error()],
  ['the JSON of an error', (await fail(one, 'not_found', causes.not_found)).toJSON()],
  ['null', null],
  ['undefined', undefined],
  ['a text', 'RecoveryConnectError'],
  ['an object without a prototype', Object.create(null)],
  ['a class', one.RecoveryConnectError],
])("%s isn't an error of a copy", (_, value) => {
  for (const copy of [one, other, { RecoveryConnectError }])
    expect(value).not.toBeInstanceOf(copy.RecoveryConnectError)
})

test('the types narrow to a kind after instanceof', async () => {
  const error: unknown = await fail(one, 'not_found', causes.not_found)
  if (!(error instanceof RecoveryConnectError)) return expect.unreachable()
  expectTypeOf(error).toEqualTypeOf<RecoveryConnectError>()
  if (error.kind !== 'not_found') return expect.unreachable()
  expectTypeOf(error).toEqualTypeOf<NotFoundError>()
  expectTypeOf(error.status).toEqualTypeOf<404>()
})

test('the class is a function for decorators, such as those of NestJS', () => {
  expectTypeOf(RecoveryConnectError).toExtend<CallableFunction>()
})

test('createOutcome takes the error of the other copy', async () => {
  const error = await fail(one, 'contradiction', causes.contradiction)
  const rc = other.createClient({ token: 't' })
  expect(await other.createOutcome(rc.borrowerPhones, { ids, body: newPhone, error })).toMatchObject({
    created: true,
    contradicts: ['no_contact'],
  })
})

test('the error of the other copy passes through a call, and names the token function', async () => {
  const error = await fail(one, 'server', causes.server)
  const thrown = () => {
    throw error
  }
  const rc = other.createClient({ token: 't', ...respond(200, { data: [] }), checkResponse: thrown })
  expect(await rc.borrowerPhones.list(ids).result()).toEqual({ ok: false, error })
  const failed = await fail(other, 'token_unavailable', { token: thrown })
  expect(failed.message).toContain(error.message)
})

test('an error of another realm is recognized', async () => {
  const inner = createContext({ key: '@recoveryconnect/client/error', error: undefined })
  const foreign = runInContext(
    'class E extends Error { get [Symbol.for(key)]() { return true } }; new E()',
    inner,
  )
  expect(foreign).not.toBeInstanceOf(Error)
  expect(foreign).toBeInstanceOf(RecoveryConnectError)
})

test('another thread reads the kind from the JSON of an error', async () => {
  const echo =
    "require('worker_threads').parentPort.once('message', (m) => { require('worker_threads').parentPort.postMessage(m) })"
  const worker = new Worker(echo, { eval: true })
  onTestFinished(async () => void (await worker.terminate()))
  const error = await fail(one, 'validation', causes.validation)
  worker.postMessage(error.toJSON())
  const [received] = await once(worker, 'message')
  expect(received).toEqual(error.toJSON())
  expect(received).toMatchObject({
    kind: 'validation',
    status: 422,
    attempts: 1,
    mayHaveBeenCarriedOut: false,
  })
  expectNoSecret(received)
})
