/** What holds for every HTTP server here: the mock and the sandbox run the same table. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { startMock } from '@recoveryconnect/mock'
import { startSandbox } from '@recoveryconnect/sandbox'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'

interface Entry {
  method: string
  path: string
  status: number | null
  ms: number
}

interface Options {
  port?: number
  host?: string
  cors?: boolean | string[]
  basePath?: string
  onRequest?: (entry: Entry) => void
}

const phones = '/api/v140/orders/57062885/borrowers/124927241/phones'
const template = '/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones'
const authorized = 'Authorization: Bearer t'
const phone = JSON.stringify({ type: 6, number: '2025550143' })

describe.each<[string, (options: Options) => Promise<{ url: string; close(): Promise<void> }>]>([
  ['the mock', startMock],
  ['the sandbox', startSandbox],
])('%s', (_, startServer) => {
  let url: string
  let close: () => Promise<void>
  beforeAll(async () => {
    const running = await startServer({ port: 0 })
    url = running.url
    close = running.close
  })
  afterAll(() => close())

  async function start(options: Options): Promise<string> {
    const running = await startServer({ port: 0, ...options })
    onTestFinished(() => running.close())
    return running.url
  }

  describe('Prefer', () => {
    test.each<[string[], number]>([
      [['code=503'], 503],
      [['code = 503'], 503],
      [['code="503"'], 503],
      [['CODE=503'], 503],
      [['code=404, code=503'], 404],
      [['code=404', 'code=503'], 404],
      [['wait=1', 'code=404'], 404],
      [['respond-async; wait=1, ,code=503'], 503],
      [['code=404; example=not-found'], 404],
      [['foo="a, code=503"'], 200],
      [['foo="a\\", code=503"'], 200],
      [['foo; code=503'], 200],
      [['return=minimal; foo="some parameter"'], 200],
      [[''], 200],
      [['code='], 400],
      [['code'], 400],
      [['code=""'], 400],
      [['code=503 404'], 400],
      [['foo="a, code=503'], 400],
      [['code=abc'], 400],
    ])('%j is a %i', async (headers, status) => {
      const lines = headers.map((header) => `Prefer: ${header}`)
      const response = await post(url, phone, lines)
      expect(response.status).toBe(status)
      if (status === 400) expect(JSON.parse(response.body).message).toContain('Prefer')
    })

    test('takes linear time', async () => {
      const start = performance.now()
      const long = `Prefer: ${'a'.repeat(15_000)}`
      for (let count = 0; count < 20; count++) expect((await post(url, phone, [long])).status).toBe(200)
      expect(performance.now() - start).toBeLessThan(4_000)
    })
  })

  describe("a text that can't be meant as a token is a 401 that says what it looks like", () => {
    test.each<[reason: string, ...tokens: string[]]>([
      ['missing value', 'undefined', 'null', 'NULL', 'None', 'nil', 'NaN', 'true', 'false'],
      ['an object', '[object Object]', '[object Promise]', '() => token', 'function () {}'],
      ['placeholder', '{{token}}', '{token}', '$TOKEN', '$(TOKEN)', '<token>', '[token]', '%TOKEN%'],
      ['Bearer again', 'Bearer one', 'bearer', 'Bearer'],
      ['quotes', '"one"', "'one'"],
    ])('%s', async (reason, ...tokens) => {
      for (const token of tokens) {
        for (const scheme of ['Bearer', 'bearer', 'Bearer  ']) {
          const head = [`Authorization: ${scheme} ${token} `]
          const response = await exchange(url, request(`GET ${phones}`, head))
          expect([response.status, response.body], token).toEqual([401, expect.stringContaining(reason)])
          expect(response.head).toMatch(/^www-authenticate: Bearer$/im)
        }
      }
    })

    test.each([
      'undefined-user',
      'null.undefined',
      'nullable',
      'NaN1',
      'trueish',
      'nonexistent',
      'bearer-1',
      'object',
      'my.sandbox',
      'undefined-undefined',
    ])('%s can be meant', async (token) => {
      const head = [`Authorization: Bearer ${token}`]
      expect((await exchange(url, request(`GET ${phones}`, head))).status).toBe(200)
    })
  })

  describe('a compressed body', () => {
    const twice = brotliCompressSync(gzipSync(phone))
    test.each<[string, string, Buffer, number]>([
      ['gzip', 'gzip', gzipSync(phone), 200],
      ['gzip in upper case', 'GZIP', gzipSync(phone), 200],
      ['deflate', 'deflate', deflateSync(phone), 200],
      ['br', 'br', brotliCompressSync(phone), 200],
      ['identity', 'identity', Buffer.from(phone), 200],
      ['gzip, then br', 'gzip, identity, br', twice, 200],
      ['two codings in the wrong order', 'br, gzip', twice, 400],
      ['a body that is not compressed', 'gzip', Buffer.from(phone), 400],
      ['a body that is cut off', 'gzip', gzipSync(phone).subarray(0, -9), 400],
      ['zstd', 'zstd', Buffer.from(phone), 415],
      ['compress', 'compress', Buffer.from(phone), 415],
      ['a coding with the name of an object property', 'constructor', Buffer.from(phone), 415],
      ['four codings', 'gzip, gzip, gzip, gzip', Buffer.from(phone), 415],
      ['a bomb', 'gzip', gzipSync(Buffer.alloc(50_000_000)), 413],
      ['a bomb in a bomb', 'br, br', brotliCompressSync(brotliCompressSync(Buffer.alloc(50_000_000))), 413],
    ])('%s', async (_, coding, body, status) => {
      const response = await post(url, body, [`Content-Encoding: ${coding}`])
      expect(response.status).toBe(status)
      if (status === 415) expect(response.head).toMatch(/^accept-encoding: gzip, deflate, br$/im)
    })
  })

  describe('a request that is unusual', () => {
    test.each<[string, string | Buffer, number, RegExp?]>([
      ['TLS on the plain port', Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]), 400, /http:\/\//],
      ['another protocol', 'GET / FTP/1.1\r\n\r\n', 400],
      ['JSON', '{"a":1}\r\n\r\n', 400],
      ['an unknown method', request('FLY /phones'), 405],
      ['CONNECT', request('CONNECT localhost:80'), 405],
      ['HTTP/1.1 without Host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400, /Host/],
      ['HTTP/1.1 with two Hosts', request('GET /', ['Host: b']), 400, /Host/],
      ['HTTP/1.0 without Host', `GET ${phones} HTTP/1.0\r\n${authorized}\r\n\r\n`, 200],
      ['an unknown expectation', request(`GET ${phones}`, [authorized, 'Expect: a miracle']), 417],
      ['a path with encoded letters', request(`GET ${phones.replace('ph', '%70%68')}`, [authorized]), 200],
      [
        'a parameter in Accept',
        request(`GET ${phones}`, [authorized, 'Accept: application/json;version=1']),
        200,
      ],
    ])('%s', async (_, bytes, status, message = /./) => {
      const response = await exchange(url, bytes)
      expect(response.status).toBe(status)
      expect(response.head).toMatch(/^content-type: application\/json$/im)
      if (status !== 200)
        expect(JSON.parse(response.body)).toEqual({ message: expect.stringMatching(message) })
      if (status === 405) expect(response.head).toMatch(/^allow: GET, POST, PUT, DELETE, HEAD, OPTIONS$/im)
    })

    test('a form says what to send instead', async () => {
      const head = [authorized, 'Content-Type: application/x-www-form-urlencoded', 'Content-Length: 6']
      const response = await exchange(url, request(`POST ${phones}`, head, 'type=5'))
      expect(response.body).toContain('application/json')
    })
  })

  test('HEAD has the headers of GET, and no body', async () => {
    const get = await exchange(url, request(`GET ${phones}`, [authorized]))
    const head = await exchange(url, request(`HEAD ${phones}`, [authorized]))
    const lines = (text: string) =>
      text
        .split('\r\n')
        .filter((line) => !/^date:/i.test(line))
        .sort()
    expect(lines(head.head)).toEqual(lines(get.head))
    expect([head.body, head.rest]).toEqual(['', ''])
  })

  test('OPTIONS says what is allowed', async () => {
    const response = await exchange(url, request(`OPTIONS ${phones}`))
    expect([response.status, response.body]).toEqual([204, ''])
    expect(response.head).toMatch(/^allow: GET, POST, HEAD, OPTIONS$/im)
  })

  test('an idle connection stays open longer than clients keep it', async () => {
    const { head } = await exchange(url, request(`GET ${phones}`, [authorized], '', 'keep-alive'), /"data"/)
    expect(Number(/^keep-alive: timeout=(\d+)$/im.exec(head)?.[1])).toBeGreaterThanOrEqual(60)
  })

  describe('CORS', () => {
    const origin = 'http://localhost:5173'
    const asks = [
      'Access-Control-Request-Method: POST',
      'Access-Control-Request-Headers: authorization,x-trace',
    ]
    const cors = async (options: Options['cors'], line: string, headers: string[]) => {
      const { status, head } = await exchange(
        await start(options === undefined ? {} : { cors: options }),
        request(line, headers),
      )
      const names = [...head.matchAll(/^(access-control-[\w-]+|vary): (.*)$/gim)]
      return [
        status,
        Object.fromEntries(
          names.map(([, name = '', value]) => [name.replace(/^access-control-/i, ''), value?.trim()]),
        ),
      ]
    }
    const preflight = {
      'allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
      'allow-headers': 'authorization,x-trace',
      'max-age': '600',
    }
    const listed = { 'allow-origin': origin, 'allow-credentials': 'true', vary: 'Origin' }
    const exposed = { 'expose-headers': 'content-type' }

    test.each<[string, Options['cors'], string, string[], number, object]>([
      ['is off by default', undefined, `GET ${phones}`, [authorized, `Origin: ${origin}`], 200, {}],
      [
        'has no preflight by default',
        undefined,
        `OPTIONS ${phones}`,
        [`Origin: ${origin}`, ...asks],
        204,
        {},
      ],
      [
        'lets every origin read',
        true,
        `GET ${phones}`,
        [authorized, `Origin: ${origin}`],
        200,
        { 'allow-origin': '*', ...exposed },
      ],
      [
        'lets every origin read errors and their headers',
        true,
        `GET ${phones}`,
        [],
        401,
        { 'allow-origin': '*', 'expose-headers': 'content-type, www-authenticate' },
      ],
      [
        'has a preflight',
        true,
        `OPTIONS ${phones}`,
        [`Origin: ${origin}`, ...asks],
        204,
        { 'allow-origin': '*', ...preflight },
      ],
      [
        'has a preflight for an unknown path',
        true,
        'OPTIONS /nothing',
        [`Origin: ${origin}`, ...asks],
        204,
        { 'allow-origin': '*', ...preflight },
      ],
      [
        'lets a listed origin read',
        [origin],
        `GET ${phones}`,
        [authorized, `Origin: ${origin}`],
        200,
        { ...listed, ...exposed },
      ],
      [
        'has a preflight for a listed origin',
        [origin],
        `OPTIONS ${phones}`,
        [`Origin: ${origin}`, ...asks],
        204,
        { ...listed, ...preflight },
      ],
      [
        "doesn't let another origin read",
        [origin],
        `GET ${phones}`,
        [authorized, 'Origin: http://evil.example'],
        200,
        { vary: 'Origin', ...exposed },
      ],
      [
        'has no preflight for another origin',
        [origin],
        `OPTIONS ${phones}`,
        ['Origin: http://evil.example', ...asks],
        204,
        { vary: 'Origin', 'expose-headers': 'allow' },
      ],
      [
        'varies without an origin',
        [origin],
        `GET ${phones}`,
        [authorized],
        200,
        { vary: 'Origin', ...exposed },
      ],
    ])('%s', async (_, options, line, headers, status, expected) => {
      expect(await cors(options, line, headers)).toEqual([status, expected])
    })

    test.each([['localhost:5173'], ['http://localhost:5173/'], ['*'], ['http://localhost:5173/app']])(
      "%s isn't an origin",
      async (wrong) => {
        await expect(startServer({ port: 0, cors: [wrong] })).rejects.toThrow(JSON.stringify(wrong))
      },
    )
  })

  describe('a base path', () => {
    test.each<[string, number]>([
      [`/vendor${phones}`, 200],
      [`/vendor${phones}?a=b`, 200],
      [`/%76endor${phones}`, 200],
      [`http://elsewhere/vendor${phones}`, 200],
      [phones, 404],
      [`/vendors${phones}`, 404],
      [`/vendor/vendor${phones}`, 404],
      ['/', 404],
    ])('%s is a %i', async (path, status) => {
      const base = await start({ basePath: '/vendor' })
      expect(base).toMatch(/:\d+\/vendor$/)
      const response = await exchange(base, request(`GET ${path}`, [authorized]))
      expect(response.status).toBe(status)
      if (status === 404) expect(JSON.parse(response.body).message).toMatch(/^Not found/)
    })

    test.each(['vendor', '/vendor/', '/', '/a?b', '/a%20b', '/..', '/a/./b'])(
      '%j is refused',
      async (basePath) => {
        await expect(startServer({ port: 0, basePath })).rejects.toThrow('--base-path')
      },
    )
  })

  test('an empty host is refused', async () => {
    await expect(startServer({ port: 0, host: '' })).rejects.toThrow(/host is empty.*127\.0\.0\.1/)
  })

  test('the log has a line for each request, without any value', async () => {
    const entries: Entry[] = []
    const logged = Promise.withResolvers<void>()
    const requests = [
      `GET ${phones}?number=2025550143`,
      `GET ${phones.replace('57062885', '202-555-0143')}`,
      `GET ${phones.replace('57062885', 't')}`,
      'GET /2025550143',
      `DELETE ${phones}`,
    ]
    const base = await start({
      onRequest: (entry) => {
        if (entries.push(entry) === requests.length) logged.resolve()
      },
    })
    for (const line of requests) await exchange(base, request(line, [authorized]))
    await logged.promise
    expect(entries.map(({ method, path, status }) => [method, path, status])).toEqual([
      ['GET', template, 200],
      ['GET', template, 404],
      ['GET', template, 404],
      ['GET', '(unknown path)', 404],
      ['DELETE', template, 405],
    ])
    for (const { ms } of entries) expect(ms).toBeGreaterThanOrEqual(0)
  })
})

describe('CORS never opens the control surface of the sandbox', () => {
  const origin = 'http://localhost:5173'
  test.each([
    ['GET /__sandbox/log', 403],
    ['GET /', 403],
    ['OPTIONS /__sandbox/log', 403],
    ['GET http://elsewhere/__sandbox/log', 404],
    ['GET /__sandbo%78/log', 404],
  ])('%s', async (line, status) => {
    const { url, close } = await startSandbox({ port: 0, cors: true })
    onTestFinished(close)
    const headers = [`Origin: ${origin}`, 'Access-Control-Request-Method: GET', authorized]
    const response = await exchange(url, request(line, headers))
    expect(response.status).toBe(status)
    if (status === 403) expect(response.head).not.toMatch(/access-control/i)
  })
})

function post(url: string, body: string | Buffer, headers: string[]) {
  const head = [authorized, 'Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`]
  const bytes = Buffer.concat([
    Buffer.from(request(`POST ${phones}`, [...head, ...headers])),
    Buffer.from(body),
  ])
  return exchange(url, bytes)
}

function request(line: string, headers: string[] = [], body = '', connection = 'close'): string {
  return [`${line} HTTP/1.1`, 'Host: localhost', `Connection: ${connection}`, ...headers, '', body].join(
    '\r\n',
  )
}

/** Sends bytes and reads until the server closes the connection, or until the response matches. */
async function exchange(url: string, bytes: string | Buffer, until?: RegExp) {
  const { hostname, port } = new URL(url)
  const socket: Socket = connect(Number(port), hostname)
  let text = ''
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk
    if (until?.test(text)) socket.destroy()
  })
  socket.write(bytes)
  await once(socket, 'close')
  const [head = ''] = text.split('\r\n\r\n', 1)
  const sent = text.slice(head.length + 4)
  const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? sent.length)
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1])
  return { status, head, body: sent.slice(0, length), rest: sent.slice(length) }
}
