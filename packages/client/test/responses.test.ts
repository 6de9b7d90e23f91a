import { findOperation, findResponse, readModel } from '@recoveryconnect/spec/model'
import * as validators from '@recoveryconnect/spec/validators'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { describe, expect, expectTypeOf, onTestFinished, test, vi } from 'vitest'
import {
  type CallOptions,
  checkResponses,
  createClient,
  RecoveryConnectError,
  type Schemas,
  type Validator,
} from '../src/client.ts'
import { expectNoSecret, shown } from './leaks.ts'
import { http, ids, json, newPhone, phone, secrets, serve } from './servers.ts'

const phoneIds = { ...ids, phone_id: phone.id }

describe('a flag that comes back different from what was sent', () => {
  test.each<[what: string, sent: object, returned: object, fields: string[]]>([
    ['no_contact', { no_contact: 1 }, { no_contact: 0 }, ['no_contact']],
    ['valid', { valid: 0 }, { valid: 1 }, ['valid']],
    ['both', { valid: 0, no_contact: 1 }, { valid: 1, no_contact: 0 }, ['valid', 'no_contact']],
    ['missing', { no_contact: 1 }, {}, ['no_contact']],
    ['as null', { no_contact: 0 }, { no_contact: null }, ['no_contact']],
    ['as a boolean', { no_contact: 1 }, { no_contact: true }, ['no_contact']],
    ['as an empty string', { no_contact: 0 }, { no_contact: '' }, ['no_contact']],
  ])('%s is a contradiction', async (_, sent, returned, fields) => {
    const rc = await clientOf(json(200, { data: { id: phone.id, number: secrets.number, ...returned } }))
    const { create, update } = rc.borrowerPhones
    for (const result of await Promise.all([
      create(ids, { ...newPhone, ...returned, ...sent }).result(),
      update(phoneIds, sent).result(),
    ])) {
      if (result.ok || result.error.kind !== 'contradiction') throw new Error('expected a contradiction')
      expect(result.error.fields).toEqual(expect.arrayContaining(fields))
      expect(result.error).toMatchObject({ status: 200, mayHaveBeenCarriedOut: true })
      expect(result.error.body).toMatchObject({ data: { id: phone.id } })
      expectNoSecret(result.error)
    }
  })

  test.each([
    ['that is the same', { no_contact: 1 }, { no_contact: 1, valid: 0 }],
    ['that is the same as a string', { no_contact: 1 }, { no_contact: '1' }],
    ['that was not sent', { memo: 'home' }, { memo: 'home', no_contact: 1, valid: 0 }],
    ['that was sent as undefined', { no_contact: undefined }, { no_contact: 1 }],
  ])('%s is no contradiction', async (_, sent, returned) => {
    const rc = await clientOf(json(200, { data: returned }))
    expect(await rc.borrowerPhones.update(phoneIds, sent as object).result()).toMatchObject({ ok: true })
  })

  test('is a contradiction even if the caller changes the body during the call', async () => {
    const rc = await clientOf(json(200, { data: { no_contact: 0 } }))
    const body: Schemas['BorrowerPhoneUpdate'] = { no_contact: 1 }
    const call = rc.borrowerPhones.update(phoneIds, body).result()
    body.no_contact = 0
    expect(await call).toMatchObject({ error: { kind: 'contradiction' } })
  })
})

test.each([{ success: false }, { success: 1 }, { success: null }, {}])(
  'a deletion that the response does not confirm is an error: %j',
  async (data) => {
    const rc = await clientOf(json(200, { data }))
    expect(await rc.borrowerPhones.delete(phoneIds).result()).toMatchObject({
      error: { kind: 'unexpected_response', problems: ['data.success'] },
    })
  },
)

test('a deletion that the response confirms succeeds', async () => {
  const rc = await clientOf(json(200, { data: { success: true } }))
  expect(await rc.borrowerPhones.delete(phoneIds)).toEqual({ data: { success: true } })
})

describe('a response is returned as it is', () => {
  test.each([200, 201, 202])('with status %i', async (status) => {
    const body = { data: phone, status: 'success', meta: { fixme: {} }, links: {} }
    const rc = await clientOf(json(status, body, { 'x-request-id': 'r-1' }))
    const result = await rc.borrowerPhones.create(ids, newPhone).result()
    if (!result.ok) throw result.error
    expect(result).toMatchObject({ data: body, attempts: 1 })
    expect(result.response.status).toBe(status)
    expect(result.response.headers.get('x-request-id')).toBe('r-1')
    expect(await result.response.json()).toEqual(body)
  })

  test('with a byte order mark, in chunks, after early hints', async () => {
    const text = Buffer.from('\ufeff{"data":[]}')
    const chunks = [...text].map((byte) =>
      Buffer.concat([Buffer.from('1\r\n'), Buffer.from([byte]), Buffer.from('\r\n')]),
    )
    const start = Buffer.from(
      'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n',
    )
    const rc = await clientOf(Buffer.concat([start, ...chunks, Buffer.from('0\r\n\r\n')]))
    expect(await rc.borrowerPhones.list(ids)).toEqual({ data: [] })
  })

  test('with characters that are split between chunks, also where Blob takes no bytes', async () => {
    // In React Native. Expo's fetch streams there.
    vi.stubGlobal('Blob', undefined)
    onTestFinished(() => void vi.unstubAllGlobals())
    const record = { ...phone, memo: 'café, 東京, 😀' }
    const bytes = new TextEncoder().encode(`\ufeff${JSON.stringify({ data: record })}`)
    for (let size = 1; size <= 5; size++) {
      const fetch = async () => new Response(streamInChunks(bytes, size))
      const rc = createClient({ token: secrets.token, fetch })
      expect((await rc.borrowerPhones.get(phoneIds)).data).toEqual(record)
    }
  })

  test('with a record that has an empty number', async () => {
    const rc = await clientOf(json(200, { data: { ...phone, number: '' } }))
    expect((await rc.borrowerPhones.get(phoneIds)).data.number).toBe('')
  })
})

test('redirects are not followed', async () => {
  const other = await serve((socket) => void socket.write(json(200, { data: {} })))
  for (const status of [301, 302, 303, 307, 308]) {
    const rc = await clientOf(http(status, '', { location: `${other.url}/api` }))
    const { list, create, delete: remove } = rc.borrowerPhones
    const results = [list(ids).result(), create(ids, newPhone).result(), remove(phoneIds).result()]
    for (const result of await Promise.all<unknown>(results))
      expect(result).toMatchObject({ error: { kind: 'unexpected_response', status } })
  }
  expect(other.arrived).toEqual([])
})

describe('an error', () => {
  test('narrows by its kind', async () => {
    const errors = { number: ['The number field is required.'] }
    const rc = await clientOf(
      json(422, { message: 'The number field is required. (and 1 more error)', errors }),
    )
    const error = await rc.borrowerPhones.create(ids, newPhone).catch((reason: unknown) => reason)
    if (!(error instanceof RecoveryConnectError)) throw error
    switch (error.kind) {
      case 'validation':
        expectTypeOf(error.fieldErrors).toEqualTypeOf<Readonly<Record<string, readonly string[]>>>()
        return expect(error.fieldErrors).toEqual(errors)
      case 'rate_limited':
        return expectTypeOf(error.retryAfterMs).toEqualTypeOf<number | undefined>()
      case 'timeout':
        return expectTypeOf(error.scope).toEqualTypeOf<'attempt' | 'total'>()
    }
    throw error
  })

  test('shows only what a log may contain; the rest is behind getters', async () => {
    const body = { message: 'Not found.' }
    const rc = await clientOf(json(404, body, { 'x-request-id': 'r-2' }))
    const error = await rc.borrowerPhones.get(phoneIds).catch((reason) => reason)
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'RecoveryConnectError',
      message: error.message,
      kind: 'not_found',
      operation: 'getBorrowerPhone',
      attempts: 1,
      mayHaveBeenCarriedOut: false,
      status: 404,
    })
    expect(shown(error)).not.toContain('r-2')
    expect([error.requestId, error.headers.get('x-request-id'), error.body]).toEqual(['r-2', 'r-2', body])
  })

  test('is an unhandled rejection, unless result() is used', async () => {
    const rejections: unknown[] = []
    const listener = (reason: unknown) => rejections.push(reason)
    process.on('unhandledRejection', listener)
    const others = process
      .rawListeners('unhandledRejection')
      .filter((other) => other !== listener) as (() => void)[]
    for (const other of others) process.off('unhandledRejection', other)
    try {
      const rc = await clientOf(json(404, { message: 'Not found.' }))
      await rc.borrowerPhones.get(phoneIds).result()
      await new Promise(setImmediate)
      expect(rejections).toEqual([])
      void rc.borrowerPhones.get(phoneIds)
      await expect.poll(() => rejections).toMatchObject([{ kind: 'not_found' }])
    } finally {
      process.off('unhandledRejection', listener)
      for (const other of others) process.on('unhandledRejection', other)
    }
  })
})

describe('checkResponse', () => {
  const wrong = { data: [{ ...phone, valid: '1' }] }
  const standard = (issues: object[] | undefined) =>
    ({
      '~standard': { version: 1, vendor: 'test', validate: () => ({ issues, value: 'converted' }) },
    }) as never
  const compiled = (errors: { instancePath: string }[] | null) => Object.assign(() => !errors, { errors })

  test.each<[string, unknown, string[] | undefined]>([
    [
      'rejects by a Standard Schema',
      standard([
        { message: secrets.number, path: ['data', { key: 0 }, 'valid'] },
        { path: [secrets.number] },
        { path: [secrets.firstname, 'address_1'] },
        {},
      ]),
      ['data.0.valid', '(name hidden)', '(name hidden).address_1', '(root)'],
    ],
    ['accepts by a Standard Schema', standard(undefined), undefined],
    ['rejects by a validator of Ajv', compiled([{ instancePath: '/data/0/valid' }]), ['data.0.valid']],
    ['accepts by a validator of Ajv', compiled(null), undefined],
    ['rejects by a validator without errors', () => false, ['(unknown)']],
    ['accepts without a validator for the operation', undefined, undefined],
  ])('%s', async (_, validator, problems) => {
    const rc = await clientOf(json(200, wrong))
    const checkResponse = checkResponses(
      validator ? { listBorrowerPhones: validator as never } : { getBorrowerPhone: compiled([]) },
    )
    const result = await rc.borrowerPhones.list(ids, { checkResponse }).result()
    if (problems) expect(result).toMatchObject({ error: { kind: 'unexpected_response', problems } })
    else expect(result).toMatchObject({ ok: true, data: wrong })
    expectNoSecret(!result.ok && result.error)
  })

  test.each(Object.entries(validators))(
    'accepts the validators of the contract: %s',
    async (operation, validator) => {
      const check = checkResponses({ [operation]: validator as never })
      expect(await check(operation, exampleResponse(operation))).toEqual([])
      expect(await check(operation, { data: { valid: '1' } })).not.toEqual([])
    },
  )

  test('accepts only the names of operations', () => {
    // @ts-expect-error The name is misspelled.
    checkResponses({ listBorrowerPhone: () => true })
  })

  test('accepts every Standard Schema', () => {
    expectTypeOf<StandardSchemaV1>().toExtend<Validator>()
  })

  test('that throws is an unexpected_response', async () => {
    const rc = await clientOf(json(200, wrong))
    const checkResponse: NonNullable<CallOptions['checkResponse']> = () => {
      throw new Error(secrets.number)
    }
    const result = await rc.borrowerPhones.list(ids, { checkResponse }).result()
    expect(result).toMatchObject({ error: { kind: 'unexpected_response' } })
    expectNoSecret(!result.ok && result.error)
  })
})

/** The first example of the 200 response of an operation. */
function exampleResponse(id: string): unknown {
  return findResponse(findOperation(readModel(), id), 200)?.examples[0]?.value
}

/** Streams bytes in chunks of a size. */
function streamInChunks(bytes: Uint8Array, size: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size))
      controller.close()
    },
  })
}

async function clientOf(bytes: Buffer) {
  const { url } = await serve((socket) => void socket.write(bytes))
  return createClient({ token: secrets.token, baseUrl: url })
}
