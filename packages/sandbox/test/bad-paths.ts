/** Bad ids, paths and methods, for both servers. */
import { describe, expect, test } from 'vitest'
import { borrower } from './calls.ts'
import { type RawResponse, raw, request } from './raw.ts'

const one = `${borrower}/39317578`

/** @param url of the server. It's known when the tests run. */
export function testBadPaths(url: () => string): void {
  describe("an id that isn't a positive integer, or is too large, is a 404", () => {
    const ids = [
      '0',
      '-1',
      '+1',
      '1.0',
      '1e3',
      '0x10',
      '007',
      'abc',
      '%20',
      '%',
      '%f',
      '%ff',
      '%00',
      '1%2F2',
      '१',
      ' 1',
    ]
    test.each([...ids, '9007199254740993', '9'.repeat(400), 'null', '..%2f'])('%s', async (id) => {
      for (const path of [`${borrower}/${id}`, `/api/v140/orders/${id}/borrowers/124927241/phones`]) {
        const response = await raw(url(), [
          request(`GET ${encodeURI(path).replaceAll('%25', '%')}`, ['Authorization: Bearer t']),
        ])
        expect(response.status).toBe(404)
        expect(JSON.parse(response.body).message).toMatch(/_id.*positive integer/)
      }
    })

    test('percent-encoded digits are decoded', async () => {
      const response = await raw(url(), [
        request(`GET ${borrower}/%3393%317578`, ['Authorization: Bearer t']),
      ])
      expect(response.status).toBe(200)
    })
  })

  describe('an unknown path is a 404', () => {
    const paths = [
      '/api',
      '/api/v140',
      '//',
      `/${borrower}`,
      `${borrower}/`,
      `${one}/`,
      `${borrower}//39317578`,
    ]
    test.each([...paths, '/API/v140/auth', '/api/v140/orders//borrowers//phones'])('%s', async (path) => {
      const response = await raw(url(), [request(`GET ${path}`, ['Authorization: Bearer t'])])
      expect(response.status).toBe(404)
      expect(JSON.parse(response.body).message).toMatch(/^Not found/)
    })

    test('a query makes no difference', async () => {
      for (const target of [`${one}?a=%ff&b`, `${one}?`]) {
        expect((await raw(url(), [request(`GET ${target}`, ['Authorization: Bearer t'])])).status).toBe(200)
      }
    })
  })

  describe('an unsupported method is a 405 with Allow', () => {
    test.each([
      ['PUT', borrower, 'GET, POST, HEAD, OPTIONS'],
      ['PATCH', one, 'GET, PUT, DELETE, HEAD, OPTIONS'],
      ['TRACE', borrower, 'GET, POST, HEAD, OPTIONS'],
      ['PROPFIND', one, 'GET, PUT, DELETE, HEAD, OPTIONS'],
      ['GET', '/api/v140/auth', 'POST, OPTIONS'],
      ['HEAD', '/api/v140/auth', 'POST, OPTIONS'],
    ])('%s %s', async (method, path, allow) => {
      const response = await raw(url(), [request(`${method} ${path}`)])
      expect(response.status).toBe(405)
      expect(response.head.toLowerCase()).toContain(`allow: ${allow.toLowerCase()}\r\n`)
    })
  })

  test.each([
    [borrower, 'GET, POST, HEAD, OPTIONS'],
    [one, 'GET, PUT, DELETE, HEAD, OPTIONS'],
    ['/__sandbox/clock', 'GET, PUT, HEAD, OPTIONS'],
  ])('OPTIONS %s says what is allowed, without a token', async (path, allow) => {
    const { status, head, body } = await raw(url(), [request(`OPTIONS ${path}`)])
    expect([status, body]).toEqual([204, ''])
    expect(head.toLowerCase()).toContain(`allow: ${allow.toLowerCase()}\r\n`)
    expect(head).not.toMatch(/^content-(length|type)/im)
  })

  test('OPTIONS on an unknown path is a 404', async () => {
    expect((await raw(url(), [request('OPTIONS /api/v140/nothing')])).status).toBe(404)
  })

  test.each([
    [one, 200],
    [borrower, 200],
    [`${borrower}/1001`, 404],
    ['/__sandbox/world', 200],
  ])('HEAD %s has the status and headers of GET, and no body', async (path, status) => {
    const headers = ['Authorization: Bearer t']
    const [got, asked] = [
      await raw(url(), [request(`GET ${path}`, headers)]),
      await raw(url(), [request(`HEAD ${path}`, headers)]),
    ]
    expect([got.status, asked.status, asked.body]).toEqual([status, status, ''])
    const read = ({ head }: RawResponse) => head.replace(/^(date|HTTP).*$/gim, '').toLowerCase()
    expect(read(asked)).toBe(read(got))
  })
}
