/** The suite against everything that claims to be this API. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { promises } from '../src/promises.ts'
import { type Report, verify } from '../src/suite.ts'
import { local, type Running } from './targets.ts'

const seed = Number(process.env.RECOVERYCONNECT_SEED ?? 20260307)
console.info(`The generated requests have the seed ${seed} (RECOVERYCONNECT_SEED).`)

/** What a target cannot be asked, and nothing else may be left out. */
const leftOut: Record<string, (promise: (typeof promises)[number]) => boolean> = {
  'the mock': ({ where }) => where === 'memory',
  'the sandbox behind Prism': ({ provokes }) => provokes === true,
}

/** What these two say beyond the contract: a refusal with a status of its own where only 4XX is documented. */
const login = ['createAccessToken /errors', 'createAccessToken 422']
const drift: Record<string, string[]> = {
  'the mock': [
    ...login,
    'createBorrowerPhone 400',
    'getBorrowerPhone 400',
    'listBorrowerPhones 406',
    'updateBorrowerPhone 400',
  ],
  'the sandbox in this process': login,
  'the sandbox over HTTP': login,
  'the hosted sandbox': login,
}

describe.each(Object.entries(local))('%s', (name, start) => {
  let running: Running
  let report: Report
  beforeAll(async () => {
    running = await start()
    report = await verify(running.target, { write: true, seed })
  })
  afterAll(() => running.close())

  test.each(promises)('$id', (promise) => {
    const finding = report.promises.find(({ id }) => id === promise.id)
    expect(finding).toMatchObject({ outcome: leftOut[name]?.(promise) ? 'left out' : 'held' })
  })

  test('leaves nothing behind, and nothing else is found that the contract does not know', () => {
    expect(report).toMatchObject({ leftBehind: [], interrupted: false })
    expect(report.drift.map(({ operation, what }) => `${operation} ${what}`).sort()).toEqual(
      drift[name] ?? [],
    )
  })
})
