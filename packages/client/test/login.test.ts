import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createClient, loginToken } from '../src/client.ts'
import { expectNoSecret } from './leaks.ts'
import { type Handler, http, ids, json, secrets, serve } from './servers.ts'

const account = { username: 'example-user', password: secrets.token }

test('logs in once, without a token, and uses the new token', async () => {
  const server = await withLogins(3600)
  const rc = createClient({ baseUrl: server.url, token: loginToken(account) })
  await Promise.all(Array.from({ length: 5 }, () => rc.borrowerPhones.list(ids)))
  await rc.borrowerPhones.list(ids)
  const [login, ...others] = server.arrived
  expect(login).toMatchObject({ method: 'POST', path: '/api/v140/auth', body: JSON.stringify(account) })
  expect(login?.headers).not.toHaveProperty('authorization')
  expect(others.map(({ headers }) => headers.authorization)).toEqual(Array(6).fill('Bearer issued-1'))
})

describe('logs in again', () => {
  test.each([
    ['a minute before the expiry', 3600, 3_539_999],
    ['after half of a short lifetime', 60, 29_999],
  ])('%s, not earlier', async (_, expires_in, keptMs) => {
    vi.useFakeTimers({ toFake: ['performance'] })
    onTestFinished(() => void vi.useRealTimers())
    const server = await withLogins(expires_in)
    const rc = createClient({ baseUrl: server.url, token: loginToken(account) })
    const logins = async () => {
      await rc.borrowerPhones.list(ids)
      return server.arrived.filter(({ path }) => path.endsWith('/auth')).length
    }
    expect(await logins()).toBe(1)
    vi.advanceTimersByTime(keptMs)
    expect(await logins()).toBe(1)
    vi.advanceTimersByTime(1)
    expect(await logins()).toBe(2)
  })

  test('when the API rejects the token', async () => {
    const server = await withLogins(3600, 'issued-2')
    const rc = createClient({ baseUrl: server.url, token: loginToken(account) })
    expect(await rc.borrowerPhones.list(ids).result()).toMatchObject({ ok: true, attempts: 2 })
  })
})

test('a token without expires_in is kept until the API rejects it', async () => {
  const server = await withLogins(undefined)
  const rc = createClient({ baseUrl: server.url, token: loginToken(account) })
  for (let times = 0; times < 3; times++) await rc.borrowerPhones.list(ids)
  expect(server.arrived.filter(({ path }) => path.endsWith('/auth'))).toHaveLength(1)
})

test('a login is aborted with the last call that waits for it', async () => {
  const signals: (AbortSignal | null | undefined)[] = []
  const controller = new AbortController()
  const rc = createClient({
    token: loginToken(account),
    fetch: (_, init) => {
      signals.push(init?.signal)
      controller.abort()
      return new Promise(() => {})
    },
  })
  const call = rc.borrowerPhones.list(ids, { signal: controller.signal }).result()
  expect(await call).toMatchObject({ error: { kind: 'aborted' } })
  expect(signals.map((signal) => signal?.aborted)).toEqual([true])
})

test.each([
  ['no token in the response', json(200, { token_type: 'Bearer', expires_in: 3600 })],
  ['a token with a line break', json(200, { access_token: `${secrets.token}\n`, expires_in: 3600 })],
  ['a page', json(502, secrets.token)],
])('a failed login fails the call without showing the credentials: %s', async (_, response) => {
  const server = await serve((socket) => void socket.write(response))
  const rc = createClient({ baseUrl: server.url, token: loginToken(account) })
  const result = await rc.borrowerPhones.list(ids).result()
  expect(result).toMatchObject({ error: { kind: 'token_unavailable', attempts: 0 } })
  expectNoSecret(!result.ok && result.error)
  expectNoSecret(!result.ok && result.error.reason)
  expect(server.arrived).toHaveLength(1)
  await rc.borrowerPhones.list(ids).result()
  expect(server.arrived.map(({ path }) => path)).toEqual(['/api/v140/auth', '/api/v140/auth'])
})

test('a rejected login is not repeated until a stated time has passed', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const server = await serve((socket) => void socket.write(json(401, { message: `Wrong: ${secrets.token}` })))
  const rc = createClient({
    baseUrl: server.url,
    token: loginToken({ ...account, retryRejectedAfterMs: 1000 }),
  })
  for (const [passedMs, logins] of [
    [0, 1],
    [999, 1],
    [1, 2],
    [0, 2],
  ] as const) {
    vi.advanceTimersByTime(passedMs)
    const results = await Promise.all(Array.from({ length: 3 }, () => rc.borrowerPhones.list(ids).result()))
    for (const result of results) {
      expect(result).toMatchObject({ error: { kind: 'token_unavailable', attempts: 0 } })
      expectNoSecret(!result.ok && result.error)
      expectNoSecret(!result.ok && result.error.reason)
    }
    expect(server.arrived).toHaveLength(logins)
  }
})

describe('a login that fails', () => {
  const reset: Handler = (socket) => void socket.resetAndDestroy()
  const hang: Handler = () => {}
  const page = '<p>Blocked</p>'
  const body = { message: `Wrong: ${secrets.token}`, errors: { username: ['Wrong.'] } }
  test.each<[what: string, handle: Handler, isRemembered: boolean]>([
    ...[400, 401, 403, 404, 422].flatMap((status): [string, Handler, boolean][] => [
      [`with ${status}`, (socket) => void socket.write(json(status, body)), true],
      [`with ${status} and a page`, (socket) => void socket.write(http(status, page)), true],
    ]),
    ...[200, 302, 408, 429, 500, 503].map((status): [string, Handler, boolean] => [
      `with ${status}`,
      (socket) => void socket.write(json(status, body)),
      false,
    ]),
    ['with a lost connection', reset, false],
    ['that never ends', hang, false],
  ])('%s', async (_, handle, isRemembered) => {
    const server = await serve(handle)
    let logins = 0
    const token = loginToken({
      ...account,
      maxAttempts: 1,
      attemptTimeoutMs: handle === hang ? 10 : 10_000,
      hooks: { onAttempt: () => void logins++ },
    })
    // The calls of a client, its copies, and a later client.
    const rc = createClient({ baseUrl: server.url, token })
    const later = createClient({ baseUrl: server.url, token })
    for (const client of [rc, rc, rc.withOptions({ maxAttempts: 1 }), later]) {
      const calls = [client.borrowerPhones.list(ids), client.borrowers.list(ids)]
      for (const result of await Promise.all(calls.map((call) => call.result())))
        expect(result).toMatchObject({ error: { kind: 'token_unavailable', attempts: 0 } })
    }
    expect(logins).toBe(isRemembered ? 1 : 4)
  })

  test('is remembered for its own server and account', async () => {
    const [wrong, right] = [await serve((socket) => void socket.write(json(401, body))), await withLogins(60)]
    const token = loginToken(account)
    const list = (url: string, provider = token) =>
      createClient({ baseUrl: url, token: provider }).borrowerPhones.list(ids).result()
    expect(await list(wrong.url)).toMatchObject({ ok: false })
    expect(await list(right.url)).toMatchObject({ ok: true })
    expect(await list(wrong.url)).toMatchObject({ ok: false })
    expect(wrong.arrived).toHaveLength(1)
    await list(wrong.url, loginToken({ ...account, password: 'another' }))
    expect(wrong.arrived).toHaveLength(2)
  })

  test('after the API rejected a token is remembered too', async () => {
    const server = await serve((socket, { path }, count) => {
      const isFirst = path.endsWith('/auth') && count === 1
      socket.write(isFirst ? json(200, { access_token: 'issued', expires_in: 3600 }) : json(401, body))
    })
    const rc = createClient({ baseUrl: server.url, token: loginToken(account) })
    for (let times = 0; times < 3; times++)
      expect(await rc.borrowerPhones.list(ids).result()).toMatchObject({ error: { attempts: 1 } })
    expect(server.arrived.filter(({ path }) => path.endsWith('/auth'))).toHaveLength(2)
  })

  test('works again after five minutes by default', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    onTestFinished(() => void vi.useRealTimers())
    const server = await serve((socket, { path }, count) => {
      const isLogin = path.endsWith('/auth')
      if (isLogin && count === 1) socket.write(json(401, body))
      else socket.write(json(200, isLogin ? { access_token: 'issued', expires_in: 3600 } : { data: [] }))
    })
    const rc = createClient({ baseUrl: server.url, token: loginToken(account) })
    const isOk = async () => (await rc.borrowerPhones.list(ids).result()).ok
    expect(await isOk()).toBe(false)
    vi.advanceTimersByTime(299_999)
    expect(await isOk()).toBe(false)
    vi.advanceTimersByTime(1)
    expect(await isOk()).toBe(true)
  })
})

/** Issues the tokens `issued-1`, `issued-2`, and so on. With `accepted`, the API accepts only that one. */
async function withLogins(expires_in: number | undefined, accepted?: string) {
  let issued = 0
  return serve((socket, { path, headers }) => {
    if (path.endsWith('/auth')) {
      const access_token = `issued-${++issued}`
      socket.write(json(200, { token_type: 'Bearer', expires_in, access_token, refresh_token: 'unused' }))
    } else {
      const isFine = !accepted || headers.authorization === `Bearer ${accepted}`
      socket.write(isFine ? json(200, { data: [] }) : json(401, {}))
    }
  })
}

test('logs in to the server of the client by default, and keeps a token for each server', async () => {
  const [one, other, logins] = [await withLogins(3600), await withLogins(3600), await withLogins(3600)]
  const token = loginToken({ ...account, baseUrl: undefined })
  for (const { url } of [one, other, one])
    await createClient({ baseUrl: url, token }).borrowerPhones.list(ids)
  expect(
    [one, other].map(({ arrived }) => arrived.filter(({ path }) => path.endsWith('/auth')).length),
  ).toEqual([1, 1])
  const elsewhere = loginToken({ ...account, baseUrl: logins.url })
  await createClient({ baseUrl: one.url, token: elsewhere }).borrowerPhones.list(ids)
  expect(logins.arrived).toHaveLength(1)
})

test("uses the client's fetch", async () => {
  const urls: string[] = []
  const fetch = async (url: unknown) => {
    urls.push(String(url))
    return Response.json(urls.length === 1 ? { access_token: 'issued', expires_in: 3600 } : { data: [] })
  }
  await createClient({ token: loginToken(account), fetch }).borrowerPhones.list(ids)
  expect(urls[0]).toBe('https://api.mbsisystems.com/api/v140/auth')
})

test.each([
  ['username', ''],
  ['password', ''],
  ['password', undefined],
])('rejects the %s %j before anything is sent', (name, value) => {
  expect(() => loginToken({ ...account, [name]: value as string })).toThrow(
    expect.objectContaining({ kind: 'invalid_input', message: expect.stringContaining(name) }),
  )
})
