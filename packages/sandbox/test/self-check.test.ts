import * as validators from '@recoveryconnect/spec/validators'
import { expect, test } from 'vitest'
import { borrowerPhones } from '../src/borrower-phones.ts'
import { operations } from '../src/contract.gen.ts'
import { createKernel } from '../src/kernel.ts'
import { RequestLog } from '../src/log.ts'
import type { Behaviours } from '../src/operation.ts'
import { Refusal } from '../src/refusal.ts'
import { behavioursOf, collections } from '../src/resources.gen.ts'
import { createRouter } from '../src/routes.ts'
import { Worlds } from '../src/store.ts'
import { documentedWorld, readWorldFile } from '../src/world-file.ts'
import { borrower } from './calls.ts'

/** A sandbox with one behaviour that is wrong. */
function answerOf(wrong: Partial<Behaviours>) {
  const worlds = new Worlds(readWorldFile(documentedWorld(collections), collections, '2026-03-07 14:03:51'))
  const worldKey = (identity: string) => identity
  const now = () => 0
  const behaviours = { ...behavioursOf({ worlds, now, worldKey }), ...wrong }
  const log = new RequestLog()
  const handle = createKernel({
    route: createRouter(operations),
    validators,
    behaviours,
    worlds,
    log,
    now,
    worldKey,
  })
  const { status, body } = handle({
    method: 'GET',
    target: `${borrower}/39317578`,
    headers: { authorization: 'Bearer test' },
  })
  return { status, body: JSON.parse(body), logged: log.after(0) }
}

test('an answer that does not fit the contract is a 500 that says where, without the value', () => {
  const { status, body, logged } = answerOf({
    getBorrowerPhone: (call) => {
      const { data } = borrowerPhones.getBorrowerPhone(call)
      return { data: { ...data, number: '5550143' } }
    },
  })
  expect(status).toBe(500)
  expect(body.message).toMatch(
    /^The sandbox is at fault: its own answer does not fit the contract: \/data\/number/,
  )
  expect(JSON.stringify([body, logged])).not.toContain('5550143')
})

test('a refusal with a status that the contract does not document is a 500 as well', () => {
  const { status, body } = answerOf({
    getBorrowerPhone: () => {
      throw new Refusal(302, { message: 'Over there.' })
    },
  })
  expect(status).toBe(500)
  expect(body.message).toContain('it has no status 302')
})

test('a behaviour that fails is a 500 that does not say more than the kind', () => {
  const { status, body } = answerOf({
    getBorrowerPhone: () => {
      throw new RangeError('secret detail')
    },
  })
  expect(status).toBe(500)
  expect(body).toEqual({ message: 'The sandbox is at fault: it failed with RangeError.' })
})
