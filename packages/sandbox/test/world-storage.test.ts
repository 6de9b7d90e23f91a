/** What a world of the hosted shell keeps, on SQLite in this process; the engine has tests of its own. */
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSandbox } from '../src/sandbox.ts'
import { onlyWorld, WorldStorage } from '../src/world-storage.ts'
import { borrower, seeded } from './calls.ts'

type Ask = (method: string, target?: string, body?: unknown) => { status: number; body: any }

interface Opened {
  ask: Ask
  storage: WorldStorage
}

/** A world on a database, as the object in the engine opens it; as often as the object falls asleep. */
function open(database: DatabaseSync, refuses = (_query: string) => false): Opened {
  const changes = () => Number(database.prepare('SELECT total_changes() AS rows').get()?.rows)
  const storage = new WorldStorage({
    exec(query, ...values) {
      if (refuses(query)) throw new Error('SQLITE_TOOBIG')
      const before = changes()
      // The tables come as several statements at once.
      if (query.includes(';')) database.exec(query)
      const rows = query.includes(';') ? [] : database.prepare(query).all(...values)
      return { rowsWritten: changes() - before, toArray: () => rows as Record<string, unknown>[] }
    },
  })
  return {
    ask: asking({ ...storage.open(), worldKey: () => onlyWorld }, () => storage.keepScript()),
    storage,
  }
}

function asking(options: Parameters<typeof createSandbox>[0], afterwards = () => {}): Ask {
  const { handle } = createSandbox({ ...options, now: () => 1_800_000_000_000 })
  return (method, target = borrower, body) => {
    const headers = { authorization: 'Bearer t', 'content-type': 'application/json' }
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    const answer = handle({ method, target, headers, ...sent })
    afterwards()
    return { status: answer.status, body: JSON.parse(answer.body) }
  }
}

const phone = { type: 6, number: '2025550143' }
const one = `${borrower}/39317578`
const control = '/__sandbox'
const seed = createSandbox().handle({
  method: 'GET',
  target: `${control}/world`,
  headers: { authorization: 'Bearer t' },
}).body

test('a world that is only looked at takes no room', () => {
  const database = new DatabaseSync(':memory:')
  const { ask, storage } = open(database)
  for (const target of [borrower, one, `${control}/world`, `${control}/clock`, `${control}/log`])
    expect(ask('GET', target).status).toBe(200)
  expect(ask('PUT', one, { type: 0 }).status).toBe(422)
  expect(storage.isUsed).toBe(false)
  expect(database.prepare('SELECT * FROM sqlite_master').all()).toEqual([])
})

test.each<[string, ...Parameters<Ask>]>([
  ['a create', 'POST', borrower, phone],
  ['an update', 'PUT', one, { no_contact: 1 }],
  ['a delete', 'DELETE', one],
  ['an import', 'PUT', `${control}/world`, JSON.parse(seed)],
  ['a reset', 'POST', `${control}/reset`],
  ['a fault', 'POST', `${control}/faults`, { status: 503 }],
  ['a scripted clock', 'PUT', `${control}/clock`, { times: ['2030-01-01 00:00:00'] }],
])('%s is kept, be it the first thing that happens or not', (_, ...step) => {
  for (const before of [[], [['POST', borrower, phone]]] as Parameters<Ask>[][]) {
    const database = new DatabaseSync(':memory:')
    const { ask, storage } = open(database)
    for (const call of [...before, step]) expect(ask(...call).status).toBe(200)
    expect(storage.isUsed).toBe(true)
    const again = open(database)
    expect(again.storage.isUsed).toBe(true)
    expect(kept(again.ask)).toEqual(kept(ask))
  }
})

test('a fault that was met is not met again', () => {
  const database = new DatabaseSync(':memory:')
  const { ask } = open(database)
  ask('POST', `${control}/faults`, { status: 503, requests: 2 })
  expect(ask('GET').status).toBe(503)
  const later = open(database).ask
  expect([later('GET').status, later('GET').status]).toEqual([503, 200])
  expect(open(database).ask('GET').status).toBe(200)
})

test('a record is one row, and nothing is written where nothing changes', () => {
  const { ask, storage } = open(new DatabaseSync(':memory:'))
  const rowsOf = (...call: Parameters<Ask>) => {
    const before = storage.rowsWritten
    ask(...call)
    return storage.rowsWritten - before
  }
  // The first one brings the seed with it, and the world.
  expect(rowsOf('POST', borrower, phone)).toBe(seeded + 2)
  expect(rowsOf('POST', borrower, phone)).toBe(1)
  expect(rowsOf('PUT', one, { memo: 'home' })).toBe(1)
  // The record, and the ids that were given.
  expect(rowsOf('DELETE', one)).toBe(2)
  expect(rowsOf('GET')).toBe(0)
})

test.each<[string, RegExp, ...Parameters<Ask>]>([
  ['a record', /^INSERT OR REPLACE INTO record/, 'POST', borrower, phone],
  ['a deletion', /^UPDATE world SET content/, 'DELETE', one],
  ['a whole world', /^INSERT INTO record/, 'POST', `${control}/reset`],
  ['a script', /^UPDATE world SET script/, 'PUT', `${control}/clock`, { times: ['2030-01-01 00:00:00'] }],
])('a database that refuses %s shows, until the world is opened again', (_, query, ...step) => {
  const database = new DatabaseSync(':memory:')
  let isFull = false
  const { ask, storage } = open(database, (asked) => isFull && query.test(asked))
  ask('POST', borrower, phone)
  expect(storage.hasFailed).toBe(false)
  isFull = true
  try {
    ask(...step)
  } catch {
    // What is scripted is stored after the answer.
  }
  expect(storage.hasFailed).toBe(true)
  storage.open()
  expect(storage.hasFailed).toBe(false)
})

const id = fc.integer({ min: 39317577, max: 39317584 })
const calls: fc.Arbitrary<Parameters<Ask>> = fc.oneof(
  fc
    .record({ ...constants(phone), memo: fc.option(fc.string({ unit: 'grapheme', maxLength: 20 })) })
    .map((body): Parameters<Ask> => ['POST', borrower, body]),
  fc
    .tuple(id, fc.string({ unit: 'grapheme', maxLength: 20 }))
    .map(([id, memo]): Parameters<Ask> => ['PUT', `${borrower}/${id}`, { memo }]),
  id.map((id): Parameters<Ask> => ['DELETE', `${borrower}/${id}`]),
  fc.constantFrom<Parameters<Ask>>(
    ['GET', borrower],
    ['POST', `${control}/reset`],
    ['PUT', `${control}/world`, JSON.parse(seed)],
    ['POST', `${control}/faults`, { operation: 'deleteBorrowerPhone', status: 503 }],
    ['PUT', `${control}/clock`, { times: ['2030-01-01 00:00:00', '2030-01-01 00:00:01'] }],
  ),
)

test('whenever it falls asleep, a world goes on as one that never slept', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(calls, fc.boolean()), { maxLength: 30 }), (steps) => {
      const database = new DatabaseSync(':memory:')
      const awake = asking({ worldKey: () => onlyWorld })
      let { ask } = open(database)
      for (const [call, sleeps] of steps) {
        expect(ask(...call)).toEqual(awake(...call))
        if (sleeps) ask = open(database).ask
      }
      expect(kept(open(database).ask)).toEqual(kept(awake))
    }),
    { numRuns: 300 },
  )
})

/** All that a world holds, the next id included. */
function kept(ask: Ask): unknown {
  const [world, faults, clock] = ['world', 'faults', 'clock'].map((what) => ask('GET', `${control}/${what}`))
  ask('DELETE', `${control}/faults`)
  return { world, faults, clock, created: ask('POST', borrower, phone) }
}

function constants<T extends object>(values: T): { [Name in keyof T]: fc.Arbitrary<T[Name]> } {
  const entries = Object.entries(values).map(([name, value]) => [name, fc.constant(value)])
  return Object.fromEntries(entries)
}
