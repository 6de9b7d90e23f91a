import { describe, expect, test } from 'vitest'
import { operations } from '../src/core/contract.gen.ts'
import { findExampleForIds } from '../src/core/examples.ts'
import type { ContractOperation } from '../src/core/operation.ts'
import { createSandboxFetch } from '../src/fetch.ts'
import { borrower, type Call, caller, sandbox } from './calls.ts'

const phone = { type: 6, number: '2025550143' }
const one = `${borrower}/39317578`

describe('Prefer', () => {
  test.each([
    ['code=503', 503, { message: 'Service Unavailable' }],
    ['code=403', 403, { message: 'This action is unauthorized.' }],
    ['code="404"', 404, { message: 'Not found.' }],
    ['code=4XX, example=method-not-allowed', 405, { message: 'The method is not supported for this route.' }],
    ['code=5xx', 500, { message: 'Server Error' }],
    ['code=418', 418, { message: 'Status 418' }],
    ['example=no-phones', 200, { data: [] }],
    ['respond-async, code=200; example=no-phones', 200, { data: [] }],
  ])('%s returns the documented response', async (prefer, status, body) => {
    const { call } = await sandbox()
    const response = await call('GET', borrower, undefined, { headers: { prefer } })
    expect({ status: response.status, body: response.body }).toEqual({ status, body })
  })

  test('code=429 sets its headers', async () => {
    const { call } = await sandbox()
    const { headers } = await call('GET', borrower, undefined, { headers: { prefer: 'code=429' } })
    expect(headers.get('retry-after')).toBe('30')
  })

  test('changes nothing', async () => {
    const { call } = await sandbox()
    const headers = { prefer: 'code=200' }
    expect((await call('POST', borrower, phone, { headers })).body.data.id).toBe(39317581)
    expect((await call('DELETE', one, undefined, { headers })).status).toBe(200)
    expect((await call('GET', borrower)).body.data).toHaveLength(2)
  })

  test('comes after the token and the body', async () => {
    const { call } = await sandbox()
    const headers = { prefer: 'code=200' }
    expect((await call('GET', borrower, undefined, { headers, token: '' })).status).toBe(401)
    expect((await call('POST', borrower, { type: 6 }, { headers })).body.errors).toHaveProperty('number')
  })

  test.each(['code=302', 'code=abc', 'code=404, example=no-phones', 'example=nothing'])(
    '%s is a 400 that lists the examples',
    async (prefer) => {
      const { call } = await sandbox()
      const rejected = await call('GET', borrower, undefined, { headers: { prefer } })
      expect(rejected.status).toBe(400)
      expect(rejected.body.message).toContain('200 (two-phones), 200 (no-phones), 401 (unauthenticated)')
    },
  )

  test.each(['return=minimal', ''])('%j asks for no example', async (prefer) => {
    const { call } = await sandbox()
    expect((await call('GET', borrower, undefined, { headers: { prefer } })).body.data).toHaveLength(2)
  })
})

describe('of several ids that are a documented status', () => {
  test.each([
    [500, 404, 429],
    [503, 500, 403],
    [57062885, 429, 404],
    [402, 500, 401],
  ])('the first one counts: %i, %i, %i', async (...ids) => {
    const { call } = await sandbox()
    const [order, person, id] = ids
    const { status } = await call('GET', `/api/v140/orders/${order}/borrowers/${person}/phones/${id}`)
    expect(status).toBe(ids.find((id) => id !== 402 && id < 600))
  })

  test('even if it has no example', () => {
    const headers = { 'retry-after': '30' }
    const example = { name: 'not-found', status: 404, body: {} }
    const operation = {
      ...(operations[0] as ContractOperation),
      responses: { 404: { headers: {}, examples: [example] }, 409: { headers, examples: [] } },
    }
    expect(findExampleForIds(operation, [402, 409, 404])).toEqual({
      status: 409,
      headers,
      body: { message: 'Status 409' },
    })
    expect(findExampleForIds(operation, [402])).toBeUndefined()
  })
})

describe('with onDemand: false, no request can ask for a failure', () => {
  const login = { username: 'partner-a', password: 'wrong' }
  test.each<[string, number, Parameters<Call>]>([
    ['Prefer', 200, ['GET', borrower, undefined, { headers: { prefer: 'code=503' } }]],
    [
      'a Prefer that asks for nothing documented',
      200,
      ['GET', one, undefined, { headers: { prefer: 'code=1' } }],
    ],
    ['an id that is a status', 404, ['GET', `${borrower}/503`]],
    ['the number of a failure', 200, ['POST', borrower, { ...phone, number: '000-555-0150' }]],
    ['the number of a failure in an update', 200, ['PUT', one, { number: '0005550122' }]],
    ['the expired token', 200, ['GET', borrower, undefined, { token: 'sandbox-expired' }]],
    ['the throttled token', 200, ['GET', borrower, undefined, { token: 'sandbox-throttled' }]],
    ['the wrong password', 200, ['POST', '/api/v140/auth', login, { token: '' }]],
  ])('%s', async (_, status, request) => {
    const { call } = await sandbox({ onDemand: false })
    expect((await call(...request)).status).toBe(status)
  })

  test('but a test can still script a fault', async () => {
    const { call } = await sandbox({ onDemand: false })
    await call('POST', '/__sandbox/faults', { status: 503 })
    expect((await call('GET', borrower)).status).toBe(503)
  })
})

/** The server and `fetch` each deliver faults themselves. */
const deliveries = [
  ['over HTTP', async () => (await sandbox()).call],
  ['in-process', async () => caller('http://sandbox.invalid', createSandboxFetch() as typeof fetch)],
] as const

describe.each(deliveries)('a scripted fault, %s,', (_, connect) => {
  test('affects the next requests of its world, then no more', async () => {
    const call = await connect()
    await call('POST', '/__sandbox/faults', { requests: 2, status: 503 })
    expect((await call('POST', borrower, phone)).status).toBe(503)
    expect((await call('GET', borrower, undefined, { token: 'other' })).status).toBe(200)
    expect((await call('GET', borrower)).status).toBe(503)
    expect((await call('GET', borrower)).body.data).toHaveLength(2)
  })

  test('without a token affects the next request of anyone', async () => {
    const call = await connect()
    await call('POST', '/__sandbox/faults', { status: 500 }, { token: '' })
    const login = { username: 'partner-a', password: 'secret' }
    expect((await call('POST', '/api/v140/auth', login, { token: '' })).status).toBe(500)
    expect((await call('POST', '/api/v140/auth', login, { token: '' })).status).toBe(200)
  })

  test('sets the scripted Retry-After', async () => {
    const call = await connect()
    const readRetryAfter = async (fault: object) => {
      await call('POST', '/__sandbox/faults', fault)
      const { status, headers } = await call('GET', borrower)
      return [status, headers.get('retry-after')]
    }
    expect(await readRetryAfter({ status: 429, retry_after: 0 })).toEqual([429, '0'])
    expect(await readRetryAfter({ status: 503, retry_after: 7 })).toEqual([503, '7'])
    expect(await readRetryAfter({ status: 429 })).toEqual([429, '30'])
    expect(await readRetryAfter({ status: 503 })).toEqual([503, null])
  })

  test('affects only the operation that it names', async () => {
    const call = await connect()
    await call('POST', '/__sandbox/faults', { operation: 'deleteBorrowerPhone', status: 500 })
    expect((await call('GET', borrower)).status).toBe(200)
    expect((await call('DELETE', one)).status).toBe(500)
    expect((await call('DELETE', one)).status).toBe(200)
  })

  test('delays a response that is otherwise normal', async () => {
    const call = await connect()
    await call('POST', '/__sandbox/faults', { delay_ms: 60 })
    const start = performance.now()
    expect((await call('GET', borrower)).body.data).toHaveLength(2)
    expect(performance.now() - start).toBeGreaterThan(50)
  })

  test('drops the connection before the request is handled', async () => {
    const call = await connect()
    await call('POST', '/__sandbox/faults', { connection: 'drop' })
    await expect(call('POST', borrower, phone)).rejects.toThrow(TypeError)
    expect((await call('GET', borrower)).body.data).toHaveLength(2)
  })

  test('drops the response after the request was handled', async () => {
    const call = await connect()
    await call('POST', '/__sandbox/faults', { connection: 'drop-response' })
    await expect(call('POST', borrower, phone)).rejects.toThrow(TypeError)
    expect((await call('GET', borrower)).body.data).toHaveLength(3)
  })

  test('cuts the body in the middle', async () => {
    const call = await connect()
    await call('POST', '/__sandbox/faults', { connection: 'cut' })
    await expect(call('GET', borrower)).rejects.toThrow(/terminated/)
    expect((await call('GET', borrower)).status).toBe(200)
  })
})

describe('in-process', () => {
  const url = `http://sandbox.invalid${borrower}`
  const headers = { authorization: 'Bearer test' }

  test("an aborted request isn't handled", async () => {
    const fetch = createSandboxFetch()
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(fetch(url, { headers, signal })).rejects.toThrow('enough')
  })

  test('a timeout ends a delayed response', async () => {
    const fetch = createSandboxFetch()
    const body = JSON.stringify({ delay_ms: 60_000 })
    await fetch('http://sandbox.invalid/__sandbox/faults', { method: 'POST', body, headers })
    await expect(fetch(url, { headers, signal: AbortSignal.timeout(20) })).rejects.toThrow(/timeout/)
  })

  test('each `fetch` has its own sandbox', async () => {
    const [first, second] = [createSandboxFetch(), createSandboxFetch()]
    await first(`${url}/39317578`, { method: 'DELETE', headers })
    expect((await first(`${url}/39317578`, { headers })).status).toBe(404)
    expect((await second(`${url}/39317578`, { headers })).status).toBe(200)
  })
})
