import contract from '@recoveryconnect/spec/openapi.json' with { type: 'json' }
import * as validators from '@recoveryconnect/spec/validators'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  type CallOptions,
  checkAnswers,
  createClient,
  RecoveryConnectError,
  type Schemas,
  type Validator,
} from '../src/client.ts'
import { expectNoSecret, shown } from './leaks.ts'
import { http, ids, json, newPhone, phone, secrets, serve } from './servers.ts'

const { examples } = contract.components
const phoneIds = { ...ids, phone_id: phone.id }

describe('what was sent is held against what came back', () => {
  test.each<[what: string, sent: object, answered: object, fields: string[]]>([
    ['another no_contact', { no_contact: 1 }, { no_contact: 0 }, ['no_contact']],
    ['another valid', { valid: 0 }, { valid: 1 }, ['valid']],
    ['both', { valid: 0, no_contact: 1 }, { valid: 1, no_contact: 0 }, ['valid', 'no_contact']],
    ['none', { no_contact: 1 }, {}, ['no_contact']],
    ['null', { no_contact: 0 }, { no_contact: null }, ['no_contact']],
    ['a boolean', { no_contact: 1 }, { no_contact: true }, ['no_contact']],
    ['an empty text', { no_contact: 0 }, { no_contact: '' }, ['no_contact']],
  ])('%s is an error', async (_, sent, answered, fields) => {
    const rc = await answering(json(200, { data: { id: phone.id, number: secrets.number, ...answered } }))
    const { create, update } = rc.borrowerPhones
    for (const result of await Promise.all([
      create(ids, { ...newPhone, ...answered, ...sent }).result(),
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
    ['the same', { no_contact: 1 }, { no_contact: 1, valid: 0 }],
    ['the same as a text', { no_contact: 1 }, { no_contact: '1' }],
    ['what was not sent', { memo: 'home' }, { memo: 'home', no_contact: 1, valid: 0 }],
    ['what was sent as undefined', { no_contact: undefined }, { no_contact: 1 }],
  ])('%s is none', async (_, sent, answered) => {
    const rc = await answering(json(200, { data: answered }))
    expect(await rc.borrowerPhones.update(phoneIds, sent as object).result()).toMatchObject({ ok: true })
  })

  test('also when the caller changes the body in between', async () => {
    const rc = await answering(json(200, { data: { no_contact: 0 } }))
    const body: Schemas['BorrowerPhoneUpdate'] = { no_contact: 1 }
    const call = rc.borrowerPhones.update(phoneIds, body).result()
    body.no_contact = 0
    expect(await call).toMatchObject({ error: { kind: 'contradiction' } })
  })
})

test.each([{ success: false }, { success: 1 }, { success: null }, {}])(
  'a deletion that is not confirmed is a failure: %j',
  async (data) => {
    const rc = await answering(json(200, { data }))
    expect(await rc.borrowerPhones.delete(phoneIds).result()).toMatchObject({
      error: { kind: 'unexpected_response', problems: ['data.success'] },
    })
  },
)

test('a deletion that is confirmed is none', async () => {
  const rc = await answering(json(200, { data: { success: true } }))
  expect(await rc.borrowerPhones.delete(phoneIds)).toEqual({ data: { success: true } })
})

describe('an answer is given as it came', () => {
  test.each([200, 201, 202])('with status %i', async (status) => {
    const body = { data: phone, status: 'success', meta: { fixme: {} }, links: {} }
    const rc = await answering(json(status, body, { 'x-request-id': 'r-1' }))
    const result = await rc.borrowerPhones.create(ids, newPhone).result()
    if (!result.ok) throw result.error
    expect(result).toMatchObject({ data: body, attempts: 1 })
    expect(result.response.status).toBe(status)
    expect(result.response.headers.get('x-request-id')).toBe('r-1')
    expect(await result.response.json()).toEqual(body)
  })

  test('with a byte order mark, in pieces, after early hints', async () => {
    const text = Buffer.from('\ufeff{"data":[]}')
    const chunks = [...text].map((byte) =>
      Buffer.concat([Buffer.from('1\r\n'), Buffer.from([byte]), Buffer.from('\r\n')]),
    )
    const start = Buffer.from(
      'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n',
    )
    const rc = await answering(Buffer.concat([start, ...chunks, Buffer.from('0\r\n\r\n')]))
    expect(await rc.borrowerPhones.list(ids)).toEqual({ data: [] })
  })

  test('with a record without a number', async () => {
    const rc = await answering(json(200, { data: { ...phone, number: '' } }))
    expect((await rc.borrowerPhones.get(phoneIds)).data.number).toBe('')
  })
})

test('no redirect is followed, and no other origin hears of it', async () => {
  const other = await serve((socket) => void socket.write(json(200, { data: {} })))
  for (const status of [301, 302, 303, 307, 308]) {
    const rc = await answering(http(status, '', { location: `${other.url}/api` }))
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
    const rc = await answering(
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

  test('has what a log may show, and the rest when it is asked by name', async () => {
    const body = { message: 'Not found.' }
    const rc = await answering(json(404, body, { 'x-request-id': 'r-2' }))
    const error = await rc.borrowerPhones.get(phoneIds).catch((reason) => reason)
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'RecoveryConnectError',
      message: 'getBorrowerPhone: there is no such record (404)',
      kind: 'not_found',
      operation: 'getBorrowerPhone',
      attempts: 1,
      mayHaveBeenCarriedOut: false,
      status: 404,
    })
    expect(shown(error)).not.toContain('r-2')
    expect([error.requestId, error.headers.get('x-request-id'), error.body]).toEqual(['r-2', 'r-2', body])
  })

  test('that nobody handles is loud, unless the outcome was asked for', async () => {
    const rejections: unknown[] = []
    const listener = (reason: unknown) => rejections.push(reason)
    process.on('unhandledRejection', listener)
    const others = process
      .rawListeners('unhandledRejection')
      .filter((other) => other !== listener) as (() => void)[]
    for (const other of others) process.off('unhandledRejection', other)
    try {
      const rc = await answering(json(404, { message: 'Not found.' }))
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

describe('a check of answers', () => {
  const wrong = { data: [{ ...phone, valid: '1' }] }
  const standard = (issues: object[] | undefined) =>
    ({
      '~standard': { version: 1, vendor: 'test', validate: () => ({ issues, value: 'converted' }) },
    }) as never
  const compiled = (errors: { instancePath: string }[] | null) => Object.assign(() => !errors, { errors })

  test.each<[string, unknown, string[] | undefined]>([
    [
      'a Standard Schema',
      standard([
        { message: secrets.number, path: ['data', { key: 0 }, 'valid'] },
        { path: [secrets.number] },
        {},
      ]),
      ['data.0.valid', '?', '(root)'],
    ],
    ['a Standard Schema that agrees', standard(undefined), undefined],
    ['a validator of Ajv', compiled([{ instancePath: '/data/0/valid' }]), ['data.0.valid']],
    ['a validator of Ajv that agrees', compiled(null), undefined],
    ['a validator without a word', () => false, ['(somewhere)']],
    ['none for this operation', undefined, undefined],
  ])('%s', async (_, validator, problems) => {
    const rc = await answering(json(200, wrong))
    const checkAnswer = checkAnswers(
      validator ? { listBorrowerPhones: validator as never } : { getBorrowerPhone: compiled([]) },
    )
    const result = await rc.borrowerPhones.list(ids, { checkAnswer }).result()
    if (problems) expect(result).toMatchObject({ error: { kind: 'unexpected_response', problems } })
    else expect(result).toMatchObject({ ok: true, data: wrong })
    expectNoSecret(!result.ok && result.error)
  })

  test.each(Object.entries(validators))('of the contract: %s', async (operation, validator) => {
    const check = checkAnswers({ [operation]: validator as never })
    expect(await check(operation, documentedAnswer(operation))).toEqual([])
    expect(await check(operation, { data: { valid: '1' } })).not.toEqual([])
  })

  test('takes whatever follows the standard', () => {
    expectTypeOf<StandardSchemaV1>().toExtend<Validator>()
  })

  test('that fails itself is an error too', async () => {
    const rc = await answering(json(200, wrong))
    const checkAnswer: NonNullable<CallOptions['checkAnswer']> = () => {
      throw new Error(secrets.number)
    }
    const result = await rc.borrowerPhones.list(ids, { checkAnswer }).result()
    expect(result).toMatchObject({ error: { kind: 'unexpected_response' } })
    expectNoSecret(!result.ok && result.error)
  })
})

/** The first documented success of an operation. */
function documentedAnswer(id: string): unknown {
  const operations = Object.values<any>(contract.paths).flatMap((item) => Object.values<any>(item))
  const { content } = operations.find(({ operationId }) => operationId === id).responses['200']
  const [{ $ref }] = Object.values<any>(content['application/json'].examples)
  return (examples as any)[$ref.split('/').at(-1)].value
}

async function answering(bytes: Buffer) {
  const { url } = await serve((socket) => void socket.write(bytes))
  return createClient({ token: secrets.token, baseUrl: url })
}
