/** Bad ids, paths and methods, for both servers. */
import { describe, expect, test } from 'vitest'
import { borrower } from './calls.ts'
import { raw, request } from './raw.ts'

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
      ['PUT', borrower, 'GET, POST'],
      ['PATCH', one, 'GET, PUT, DELETE'],
      ['HEAD', one, 'GET, PUT, DELETE'],
      ['OPTIONS', borrower, 'GET, POST'],
      ['TRACE', borrower, 'GET, POST'],
      ['PROPFIND', one, 'GET, PUT, DELETE'],
      ['GET', '/api/v140/auth', 'POST'],
    ])('%s %s', async (method, path, allow) => {
      const response = await raw(url(), [request(`${method} ${path}`)])
      expect(response.status).toBe(405)
      expect(response.head.toLowerCase()).toContain(`allow: ${allow.toLowerCase()}`)
    })
  })
}
