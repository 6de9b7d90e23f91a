/** Lists in pages, which the sandbox has only if it's asked for them. */
import { describe, expect, test } from 'vitest'
import { borrower, sandbox } from './calls.ts'

const phone = { type: 6, number: '2025550143' }

async function startWithThree(options: { pageSize?: number; basePath?: string } = { pageSize: 2 }) {
  const running = await sandbox(options)
  await running.call('POST', borrower, phone)
  const read = async (query = '') => (await running.call('GET', borrower + query)).body
  return { ...running, read }
}

test('a list has no pages by default', async () => {
  const { read } = await startWithThree({})
  expect(Object.keys(await read('?page=2'))).toEqual(['data'])
})

test.each(['', '/vendor'])(
  "a page below the base path %j has the vendor's links and meta",
  async (basePath) => {
    const { read, url } = await startWithThree({ pageSize: 2, basePath })
    const path = url + borrower
    expect(await read()).toEqual({
      data: [expect.objectContaining({ id: 39317578 }), expect.objectContaining({ id: 39317579 })],
      links: { first: `${path}?page=1`, last: `${path}?page=2`, prev: null, next: `${path}?page=2` },
      meta: { current_page: 1, from: 1, last_page: 2, path, per_page: '2', to: 2, total: 3 },
    })
  },
)

test('the links lead to every record, without a warning', async () => {
  const { call, read } = await startWithThree({ pageSize: 1 })
  const ids: number[] = []
  let page = await read()
  while (page) {
    ids.push(...page.data.map(({ id }: { id: number }) => id))
    const next = page.links.next && new URL(page.links.next)
    const response = next && (await call('GET', next.pathname + next.search))
    expect(response?.headers?.get('x-sandbox-warning') ?? null).toBeNull()
    page = response?.body
  }
  expect(ids).toEqual([39317578, 39317579, 39317581])
})

test.each([
  ['?page=2', { current_page: 2, from: 3, to: 3, last_page: 2 }, 1],
  ['?page=3', { current_page: 3, from: null, to: null, last_page: 2 }, 0],
  ['?page=0', { current_page: 1 }, 2],
  ['?page=-1', { current_page: 1 }, 2],
  ['?page=1.5', { current_page: 1 }, 2],
  ['?page=x', { current_page: 1 }, 2],
  ['?page=', { current_page: 1 }, 2],
])('%s', async (query, meta, length) => {
  const { read } = await startWithThree()
  const page = await read(query)
  expect(page.meta).toMatchObject(meta)
  expect(page.data).toHaveLength(length)
})

test('an empty list has one page', async () => {
  const { call } = await sandbox({ pageSize: 2 })
  const { body } = await call('GET', borrower.replace('124927241', '124941995'))
  expect(body).toMatchObject({
    data: [],
    links: { next: null, prev: null },
    meta: { last_page: 1, total: 0 },
  })
})

describe('only a list has pages', () => {
  test.each([
    ['GET', `${borrower}/39317578?page=2`],
    ['POST', `${borrower}?page=2`],
  ])('%s %s', async (method, path) => {
    const { call } = await sandbox({ pageSize: 2 })
    const { body, headers } = await call(method, path, method === 'POST' ? phone : undefined)
    expect(body).not.toHaveProperty('links')
    expect(headers.get('x-sandbox-warning')).toContain('page')
  })
})

test.each([0, -1, 1.5, Number.NaN])('a page size of %d is an error', async (pageSize) => {
  await expect(sandbox({ pageSize })).rejects.toThrow('positive integer')
})
