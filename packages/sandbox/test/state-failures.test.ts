/** What a database that fails at a chosen statement leaves behind: for each statement, the change happened or didn't. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, StatementSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openStateFile } from '../src/node/state-file.ts'
import { createSandbox } from '../src/sandbox.ts'
import { borrower } from './calls.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  file = join(folder, 'state.db')
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

type Send = (method: string, target: string, body?: unknown, token?: string) => { status: number; body: any }

/** Opens the file until `use` has returned. Warnings are errors. */
function withFile<T>(use: (send: Send) => T): T {
  const state = openStateFile(file, (message) => expect.unreachable(message))
  const { handle } = createSandbox({ journal: state.journal, now: () => 1_800_000_000_000 })
  const send: Send = (method, target, body, token = 'test') => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    const response = handle({ method, target, headers, ...sent })
    return { status: response.status, body: JSON.parse(response.body) }
  }
  try {
    return use(send)
  } finally {
    vi.restoreAllMocks()
    state.close()
  }
}

const calls: [object, string][] = [
  [DatabaseSync.prototype, 'exec'],
  ...['run', 'get', 'all'].map((name): [object, string] => [StatementSync.prototype, name]),
]

/** Lets the call with this number fail, and all calls after it if `forever` is set. The first one is 1. */
function failAt(number: number, forever: boolean): { calls: () => number } {
  let count = 0
  for (const [prototype, name] of calls) {
    const original = Reflect.get(prototype, name)
    vi.spyOn(prototype as any, name).mockImplementation(function (this: unknown, ...values: unknown[]) {
      count++
      if (count === number || (forever && count > number))
        throw Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 })
      return original.apply(this, values)
    })
  }
  return { calls: () => count }
}

const phone = { type: 6, number: '2025550143', memo: 'one' }
const small = { orders: [{ order_id: 7001, borrowers: [{ borrower_id: 8001, phones: [phone] }] }] }

const changes: [string, (send: Send) => { status: number }][] = [
  ['a create', (send) => send('POST', borrower, phone)],
  ['an update', (send) => send('PUT', `${borrower}/39317578`, { memo: 'changed' })],
  ['a delete', (send) => send('DELETE', `${borrower}/39317581`)],
  ['a reset', (send) => send('POST', '/__sandbox/reset')],
  ['an import', (send) => send('PUT', '/__sandbox/world', small)],
  ['the first change of a new world', (send) => send('POST', borrower, phone, 'new')],
]

const readAll = (send: Send) =>
  ['test', 'new'].map((token) => send('GET', '/__sandbox/world', undefined, token).body)

describe.each([
  ['one statement', false],
  ['all statements from there on', true],
])('with a full disk at %s', (_, forever) => {
  test.each(changes)('%s has happened after a 200, and not after a 500', (_, change) => {
    let failed = 0
    for (let number = 1; ; number++) {
      rmSync(file, { force: true })
      const before = withFile((send) => {
        send('POST', borrower, phone)
        return readAll(send)
      })
      const { status, seen, isReached } = withFile((send) => {
        // The world is in memory before the disk is full.
        readAll(send)
        const { calls } = failAt(number, forever)
        const { status } = change(send)
        const isReached = calls() >= number
        vi.restoreAllMocks()
        return { status, seen: readAll(send), isReached }
      })
      expect(withFile(readAll)).toEqual(seen)
      if (status === 200) expect(seen).not.toEqual(before)
      else expect([status, seen]).toEqual([500, before])
      if (!isReached) break
      failed++
      // With room again, the same request happens once.
      withFile((send) => expect(change(send).status).toBe(200))
    }
    expect(failed).toBeGreaterThan(2)
  })
})

test('a read whose statement fails is a 500, and the next one finds the world', () => {
  withFile((send) => send('POST', borrower, phone))
  const before = withFile(readAll)
  for (let number = 1; ; number++) {
    const isReached = withFile((send) => {
      const { calls } = failAt(number, true)
      const { status, body } = send('GET', borrower)
      const isReached = calls() >= number
      vi.restoreAllMocks()
      expect(status).toBe(isReached ? 500 : 200)
      if (isReached) expect(body.message).toMatch(/disk is full/)
      expect(readAll(send)).toEqual(before)
      return isReached
    })
    if (!isReached) return
  }
})

test('a start whose statement fails says so, and the next one finds the file as it was', () => {
  for (const isNew of [true, false]) {
    for (let number = 1; ; number++) {
      rmSync(file, { force: true })
      if (!isNew) withFile((send) => send('POST', borrower, phone))
      const before = isNew ? [] : withFile(readAll)
      const { calls } = failAt(number, true)
      let message = ''
      try {
        openStateFile(file, () => {}).close()
      } catch (error) {
        message = (error as Error).message
      }
      const isReached = calls() >= number
      vi.restoreAllMocks()
      if (!isReached) break
      expect(message).toMatch(/disk is full/)
      const found = withFile(readAll)
      if (!isNew) expect(found).toEqual(before)
    }
  }
})
