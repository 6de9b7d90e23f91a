/** Bad requests, for both servers: each gets an error that says why, and the server goes on. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testBadPaths } from './bad-paths.ts'
import { borrower, type Call, caller } from './calls.ts'
import { raw, request } from './raw.ts'

const one = `${borrower}/39317578`
const phone = { type: 6, number: '2025550143' }

/** @param start starts a server. `send` replaces `fetch` for requests to it. */
export function testBadRequests(
  start: () => Promise<{ url: string; send?: typeof fetch; close(): Promise<void> }>,
): void {
  let running: Awaited<ReturnType<typeof start>>
  let call: Call
  beforeAll(async () => {
    running = await start()
    call = caller(running.url, running.send)
  })
  afterAll(() => running.close())

  async function expectStillWorks(): Promise<void> {
    expect((await call('GET', one, undefined, { token: 'witness' })).status).toBe(200)
  }

  describe('without a valid token every operation that needs one is a 401, whatever else is wrong', () => {
    const authorizations: [string, string | undefined][] = [
      ['no header', undefined],
      ['an empty header', ''],
      ['no token', 'Bearer'],
      ['only spaces', 'Bearer    '],
      ['another scheme', 'Basic dXNlcjpzZWNyZXQ='],
      ['a token without a scheme', 'abc'],
      ['two tokens', 'Bearer one two'],
      ['a comma', 'Bearer one, Bearer two'],
      ['a quoted token', 'Bearer "one"'],
      ['a token with a percent sign', 'Bearer t%20k'],
      ['padding first', 'Bearer =one'],
      ['no space', 'Bearerone'],
    ]
    const operations: [string, string, unknown][] = [
      ['GET', borrower, undefined],
      ['POST', borrower, phone],
      ['POST', borrower, '{'],
      ['GET', one, undefined],
      ['PUT', one, { valid: 'x' }],
      ['DELETE', one, undefined],
      ['GET', '/api/v140/orders/abc/borrowers/%ff/phones', undefined],
    ]
    test.each(authorizations)('%s', async (_, authorization) => {
      for (const [method, path, body] of operations) {
        const headers = authorization === undefined ? {} : { authorization }
        const response = await call(method, path, body, { token: '', headers })
        expect({ method, path, status: response.status }).toEqual({ method, path, status: 401 })
        expect(response.body).toEqual({ message: expect.stringMatching(/Authorization: Bearer/) })
        expect(response.headers.get('www-authenticate')).toBe('Bearer')
      }
    })

    test('two headers', async () => {
      const headers = ['Authorization: Bearer one', 'Authorization: Bearer two']
      expect((await raw(running.url, [request(`GET ${borrower}`, headers)])).status).toBe(401)
    })

    test.each(['bearer one', 'BEARER one', 'Bearer  one', 'Bearer a.b-c_d~e+f/g=='])(
      '%s is a token',
      async (authorization) => {
        expect(
          (await call('GET', borrower, undefined, { token: '', headers: { authorization } })).status,
        ).toBe(200)
      },
    )
  })

  describe("a body that isn't a JSON object is a 422 that says why", () => {
    const json = { 'content-type': 'application/json' }
    const rows: [string, string | Uint8Array<ArrayBuffer>, Record<string, string>, RegExp][] = [
      ['cut off', '{"type": 6,', json, /JSON/],
      ['single quotes', "{'type': 6}", json, /JSON/],
      ['a trailing comma', '{"type": 6,}', json, /JSON/],
      ['a comment', '{"type": 6} // six', json, /JSON/],
      ['NaN', '{"type": NaN}', json, /JSON/],
      ['spaces', '   ', json, /JSON/],
      ['two values', '{} {}', json, /JSON/],
      ['nothing', '', json, /required/],
      ['a list', '[]', json, /must be an object/],
      ['a string', '"6"', json, /must be an object/],
      ['null', 'null', json, /must be an object/],
      ['10,000 nested lists', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, json, /must be an object/],
      ['10,000 lists without an end', '['.repeat(10_000), json, /JSON/],
      ['Latin-1', new Uint8Array([0x22, 0xe9, 0x22]), json, /UTF-8/],
      ['UTF-16', new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]), json, /UTF-8/],
      ['a surrogate in UTF-8', new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]), json, /UTF-8/],
      [
        'a form',
        'type=6&number=2025550143',
        { 'content-type': 'application/x-www-form-urlencoded' },
        /form.*JSON.*Content-Type/,
      ],
      ['text', JSON.stringify(phone), { 'content-type': 'text/plain' }, /Content-Type/],
      ['XML', '<phone/>', { 'content-type': 'application/xml' }, /Content-Type/],
      ['a similar type', JSON.stringify(phone), { 'content-type': 'application/jsonp' }, /Content-Type/],
      [
        'a type for patches',
        JSON.stringify(phone),
        { 'content-type': 'application/merge-patch+json' },
        /Content-Type/,
      ],
    ]
    test.each(rows)('%s', async (_, body, headers, reason) => {
      const { url, send = fetch } = running
      const response = await send(url + borrower, {
        method: 'POST',
        headers: { authorization: 'Bearer test', ...headers },
        body,
      })
      expect(response.status).toBe(422)
      const { errors } = (await response.json()) as { errors: Record<string, string[]> }
      expect(errors.body?.[0]).toMatch(reason)
      await expectStillWorks()
    })

    test.each(['application/json; charset=utf-8', 'Application/JSON', ' application/json '])(
      '%j is accepted',
      async (type) => {
        expect((await call('POST', borrower, phone, { headers: { 'content-type': type } })).status).toBe(200)
      },
    )

    test('a byte order mark is accepted', async () => {
      expect((await call('POST', borrower, `\ufeff${JSON.stringify(phone)}`)).status).toBe(200)
    })

    test('a missing Content-Type is a 422', async () => {
      const body = JSON.stringify(phone)
      const head = ['Authorization: Bearer test', `Content-Length: ${body.length}`]
      const response = await raw(running.url, [request(`POST ${borrower}`, head, body)])
      expect(response.status).toBe(422)
      expect(response.body).toContain('Content-Type: application/json')
    })
  })

  describe('create and update name each wrong field', () => {
    const integer = ['6', 6.5, true, [6], { id: 6 }, 0, -1, 9007199254740992, '']
    const text = [22, true, ['22'], { text: '22' }]
    const flag = [2, -1, 0.5, '1', true, null, [1]]
    const number = [
      2025550143,
      null,
      '',
      '202555014',
      '20255501433',
      '202-5550-143',
      '(202) 555-0143',
      '+12025550143',
    ]
    const rows: [string, unknown[]][] = [
      ['type', [...integer, null]],
      ['mobile_carrier_id', integer],
      ['number', [...number, '202-5550143', '２０２５５５０１４３', '202-555-0143\n', ['2025550143']]],
      ['extension', text],
      ['memo', text],
      ['valid', flag],
      ['no_contact', flag],
    ]
    test.each(rows)('%s', async (field, values) => {
      for (const value of values) {
        for (const [method, path] of [
          ['POST', borrower],
          ['PUT', one],
        ] as const) {
          const response = await call(method, path, { ...phone, [field]: value })
          expect({ value, method, status: response.status }).toEqual({ value, method, status: 422 })
          expect(Object.keys(response.body.errors)).toEqual([field])
          expect(response.body.errors[field][0]).toMatch(/ (must be|is invalid)/)
        }
      }
    })

    test('all wrong fields are named at once', async () => {
      const { body } = await call('POST', borrower, {
        mobile_carrier_id: 'a',
        extension: 1,
        memo: 1,
        valid: 5,
      })
      expect(Object.keys(body.errors).sort()).toEqual([
        'extension',
        'memo',
        'mobile_carrier_id',
        'number',
        'type',
        'valid',
      ])
    })

    test('the names of inherited properties are unknown fields like any other', async () => {
      const body = '{"type":6,"number":"2025550143","__proto__":{"valid":7},"constructor":1,"toString":2}'
      const response = await call('POST', borrower, body)
      expect(response.status).toBe(200)
      expect(response.headers.get('x-sandbox-warning')).toContain('__proto__, constructor, toString')
    })
  })

  testBadPaths(() => running.url)

  describe('a body that is too large is a 413', () => {
    const authorized = ['Authorization: Bearer t', 'Content-Type: application/json']
    const large = JSON.stringify({ ...phone, memo: 'a'.repeat(70_000) })

    test('in one piece', async () => {
      const response = await call('POST', borrower, large)
      expect(response.status).toBe(413)
      expect(response.body.message).toMatch(/65536 bytes/)
    })

    test('in chunks', async () => {
      const chunk = `1000\r\n${'a'.repeat(0x1000)}\r\n`.repeat(20)
      const response = await raw(running.url, [
        request(`POST ${borrower}`, [...authorized, 'Transfer-Encoding: chunked'], `${chunk}0\r\n\r\n`),
      ])
      expect(response.status).toBe(413)
    })

    test('10 MB get a response, not a broken connection', async () => {
      expect((await call('POST', borrower, 'a'.repeat(10_000_000))).status).toBe(413)
    })

    test('but without a token it is a 401', async () => {
      expect((await call('POST', borrower, large, { token: '' })).status).toBe(401)
    })

    test('a body just below the limit is stored', async () => {
      const memo = 'é'.repeat(32_700)
      expect((await call('POST', borrower, { ...phone, memo })).body.data.memo).toBe(memo)
    })
  })

  describe('concurrent requests', () => {
    test('50 creates store 50 records with different ids', async () => {
      const token = { token: 'crowd' }
      const created = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          call('POST', borrower, { ...phone, memo: `${index}` }, token),
        ),
      )
      expect(new Set(created.map(({ body }) => body.data.id)).size).toBe(50)
      expect((await call('GET', borrower, undefined, token)).body.data).toHaveLength(52)
    })

    test('an update that races a delete is a 200 or a 404, and the record is deleted', async () => {
      const token = { token: 'race' }
      const responses = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          index === 10
            ? call('DELETE', one, undefined, token)
            : call('PUT', one, { memo: `${index}` }, token),
        ),
      )
      expect(responses.every(({ status }) => status === 200 || status === 404)).toBe(true)
      expect((await call('GET', one, undefined, token)).status).toBe(404)
    })
  })
}
