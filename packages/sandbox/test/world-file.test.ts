/** The world file by itself, with collections at both depths that it knows. */
import { describe, expect, test } from 'vitest'
import {
  type Collection,
  documentedWorld,
  readWorldFile,
  WorldFileError,
  writeWorldFile,
} from '../src/world-file.ts'

function collection(
  name: string,
  under: Collection['under'],
  documented: Collection['documented'],
): Collection {
  return {
    name,
    under,
    fields: ['id', 'text', 'kind', 'created_at', 'updated_at'],
    documented,
    complete: (given, id, time) => ({ id, text: null, created_at: time, ...given }),
    misfits: (record) =>
      (record as { kind?: number }).kind === 9
        ? [
            {
              instancePath: '/data/kind',
              keyword: 'enum',
              params: { allowedValues: [1, 2] },
              message: 'must be one of',
            },
          ]
        : [],
  }
}

const notes = collection('notes', ['order_id'], [{ order_id: 1001, records: [{ id: 1501 }] }])
const tags = collection(
  'tags',
  ['order_id', 'borrower_id'],
  [
    { order_id: 1001, borrower_id: 2001, records: [{ id: 2501 }] },
    { order_id: 1002, borrower_id: 2002, records: [] },
  ],
)
const phones = collection(
  'phones',
  ['order_id', 'borrower_id'],
  [{ order_id: 1001, borrower_id: 2001, records: [{ id: 3501 }] }],
)
const collections = [notes, tags, phones]
const time = '2026-03-07 14:18:07'
const read = (file: unknown) => readWorldFile(file, collections, time)

const file = {
  orders: [
    {
      order_id: 1001,
      borrowers: [
        { borrower_id: 2001, tags: [{ id: 5000, text: 'b' }, { text: 'c' }], phones: [{ id: 1000 }] },
        { borrower_id: 2002 },
      ],
      notes: [{ text: 'first' }, { id: 1700 }],
    },
    { order_id: 1002 },
  ],
  next_ids: { tags: 9000, phones: 1000 },
}

test('a file becomes parents, records by ascending id, and the next ids', () => {
  expect(read(file)).toEqual({
    parents: ['1001', '1001/2001', '1001/2002', '1002'],
    rows: [
      { collection: 'phones', parent: '1001/2001', record: { id: 1000, text: null, created_at: time } },
      { collection: 'notes', parent: '1001', record: { id: 1700, text: null, created_at: time } },
      { collection: 'notes', parent: '1001', record: { id: 1701, text: 'first', created_at: time } },
      { collection: 'tags', parent: '1001/2001', record: { id: 5000, text: 'b', created_at: time } },
      { collection: 'tags', parent: '1001/2001', record: { id: 5001, text: 'c', created_at: time } },
    ],
    nextIds: { notes: 1702, tags: 9000, phones: 1001 },
  })
})

test('records without any id count from the lowest', () => {
  const notes = [{ text: 'a' }, { text: 'b' }]
  const { rows, nextIds } = read({ orders: [{ order_id: 1001, notes }] })
  expect(rows.map(({ record }) => record.id)).toEqual([1000, 1001])
  expect(nextIds).toEqual({ notes: 1002 })
})

test('what is written is what was read', () => {
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
        notes: [
          { id: 1700, text: null, created_at: time },
          { id: 1701, text: 'first', created_at: time },
        ],
      },
      { order_id: 1002, borrowers: [] },
    ],
    next_ids: { notes: 1702, tags: 9000, phones: 1001 },
  })
  expect(read(written)).toEqual(content)
})

test('the documented world gathers what each collection documents', () => {
  expect(documentedWorld(collections)).toEqual({
    orders: [
      {
        order_id: 1001,
        notes: [{ id: 1501 }],
        borrowers: [{ borrower_id: 2001, tags: [{ id: 2501 }], phones: [{ id: 3501 }] }],
      },
      { order_id: 1002, borrowers: [{ borrower_id: 2002, tags: [] }] },
    ],
  })
})

describe('what is wrong is named, with its place and what would be right', () => {
  const order = (more: object) => ({ orders: [{ order_id: 1001, ...more }] })
  const idRule = 'must be an integer from 1000 to 9000000000000000; lower ids are kept for failures'
  test.each<[string, unknown, string]>([
    ['no object', [], '/: must be an object\n/orders: must be a list'],
    ['null', null, '/: must be an object\n/orders: must be a list'],
    ['a text', 'x', '/: must be an object\n/orders: must be a list'],
    ['no orders', {}, '/orders: must be a list'],
    ['another key', { orders: [], 'a/b~c': 1 }, '/a~1b~0c: is not known here; known: orders, next_ids'],
    ['an order that is none', { orders: [5] }, '/orders/0: must be an object'],
    ['an id that is a text', { orders: [{ order_id: '1001' }] }, `/orders/0/order_id: ${idRule}`],
    ['an id that is too low', { orders: [{ order_id: 999 }] }, `/orders/0/order_id: ${idRule}`],
    ['an id that is no integer', { orders: [{ order_id: 1001.5 }] }, `/orders/0/order_id: ${idRule}`],
    ['an id that is too high', { orders: [{ order_id: 9e15 + 1 }] }, `/orders/0/order_id: ${idRule}`],
    ['an id that is no value', { orders: [{ order_id: { toString: 1 } }] }, `/orders/0/order_id: ${idRule}`],
    ['no id of an order', { orders: [{}] }, `/orders/0/order_id: ${idRule}`],
    [
      'an order twice',
      { orders: [{ order_id: 1001 }, { order_id: 1001 }] },
      '/orders/1/order_id: stands here twice',
    ],
    ['borrowers that are no list', order({ borrowers: {} }), '/orders/0/borrowers: must be a list'],
    ['a borrower that is none', order({ borrowers: [null] }), '/orders/0/borrowers/0: must be an object'],
    [
      'a key that belongs elsewhere',
      order({ tags: [] }),
      '/orders/0/tags: is not known here; known: order_id, borrowers, notes',
    ],
    [
      'a key of an order at a borrower',
      order({ borrowers: [{ borrower_id: 2001, notes: [] }] }),
      '/orders/0/borrowers/0/notes: is not known here; known: borrower_id, tags, phones',
    ],
    ['records that are no list', order({ notes: 'x' }), '/orders/0/notes: must be a list'],
    ['a record that is none', order({ notes: [[]] }), '/orders/0/notes/0: must be an object'],
    [
      'a field that is not known',
      order({ notes: [{ body: 1 }] }),
      '/orders/0/notes/0/body: is not known here; known: id, text, kind, created_at, updated_at',
    ],
    ['a record’s id', order({ notes: [{ id: 7 }] }), `/orders/0/notes/0/id: ${idRule}`],
    [
      'a record’s id of no value',
      order({ notes: [{ id: { toString: 1 } }] }),
      `/orders/0/notes/0/id: ${idRule}`,
    ],
    ['a next id that is too high', { orders: [], next_ids: { tags: 2 ** 53 } }, `/next_ids/tags: ${idRule}`],
    [
      'a record twice',
      order({ notes: [{ id: 1700 }, { id: 1700 }] }),
      '/orders/0/notes/1/id: stands here twice',
    ],
    [
      'a value beyond the contract',
      order({ notes: [{ kind: 9 }] }),
      '/orders/0/notes/0/kind: must be one of: 1, 2',
    ],
    [
      'a time',
      order({ notes: [{ created_at: 'now', updated_at: '2026-02-30 00:00:00' }] }),
      '/orders/0/notes/0/created_at: must be a time such as 2026-03-07 14:03:51\n' +
        '/orders/0/notes/0/updated_at: must be a time such as 2026-03-07 14:03:51',
    ],
    ['next ids that are none', { orders: [], next_ids: 5 }, '/next_ids: must be an object'],
    ['a next id', { orders: [], next_ids: { tags: 5 } }, `/next_ids/tags: ${idRule}`],
    [
      'a next id of something else',
      { orders: [], next_ids: { faxes: 5000 } },
      '/next_ids/faxes: is not known here; known: notes, tags, phones',
    ],
  ])('%s', (_, wrong, message) => {
    const error = (() => {
      try {
        return read(wrong)
      } catch (reason) {
        return reason as WorldFileError
      }
    })()
    expect(error).toBeInstanceOf(WorldFileError)
    expect((error as WorldFileError).message).toBe(message.replace(/^\/:/gm, '/:'))
    expect((error as WorldFileError).name).toBe('WorldFileError')
  })
})

test('the highest id can be given, and the next one follows', () => {
  const { nextIds } = read({ orders: [{ order_id: 9e15, notes: [{ id: 9e15 }] }] })
  expect(nextIds).toEqual({ notes: 9e15 + 1 })
})

test('a hundred places are named, and then no more', () => {
  const problemsIn = (orders: unknown[]) => {
    try {
      read({ orders })
    } catch (error) {
      return (error as WorldFileError).problems
    }
  }
  expect(problemsIn(Array(99).fill(1))).toHaveLength(99)
  expect(problemsIn(Array(100_000).fill(1))).toHaveLength(100)
  expect(problemsIn([{ order_id: 1001, notes: Array(100_000).fill({ kind: 9 }) }])).toHaveLength(100)
})

describe('a file that holds more than a world may is refused before it is read to its end', () => {
  const orders = (count: number, more = {}) =>
    Array.from({ length: count }, (_, index) => ({ order_id: 1000 + index, ...more }))
  test.each<[string, unknown[], string | undefined]>([
    ['as many records', [{ order_id: 1001, notes: [{}, {}] }], undefined],
    [
      'a record more',
      [{ order_id: 1001, notes: [{}, {}, {}, 'not read'] }],
      'A world holds at most 2 records.',
    ],
    ['an order and a borrower for each', orders(2, { borrowers: [{ borrower_id: 1000 }] }), undefined],
    ['an order more', [...orders(5), 'not read'], 'A world holds at most 4 orders and borrowers.'],
  ])('%s', (_, orders, message) => {
    const readIt = () => readWorldFile({ orders }, collections, time, 2)
    if (message) expect(readIt).toThrow(new WorldFileError([{ pointer: '', message }]))
    else expect(readIt).not.toThrow()
  })
})
