/** The world file by itself, with two collections. */
import { describe, expect, test } from 'vitest'
import {
  type Collection,
  checkCollections,
  documentedWorld,
  readWorldFile,
  WorldFileError,
  writeWorldFile,
} from '../src/world/world-file.ts'

function collection(name: string, documented: Collection['documented'] = []): Collection {
  const misfit = {
    instancePath: `${name === 'tags' ? '/data/0' : '/data'}/kind`,
    keyword: 'enum',
    params: { allowedValues: [1, 2] },
  }
  return {
    name,
    fields: ['id', 'text', 'kind', 'created_at', 'updated_at'],
    documented,
    complete: (given, id, time) => ({ id, text: null, created_at: time, ...given }),
    findMisfits: (record) =>
      (record as { kind?: number }).kind === 9 ? [{ ...misfit, message: 'must be one of' }] : [],
  }
}

const tags = collection('tags', [
  { order_id: 1001, borrower_id: 2001, records: [{ id: 2501 }] },
  { order_id: 1002, borrower_id: 2002, records: [] },
])
const phones = collection('phones', [{ order_id: 1001, borrower_id: 2001, records: [{ id: 3501 }] }])
const collections = [tags, phones]
const time = '2026-03-07 14:18:07'
const read = (file: unknown) => readWorldFile(file, collections, time)

const file = {
  orders: [
    {
      order_id: 1001,
      borrowers: [
        { borrower_id: 2001, tags: [{ text: 'c' }, { id: 5000, text: 'b' }], phones: [{ id: 1000 }] },
        { borrower_id: 2002 },
      ],
    },
    { order_id: 1002 },
  ],
  next_ids: { tags: 9000, phones: 1000 },
}

test('reading gives the parents, the records by ascending id and the next ids', () => {
  expect(read(file)).toEqual({
    parents: ['1001', '1001/2001', '1001/2002', '1002'],
    rows: [
      { collection: 'phones', parent: '1001/2001', record: { id: 1000, text: null, created_at: time } },
      { collection: 'tags', parent: '1001/2001', record: { id: 5000, text: 'b', created_at: time } },
      { collection: 'tags', parent: '1001/2001', record: { id: 5001, text: 'c', created_at: time } },
    ],
    nextIds: { tags: 9000, phones: 1001 },
  })
})

test('if no record has an id, ids start at the lowest', () => {
  const tags = [{ text: 'a' }, { text: 'b' }]
  const borrowers = [{ borrower_id: 2001, tags }]
  const { rows, nextIds } = read({ orders: [{ order_id: 1001, borrowers }] })
  expect(rows.map(({ record }) => record.id)).toEqual([1000, 1001])
  expect(nextIds).toEqual({ tags: 1002 })
})

test('writing is the inverse of reading', () => {
  const content = read(file)
  const written = writeWorldFile(content)
  expect(written).toEqual({
    orders: [
      {
        order_id: 1001,
        borrowers: [
          {
            borrower_id: 2001,
            phones: [{ id: 1000, text: null, created_at: time }],
            tags: [
              { id: 5000, text: 'b', created_at: time },
              { id: 5001, text: 'c', created_at: time },
            ],
          },
          { borrower_id: 2002 },
        ],
      },
      { order_id: 1002, borrowers: [] },
    ],
    next_ids: { tags: 9000, phones: 1001 },
  })
  expect(read(written)).toEqual(content)
})

test('the documented world combines what the collections document', () => {
  expect(documentedWorld(collections)).toEqual({
    orders: [
      { order_id: 1001, borrowers: [{ borrower_id: 2001, tags: [{ id: 2501 }], phones: [{ id: 3501 }] }] },
      { order_id: 1002, borrowers: [{ borrower_id: 2002 }] },
    ],
  })
})

describe('the name of a collection', () => {
  test.each(['orders', 'order_id', 'borrowers', 'borrower_id', 'next_ids'])(
    "can't be %s, which a world file uses",
    (name) => expect(() => checkCollections([phones, collection(name)])).toThrow(`"${name}" is the `),
  )

  test("can't be that of another collection", () => {
    expect(() => checkCollections([phones, tags, collection('phones')])).toThrow(/"phones".*another resource/)
  })

  test('may be any other', () => expect(checkCollections(collections)).toBe(collections))
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
    ['borrowers that are an object', order({ borrowers: {} }), { '/orders/0/borrowers': 'list' }],
    ['a borrower that is null', order({ borrowers: [null] }), { [first]: 'object' }],
    ['records of an order', order({ tags: [] }), { '/orders/0/tags': 'Known: order_id, borrowers' }],
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
      'a next id of an unknown collection',
      { orders: [], next_ids: { faxes: 5000 } },
      { '/next_ids/faxes': 'Known: tags, phones' },
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
  expect(nextIds).toEqual({ tags: 9e15 + 1 })
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
