/** Bugs of the sandbox itself never leave it as a normal response. */

import { HttpError } from '@recoveryconnect/http/http-error'
import { expect, test } from 'vitest'
import type { Handlers } from '../src/core/handler.ts'
import { createKernel } from '../src/core/kernel.ts'
import { RequestLog } from '../src/core/log.ts'
import { handlers as phones } from '../src/resources/borrower-phones.ts'
import { collections, createHandlers } from '../src/resources/resources.gen.ts'
import { Worlds } from '../src/world/store.ts'
import { readWorldFile } from '../src/world/world-file.ts'
import { documentedWorld } from '../src/world/world-file-writer.ts'
import { borrower } from './calls.ts'

/** Reads a phone from a sandbox with a wrong handler. */
function readPhone(getBorrowerPhone: Handlers['getBorrowerPhone']) {
  const seed = readWorldFile(documentedWorld(collections), collections, '2026-03-07 14:03:51')
  const context = { worlds: new Worlds(seed), now: () => 0 }
  const handlers = { ...createHandlers(context), getBorrowerPhone }
  const log = new RequestLog()
  const handle = createKernel({ ...context, handlers, log })
  const headers = { authorization: 'Bearer test' }
  const { status, body } = handle({ method: 'GET', target: `${borrower}/39317578`, headers })
  return { status, message: JSON.parse(body).message, logged: log.listAfter(0) }
}

test("a response that doesn't fit the contract becomes a 500 that says where, without the value", () => {
  const { status, message, logged } = readPhone((request) => {
    const { data } = phones.getBorrowerPhone(request)
    return { data: { ...data, created_at: 'private' } }
  })
  expect(status).toBe(500)
  expect(message).toContain('/data/created_at')
  expect(JSON.stringify([message, logged])).not.toContain('private')
})

test("an error status that the contract doesn't document becomes a 500", () => {
  const { status, message } = readPhone(() => {
    throw new HttpError(302, { message: 'Over there.' })
  })
  expect(status).toBe(500)
  expect(message).toContain('302')
})

test('a handler that throws becomes a 500 that names only the kind of error', () => {
  const { status, message } = readPhone(() => {
    throw new RangeError('secret detail')
  })
  expect(status).toBe(500)
  expect(message).toContain('RangeError')
  expect(message).not.toContain('secret')
})
