/** What a world of the hosted shell takes of its storage; the rest is tested in the engine. */
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { createSandbox } from '../src/sandbox.ts'
import { onlyWorld, WorldStorage } from '../src/world-storage.ts'
import { borrower } from './calls.ts'

test('a world that is only looked at takes no room, until something is written', () => {
  const database = new DatabaseSync(':memory:')
  const storage = new WorldStorage({
    exec(query, ...values) {
      // The tables come as several statements at once.
      if (query.includes(';')) database.exec(query)
      const rows = query.includes(';') ? [] : database.prepare(query).all(...values)
      return { toArray: () => rows as Record<string, unknown>[] }
    },
  })
  const { handle } = createSandbox({ ...storage.open(), worldKey: () => onlyWorld })
  const ask = (method: string, body?: object) => {
    const headers = { authorization: 'Bearer t', 'content-type': 'application/json' }
    const answer = handle({ method, target: borrower, headers, ...(body && { body: JSON.stringify(body) }) })
    storage.keepScript()
    return answer.status
  }
  expect(ask('GET')).toBe(200)
  expect(storage.isUsed).toBe(false)
  expect(ask('POST', { type: 6, number: '2025550143' })).toBe(200)
  expect(storage.isUsed).toBe(true)
  expect(database.prepare('SELECT count(*) AS records FROM record').get()).toEqual({ records: 4 })
})
