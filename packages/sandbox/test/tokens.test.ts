import { describe, expect, test } from 'vitest'
import { borrower, type Call, sandbox } from './calls.ts'

const auth = '/api/v140/auth'
const account = { username: 'partner-a', password: 'secret' }
const login = async (call: Call, body = account) => (await call('POST', auth, body, { token: '' })).body

test('the expired token is 401 and the throttled one 429, with the headers of the contract', async () => {
  const { call } = await sandbox()
  const expired = await call('GET', borrower, undefined, { token: 'sandbox-expired' })
  expect(expired.status).toBe(401)
  expect(expired.body.message).toMatch(/expired/)
  const throttled = await call('GET', borrower, undefined, { token: 'sandbox-throttled' })
  expect(throttled.status).toBe(429)
  expect(throttled.body).toEqual({ message: 'Too Many Attempts.' })
  expect(throttled.headers.get('retry-after')).toBe('30')
  expect(throttled.headers.get('x-ratelimit-remaining')).toBe('0')
})

describe('the authentication call', () => {
  test("issues a token that opens the user's world for an hour", async () => {
    const { call } = await sandbox()
    const issued = await login(call)
    expect(issued).toMatchObject({
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: expect.any(String),
    })
    expect((await call('GET', borrower, undefined, { token: issued.access_token })).status).toBe(200)
  })

  test('issues a renewed token for the same world', async () => {
    const { call } = await sandbox()
    const first = (await login(call)).access_token
    const second = (await login(call)).access_token
    expect(second).not.toBe(first)
    await call('DELETE', `${borrower}/39317578`, undefined, { token: first })
    expect((await call('GET', `${borrower}/39317578`, undefined, { token: second })).status).toBe(404)
    const other = (await login(call, { ...account, username: 'Ünï 東京' })).access_token
    expect((await call('GET', `${borrower}/39317578`, undefined, { token: other })).status).toBe(200)
  })

  test('issues tokens that expire', async () => {
    let time = Date.UTC(2026, 2, 7)
    const { call } = await sandbox({ now: () => time })
    const token = (await login(call)).access_token
    time += 3599_000
    expect((await call('GET', borrower, undefined, { token })).status).toBe(200)
    time += 1000
    expect((await call('GET', borrower, undefined, { token })).status).toBe(401)
  })

  test('issues tokens that expire by the scripted clock of their world', async () => {
    const { call } = await sandbox()
    const token = (await login(call)).access_token
    await call('PUT', '/__sandbox/clock', { times: ['2099-01-01 00:00:00'] }, { token })
    expect((await call('GET', borrower, undefined, { token })).status).toBe(401)
    const renewed = (await login(call)).access_token
    expect((await call('GET', borrower, undefined, { token: renewed })).status).toBe(200)
  })

  test('returns 401 for the wrong password and 422 for a missing one', async () => {
    const { call } = await sandbox()
    expect((await call('POST', auth, { ...account, password: 'wrong' }, { token: '' })).status).toBe(401)
    const rejected = await call('POST', auth, { username: 'partner-a' }, { token: '' })
    expect(rejected.status).toBe(422)
    expect(rejected.body.errors).toEqual({ password: [expect.stringContaining('required')] })
  })

  test("issues tokens that can't be altered into an invalid form", async () => {
    const { call } = await sandbox()
    const [head, , tail] = (await login(call)).access_token.split('.')
    for (const payload of ['e30', '!', btoa('{"sub":1,"exp":9}'), btoa('null')]) {
      const token = `${head}.${payload.replaceAll('=', '')}.${tail}`
      expect((await call('GET', borrower, undefined, { token })).status).toBe(401)
    }
  })
})

test('a mistaken token is a 401 on the control surface, too', async () => {
  const { call } = await sandbox()
  const { status, body } = await call('GET', '/__sandbox/world', undefined, { token: 'undefined' })
  expect([status, body.message]).toEqual([401, expect.stringContaining('missing value')])
})

describe('with tokens: issued', () => {
  const forms = ['test', 'sandbox-refresh-1', 'e30.e30.c2lnbmF0dXJl', 'e30.e30.sandbox']

  test.each(forms)('%s is a 401, also on the control surface', async (token) => {
    const { call } = await sandbox({ tokens: 'issued' })
    for (const path of [borrower, '/__sandbox/world']) {
      const { status, body } = await call('GET', path, undefined, { token })
      expect([status, body.message]).toEqual([401, expect.stringContaining('POST /api/v140/auth')])
    }
  })

  test('a token from the authentication call is accepted until it expires', async () => {
    let time = Date.UTC(2026, 2, 7)
    const { call } = await sandbox({ tokens: 'issued', now: () => time })
    const token = (await login(call)).access_token
    expect((await call('GET', borrower, undefined, { token })).status).toBe(200)
    const forged = token.replace(/[^.]+$/, 'x'.repeat(7))
    expect((await call('GET', borrower, undefined, { token: forged })).status).toBe(401)
    time += 3600_000
    expect((await call('GET', borrower, undefined, { token })).status).toBe(401)
  })

  test('the tokens that fail on demand still do', async () => {
    const { call } = await sandbox({ tokens: 'issued' })
    expect((await call('GET', borrower, undefined, { token: 'sandbox-expired' })).status).toBe(401)
    expect((await call('GET', borrower, undefined, { token: 'sandbox-throttled' })).status).toBe(429)
  })

  test('another value for the option is an error', async () => {
    await expect(sandbox({ tokens: 'none' as 'any' })).rejects.toThrow('any or issued')
  })
})
