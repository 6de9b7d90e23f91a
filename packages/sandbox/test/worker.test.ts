/** The hosted shell, in the engine that it is hosted on. */
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startSandbox } from '../src/server.ts'
import {
  config,
  type Limits,
  type RunningWorkerd,
  startWorkerd,
  type WorkerdOptions,
  workerScript,
} from '../workerd.ts'
import { borrower, type Call, type CallOptions, caller, seeded, seededBytes } from './calls.ts'
import { refusals } from './refusals.ts'

const phone = { type: 6, number: '2025550143' }
/** For tests that are about something else. */
const unhurried = { REQUESTS_PER_SECOND: 100_000, BURST: 100_000 }

async function worker(
  limits: Partial<Limits> = unhurried,
  more: WorkerdOptions = {},
): Promise<RunningWorkerd & { call: Call }> {
  const running = await startWorkerd({ limits, ...more })
  onTestFinished(() => running.close())
  return { ...running, call: callTo(running.url) }
}

/** The engine closes a connection that idles for 5 s; on a busy machine a request may meet that, and a POST is lost. */
const unpooled: typeof fetch = (input, init) =>
  fetch(input, { ...init, headers: { ...init?.headers, connection: 'close' } })

const callTo = (url: string) => caller(url, unpooled)

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'recoveryconnect-worlds-'))
  onTestFinished(() => rm(path, { recursive: true }))
  return path
}

/** The databases that the engine keeps of the worlds. */
async function databasesIn(storage: string): Promise<string[]> {
  const names = await readdir(storage, { recursive: true })
  return names.filter((name) => /[0-9a-f]{64}\.sqlite/.test(name)).map((name) => join(storage, name))
}

/** When the alarm of the only world rings, as the engine keeps it: in nanoseconds. */
async function alarmIn(storage: string): Promise<unknown> {
  const [file = ''] = (await databasesIn(storage)).filter((name) => name.endsWith('.sqlite'))
  const database = new DatabaseSync(file, { readOnly: true })
  const row = database.prepare('SELECT CAST(value AS TEXT) AS time FROM _cf_METADATA').get()
  database.close()
  return row?.time
}

describe('the table of bad requests', () => {
  // As it is deployed: with a site beside it, which must not answer in the place of the API.
  refusals(async () => {
    const assets = await mkdtemp(join(tmpdir(), 'recoveryconnect-site-'))
    await writeFile(join(assets, 'index.html'), '<title>Docs</title>')
    const running = await startWorkerd({ limits: unhurried, assets })
    return {
      ...running,
      send: unpooled,
      close: () => running.close().then(() => rm(assets, { recursive: true })),
    }
  })
})

describe('worlds', () => {
  test('1,000 at the same time stay apart', async () => {
    const { call } = await worker()
    const tokens = Array.from({ length: 1000 }, (_, index) => `partner-${index}`)
    await inTurns(tokens, (token) => call('POST', borrower, { ...phone, memo: token }, { token }))
    await inTurns(tokens, async (token) => {
      const { body } = await call('GET', borrower, undefined, { token })
      expect(body.data.map(({ memo }: { memo: string | null }) => memo)).toEqual([null, null, token])
    })
  })

  test('50 concurrent creates in one make 50 ids', async () => {
    const { call } = await worker()
    const created = await Promise.all(Array.from({ length: 50 }, () => call('POST', borrower, phone)))
    expect(new Set(created.map(({ body }) => body.data.id)).size).toBe(50)
    expect((await call('GET', borrower)).body.data).toHaveLength(52)
  })

  test('a user comes back to their world with a renewed token', async () => {
    const { call } = await worker()
    const login = async () => {
      const body = { username: 'Zoë', password: 'any' }
      return (await call('POST', '/api/v140/auth', body, { token: '' })).body.access_token
    }
    await call('POST', borrower, phone, { token: await login() })
    expect((await call('GET', borrower, undefined, { token: await login() })).body.data).toHaveLength(3)
    await call('PUT', '/__sandbox/clock', { times: ['2030-01-01 00:00:00'] }, { token: await login() })
    const later = JSON.parse(atob((await login()).split('.')[1]))
    expect(later.iat).toBe(Date.UTC(2030, 0, 1) / 1000)
  })
})

describe('what was answered survives the end of the engine', () => {
  test('records, ids, faults and a scripted clock', async () => {
    const storage = await folder()
    const first = await startWorkerd({ storage, limits: unhurried })
    const before = callTo(first.url)
    const { body } = await before('POST', borrower, { ...phone, memo: 'Zoë' })
    await before('PUT', `${borrower}/39317578`, { no_contact: 1 })
    await before('DELETE', `${borrower}/39317579`)
    const gone = (await before('POST', borrower, phone)).body.data.id
    await before('DELETE', `${borrower}/${gone}`)
    await before('PUT', '/__sandbox/clock', { times: ['2030-01-01 00:00:00', '2030-01-01 00:00:01'] })
    await before('POST', '/__sandbox/faults', { requests: 2, operation: 'deleteBorrowerPhone', status: 503 })
    await before('GET', borrower, undefined, { token: 'only-looks' })
    const list = (await before('GET', borrower)).body
    expect((await before('DELETE', `${borrower}/${body.data.id}`)).status).toBe(503)
    await first.close()

    const { call } = await worker(unhurried, { storage })
    expect((await call('GET', borrower)).body).toEqual(list)
    expect((await call('DELETE', `${borrower}/${body.data.id}`)).status).toBe(503)
    expect((await call('DELETE', `${borrower}/${body.data.id}`)).status).toBe(200)
    const created = (await call('POST', borrower, phone)).body.data
    expect(created).toMatchObject({ id: gone + 1, created_at: '2030-01-01 00:00:00' })
    expect((await call('POST', borrower, phone)).body.data.created_at).toBe('2030-01-01 00:00:01')
  })

  test('a reset and an import, too', async () => {
    const storage = await folder()
    const first = await startWorkerd({ storage, limits: unhurried })
    const before = callTo(first.url)
    const world = (await before('GET', '/__sandbox/world')).body
    world.orders[0].borrowers[0].phones.pop()
    await before('PUT', '/__sandbox/world', world, { token: 'imports' })
    await before('POST', borrower, phone, { token: 'resets' })
    await before('POST', '/__sandbox/reset', undefined, { token: 'resets' })
    await first.close()
    const { call } = await worker(unhurried, { storage })
    expect((await call('GET', borrower, undefined, { token: 'imports' })).body.data).toHaveLength(1)
    expect((await call('GET', borrower, undefined, { token: 'resets' })).body.data).toHaveLength(2)
  })
})

test('what was answered survives the sleep of a world, which forgets its log', async () => {
  const { call } = await worker()
  const { id } = (await call('POST', borrower, phone)).body.data
  const logged = async () => (await call('GET', '/__sandbox/log')).body.requests.length
  expect(await logged()).toBe(1)
  // It falls asleep after ten seconds without a request, and to look is to wake it up.
  await expect.poll(logged, { interval: 12_000, timeout: 80_000 }).toBe(0)
  expect((await call('GET', `${borrower}/${id}`)).status).toBe(200)
  expect((await call('POST', borrower, phone)).body.data.id).toBe(id + 1)
})

test('no token, user name or password is stored', async () => {
  const storage = await folder()
  const { url, close } = await startWorkerd({ storage, limits: unhurried })
  const call = callTo(url)
  const login = { username: 'secret-user', password: 'secret-password' }
  const token = (await call('POST', '/api/v140/auth', login, { token: '' })).body.access_token
  await call('POST', borrower, { ...phone, memo: 'stored' }, { token })
  await call('POST', borrower, { ...phone, memo: 'stored' }, { token: 'secret-token' })
  await close()
  const files = await databasesIn(storage)
  const contents = await Promise.all(files.map((file) => readFile(file, 'latin1')))
  expect(contents.filter((content) => content.includes('"memo":"stored"')).length).toBeGreaterThanOrEqual(2)
  for (const secret of ['secret-user', 'secret-password', 'secret-token', token])
    expect(contents.filter((content) => content.includes(secret))).toEqual([])
})

test('what cannot be stored as a whole is not carried out in part', async () => {
  // A world of so many borrowers is a row that SQLite refuses, once the records of the old one are deleted.
  const limits = { ...unhurried, RECORDS_PER_WORLD: 1_000_000, BYTES_PER_WORLD: 8_000_000 }
  const storage = await folder()
  const first = await startWorkerd({ storage, limits })
  const call = callTo(first.url)
  await call('POST', borrower, { ...phone, memo: 'stays' })
  const borrowers = Array.from({ length: 120_000 }, (_, index) => ({ borrower_id: 10_000 + index }))
  const refused = await call('PUT', '/__sandbox/world', {
    orders: [{ order_id: 9_000_000_000_000_000, borrowers }],
  })
  expect([refused.status, refused.body]).toEqual([
    500,
    { message: 'The sandbox is at fault: the request failed, and nothing was changed.' },
  ])
  const list = (await call('GET', borrower)).body
  expect(list.data.map(({ memo }: { memo: string | null }) => memo)).toEqual([null, null, 'stays'])
  await first.close()
  const { call: later } = await worker(limits, { storage })
  expect((await later('GET', borrower)).body).toEqual(list)
})

describe('fair use', () => {
  test('a world that was idle for long enough is gone, and its token starts afresh', async () => {
    const { call } = await worker({ ...unhurried, IDLE_SECONDS: 1 })
    await call('POST', borrower, phone, { token: 'idle' })
    // To look is to use it, so each look comes later than the last one's alarm.
    await expect
      .poll(async () => (await call('GET', borrower, undefined, { token: 'idle' })).body.data, {
        interval: 3_000,
        timeout: 30_000,
      })
      .toHaveLength(2)
    const { body } = await call('POST', borrower, phone, { token: 'idle' })
    expect((await call('GET', `${borrower}/${body.data.id}`, undefined, { token: 'idle' })).status).toBe(200)
  })

  test('a world that wakes up leaves its alarm as it is', async () => {
    const storage = await folder()
    const alarms: unknown[] = []
    for (const method of ['POST', 'GET', 'GET']) {
      const { url, close } = await startWorkerd({ storage, limits: unhurried })
      await callTo(url)(method, borrower, method === 'POST' ? phone : undefined)
      await close()
      alarms.push(await alarmIn(storage))
    }
    expect(alarms).toEqual([expect.stringMatching(/^\d{19}$/), alarms[0], alarms[0]])
  })

  test('a world in use stays', async () => {
    const { call } = await worker({ ...unhurried, IDLE_SECONDS: 3 })
    await call('POST', borrower, phone)
    for (let times = 0; times < 10; times++) {
      await new Promise((resolve) => setTimeout(resolve, 600))
      expect((await call('GET', borrower)).body.data).toHaveLength(3)
    }
  })

  test('too many requests are 429 and say how long to wait; other worlds do not notice', async () => {
    const { call } = await worker({ REQUESTS_PER_SECOND: 2, BURST: 100 })
    const answers = await Promise.all(Array.from({ length: 150 }, () => call('GET', borrower)))
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(100)
    const refused = answers.find(({ status }) => status === 429)
    expect(refused?.body).toEqual({ message: 'Too Many Attempts.' })
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect(refused?.headers.get('x-ratelimit-limit')).toBe('100')
    expect(refused?.headers.get('x-ratelimit-remaining')).toBe('0')
    expect((await call('GET', borrower, undefined, { token: 'other' })).status).toBe(200)
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    expect((await call('GET', borrower)).status).toBe(200)
  })

  test('what writes many rows counts as more requests', async () => {
    const { call } = await worker({ REQUESTS_PER_SECOND: 1, BURST: 100 })
    const phones = Array.from({ length: 1_000 }, () => phone)
    const world = { orders: [{ order_id: 7001, borrowers: [{ borrower_id: 8001, phones }] }] }
    expect((await call('PUT', '/__sandbox/world', world)).status).toBe(200)
    const refused = await call('GET', '/__sandbox/world')
    expect(refused.status).toBe(429)
    // 1,001 rows are as much as 100 requests.
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(2)
    expect((await call('GET', borrower, undefined, { token: 'other' })).status).toBe(200)
  })

  test('a token that everybody has uses up nobody’s share', async () => {
    const { call } = await worker({ REQUESTS_PER_SECOND: 1, BURST: 2 })
    for (let times = 0; times < 5; times++)
      expect((await call('GET', borrower, undefined, { token: 'sandbox-expired' })).status).toBe(401)
  })

  test('records and bytes of a world have an end, which says what to do', async () => {
    const room = { RECORDS_PER_WORLD: seeded + 1, BYTES_PER_WORLD: seededBytes + 1_200 }
    const { call } = await worker({ ...unhurried, ...room })
    const create = (memo: string, token: string) => call('POST', borrower, { ...phone, memo }, { token })
    expect((await create('', 'many')).status).toBe(200)
    const full = await create('', 'many')
    expect(full.status).toBe(403)
    expect(full.body.message).toMatch(/full: delete records or reset/)

    expect((await create('é'.repeat(1_000), 'long')).status).toBe(403)
    const { body } = await create('é'.repeat(300), 'long')
    const one = `${borrower}/${body.data.id}`
    const update = (memo: string) => call('PUT', one, { memo }, { token: 'long' })
    expect((await update('é'.repeat(900))).status).toBe(403)
    expect((await update('')).status).toBe(200)
    expect((await update('é'.repeat(300))).status).toBe(200)
    expect((await call('GET', one, undefined, { token: 'long' })).body.data.memo).toHaveLength(300)
    expect((await call('DELETE', one, undefined, { token: 'long' })).status).toBe(200)
    expect((await create('é'.repeat(300), 'long')).status).toBe(200)

    const { body: world } = await call('GET', '/__sandbox/world', undefined, { token: 'imports' })
    world.orders[0].borrowers[0].phones[0].memo = 'x'.repeat(1_500)
    const refused = await call('PUT', '/__sandbox/world', world, { token: 'imports' })
    expect(refused.status).toBe(422)
    expect(refused.body.errors['/']).toEqual([
      `The records of a world have at most ${room.BYTES_PER_WORLD} bytes.`,
    ])
  })

  test('the control surface reaches the caller’s own world alone', async () => {
    const { call } = await worker()
    await call('GET', borrower, undefined, { token: 'mine' })
    await call('GET', `${borrower}/1`, undefined, { token: 'theirs' })
    const { requests } = (await call('GET', '/__sandbox/log', undefined, { token: 'mine' })).body
    expect(requests).toHaveLength(1)
    for (const [method, path] of [
      ['GET', 'log'],
      ['GET', 'world'],
      ['POST', 'reset'],
      ['GET', 'faults'],
      ['POST', 'faults'],
      ['DELETE', 'faults'],
      ['GET', 'clock'],
    ] as const)
      expect((await call(method, `/__sandbox/${path}`, undefined, { token: '' })).status).toBe(401)
    await call('POST', '/__sandbox/faults', { status: 503 }, { token: 'theirs' })
    expect((await call('GET', borrower, undefined, { token: 'mine' })).status).toBe(200)
    expect((await call('GET', borrower, undefined, { token: 'theirs' })).status).toBe(503)
    expect((await call('GET', '/__sandbox/health', undefined, { token: '' })).status).toBe(200)
  })

  test('a scripted fault keeps back what it can', async () => {
    const { url, call } = await worker()
    const lost = async (connection: string) => {
      await call('POST', '/__sandbox/faults', { connection })
      const answer = await fetch(`${url}${borrower}/39317578`, { headers: { authorization: 'Bearer test' } })
      return (await answer.text()).length
    }
    expect(await lost('drop-answer')).toBe(0)
    expect(await lost('cut')).toBeGreaterThan(100)
    const start = performance.now()
    await call('POST', '/__sandbox/faults', { delay_ms: 300 })
    await call('GET', borrower)
    expect(performance.now() - start).toBeGreaterThan(290)
  })
})

describe('on the web', () => {
  test('http is refused for the API and redirected for pages; https says that it stays', async () => {
    const assets = await folder()
    await writeFile(join(assets, 'index.html'), '<title>Docs</title>')
    await writeFile(join(assets, '404.html'), '<title>Nothing here</title>')
    const { fetch: send } = await worker(unhurried, { assets })
    const headers = { authorization: 'Bearer test' }
    const refused = await send(`http://sandbox.example${borrower}`, { headers })
    expect(refused.status).toBe(403)
    expect(await refused.json()).toEqual({ message: 'Use https://sandbox.example: http is refused.' })
    const moved = await send('http://sandbox.example/try.html', { redirect: 'manual' })
    expect([moved.status, moved.headers.get('location')]).toEqual([301, 'https://sandbox.example/try.html'])
    for (const [path, init] of [
      ['/', {}],
      [borrower, { headers }],
    ] as const) {
      const secure = await send(`https://sandbox.example${path}`, init)
      expect(secure.status).toBe(200)
      expect(secure.headers.get('strict-transport-security')).toMatch(/max-age=\d{8}/)
    }
    expect(await (await send('https://sandbox.example/')).text()).toBe('<title>Docs</title>')
    expect((await send('https://sandbox.example/nowhere')).status).toBe(404)
    // Misspelt, but with a token, or of a kind that no page takes.
    for (const [path, init] of [
      ['//api/v140/auth', {}],
      ['/API/v140/auth', {}],
      ['/__sandbox', {}],
      ['/%61pi/v140/auth', { headers }],
      ['/v140/auth', { method: 'POST' }],
    ] as const) {
      const answer = await send(`https://sandbox.example${path}`, init)
      expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
        path,
        404,
        'application/json',
      ])
      expect((await send(`http://sandbox.example${path}`, init)).status).toBe(403)
    }
  })

  test('pages of any origin may call it', async () => {
    const { url } = await worker()
    const asked = await fetch(url + borrower, {
      method: 'OPTIONS',
      headers: { origin: 'https://partner.example', 'access-control-request-method': 'POST' },
    })
    expect(asked.status).toBe(204)
    expect(asked.headers.get('access-control-allow-methods')).toBe('GET, POST, PUT, DELETE')
    expect(asked.headers.get('access-control-allow-headers')).toBe('authorization, content-type, prefer')
    const refused = await fetch(url + borrower, { headers: { origin: 'https://partner.example' } })
    expect(refused.status).toBe(401)
    expect(refused.headers.get('access-control-allow-origin')).toBe('*')
    expect(refused.headers.get('access-control-expose-headers')).toBe('*')
    expect(refused.headers.get('cache-control')).toBe('no-store')
  })

  test('the Worker has at most 100 KB, gzipped, and logs nothing', async () => {
    const script = await workerScript()
    expect(gzipSync(script, { level: 9 }).length).toBeLessThanOrEqual(100 * 1024)
    expect(script).not.toMatch(/\bconsole\b/)
    expect(config.observability).toEqual({ enabled: false })
  })

  test('Wrangler makes the same of it', async () => {
    const site = await folder()
    await writeFile(join(site, 'index.html'), '')
    const wrangler = fileURLToPath(new URL('../node_modules/.bin/wrangler', import.meta.url))
    const args = ['deploy', '--dry-run', '--outdir', await folder(), '--assets', site]
    const { stdout } = await promisify(execFile)(wrangler, args, {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      env: { ...process.env, WRANGLER_HIDE_BANNER: 'true', NO_COLOR: '1' },
    })
    expect(stdout).toMatch(/env\.WORLDS \(WorldObject\) +Durable Object/)
    expect(Number(/gzip: ([\d.]+) KiB/.exec(stdout)?.[1])).toBeLessThanOrEqual(100)
  })

  test('the limits that are deployed are fair', () => {
    expect(config.vars.BURST).toBeGreaterThanOrEqual(100)
    expect(config.vars.IDLE_SECONDS).toBe(7 * 24 * 3600)
  })
})

/** One step of a partner: what is called, with which body; `record` is the n-th id that was seen. */
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

test('500 random sequences of requests are answered as by the node shell', async () => {
  // One time for both: only what they do can differ.
  const time = ['2026-03-07 14:18:07']
  const node = await startSandbox({ port: 0 })
  onTestFinished(() => node.close())
  const { call } = await worker()
  const shells = [caller(node.url), call] as const
  let sequence = 0
  await fc.assert(
    fc.asyncProperty(steps, async (sequenceOfSteps) => {
      const prefix = `s${sequence++}`
      const world = (token = 'one') => (/^(one|two)$/.test(token) ? `${prefix}-${token}` : token)
      for (const token of ['one', 'two'])
        for (const send of shells)
          await send('PUT', '/__sandbox/clock', { times: time }, { token: world(token) })
      const known = [39317578, 39317579]
      for (const { method, record, body, options } of sequenceOfSteps) {
        const path = record === undefined ? borrower : `${borrower}/${known[record] ?? 39317580 + record}`
        const token = world(options.token)
        const sent = method === 'GET' || method === 'DELETE' ? undefined : body
        const [ours, theirs] = await Promise.all(
          shells.map((send) => send(method, path, sent, { ...options, token })),
        )
        expect(compared(theirs)).toEqual(compared(ours))
        if (ours?.body?.data?.id) known.push(ours.body.data.id)
      }
    }),
    { numRuns: 500, seed: 20261124, endOnFailure: true },
  )
})

/** Status, body, and the headers that the contract or the sandbox's documents speak of. */
function compared(seen: Awaited<ReturnType<Call>> | undefined) {
  const names = ['allow', 'content-type', 'retry-after', 'www-authenticate', 'x-sandbox-warning']
  return {
    status: seen?.status,
    body: seen?.body,
    headers: Object.fromEntries(names.map((name) => [name, seen?.headers.get(name)])),
  }
}

/** Some at a time: a socket each for a thousand would be about the machine, not about the sandbox. */
async function inTurns<T>(values: T[], run: (value: T) => Promise<unknown>): Promise<void> {
  const left = [...values]
  await Promise.all(
    Array.from({ length: 50 }, async () => {
      for (let value = left.shift(); value !== undefined; value = left.shift()) await run(value)
    }),
  )
}
