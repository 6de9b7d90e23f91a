import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createClient, type TokenProvider } from '../src/client.ts'
import { expectNoSecret } from './leaks.ts'
import { ids, json, newPhone, secrets, serve } from './servers.ts'

describe('a rejected token', () => {
  test('is renewed once for all calls in progress', async () => {
    const server = await accepting('new')
    const rejections: (string | undefined)[] = []
    const rc = createClient({
      baseUrl: server.url,
      token: async ({ rejected }) => {
        rejections.push(rejected)
        return rejected ? 'new' : rejections.length > 1 ? 'new' : 'old'
      },
    })
    const calls = Array.from({ length: 20 }, () => rc.borrowerPhones.list(ids).result())
    const results = await Promise.all(calls)
    expect(results.every((result) => result.ok && result.attempts === 2)).toBe(true)
    expect(rejections).toEqual([undefined, 'old'])
  })

  test('is not renewed again by a late 401', async () => {
    const late = Promise.withResolvers<void>()
    const rejections: (string | undefined)[] = []
    let current = 'old'
    const rc = createClient({
      token: async ({ rejected }) => {
        rejections.push(rejected)
        if (rejected) current = 'new'
        return current
      },
      fetch: async (url, init) => {
        const isOld = new Headers(init?.headers).get('authorization') === 'Bearer old'
        if (isOld && String(url).includes('/borrowers/2/')) await late.promise
        return isOld ? new Response('', { status: 401 }) : Response.json({ data: [] })
      },
    })
    const slow = rc.borrowerPhones.list({ order_id: 1, borrower_id: 2 })
    await rc.borrowerPhones.list({ order_id: 1, borrower_id: 1 })
    late.resolve()
    await slow
    expect(rejections.filter((rejected) => rejected)).toEqual(['old'])
  })

  test('is renewed for a create too', async () => {
    const server = await accepting('new')
    const rc = createClient({
      baseUrl: server.url,
      token: async ({ rejected }) => (rejected ? 'new' : 'old'),
      maxAttempts: 1,
    })
    expect(await rc.borrowerPhones.create(ids, newPhone).result()).toMatchObject({ ok: true, attempts: 2 })
    expect(server.arrived.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new'])
    expect(server.arrived[1]?.body).toBe(JSON.stringify(newPhone))
  })

  test('does not count toward maxAttempts', async () => {
    const statuses = [401, 503, 503, 200]
    const rc = createClient({
      token: async ({ rejected }) => (rejected ? 'new' : 'old'),
      fetch: async () =>
        new Response('{"data":[]}', { status: statuses.shift() ?? 500, headers: { 'retry-after': '0' } }),
    })
    vi.spyOn(Math, 'random').mockReturnValue(0)
    onTestFinished(() => void vi.restoreAllMocks())
    expect(await rc.borrowerPhones.list(ids).result()).toMatchObject({ ok: true, attempts: 4 })
  })

  test.each<[string, TokenProvider | string, number]>([
    ['is not sent again if it stays the same', async () => 'old', 1],
    ['is not sent again if it is a string', 'old', 1],
    ['ends the call if the new one is rejected too', async ({ rejected }) => `${rejected}-again`, 2],
  ])('%s', async (_, token, attempts) => {
    const server = await accepting('another')
    await expect(createClient({ baseUrl: server.url, token }).borrowerPhones.list(ids)).rejects.toMatchObject(
      {
        kind: 'unauthenticated',
        attempts,
      },
    )
    expect(server.arrived).toHaveLength(attempts)
  })
})

describe('a token function', () => {
  const values: [string, TokenProvider][] = [
    [
      'that throws',
      () => {
        throw new Error(secrets.token)
      },
    ],
    ['that rejects', async () => Promise.reject(new Error(secrets.token))],
    ['that returns an empty token', async () => ''],
    ['that returns a line break', async () => `${secrets.token}\r\nx-evil: 1`],
    ['that returns Bearer', async () => `Bearer ${secrets.token}`],
    ['that returns no string', async () => undefined as never],
  ]
  test.each(values)('%s fails the call, and nothing is sent', async (_, token) => {
    const server = await accepting('any')
    const result = await createClient({ baseUrl: server.url, token }).borrowerPhones.list(ids).result()
    expect(result).toMatchObject({
      error: { kind: 'token_unavailable', attempts: 0, mayHaveBeenCarriedOut: false },
    })
    expectNoSecret(!result.ok && result.error)
    expect(server.arrived).toHaveLength(0)
  })

  test('that hangs ends at totalTimeoutMs', async () => {
    const rc = createClient({
      baseUrl: 'http://127.0.0.1:1',
      token: () => new Promise(() => {}),
      totalTimeoutMs: 20,
    })
    await expect(rc.borrowerPhones.list(ids)).rejects.toMatchObject({
      kind: 'timeout',
      scope: 'total',
      attempts: 0,
    })
  })

  test('continues for the other calls if one is aborted', async () => {
    const server = await accepting('shared')
    const token = Promise.withResolvers<string>()
    let signal: AbortSignal | undefined
    const rc = createClient({
      baseUrl: server.url,
      token: (request) => {
        signal = request.signal
        return token.promise
      },
    })
    const controller = new AbortController()
    const first = rc.borrowerPhones.list(ids, { signal: controller.signal }).result()
    const second = rc.borrowerPhones.list(ids).result()
    controller.abort()
    expect(await first).toMatchObject({ error: { kind: 'aborted' } })
    expect(signal?.aborted).toBe(false)
    token.resolve('shared')
    expect(await second).toMatchObject({ ok: true })
  })

  test('is called for a new token while it still gets the first one', async () => {
    const held = Promise.withResolvers<string>()
    const rejections: (string | undefined)[] = []
    const rc = createClient({
      token: ({ rejected }) => {
        rejections.push(rejected)
        if (rejected) return Promise.resolve('new')
        return rejections.length === 1 ? Promise.resolve('old') : held.promise
      },
      fetch: async (_, init) => {
        // The second call starts while the API rejects the token of the first one.
        if (rejections.length === 1) second = rc.borrowerPhones.list(ids).result()
        const isNew = new Headers(init?.headers).get('authorization') === 'Bearer new'
        return isNew ? Response.json({ data: [] }) : new Response('', { status: 401 })
      },
    })
    let second: unknown
    expect(await rc.borrowerPhones.list(ids).result()).toMatchObject({ ok: true, attempts: 2 })
    expect(rejections).toEqual([undefined, undefined, 'old'])
    held.resolve('new')
    expect(await second).toMatchObject({ ok: true })
  })

  test('that hangs is called again after all calls were aborted', async () => {
    const server = await accepting('second')
    let times = 0
    const token = () => (times++ === 0 ? new Promise<string>(() => {}) : Promise.resolve('second'))
    const rc = createClient({ baseUrl: server.url, token })
    const controller = new AbortController()
    const first = rc.borrowerPhones.list(ids, { signal: controller.signal }).result()
    controller.abort()
    expect(await first).toMatchObject({ error: { kind: 'aborted' } })
    expect(await rc.borrowerPhones.list(ids).result()).toMatchObject({ ok: true })
  })

  test('is called again after it failed', async () => {
    const server = await accepting('second')
    let times = 0
    const rc = createClient({
      baseUrl: server.url,
      token: async () => {
        if (times++ === 0) throw new Error('failed')
        return 'second'
      },
    })
    expect(await rc.borrowerPhones.list(ids).result()).toMatchObject({ error: { kind: 'token_unavailable' } })
    expect(await rc.borrowerPhones.list(ids).result()).toMatchObject({ ok: true })
  })
})

async function accepting(token: string) {
  return serve((socket, { headers, method }) => {
    const accepted = headers.authorization === `Bearer ${token}`
    const data = method === 'GET' ? [] : newPhone
    socket.write(accepted ? json(200, { data }) : json(401, { message: 'Unauthenticated.' }))
  })
}
