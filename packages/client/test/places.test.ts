/** The client runs where a runtime lacks something, and talks plain HTTP only to hosts that the caller names. */
import { createContext, runInContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { bundle } from '../bench/figures.ts'
import { type ClientOptions, connect, createClient, loginToken } from '../src/client.ts'
import { ids } from './servers.ts'

describe('a runtime without', () => {
  const script = bundle(`import * as client from '@recoveryconnect/client'
    const { createClient, createOutcome, loginToken, openapiClient, readEnvironment } = client
    const ids = { order_id: 1, borrower_id: 1 }
    const describe = (result) => result.ok ? 'ok' : result.error.kind
    async function main() {
      const rc = createClient({ token: loginToken({ username: 'u', password: 'p' }), fetch: send, appInfo: 'a' })
      const body = { type: 6, number: '678-555-0142', no_contact: 1 }
      const create = (options) => rc.borrowerPhones.create(ids, body, options).result()
      const lost = await create({ fetch: () => Promise.reject(), maxAttempts: 1 })
      return {
        listed: describe(await rc.borrowerPhones.list(ids)  .result()),
        created: describe(await create()),
        lost: describe(lost),
        found: (await createOutcome(rc.borrowerPhones, { ids, body, error: lost.error, pausesMs: [0, 1] })).created,
        timeout: describe(await create({ fetch: () => new Promise(() => {}), totalTimeoutMs: 5 })),
        environment: typeof readEnvironment({ RECOVERYCONNECT_TOKEN: 't' }).token,
        raw: await openapiClient(rc.connection)
          .GET('/api/v140/orders/{order_id}/borrowers', { params: { path: ids } })
          .then(() => 'ok', (error) => error.kind),
      }
    }
    globalThis.outcome = main()`)

  /** Everything that the client needs. React Native has it too. */
  const needed = { URL, Headers, AbortController, setTimeout, clearTimeout, performance }
  const optional = {
    Request,
    Response,
    ReadableStream,
    TextDecoder,
    TextEncoder,
    Blob,
    AbortSignal,
    navigator,
    process,
    crypto,
  }

  const names = Object.keys(optional).filter((name) => name !== 'Response')
  test.each<[missing: string, keys: string[]]>([
    ['what the client can do without', Object.keys(optional)],
    ['anything', []],
    ...names.map((name): [string, string[]] => [name, [name]]),
    ['TextDecoder and streams', ['TextDecoder', 'ReadableStream']],
    ['Request and Response', ['Request', 'Response']],
  ])('%s', async (_, missing) => {
    const there = Object.entries(optional).filter(([name]) => !missing.includes(name))
    const text = (url: string, method: string) =>
      url.endsWith('/auth')
        ? '{"access_token":"t"}'
        : method === 'GET'
          ? '{"data":[]}'
          : '{"data":{"no_contact":1}}'
    const hasStreams = !missing.includes('ReadableStream')
    const send = async (url: string, { method }: { method: string }) => {
      const { ok, status, headers, body } = new Response(text(url, method))
      return { ok, status, headers, ...(hasStreams && { body }), text: async () => text(url, method) }
    }
    const context = createContext({ ...needed, ...Object.fromEntries(there), send })
    runInContext(await script, context)
    expect(await context.outcome).toEqual({
      listed: 'ok',
      created: 'ok',
      lost: 'connection',
      found: false,
      timeout: 'timeout',
      environment: 'string',
      raw: missing.includes('Request') ? 'invalid_input' : 'ok',
    })
  })
})

describe('plain HTTP', () => {
  const account = { username: 'u', password: 'p' }
  const token = 't'
  type Options = Pick<ClientOptions, 'baseUrl' | 'httpHosts'>
  const places: [name: string, open: (options: Options) => unknown][] = [
    ['createClient', (options) => createClient({ token, ...options })],
    ['connect', (options) => connect({ token, ...options })],
    ['loginToken', (options) => loginToken({ ...account, ...options })],
  ]

  describe.each(places)('%s', (_, open) => {
    test.each<[baseUrl: string, httpHosts: string[] | undefined]>([
      ['http://sandbox:4020', undefined],
      ['http://sandbox:4020', []],
      ['http://sandbox:4020', ['other']],
      ['http://sandbox:4020', ['sand', 'box', 'sandbox.example.com', '*', '']],
      ['http://sandbox.example.com', ['sandbox', 'example.com']],
      ['http://sandbox@evil.example.com', ['sandbox']],
      ['http://evil.example.com/sandbox', ['sandbox']],
      ['http://user:secret@sandbox', ['sandbox']],
      ['http://sandbox?x', ['sandbox']],
      ['http://sandbox#x', ['sandbox']],
      ['ftp://sandbox', ['sandbox']],
      ['ws://sandbox', ['sandbox']],
      ['http://10.0.0.5', ['10.0.0.50']],
      ['sandbox:4020', ['sandbox']],
      ['', ['']],
    ])('refuses %s for %j, and names the option', (baseUrl, httpHosts) => {
      expect(() => open({ baseUrl, httpHosts })).toThrow(
        expect.objectContaining({
          kind: 'invalid_input',
          message: expect.stringMatching(/baseUrl.*httpHosts/),
        }),
      )
    })

    test.each<[baseUrl: string, httpHosts: string[]]>([
      ['http://sandbox:4020', ['sandbox']],
      ['http://sandbox:4020/base/', ['other', 'sandbox']],
      ['HTTP://SANDBOX', ['sandbox']],
      ['http://10.0.0.5', ['10.0.0.5']],
      ['http://[fd00::5]', ['[fd00::5]']],
      ['https://api.example.com', ['sandbox']],
      ['http://localhost', []],
    ])('accepts %s for %j', (baseUrl, httpHosts) => {
      expect(() => open({ baseUrl, httpHosts })).not.toThrow()
    })

    test.each(['sandbox', { 0: 'sandbox' }, null, true])('refuses %j as httpHosts', (httpHosts) => {
      expect(() => open({ baseUrl: 'http://sandbox', httpHosts: httpHosts as never })).toThrow(
        /httpHosts.*Array/,
      )
    })
  })

  test('a login goes to the host of its client, and to its own only if it is named for the login', async () => {
    const urls: string[] = []
    const fetch = async (url: string) => {
      urls.push(url)
      return Response.json({ access_token: 't', data: [] })
    }
    const options = { fetch, baseUrl: 'http://sandbox:4020/base', httpHosts: ['sandbox'] }
    await createClient({ ...options, token: loginToken(account) }).borrowerPhones.list(ids)
    expect(new Set(urls.map((url) => new URL(url).host))).toEqual(new Set(['sandbox:4020']))
    expect(() => loginToken({ ...account, baseUrl: 'http://logins:4021' })).toThrow(/httpHosts/)
    const elsewhere = loginToken({ ...account, baseUrl: 'http://logins:4021', httpHosts: ['logins'] })
    await createClient({ ...options, token: elsewhere }).borrowerPhones.list(ids)
    expect(urls.slice(2).map((url) => new URL(url).host)).toEqual(['logins:4021', 'sandbox:4020'])
    await expect(
      createClient({
        ...options,
        token: loginToken(account),
        baseUrl: 'https://api.example.com',
      }).borrowerPhones.list(ids),
    ).resolves.toBeDefined()
    expect(urls.slice(4).map((url) => new URL(url).origin)).toEqual(Array(2).fill('https://api.example.com'))
  })
})
