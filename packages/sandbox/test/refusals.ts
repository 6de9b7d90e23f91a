/** What the sandbox must survive over HTTP, in any shell: each row ends in a refusal that says why, and it goes on. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { borrower, type Call, caller } from './calls.ts'
import { raw, request } from './raw.ts'

const one = `${borrower}/39317578`
const phone = { type: 6, number: '2025550143' }

/** @param start a server, and what sends requests to it if that is not `fetch`. */
export function refusals(
  start: () => Promise<{ url: string; send?: typeof fetch; close(): Promise<void> }>,
): void {
  let running: Awaited<ReturnType<typeof start>>
  let call: Call
  beforeAll(async () => {
    running = await start()
    call = caller(running.url, running.send)
  })
  afterAll(() => running.close())

  async function stillWorks(): Promise<void> {
    expect((await call('GET', one, undefined, { token: 'witness' })).status).toBe(200)
  }

  describe('without a valid token every secured operation is 401, whatever else is wrong', () => {
    const authorizations: [string, string | undefined][] = [
      ['no header', undefined],
      ['an empty one', ''],
      ['no token', 'Bearer'],
      ['only blanks', 'Bearer    '],
      ['another scheme', 'Basic dXNlcjpzZWNyZXQ='],
      ['a token without a scheme', 'abc'],
      ['two tokens', 'Bearer one two'],
      ['a comma', 'Bearer one, Bearer two'],
      ['a quoted token', 'Bearer "one"'],
      ['a token of other characters', 'Bearer t%20k'],
      ['padding first', 'Bearer =one'],
      ['no blank', 'Bearerone'],
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
        const seen = await call(method, path, body, { token: '', headers })
        expect({ method, path, status: seen.status }).toEqual({ method, path, status: 401 })
        expect(seen.body).toEqual({ message: expect.stringMatching(/^Unauthenticated\. .*Bearer/) })
        expect(seen.headers.get('www-authenticate')).toBe('Bearer')
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

  describe('a body that is no JSON object is 422 and says so', () => {
    const json = { 'content-type': 'application/json' }
    const rows: [string, string | Uint8Array<ArrayBuffer>, Record<string, string>, RegExp][] = [
      ['cut off', '{"type": 6,', json, /must be JSON; it breaks off at/],
      ['single quotes', "{'type': 6}", json, /JSON/],
      ['a trailing comma', '{"type": 6,}', json, /JSON/],
      ['a comment', '{"type": 6} // six', json, /JSON/],
      ['NaN', '{"type": NaN}', json, /JSON/],
      ['blanks', '   ', json, /JSON/],
      ['two values', '{} {}', json, /JSON/],
      ['nothing', '', json, /A JSON body is required/],
      ['a list', '[]', json, /must be an object/],
      ['a string', '"6"', json, /must be an object/],
      ['null', 'null', json, /must be an object/],
      ['10,000 lists in each other', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, json, /must be an object/],
      ['10,000 lists that never end', '['.repeat(10_000), json, /JSON/],
      ['Latin-1', new Uint8Array([0x22, 0xe9, 0x22]), json, /UTF-8/],
      ['UTF-16', new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]), json, /UTF-8/],
      ['a surrogate in UTF-8', new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]), json, /UTF-8/],
      [
        'a form',
        'type=6&number=2025550143',
        { 'content-type': 'application/x-www-form-urlencoded' },
        /Content-Type/,
      ],
      ['text', JSON.stringify(phone), { 'content-type': 'text/plain' }, /Content-Type/],
      ['XML', '<phone/>', { 'content-type': 'application/xml' }, /Content-Type/],
      ['almost the type', JSON.stringify(phone), { 'content-type': 'application/jsonp' }, /Content-Type/],
      [
        'a type for patches',
        JSON.stringify(phone),
        { 'content-type': 'application/merge-patch+json' },
        /Content-Type/,
      ],
    ]
    test.each(rows)('%s', async (_, body, headers, reason) => {
      const { url, send = fetch } = running
      const answer = await send(url + borrower, {
        method: 'POST',
        headers: { authorization: 'Bearer test', ...headers },
        body,
      })
      expect(answer.status).toBe(422)
      const { errors } = (await answer.json()) as { errors: Record<string, string[]> }
      expect(errors.body?.[0]).toMatch(reason)
      await stillWorks()
    })

    test.each(['application/json; charset=utf-8', 'Application/JSON', ' application/json '])(
      '%j is fine',
      async (type) => {
        expect((await call('POST', borrower, phone, { headers: { 'content-type': type } })).status).toBe(200)
      },
    )

    test('a byte order mark is fine', async () => {
      expect((await call('POST', borrower, `\ufeff${JSON.stringify(phone)}`)).status).toBe(200)
    })

    test('no Content-Type at all is refused', async () => {
      const body = JSON.stringify(phone)
      const head = ['Authorization: Bearer test', `Content-Length: ${body.length}`]
      const seen = await raw(running.url, [request(`POST ${borrower}`, head, body)])
      expect(seen.status).toBe(422)
      expect(seen.body).toContain('Content-Type: application/json')
    })
  })

  describe('each field refuses what does not fit, by name, on create and update', () => {
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
          const seen = await call(method, path, { ...phone, [field]: value })
          expect({ value, method, status: seen.status }).toEqual({ value, method, status: 422 })
          expect(Object.keys(seen.body.errors)).toEqual([field])
          expect(seen.body.errors[field][0]).toMatch(/ (must be|is invalid)/)
        }
      }
    })

    test('every field that is wrong is named', async () => {
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

    test('names that objects inherit are unknown fields like any other', async () => {
      const body = '{"type":6,"number":"2025550143","__proto__":{"valid":7},"constructor":1,"toString":2}'
      const seen = await call('POST', borrower, body)
      expect(seen.status).toBe(200)
      expect(seen.headers.get('x-sandbox-warning')).toContain('__proto__, constructor, toString')
    })
  })

  describe('an id that is no positive integer, or too large, is 404', () => {
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
        const seen = await raw(running.url, [
          request(`GET ${encodeURI(path).replaceAll('%25', '%')}`, ['Authorization: Bearer t']),
        ])
        expect(seen.status).toBe(404)
        expect(JSON.parse(seen.body).message).toMatch(/^Not found: \w+_id must be a positive integer/)
      }
    })

    test('percent-encoded digits are digits', async () => {
      const seen = await raw(running.url, [
        request(`GET ${borrower}/%3393%317578`, ['Authorization: Bearer t']),
      ])
      expect(seen.status).toBe(200)
    })
  })

  describe('a path that the contract does not have is 404 and says which there are', () => {
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
      const seen = await raw(running.url, [request(`GET ${path}`, ['Authorization: Bearer t'])])
      expect(seen.status).toBe(404)
      expect(JSON.parse(seen.body).message).toMatch(/^Not found/)
    })

    test('a query changes nothing', async () => {
      for (const target of [`${one}?a=%ff&b`, `${one}?`]) {
        expect((await raw(running.url, [request(`GET ${target}`, ['Authorization: Bearer t'])])).status).toBe(
          200,
        )
      }
    })
  })

  describe('a method that the path does not have is 405 with Allow', () => {
    test.each([
      ['PUT', borrower, 'GET, POST'],
      ['PATCH', one, 'GET, PUT, DELETE'],
      ['HEAD', one, 'GET, PUT, DELETE'],
      ['OPTIONS', borrower, 'GET, POST'],
      ['TRACE', borrower, 'GET, POST'],
      ['PROPFIND', one, 'GET, PUT, DELETE'],
      ['GET', '/api/v140/auth', 'POST'],
    ])('%s %s', async (method, path, allow) => {
      const seen = await raw(running.url, [request(`${method} ${path}`)])
      expect(seen.status).toBe(405)
      expect(seen.head.toLowerCase()).toContain(`allow: ${allow.toLowerCase()}`)
    })
  })

  describe('a body that is too large is 413', () => {
    const authorized = ['Authorization: Bearer t', 'Content-Type: application/json']
    const large = JSON.stringify({ ...phone, memo: 'a'.repeat(70_000) })

    test('in one piece', async () => {
      const seen = await call('POST', borrower, large)
      expect(seen.status).toBe(413)
      expect(seen.body.message).toMatch(/65536 bytes/)
    })

    test('in chunks', async () => {
      const chunk = `1000\r\n${'a'.repeat(0x1000)}\r\n`.repeat(20)
      const seen = await raw(running.url, [
        request(`POST ${borrower}`, [...authorized, 'Transfer-Encoding: chunked'], `${chunk}0\r\n\r\n`),
      ])
      expect(seen.status).toBe(413)
    })

    test('10 MB end in an answer, not in a broken connection', async () => {
      expect((await call('POST', borrower, 'a'.repeat(10_000_000))).status).toBe(413)
    })

    test('but without a token it is 401', async () => {
      expect((await call('POST', borrower, large, { token: '' })).status).toBe(401)
    })

    test('just below the limit it is stored', async () => {
      const memo = 'é'.repeat(32_700)
      expect((await call('POST', borrower, { ...phone, memo })).body.data.memo).toBe(memo)
    })
  })

  describe('many at once', () => {
    test('50 creates make 50 records with 50 ids', async () => {
      const token = { token: 'crowd' }
      const created = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          call('POST', borrower, { ...phone, memo: `${index}` }, token),
        ),
      )
      expect(new Set(created.map(({ body }) => body.data.id)).size).toBe(50)
      expect((await call('GET', borrower, undefined, token)).body.data).toHaveLength(52)
    })

    test('an update that races a delete is 200 or 404, and the record is gone', async () => {
      const token = { token: 'race' }
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          index === 10
            ? call('DELETE', one, undefined, token)
            : call('PUT', one, { memo: `${index}` }, token),
        ),
      )
      expect(answers.every(({ status }) => status === 200 || status === 404)).toBe(true)
      expect((await call('GET', one, undefined, token)).status).toBe(404)
    })
  })
}
