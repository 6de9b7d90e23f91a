import { examplePath, findResponse } from '@recoveryconnect/spec/model'
import * as validators from '@recoveryconnect/spec/validators'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { checkResponses, createClient, openapiClient, type RecoveryConnectError } from '../src/client.ts'
import { expectNoSecret } from './leaks.ts'
import { callList, ids, json, lists, phone, secrets, serve } from './servers.ts'

const next = 'https://api.example.com/phones?page=2'

describe.each(lists)('$id', (list) => {
  const success = findResponse(list, 200)
  const fields = success?.schema?.properties.data?.items?.properties ?? {}
  // Every text is personal data.
  const texts = Object.values(secrets)
  const record = Object.fromEntries(
    Object.entries(fields).map(([name, { types }], n) => [
      name,
      types.includes('string') ? texts[n % texts.length] : n,
    ]),
  )
  const data = [record, record]

  test('returns its example', async () => {
    const example = success?.examples[0]?.value
    const { rc, arrived } = await clientOf(example)
    expect(await callList(rc, list)).toEqual(example)
    expect(arrived).toMatchObject([
      { method: 'GET', path: examplePath(list), headers: { authorization: `Bearer ${secrets.token}` } },
    ])
  })

  test.each([
    ['a next page in links', { links: { first: null, last: null, prev: null, next } }],
    ['an empty next page in links', { links: { next: '' } }],
    ['a previous page in links', { links: { prev: next, next: null } }],
    ['links inside meta', { meta: { links: { next } } }],
    ['next_page_url', { next_page_url: next }],
    ['prev_page_url', { current_page: 2, last_page: 2, prev_page_url: next, next_page_url: null }],
    ['more pages in meta', { meta: { current_page: 1, last_page: 2 } }],
    ['more pages in meta, as strings', { meta: { current_page: '9', last_page: '10' } }],
    ['more pages at the top', { current_page: 1, last_page: 2 }],
    ['more pages, but no current one', { meta: { last_page: 2 } }],
    ['pages before it', { meta: { current_page: 2, last_page: 2 } }],
    ['more records in meta', { meta: { total: 3 } }],
    ['more records in meta, as a string', { meta: { total: '20', per_page: '20' } }],
    ['more records at the top', { total: 3 }],
  ])('with %s is incomplete', async (_, paging) => {
    const body = { data, ...paging }
    const { rc, arrived } = await clientOf(body)
    const error = await failing(callList(rc, list))
    expect(error).toMatchObject({
      kind: 'incomplete_list',
      operation: list.id,
      status: 200,
      attempts: 1,
      body,
    })
    expect(error.message).toContain('page')
    expect(error.headers?.get('content-type')).toBe('application/json')
    expectNoSecret(error)
    expect(arrived).toHaveLength(1)
  })

  test.each([
    ['no next page in links', { links: { first: next, last: next, prev: null, next: null } }],
    ['links that are null', { links: null, meta: null }],
    ['links without pages', { links: {} }],
    ['a list of links', { links: [{ url: null, label: 'Next', active: false }] }],
    [
      'one page in meta',
      { meta: { current_page: 1, last_page: 1, per_page: '20', from: 1, to: 2, total: 2 } },
    ],
    [
      'one page at the top',
      { current_page: 1, last_page: 1, next_page_url: null, prev_page_url: null, total: '2' },
    ],
    ['a meta of another kind', { meta: { fixme: { total: 'x', current_page: null } } }],
    ['a meta that is text', { meta: 'page 1 of 2' }],
  ])('with %s is complete', async (_, paging) => {
    const body = { data, ...paging }
    const { rc } = await clientOf(body)
    expect(await callList(rc, list)).toEqual(body)
  })

  const checked = Object.keys(fields).filter((name) => fields[name]?.types.length)
  test.each(checked)('shows nothing personal if %s has the wrong type', async (field) => {
    const example = success?.examples.map(({ value }) => (value as { data: object[] }).data[0]).find(Boolean)
    const wrong = { [secrets.firstname]: texts, birthday: [texts] }
    const { rc } = await clientOf({ data: [example, { ...example, [field]: wrong }] })
    const error = await failing(callList(rc, list, { checkResponse: checkResponses(validators as never) }))
    expect(error).toMatchObject({ kind: 'unexpected_response', operation: list.id })
    expect(error.message).toContain(`data.1.${field}`)
    expectNoSecret(error)
  })

  test.each([
    ['an error with the record', 500],
    ['a rejection with the record', 422],
    ['a record that is missing', 404],
  ])('shows nothing personal after %s', async (_, status) => {
    const message = JSON.stringify(data)
    const errors = { [secrets.lastname]: [message], ...record }
    const { rc } = await clientOf({ message, errors, data }, status)
    const error = await failing(callList(rc, list, { maxAttempts: 1 }))
    expect(error).toMatchObject({ status, body: { message } })
    expectNoSecret(error)
  })
})

test('only lists can be incomplete', async () => {
  const body = { data: phone, links: { next }, meta: { current_page: 1, last_page: 2 }, total: 9 }
  const { rc } = await clientOf(body)
  expect(await rc.borrowerPhones.get({ ...ids, phone_id: phone.id })).toEqual(body)
})

test('a page is not checked against the schema, because its records are no result', async () => {
  const { rc } = await clientOf({ data: [{}], links: { next } })
  const checkResponse = checkResponses(validators as never)
  const error = await failing(rc.borrowers.list(ids, { checkResponse }))
  if (error.kind !== 'incomplete_list') throw error
  expectTypeOf(error.status).toEqualTypeOf<number>()
})

test('a low-level call returns the page', async () => {
  const body = { data: [phone], links: { next } }
  const { rc } = await clientOf(body)
  const path = '/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones'
  const { data } = await openapiClient(rc.connection).GET(path, { params: { path: ids } })
  expect(data).toEqual(body)
})

async function clientOf(body: unknown, status = 200) {
  const { url, arrived } = await serve((socket) => void socket.write(json(status, body)))
  return { rc: createClient({ token: secrets.token, baseUrl: url }), arrived }
}

async function failing(call: Promise<unknown>): Promise<RecoveryConnectError> {
  return call.then(
    () => expect.unreachable('the call must fail'),
    (error) => error,
  )
}
