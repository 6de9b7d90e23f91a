import { createInstance, getHttpOperationsFromSpec } from '@stoplight/prism-http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Mock, startMock } from '../src/mock.ts'
import { contract } from './contract-under-test.ts'

const phones = '/api/v140/orders/57062885/borrowers/124927241/phones'
const good = '{"type":6,"number":"2025550143"}'
const json = { 'content-type': 'application/json' }

interface Sent {
  path: string
  headers?: Record<string, string>
  body?: string
  /** What Prism's own server reads from `Prefer`. */
  prefer?: { code?: number; exampleKey?: string }
}
interface Seen {
  status: number | 'failed'
  headers: Record<string, unknown>
  text: string
}

let mock: Mock
let askPrism: (method: string, sent: Sent) => Promise<Seen>
beforeAll(async () => {
  mock = await startMock({ port: 0 })
  askPrism = await startPrism()
})
afterAll(() => mock.close())

// If Prism is right about one of these one day, the mock's replacement can go.
test.each<[string, Sent, Partial<Seen>, Partial<Seen>]>([
  ['GET', { path: '/api/v140/orders/%ff/borrowers' }, { status: 'failed' }, { status: 400 }],
  ['GET', { path: '/api/v140/%6Frders/1/borrowers' }, { status: 422 }, { status: 200 }],
  ['GET', { path: '/api/v140/orders/x/borrowers' }, { status: 422 }, { status: 404 }],
  ['GET', { path: '/api/v140/orders/0x10/borrowers' }, { status: 200 }, { status: 404 }],
  ['GET', { path: '/api/v140/orders/1e3/borrowers' }, { status: 200 }, { status: 404 }],
  ['GET', { path: '/api/v140/orders/%20/borrowers' }, { status: 200 }, { status: 404 }],
  ['GET', { path: '/api/v140/orders/9223372036854775808/borrowers' }, { status: 200 }, { status: 404 }],
  ['GET', { path: '/api/v140/orders/-9223372036854775809/borrowers' }, { status: 200 }, { status: 404 }],
  [
    'GET',
    { path: '/api/v140/phones/202-555-0143' },
    { status: 404, text: expect.stringContaining('0143') },
    { status: 404, text: expect.not.stringContaining('0143') },
  ],
  [
    'PATCH',
    { path: '/api/v140/auth' },
    { status: 405, headers: expect.not.objectContaining({ allow: expect.anything() }) },
    { status: 405, headers: expect.objectContaining({ allow: 'POST, OPTIONS' }) },
  ],
  [
    'GET',
    { path: phones, headers: { authorization: '' } },
    { status: 401, headers: expect.not.objectContaining({ 'www-authenticate': expect.anything() }) },
    { status: 401, headers: expect.objectContaining({ 'www-authenticate': 'Bearer' }) },
  ],
  ['GET', { path: phones, headers: { authorization: 'bearer x' } }, { status: 401 }, { status: 200 }],
  ['GET', { path: phones, headers: { authorization: 'Bearer undefined' } }, { status: 200 }, { status: 401 }],
  ['GET', { path: phones, headers: { accept: ';;' } }, { status: 'failed' }, { status: 406 }],
  [
    'GET',
    { path: phones, headers: { accept: 'text/html' }, prefer: { code: 404 } },
    { status: 500 },
    { status: 406 },
  ],
  ['POST', { path: phones, headers: { 'content-type': '' }, body: good }, { status: 200 }, { status: 415 }],
  [
    'POST',
    { path: phones, headers: { 'content-type': ';' }, body: good },
    { status: 'failed' },
    { status: 415 },
  ],
  [
    'POST',
    { path: phones, headers: { 'content-type': 'application/vnd.api+json' }, body: good },
    { status: 200 },
    { status: 415 },
  ],
  [
    'DELETE',
    { path: `${phones}/1`, headers: { ...json, 'transfer-encoding': 'chunked' }, body: '{}' },
    { status: 200 },
    { status: 415 },
  ],
  [
    'POST',
    { path: phones, headers: json, body: '{"type":"6","number":"2025550143"}' },
    { status: 422, text: expect.not.stringContaining('type') },
    { status: 422, text: expect.stringContaining('type') },
  ],
  [
    'POST',
    { path: phones, headers: json, body: '{"type":9223372036854775808,"number":"2025550143"}' },
    { status: 200 },
    { status: 422, text: expect.stringContaining('type') },
  ],
  [
    'GET',
    { path: phones, prefer: { code: 503 } },
    { status: 503, text: expect.stringContaining('Server Error') },
    { status: 503, text: expect.stringContaining('Service Unavailable') },
  ],
  [
    'GET',
    { path: phones, prefer: { code: 409 } },
    { status: 409, text: expect.stringContaining('unauthorized') },
    { status: 409, text: expect.stringContaining('Conflict') },
  ],
  ['GET', { path: phones, prefer: { code: 404, exampleKey: 'no-phones' } }, { status: 200 }, { status: 400 }],
  ['GET', { path: phones, prefer: { exampleKey: 'too-many-requests' } }, { status: 404 }, { status: 429 }],
  ['GET', { path: phones, prefer: { code: 302 } }, { status: 404 }, { status: 400 }],
])('%s %j', async (method, sent, prism, ours) => {
  expect(await askPrism(method, sent), 'Prism').toMatchObject(prism)
  expect(await askMock(method, sent), 'the mock').toMatchObject(ours)
})

/** Does what Prism's own server does with a request. */
async function startPrism() {
  const operations = await getHttpOperationsFromSpec(structuredClone(contract))
  const logger: any = new Proxy(() => logger, { get: () => logger })
  const config = {
    isProxy: false,
    checkSecurity: true,
    validateRequest: true,
    validateResponse: true,
  } as const
  return async (method: string, { path, headers = {}, body, prefer }: Sent): Promise<Seen> => {
    const options = { ...config, errors: true, upstreamProxy: undefined, mock: { dynamic: false, ...prefer } }
    const length = body && !headers['transfer-encoding'] ? { 'content-length': String(body.length) } : {}
    const input = {
      method: method.toLowerCase() as 'get',
      url: { path },
      headers: { authorization: 'Bearer any', ...length, ...headers },
      body: body && JSON.parse(body),
    }
    try {
      const result = await createInstance(options, { logger }).request(input, operations, options)()
      if (result._tag === 'Right') {
        const { statusCode: status, headers = {}, body } = result.right.output
        return { status, headers, text: JSON.stringify(body) }
      }
      const { status = 500, detail, additional }: any = result.left
      return { status, headers: additional?.headers ?? {}, text: String(detail) }
    } catch {
      return { status: 'failed', headers: {}, text: '' }
    }
  }
}

async function askMock(method: string, { path, headers = {}, body, prefer = {} }: Sent): Promise<Seen> {
  const { 'transfer-encoding': chunked, ...others } = headers
  const { code, exampleKey } = prefer
  const wishes = [code && `code=${code}`, exampleKey && `example=${exampleKey}`].filter(Boolean)
  const response = await fetch(mock.url + path, {
    method,
    headers: { authorization: 'Bearer any', ...others, prefer: wishes.join(', ') },
    ...(body && { body: chunked ? new Blob([body]).stream() : body, duplex: 'half' }),
  } as RequestInit)
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    text: await response.text(),
  }
}
