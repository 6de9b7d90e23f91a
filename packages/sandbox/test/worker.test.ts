/** The hosted sandbox in the engine that hosts it: worlds, what they store, and the web around them. */
import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { bundleWorker, config, startWorkerd } from '../src/workers/workerd.ts'
import { borrower, caller } from './calls.ts'
import { createFolder, fetchUnpooled, findDatabases, startHosted, unlimited } from './hosted.ts'

const phone = { type: 6, number: '2025550143' }

describe('worlds', () => {
  test('1,000 worlds at the same time are isolated', async () => {
    const { call } = await startHosted()
    const tokens = Array.from({ length: 1000 }, (_, index) => `partner-${index}`)
    await runInTurns(tokens, (token) => call('POST', borrower, { ...phone, memo: token }, { token }))
    await runInTurns(tokens, async (token) => {
      const { body } = await call('GET', borrower, undefined, { token })
      expect(body.data.map(({ memo }: { memo: string | null }) => memo)).toEqual([null, null, token])
    })
  })

  test('50 concurrent creates in one world get different ids', async () => {
    const { call } = await startHosted()
    const created = await Promise.all(Array.from({ length: 50 }, () => call('POST', borrower, phone)))
    expect(new Set(created.map(({ body }) => body.data.id)).size).toBe(50)
    expect((await call('GET', borrower)).body.data).toHaveLength(52)
  })

  test('a renewed token opens the same world', async () => {
    const { call } = await startHosted()
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

describe('after a restart of the engine', () => {
  test('records, next ids, faults and a scripted clock are still there', async () => {
    const storage = await createFolder()
    const first = await startWorkerd({ storage, limits: unlimited })
    const before = caller(first.url, fetchUnpooled)
    const { body } = await before('POST', borrower, { ...phone, memo: 'Zoë' })
    await before('PUT', `${borrower}/39317578`, { no_contact: 1 })
    await before('DELETE', `${borrower}/39317579`)
    const gone = (await before('POST', borrower, phone)).body.data.id
    await before('DELETE', `${borrower}/${gone}`)
    await before('PUT', '/__sandbox/clock', { times: ['2030-01-01 00:00:00', '2030-01-01 00:00:01'] })
    await before('POST', '/__sandbox/faults', { requests: 2, operation: 'deleteBorrowerPhone', status: 503 })
    await before('GET', borrower, undefined, { token: 'only-reads' })
    const list = (await before('GET', borrower)).body
    expect((await before('DELETE', `${borrower}/${body.data.id}`)).status).toBe(503)
    await first.close()

    const { call } = await startHosted(unlimited, { storage })
    expect((await call('GET', borrower)).body).toEqual(list)
    expect((await call('DELETE', `${borrower}/${body.data.id}`)).status).toBe(503)
    expect((await call('DELETE', `${borrower}/${body.data.id}`)).status).toBe(200)
    const created = (await call('POST', borrower, phone)).body.data
    expect(created).toMatchObject({ id: gone + 1, created_at: '2030-01-01 00:00:00' })
    expect((await call('POST', borrower, phone)).body.data.created_at).toBe('2030-01-01 00:00:01')
  })

  test('so are a reset and an import', async () => {
    const storage = await createFolder()
    const first = await startWorkerd({ storage, limits: unlimited })
    const before = caller(first.url, fetchUnpooled)
    const world = (await before('GET', '/__sandbox/world')).body
    world.orders[0].borrowers[0].phones.pop()
    await before('PUT', '/__sandbox/world', world, { token: 'imports' })
    await before('POST', borrower, phone, { token: 'resets' })
    await before('POST', '/__sandbox/reset', undefined, { token: 'resets' })
    await first.close()
    const { call } = await startHosted(unlimited, { storage })
    expect((await call('GET', borrower, undefined, { token: 'imports' })).body.data).toHaveLength(1)
    expect((await call('GET', borrower, undefined, { token: 'resets' })).body.data).toHaveLength(2)
  })
})

test('no token, user name or password is stored', async () => {
  const storage = await createFolder()
  const { url, close } = await startWorkerd({ storage, limits: unlimited })
  const call = caller(url, fetchUnpooled)
  const login = { username: 'secret-user', password: 'secret-password' }
  const token = (await call('POST', '/api/v140/auth', login, { token: '' })).body.access_token
  await call('POST', borrower, { ...phone, memo: 'stored' }, { token })
  await call('POST', borrower, { ...phone, memo: 'stored' }, { token: 'secret-token' })
  await close()
  const files = await findDatabases(storage)
  const contents = await Promise.all(files.map((file) => readFile(file, 'latin1')))
  expect(contents.filter((content) => content.includes('"memo":"stored"')).length).toBeGreaterThanOrEqual(2)
  for (const secret of ['secret-user', 'secret-password', 'secret-token', token])
    expect(contents.filter((content) => content.includes(secret))).toEqual([])
})

test('a change that can only be stored in part changes nothing', async () => {
  // The row of a phone with such a memo is too long for SQLite, which shows after the old records are deleted.
  const limits = { ...unlimited, BYTES_PER_WORLD: 8_000_000 }
  const storage = await createFolder()
  const first = await startWorkerd({ storage, limits })
  const call = caller(first.url, fetchUnpooled)
  await call('POST', borrower, { ...phone, memo: 'stays' })
  const phones = [phone, { ...phone, memo: 'x'.repeat(3_000_000) }]
  const world = { orders: [{ order_id: 7001, borrowers: [{ borrower_id: 8001, phones }] }] }
  const rejected = await call('PUT', '/__sandbox/world', world)
  expect(rejected.status).toBe(500)
  expect(rejected.body.message).toMatch(/nothing was changed/i)
  const list = (await call('GET', borrower)).body
  expect(list.data.map(({ memo }: { memo: string | null }) => memo)).toEqual([null, null, 'stays'])
  await first.close()
  const { call: later } = await startHosted(limits, { storage })
  expect((await later('GET', borrower)).body).toEqual(list)
})

describe('over the web', () => {
  test('HTTP is a 403 for the API and a redirect for pages; HTTPS sets HSTS', async () => {
    const assets = await createFolder()
    await writeFile(join(assets, 'index.html'), '<title>Docs</title>')
    await writeFile(join(assets, '404.html'), '<title>Nothing here</title>')
    const { fetch: send } = await startHosted(unlimited, { assets })
    const headers = { authorization: 'Bearer test' }
    const rejected = await send(`http://sandbox.example${borrower}`, { headers })
    expect(rejected.status).toBe(403)
    expect(((await rejected.json()) as { message: string }).message).toContain('https://sandbox.example')
    const moved = await send('http://sandbox.example/try/', { redirect: 'manual' })
    expect([moved.status, moved.headers.get('location')]).toEqual([301, 'https://sandbox.example/try/'])
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
    // Misspelled API paths, and requests with a token or a body.
    for (const [path, status, init] of [
      ['//api/v140/auth', 404, {}],
      ['/API/v140/auth', 404, {}],
      ['/__sandbox', 404, {}],
      ['/%61pi/v140/auth', 405, { headers }],
      ['/v140/auth', 404, { method: 'POST' }],
    ] as const) {
      const response = await send(`https://sandbox.example${path}`, init)
      expect([path, response.status, response.headers.get('content-type')]).toEqual([
        path,
        status,
        'application/json',
      ])
      expect((await send(`http://sandbox.example${path}`, init)).status).toBe(403)
    }
  })

  test('a page is available as Markdown for those who ask for it, and caches keep both', async () => {
    const assets = await createFolder()
    for (const name of ['index', 'try/index', '404']) {
      await mkdir(join(assets, dirname(name)), { recursive: true })
      await writeFile(join(assets, `${name}.html`), `<title>${name}</title>`)
    }
    for (const name of ['index', 'try']) await writeFile(join(assets, `${name}.md`), `# ${name}`)
    const { fetch: send } = await startHosted(unlimited, { assets })
    const read = async (path: string, accept: string) =>
      (await send(`https://sandbox.example${path}`, { headers: { accept } })).text()
    expect(await read('/', 'text/html')).toBe('<title>index</title>')
    expect(await read('/', 'text/markdown, text/html;q=0.9')).toBe('# index')
    expect(await read('/try/?a=1', 'text/markdown')).toBe('# try')
    expect(await read('/nowhere/', 'text/markdown')).toBe('<title>404</title>')
    expect((await send('https://sandbox.example/')).headers.get('vary')).toBe('Accept')
  })

  test('CORS allows pages of any origin', async () => {
    const { url } = await startHosted()
    const asked = await fetch(url + borrower, {
      method: 'OPTIONS',
      headers: { origin: 'https://partner.example', 'access-control-request-method': 'POST' },
    })
    expect(asked.status).toBe(204)
    expect(asked.headers.get('access-control-allow-methods')).toBe('GET, POST, PUT, DELETE')
    expect(asked.headers.get('access-control-allow-headers')).toBe('authorization, content-type, prefer')
    const rejected = await fetch(url + borrower, { headers: { origin: 'https://partner.example' } })
    expect(rejected.status).toBe(401)
    expect(rejected.headers.get('access-control-allow-origin')).toBe('*')
    expect(rejected.headers.get('access-control-expose-headers')).toBe('*')
    expect(rejected.headers.get('cache-control')).toBe('no-store')
  })

  test('the Worker has at most 100 KB gzipped, and logs nothing', async () => {
    const script = await bundleWorker()
    expect(gzipSync(script, { level: 9 }).length).toBeLessThanOrEqual(100 * 1024)
    expect(script).not.toMatch(/\bconsole\b/)
    expect(config.observability).toEqual({ enabled: false })
  })

  test('Wrangler builds it', async () => {
    const site = await createFolder()
    await writeFile(join(site, 'index.html'), '')
    const wrangler = fileURLToPath(new URL('../node_modules/.bin/wrangler', import.meta.url))
    const args = ['deploy', '--dry-run', '--outdir', await createFolder(), '--assets', site]
    const { stdout } = await promisify(execFile)(wrangler, args, {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      env: { ...process.env, WRANGLER_HIDE_BANNER: 'true', NO_COLOR: '1' },
    })
    expect(stdout).toMatch(/env\.WORLDS \(WorldObject\) +Durable Object/)
    expect(Number(/gzip: ([\d.]+) KiB/.exec(stdout)?.[1])).toBeLessThanOrEqual(100)
  })

  test('the deployed limits are as documented', () => {
    expect(config.vars.BURST).toBeGreaterThanOrEqual(100)
    expect(config.vars.IDLE_SECONDS).toBe(7 * 24 * 3600)
  })
})

/** Runs 50 at a time, so that the machine doesn't run out of sockets. */
async function runInTurns<T>(values: T[], run: (value: T) => Promise<unknown>): Promise<void> {
  const left = [...values]
  await Promise.all(
    Array.from({ length: 50 }, async () => {
      for (let value = left.shift(); value !== undefined; value = left.shift()) await run(value)
    }),
  )
}
