/** A number in a response is exact, or the call fails. */
import { describe, expect, test } from 'vitest'
import { createClient, openapiClient } from '../src/client.ts'
import { findRounded } from '../src/response.ts'
import { expectNoSecret } from './leaks.ts'
import { http, ids, newPhone, phone, secrets, serve } from './servers.ts'

const phoneIds = { ...ids, phone_id: phone.id }
const path = '/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones'
/** The numbers that JavaScript rounds: 2^53, and beyond. */
const rounded = [
  '9007199254740992',
  '-9007199254740993',
  '12345678901234567890',
  '1e400',
  '-1E400',
  '1.0E+25',
]

test.each(rounded)('%s is an unexpected_response that names the path', async (id) => {
  for (const [call, text, problem] of [
    ['list', `{"data":[{"id":1},{"id":${id}}]}`, 'data.1.id'],
    ['list', `{"data":[],"meta":{"total":${id}}}`, 'meta.total'],
    ['get', `{"data":{"id":${id}}}`, 'data.id'],
    ['get', `{\n  "data": {\n    "id":\t${id}\n  }\n}`, 'data.id'],
    ['get', `{"data":{"a":{"b":[[1, ${id}]]}}}`, 'data.a.b.0.1'],
    ['create', `{"data":{"valid":1,"no_contact":0,"id":${id}}}`, 'data.id'],
    ['update', `{"data":{"no_contact":1,"id":${id}}}`, 'data.id'],
    ['delete', `{"data":{"success":true},"meta":[${id}]}`, 'meta.0'],
    ['raw', `{"data":[{"id":${id}}]}`, 'data.0.id'],
  ] as const) {
    const error = await outcome(call, text)
    expect(error).toMatchObject({
      kind: 'unexpected_response',
      problems: [problem],
      status: 200,
      mayHaveBeenCarriedOut: true,
      message: expect.stringContaining(problem),
    })
    expectNoSecret(error)
  }
})

test.each([
  '{"data":{"id":9007199254740991}}',
  '{"data":{"id":-9007199254740991}}',
  '{"data":{"id":"9007199254740993"}}',
  '{"data":{"memo":"call 9007199254740993, then 1e400"}}',
  '{"data":{"memo":", 9007199254740993"}}',
  '{"data":{"9007199254740993":1}}',
  '{"data":{"latitude":29.425191000000000001}}',
  '{"data":{"latitude":0.12345678901234567890}}',
  '{"data":{"ratio":1e-7,"large":1e15}}',
  '{"data":{"latitude":"29.42519100","id":1}}',
])('%s is exact', async (text) => {
  expect(await outcome('get', text)).toEqual(JSON.parse(text))
  expect(await outcome('raw', text)).toMatchObject({ data: JSON.parse(text) })
})

test('the path shows no property name that is personal data', async () => {
  for (const name of Object.values(secrets)) {
    const error = await outcome('get', JSON.stringify({ data: { [name]: [1, 'N'] } }).replace('"N"', '1e99'))
    expect(error).toMatchObject({ problems: ['data.(name hidden).1'] })
    expectNoSecret(error)
  }
})

describe('a body that is nested deeply, or wide, is searched too', () => {
  const deep = (open: string, inner: string, close: string, levels = 100_000) =>
    `{"data":{"a":${open.repeat(levels)}${inner}${close.repeat(levels)}}}`
  test.each([
    ['lists', deep('[', '1e99', ']'), /^data\.a\.0\.0\./],
    ['objects', deep('{"b":', '1e99', '}'), /^data\.a\.b\.b\./],
    ['many numbers', `{"data":[${'1,'.repeat(400_000)}1e99]}`, /^data\.\?$/],
  ])('%s', async (_, text, problem) => {
    const error = await outcome('get', text.replace('"data":[', '"data":{},"other":['))
    const at = text.includes('1,1,') ? /^other\.\(name hidden\)$/ : problem
    expect(error).toMatchObject({ kind: 'unexpected_response', problems: [expect.stringMatching(at)] })
    expect((error as Error).message.length).toBeLessThan(400)
    expect(
      await outcome('get', text.replace('1e99', '1e9').replace('"data":[', '"data":{},"other":[')),
    ).toHaveProperty('data')
  })
})

test('a text without long numbers is not searched', () => {
  const body = {
    get data() {
      return expect.unreachable('the body must not be searched')
    },
  }
  expect(findRounded('{"data":[{"id":39317581,"memo":"2026-03-07 14:18:07"}]}', body)).toBeUndefined()
})

/** Makes a call whose response has this text. Returns its data or its error. */
async function outcome(
  call: 'list' | 'get' | 'create' | 'update' | 'delete' | 'raw',
  text: string,
): Promise<unknown> {
  const { url } = await serve((socket) => void socket.write(http(200, text)))
  const rc = createClient({ token: secrets.token, baseUrl: url })
  const { list, get, create, update, delete: remove } = rc.borrowerPhones
  const calls = {
    list: () => list(ids),
    get: () => get(phoneIds),
    create: () => create(ids, newPhone),
    update: () => update(phoneIds, { no_contact: 1 }),
    delete: () => remove(phoneIds),
    raw: () => openapiClient(rc.connection).GET(path, { params: { path: ids } }),
  }
  return calls[call]().catch((error: unknown) => error)
}
