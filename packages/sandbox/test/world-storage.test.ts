/** How a hosted world is stored, on SQLite in this process. `worker.test.ts` tests it in the engine. */
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSandbox } from '../src/sandbox.ts'
import { onlyWorld, WorldStorage } from '../src/workers/world-storage.ts'
import { borrower, seeded } from './calls.ts'

type Send = (method: string, target?: string, body?: unknown) => { status: number; body: any }

interface Opened {
  send: Send
  storage: WorldStorage
}

/** Opens a world as the Durable Object does each time it wakes up. */
function open(database: DatabaseSync, fails = (_query: string) => false): Opened {
  const changes = () => Number(database.prepare('SELECT total_changes() AS rows').get()?.rows)
  const storage = new WorldStorage({
    exec(query, ...values) {
      if (fails(query)) throw new Error('SQLITE_TOOBIG')
      const before = changes()
      // `exec` runs several statements, `prepare` only one.
      if (query.includes(';')) database.exec(query)
      const rows = query.includes(';') ? [] : database.prepare(query).all(...values)
      return { rowsWritten: changes() - before, toArray: () => rows as Record<string, unknown>[] }
    },
  })
  return {
    send: createSend({ ...storage.open(), worldKey: () => onlyWorld }, () => storage.saveScript()),
    storage,
  }
}

function createSend(options: Parameters<typeof createSandbox>[0], afterwards = () => {}): Send {
  const { handle } = createSandbox({ ...options, now: () => 1_800_000_000_000 })
  return (method, target = borrower, body) => {
    const headers = { authorization: 'Bearer t', 'content-type': 'application/json' }
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    const response = handle({ method, target, headers, ...sent })
    afterwards()
    return { status: response.status, body: JSON.parse(response.body) }
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

test('a world that is only read takes no space', () => {
  const database = new DatabaseSync(':memory:')
  const { send, storage } = open(database)
  for (const target of [borrower, one, `${control}/world`, `${control}/clock`, `${control}/log`])
    expect(send('GET', target).status).toBe(200)
  expect(send('PUT', one, { type: 0 }).status).toBe(422)
  expect(storage.isUsed).toBe(false)
  expect(database.prepare('SELECT * FROM sqlite_master').all()).toEqual([])
})

test.each<[string, ...Parameters<Send>]>([
  ['a create', 'POST', borrower, phone],
  ['an update', 'PUT', one, { no_contact: 1 }],
  ['a delete', 'DELETE', one],
  ['an import', 'PUT', `${control}/world`, JSON.parse(seed)],
  ['a reset', 'POST', `${control}/reset`],
  ['a fault', 'POST', `${control}/faults`, { status: 503 }],
  ['a scripted clock', 'PUT', `${control}/clock`, { times: ['2030-01-01 00:00:00'] }],
])('%s is stored, whether or not it is the first change', (_, ...step) => {
  for (const before of [[], [['POST', borrower, phone]]] as Parameters<Send>[][]) {
    const database = new DatabaseSync(':memory:')
    const { send, storage } = open(database)
    for (const call of [...before, step]) expect(send(...call).status).toBe(200)
    expect(storage.isUsed).toBe(true)
    const again = open(database)
    expect(readAll(again.send)).toEqual(readAll(send))
    expect(again.storage.isUsed).toBe(true)
  }
})

test("a fault that was used isn't used again", () => {
  const database = new DatabaseSync(':memory:')
  const { send } = open(database)
  send('POST', `${control}/faults`, { status: 503, requests: 2 })
  expect(send('GET').status).toBe(503)
  const later = open(database).send
  expect([later('GET').status, later('GET').status]).toEqual([503, 200])
  expect(open(database).send('GET').status).toBe(200)
})

test('a record is one row, and a read writes nothing', () => {
  const { send, storage } = open(new DatabaseSync(':memory:'))
  const rowsOf = (...call: Parameters<Send>) => {
    const before = storage.rowsWritten
    send(...call)
    return storage.rowsWritten - before
  }
  // The first write stores the seed and the world, too.
  expect(rowsOf('POST', borrower, phone)).toBe(seeded + 2)
  expect(rowsOf('POST', borrower, phone)).toBe(1)
  expect(rowsOf('PUT', one, { memo: 'home' })).toBe(1)
  // The record and the next ids.
  expect(rowsOf('DELETE', one)).toBe(2)
  expect(rowsOf('GET')).toBe(0)
})

test.each<[string, RegExp, ...Parameters<Send>]>([
  ['a record', /^INSERT OR REPLACE INTO record/, 'POST', borrower, phone],
  ['a deletion', /^UPDATE world SET content/, 'DELETE', one],
  ['a whole world', /^INSERT INTO record/, 'POST', `${control}/reset`],
  ['a script', /^UPDATE world SET script/, 'PUT', `${control}/clock`, { times: ['2030-01-01 00:00:00'] }],
])('a database error on %s is reported until the world is opened again', (_, query, ...step) => {
  const database = new DatabaseSync(':memory:')
  let isFull = false
  const { send, storage } = open(database, (sql) => isFull && query.test(sql))
  send('POST', borrower, phone)
  expect(storage.hasFailed).toBe(false)
  isFull = true
  try {
    send(...step)
  } catch {
    // A script is stored after the response.
  }
  expect(storage.hasFailed).toBe(true)
  storage.open()
  expect(storage.hasFailed).toBe(false)
})

const id = fc.integer({ min: 39317577, max: 39317584 })
const calls: fc.Arbitrary<Parameters<Send>> = fc.oneof(
  fc
    .record({ ...constants(phone), memo: fc.option(fc.string({ unit: 'grapheme', maxLength: 20 })) })
    .map((body): Parameters<Send> => ['POST', borrower, body]),
  fc
    .tuple(id, fc.string({ unit: 'grapheme', maxLength: 20 }))
    .map(([id, memo]): Parameters<Send> => ['PUT', `${borrower}/${id}`, { memo }]),
  id.map((id): Parameters<Send> => ['DELETE', `${borrower}/${id}`]),
  fc.constantFrom<Parameters<Send>>(
    ['GET', borrower],
    ['POST', `${control}/reset`],
    ['PUT', `${control}/world`, JSON.parse(seed)],
    ['POST', `${control}/faults`, { operation: 'deleteBorrowerPhone', status: 503 }],
    ['PUT', `${control}/clock`, { times: ['2030-01-01 00:00:00', '2030-01-01 00:00:01'] }],
  ),
)

test('a world that sleeps in between behaves as one that never does', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(calls, fc.boolean()), { maxLength: 30 }), (steps) => {
      const database = new DatabaseSync(':memory:')
      const awake = createSend({ worldKey: () => onlyWorld })
      let { send } = open(database)
      for (const [call, sleeps] of steps) {
        expect(send(...call)).toEqual(awake(...call))
        if (sleeps) send = open(database).send
      }
      expect(readAll(open(database).send)).toEqual(readAll(awake))
    }),
    { numRuns: 300 },
  )
})

/** Everything in a world, with the next id. */
function readAll(send: Send): unknown {
  const [world, faults, clock] = ['world', 'faults', 'clock'].map((what) => send('GET', `${control}/${what}`))
  send('DELETE', `${control}/faults`)
  return { world, faults, clock, created: send('POST', borrower, phone) }
}

function constants<T extends object>(values: T): { [Name in keyof T]: fc.Arbitrary<T[Name]> } {
  const entries = Object.entries(values).map(([name, value]) => [name, fc.constant(value)])
  return Object.fromEntries(entries)
}
