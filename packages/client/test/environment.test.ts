/** The environment is read only by the function for it. */
import { expect, onTestFinished, test, vi } from 'vitest'
import { connect, createClient, loginToken, readEnvironment } from '../src/client.ts'
import { ids, secrets } from './servers.ts'

const token = { RECOVERYCONNECT_TOKEN: secrets.token }
const account = { RECOVERYCONNECT_USERNAME: 'example-user', RECOVERYCONNECT_PASSWORD: secrets.memo }
const server = { RECOVERYCONNECT_URL: 'http://localhost:1/base' }
const empty = { RECOVERYCONNECT_TOKEN: '', RECOVERYCONNECT_URL: '' }

test.each<[name: string, environment: object, token: unknown, baseUrl: string | undefined]>([
  ['a token', token, secrets.token, undefined],
  ['a token and a server', { ...token, ...server }, secrets.token, server.RECOVERYCONNECT_URL],
  ['a token and an account', { ...account, ...token }, secrets.token, undefined],
  ['an account', account, expect.any(Function), undefined],
  ['an account and a server', { ...account, ...server }, expect.any(Function), server.RECOVERYCONNECT_URL],
  ['an account, and empty variables', { ...account, ...empty }, expect.any(Function), undefined],
  [
    'a token, and an account without a password',
    { ...token, RECOVERYCONNECT_USERNAME: 'u' },
    secrets.token,
    undefined,
  ],
  [
    'the env of a worker, with bindings',
    { ...token, ...{ API: { fetch() {} }, RECOVERYCONNECT_URL: {} } },
    secrets.token,
    undefined,
  ],
  ['an object without a prototype', Object.assign(Object.create(null), token), secrets.token, undefined],
])('reads %s', (_, environment, token, baseUrl) => {
  const options = readEnvironment({ OTHER: '1', ...environment })
  expect(options).toEqual({ token, baseUrl })
  expect(createClient({ ...options, maxAttempts: 5 }).connection.baseUrl).toBe(
    baseUrl ?? 'https://api.mbsisystems.com',
  )
})

test('reads process.env by default', () => {
  onTestFinished(() => void vi.unstubAllEnvs())
  for (const [name, value] of Object.entries({ ...token, ...server })) vi.stubEnv(name, value)
  expect(readEnvironment()).toEqual({ token: secrets.token, baseUrl: server.RECOVERYCONNECT_URL })
})

test('logs in with the account', async () => {
  const bodies: unknown[] = []
  const fetch = async (_: string, { body }: { body?: string }) => {
    bodies.push(body && JSON.parse(body))
    return Response.json({ access_token: 'issued', data: [] })
  }
  await createClient({ ...readEnvironment(account), fetch }).borrowerPhones.list(ids)
  expect(bodies).toEqual([{ username: 'example-user', password: secrets.memo }, undefined])
})

test.each<[name: string, environment: object]>([
  ['nothing', {}],
  ['only a server', server],
  ['an empty token', empty],
  ['no password', { RECOVERYCONNECT_USERNAME: secrets.firstname }],
  ['no user name', { RECOVERYCONNECT_PASSWORD: secrets.token }],
  ['an empty password', { ...account, RECOVERYCONNECT_PASSWORD: '' }],
  ['an empty user name', { ...account, RECOVERYCONNECT_USERNAME: '' }],
  ['a token that is no text', { RECOVERYCONNECT_TOKEN: 5 }],
  ['names in lower case', { recoveryconnect_token: secrets.token }],
])('with %s, names the variables and no value', (_, environment) => {
  const names = ['TOKEN', 'USERNAME', 'PASSWORD'].map((name) => `RECOVERYCONNECT_${name}`)
  expect(() => readEnvironment(environment as never)).toThrow(
    expect.objectContaining({
      kind: 'invalid_input',
      attempts: 0,
      message: expect.stringMatching(names.join('.*')),
    }),
  )
  expect(() => readEnvironment(environment as never)).not.toThrow(
    new RegExp(`${secrets.firstname}|${secrets.token}`),
  )
})

test('without a process, names the variables', () => {
  vi.stubGlobal('process', undefined)
  onTestFinished(() => void vi.unstubAllGlobals())
  expect(() => readEnvironment()).toThrow(/RECOVERYCONNECT_TOKEN/)
  expect(readEnvironment(token)).toEqual({ token: secrets.token, baseUrl: undefined })
})

test('nothing else reads the environment', async () => {
  const read = vi.fn()
  const env = new Proxy({ ...token, ...account, ...server } as NodeJS.ProcessEnv, {
    get(target, name) {
      read(name)
      return target[name as string]
    },
  })
  onTestFinished(() => void vi.unstubAllGlobals())
  vi.stubGlobal('process', { ...process, env })
  const attempts = [
    () => createClient({} as never),
    () => connect({} as never),
    () => loginToken({} as never),
  ]
  for (const attempt of attempts) expect(attempt).toThrow()
  const rc = createClient({ token: 't', fetch: async () => Response.json({ data: [] }) })
  await rc.borrowerPhones.list(ids)
  vi.unstubAllGlobals()
  expect(rc.connection.baseUrl).toBe('https://api.mbsisystems.com')
  expect(read.mock.calls.flat().filter((name) => String(name).startsWith('RECOVERYCONNECT'))).toEqual([])
})
