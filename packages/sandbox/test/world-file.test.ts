/** The world file by itself, with lists inside lists. */
import { describe, expect, test } from 'vitest'
import type { Collection, RecordRules } from '../src/world/collection.ts'
import { readWorldFile, WorldFileError } from '../src/world/world-file.ts'
import { documentedWorld, writeWorldFile } from '../src/world/world-file-writer.ts'

type Documented = RecordRules['documented']

/** @param place where the schema of the responses has the record. */
function rules(place: '/data' | '/data/0', documented: Documented = []): RecordRules {
  const misfit = { instancePath: `${place}/kind`, keyword: 'enum', params: { allowedValues: [1, 2] } }
  return {
    documented,
    complete: (given, { id, time, parents }) => ({
      id,
      text: null,
      created_at: time,
      ...given,
      above: parents,
    }),
    findMisfits: (record) =>
      (record as { kind?: number }).kind === 9 ? [{ ...misfit, message: 'must be one of' }] : [],
  }
}

const fields = ['id', 'text', 'kind', 'created_at', 'updated_at']
const borrowers = rules('/data/0', [{ parents: [1001], records: [{ id: 2001, text: 'd' }] }])
const tags = rules('/data/0', [
  { parents: [1001, 2001], records: [{ id: 2501 }] },
  { parents: [1002, 2002], records: [] },
])
const phones = rules('/data', [{ parents: [1003, 2003], records: [{ id: 3501 }] }])
const collections: Collection[] = [
  { name: 'orders', idKey: 'order_id', fields: [] },
  { name: 'borrowers', idKey: 'borrower_id', parent: 'orders', fields, rules: borrowers },
  { name: 'tags', idKey: 'id', parent: 'borrowers', fields, rules: tags },
  { name: 'phones', idKey: 'id', parent: 'borrowers', fields, rules: phones },
  { name: 'calls', idKey: 'id', parent: 'phones', fields, rules: rules('/data') },
]
const time = '2026-03-07 14:18:07'
const read = (file: unknown) => readWorldFile(file, collections, time)

const file = {
  orders: [
    {
      order_id: 1001,
      borrowers: [
        {
          borrower_id: 2001,
          kind: 1,
          tags: [{ text: 'c' }, { id: 5000, text: 'b' }],
          phones: [{ id: 1000, calls: [{ text: 'a' }] }, { calls: [{ text: 'z' }] }],
        },
        { borrower_id: 2002 },
      ],
    },
    { order_id: 1002 },
  ],
  next_ids: { tags: 9000, phones: 1000 },
}

test('reading gives the records by ascending id, each with the ids above it, and the next ids', () => {
  const record = (id: number, above: number[], more = {}) => ({
    id,
    text: null,
    created_at: time,
    above,
    ...more,
  })
  const borrower = [1001, 2001]
  const { rows, nextIds } = read(file)
  expect(rows.filter(({ place }) => place === 'orders')).toEqual([
    { place: 'orders', record: { id: 1001 } },
    { place: 'orders', record: { id: 1002 } },
  ])
  expect(rows.filter(({ place }) => place !== 'orders')).toEqual([
    { place: '1001/2001/phones', record: record(1000, borrower) },
    {
      place: '1001/2001/1000/calls',
      record: record(1000, [...borrower, 1000], { text: 'a' }),
    },
    { place: '1001/2001/phones', record: record(1001, borrower) },
    {
      place: '1001/2001/1001/calls',
      record: record(1001, [...borrower, 1001], { text: 'z' }),
    },
    { place: '1001/borrowers', record: record(2001, [1001], { kind: 1 }) },
    { place: '1001/borrowers', record: record(2002, [1001]) },
    { place: '1001/2001/tags', record: record(5000, borrower, { text: 'b' }) },
    { place: '1001/2001/tags', record: record(5001, borrower, { text: 'c' }) },
  ])
  expect(nextIds).toEqual({ orders: 1003, borrowers: 2003, tags: 9000, phones: 1002, calls: 1002 })
})

test('if no record has an id, ids start at the lowest', () => {
  const tags = [{ text: 'a' }, { text: 'b' }]
  const { rows, nextIds } = read({ orders: [{ order_id: 1001, borrowers: [{ tags }] }] })
  expect(rows.map(({ place, record }) => [place, record.id])).toEqual(
    expect.arrayContaining([
      ['1001/borrowers', 1000],
      ['1001/1000/tags', 1000],
      ['1001/1000/tags', 1001],
    ]),
  )
  expect(nextIds).toEqual({ orders: 1002, borrowers: 1001, tags: 1002 })
})

test('writing is the inverse of reading', () => {
  const content = read(file)
  const written = writeWorldFile(content, collections)
  const record = { text: null, created_at: time }
  expect(written).toEqual({
    orders: [
      {
        order_id: 1001,
        borrowers: [
          {
            borrower_id: 2001,
            ...record,
            kind: 1,
            tags: [
              { id: 5000, ...record, text: 'b' },
              { id: 5001, ...record, text: 'c' },
            ],
            phones: [
              { id: 1000, ...record, calls: [{ id: 1000, ...record, text: 'a' }] },
              { id: 1001, ...record, calls: [{ id: 1001, ...record, text: 'z' }] },
            ],
          },
          { borrower_id: 2002, ...record, tags: [], phones: [] },
        ],
      },
      { order_id: 1002, borrowers: [] },
    ],
    next_ids: { orders: 1003, borrowers: 2003, tags: 9000, phones: 1002, calls: 1002 },
  })
  expect(read(written)).toEqual(content)
})

test('the documented world combines what the collections document', () => {
  const empty = { tags: [], phones: [] }
  expect(documentedWorld(collections)).toEqual({
    orders: [
      { order_id: 1001, borrowers: [{ borrower_id: 2001, text: 'd', ...empty, tags: [{ id: 2501 }] }] },
      {
        order_id: 1003,
        borrowers: [{ borrower_id: 2003, ...empty, phones: [{ id: 3501, calls: [] }] }],
      },
    ],
  })
})

test('a borrower can be in several orders, and its id can be `id` as in a response', () => {
  const borrowers = [{ id: 2001, tags: [{ text: 'a' }] }]
  const orders = [
    { order_id: 1001, borrowers },
    { order_id: 1002, borrowers: [{ id: 2001, borrower_id: 2001 }] },
  ]
  expect(read({ orders }).rows.map(({ place, record }) => [place, record.id])).toEqual(
    expect.arrayContaining([
      ['1001/borrowers', 2001],
      ['1002/borrowers', 2001],
    ]),
  )
})

test('a record can be in several orders below the same borrower', () => {
  const borrowers = [{ borrower_id: 2001, tags: [{ id: 1700 }] }]
  const orders = [
    { order_id: 1001, borrowers },
    { order_id: 1002, borrowers },
  ]
  const content = read({ orders })
  expect(content.rows.filter(({ record }) => record.id === 1700).map(({ place }) => place)).toEqual([
    '1001/2001/tags',
    '1002/2001/tags',
  ])
  expect(read(writeWorldFile(content, collections))).toEqual(content)
})

describe('an error names the place and what is expected', () => {
  const order = (more: object) => ({ orders: [{ order_id: 1001, ...more }] })
  const borrower = (more: object) => order({ borrowers: [{ borrower_id: 2001, ...more }] })
  const first = '/orders/0/borrowers/0'
  const id = '1000 to 9000000000000000'
  test.each<[string, unknown, Record<string, string>]>([
    ['a list', [], { '/': 'object', '/orders': 'list' }],
    ['null', null, { '/': 'object', '/orders': 'list' }],
    ['a string', 'x', { '/': 'object', '/orders': 'list' }],
    ['no orders', {}, { '/orders': 'list' }],
    ['an unknown key', { orders: [], 'a/b~c': 1 }, { '/a~1b~0c': 'unknown key. Known: orders, next_ids' }],
    ['an order that is a number', { orders: [5] }, { '/orders/0': 'object' }],
    ['an id that is a string', { orders: [{ order_id: '1001' }] }, { '/orders/0/order_id': id }],
    ['an id that is too low', { orders: [{ order_id: 999 }] }, { '/orders/0/order_id': id }],
    ['an id that is a fraction', { orders: [{ order_id: 1001.5 }] }, { '/orders/0/order_id': id }],
    ['an id that is too high', { orders: [{ order_id: 9e15 + 1 }] }, { '/orders/0/order_id': id }],
    ['an id that is an object', { orders: [{ order_id: { toString: 1 } }] }, { '/orders/0/order_id': id }],
    ['an order without an id', { orders: [{}] }, { '/orders/0/order_id': id }],
    [
      'an order twice',
      { orders: [{ order_id: 1001 }, { order_id: 1001 }] },
      { '/orders/1/order_id': 'twice' },
    ],
    ['orders that are null', { orders: null }, { '/orders': 'list' }],
    ['borrowers that are an object', order({ borrowers: {} }), { '/orders/0/borrowers': 'list' }],
    ['a borrower that is null', order({ borrowers: [null] }), { [first]: 'object' }],
    ['records of an order', order({ tags: [] }), { '/orders/0/tags': 'Known: order_id, borrowers' }],
    ['the id of an order', order({ id: 1001 }), { '/orders/0/id': 'unknown key' }],
    ["a borrower's id", order({ borrowers: [{ borrower_id: 7 }] }), { [`${first}/borrower_id`]: id }],
    ['another id of a borrower', borrower({ id: 2002 }), { [`${first}/id`]: 'same as borrower_id' }],
    [
      'a borrower twice',
      order({ borrowers: [{ borrower_id: 2001 }, { id: 2001 }] }),
      { '/orders/0/borrowers/1/id': 'twice' },
    ],
    ["a borrower's value", borrower({ kind: 9 }), { [`${first}/kind`]: 'must be one of: 1, 2' }],
    ['records that are a string', borrower({ tags: 'x' }), { [`${first}/tags`]: 'list' }],
    ['a record that is a list', borrower({ tags: [[]] }), { [`${first}/tags/0`]: 'object' }],
    [
      'an unknown field',
      borrower({ tags: [{ body: 1 }] }),
      { [`${first}/tags/0/body`]: 'Known: id, text, kind' },
    ],
    ["a record's id", borrower({ tags: [{ id: 7 }] }), { [`${first}/tags/0/id`]: id }],
    [
      "a record's id that is an object",
      borrower({ tags: [{ id: { toString: 1 } }] }),
      { [`${first}/tags/0/id`]: id },
    ],
    ['a record twice', borrower({ tags: [{ id: 1700 }, { id: 1700 }] }), { [`${first}/tags/1/id`]: 'twice' }],
    [
      'a record under two borrowers',
      order({ borrowers: [{ tags: [{ id: 1700 }] }, { tags: [{ id: 1700 }] }] }),
      { '/orders/0/borrowers/1/tags/0/id': 'twice' },
    ],
    [
      'a record under different borrowers of two orders',
      {
        orders: [1001, 1002].map((order_id) => ({
          order_id,
          borrowers: [{ borrower_id: 1000 + order_id, tags: [{ id: 1700 }] }],
        })),
      },
      { '/orders/1/borrowers/0/tags/0/id': 'twice' },
    ],
    [
      'a rounded number',
      borrower({ tags: [{ kind: 2 ** 60 }, { kind: 1e300 }, { kind: -(2 ** 53) }] }),
      {
        [`${first}/tags/0/kind`]: '2^53',
        [`${first}/tags/1/kind`]: '2^53',
        [`${first}/tags/2/kind`]: '2^53',
      },
    ],
    [
      "a value that doesn't fit the contract",
      borrower({ tags: [{ kind: 9 }] }),
      { [`${first}/tags/0/kind`]: 'must be one of: 1, 2' },
    ],
    [
      "a value that doesn't fit, in a resource with a single record",
      borrower({ phones: [{ kind: 9 }] }),
      { [`${first}/phones/0/kind`]: 'must be one of: 1, 2' },
    ],
    [
      'times',
      borrower({ tags: [{ created_at: 'now', updated_at: '2026-02-30 00:00:00' }] }),
      { [`${first}/tags/0/created_at`]: 'time such as', [`${first}/tags/0/updated_at`]: 'time such as' },
    ],
    ['a next id that is too high', { orders: [], next_ids: { tags: 2 ** 53 } }, { '/next_ids/tags': id }],
    ['next ids that are a number', { orders: [], next_ids: 5 }, { '/next_ids': 'object' }],
    ['a next id that is too low', { orders: [], next_ids: { tags: 5 } }, { '/next_ids/tags': id }],
    [
      'a wrong next id of an unknown collection',
      { orders: [], next_ids: { faxes: 5 } },
      { '/next_ids/faxes': 'Known: orders, borrowers, tags, phones' },
    ],
    [
      'a next id of an unknown collection',
      { orders: [], next_ids: { faxes: 5000 } },
      { '/next_ids/faxes': 'Known: orders, borrowers, tags, phones' },
    ],
  ])('%s', (_, wrong, expected) => {
    const problems = problemsIn(wrong).map(({ pointer, message }) => [pointer || '/', message])
    const matchers = Object.entries(expected).map(([key, part]) => [key, expect.stringContaining(part)])
    expect(problems).toEqual(matchers)
  })
})

test('the highest id is allowed, and the next one follows', () => {
  const borrowers = [{ borrower_id: 9e15, tags: [{ id: 9e15 }] }]
  const { nextIds } = read({ orders: [{ order_id: 9e15, borrowers }] })
  expect(nextIds).toEqual({ orders: 9e15 + 1, borrowers: 9e15 + 1, tags: 9e15 + 1 })
})

test('a value nested more than 100 levels deep is an error', () => {
  const nest = (levels: number): unknown =>
    JSON.parse(`${'{"a":['.repeat(levels / 2)}${']}'.repeat(levels / 2)}`)
  const endless: unknown[] = []
  endless.push(endless)
  const fileWith = (text: unknown) => ({ orders: [{ order_id: 1001, borrowers: [{ tags: [{ text }] }] }] })
  const pointer = '/orders/0/borrowers/0/tags/0/text'
  expect(problemsIn(fileWith(nest(100)))).toEqual([])
  for (const value of [nest(102), nest(40_000), endless])
    expect(problemsIn(fileWith(value))).toEqual([{ pointer, message: expect.stringContaining('100 levels') }])
})

test('at most a hundred problems are named', () => {
  expect(problemsIn({ orders: Array(99).fill(1) })).toHaveLength(99)
  expect(problemsIn({ orders: Array(100_000).fill(1) })).toHaveLength(100)
  const borrowers = [{ borrower_id: 2001, tags: Array(100_000).fill({ kind: 9 }) }]
  expect(problemsIn({ orders: [{ order_id: 1001, borrowers }] })).toHaveLength(100)
})

describe('reading stops at the limit on records', () => {
  const withTags = (...tags: unknown[]) => [{ order_id: 1001, borrowers: [{ borrower_id: 2001, tags }] }]
  const orders = (count: number, more = {}) =>
    Array.from({ length: count }, (_, index) => ({ order_id: 1000 + index, ...more }))
  test.each<[string, unknown[], RegExp | undefined]>([
    ['exactly the limit', withTags({}, {}), undefined],
    ['one more record', withTags({}, {}, {}, 'not read'), /at most 2 records/],
    ['an order and a borrower for each record', orders(2, { borrowers: [{ borrower_id: 1000 }] }), undefined],
    ['one more order', [...orders(5), 'not read'], /at most 4 orders and borrowers/],
  ])('%s', (_, orders, message) => {
    const readLimited = () => readWorldFile({ orders }, collections, time, 2)
    if (message) expect(readLimited).toThrow(message)
    else expect(readLimited).not.toThrow()
  })
})

function problemsIn(file: unknown): WorldFileError['problems'] {
  try {
    read(file)
  } catch (error) {
    expect(error).toBeInstanceOf(WorldFileError)
    return (error as WorldFileError).problems
  }
  return []
}
