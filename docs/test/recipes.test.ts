/** Runs the programs of the recipes, unchanged, against a sandbox of their own, and checks what arrived there. */
import { afterAll, describe, type ExpectStatic, it } from 'vitest'
import { readRecipe } from '../samples/recipes.ts'
import { type Phone, prepareLanguages, startServer, startWorld, type World } from './programs.ts'
import { type Outcome, run } from './toolchains.ts'

const names = [
  'mark-do-not-contact',
  'find-numbers-to-dial',
  'create-without-duplicates',
  'keep-a-token-fresh',
  'handle-a-lost-response',
]
/** By default, the last look of this program is after half a minute. */
const impatient = 'handle-a-lost-response without pauses'

const prepared = await prepareLanguages(({ label }) => [
  ...names.map((name) => ({ name, code: readProgram(name, label) })),
  { name: impatient, code: removePauses(readProgram('handle-a-lost-response', label)) },
])
afterAll(prepared.remove)

const borrower = 124927241
const number = '202-555-0143'
const counted = '124927241: 2 phones\n124941995: 0 phones\n'
const create = 'createBorrowerPhone'

interface Parts {
  world: World
  start: (program: string, variables?: NodeJS.ProcessEnv) => Promise<Outcome>
  expect: ExpectStatic
}

describe.concurrent.each(prepared.languages)('$label', ({ commandOf }) => {
  const check = (name: string, seed: unknown, body: (parts: Parts) => Promise<void>) =>
    it(name, async ({ skip, expect, onTestFinished }) => {
      if (!commandOf) return skip()
      const world = await startWorld({ onTestFinished, seed })
      const start: Parts['start'] = (program, variables) =>
        run(commandOf(program), { ...world.variables, ...variables })
      await body({ world, start, expect })
    })

  describe('mark-do-not-contact', () => {
    const numbers = ['678-932-1578', '(202) 555-0101', '+1 678.932.1578 x22']
    check(
      'marks every record with the number, and no other',
      seedOf(numbers),
      async ({ world, start, expect }) => {
        const { status, stdout } = await start('mark-do-not-contact')
        const phones = await world.listPhones()
        expect(phones.map(({ no_contact }) => no_contact)).toEqual([1, 0, 1])
        const lines = [phones[0], phones[2]].map((phone) => `${phone?.id} is marked do-not-contact\n`)
        expect({ status, stdout }).toEqual({ status: 0, stdout: lines.join('') })
      },
    )

    check('fails if no record has the number', seedOf(['202-555-0101']), async ({ world, start, expect }) => {
      expect(await start('mark-do-not-contact')).toMatchObject({ status: 1, stdout: '' })
      expect(await world.listRequests()).toEqual(['listBorrowerPhones 200'])
    })
  })

  describe('find-numbers-to-dial', () => {
    check(
      'leaves out every number that a record rules out',
      manyReasons,
      async ({ world, start, expect }) => {
        const { status, stdout } = await start('find-numbers-to-dial')
        const phones = await world.listPhones()
        const clear = phones.filter(({ memo }) => memo === 'clear').map(({ id }) => `${id} no objection`)
        const lines = stdout.trim().split('\n')
        expect({ status, count: lines.length }).toEqual({ status: 0, count: phones.length })
        expect(lines.filter((line) => line.endsWith('no objection'))).toEqual(clear)
      },
    )

    const masked = seedOf(['202-555-0101', { number: 'XXX-XXX-0102', no_contact: 1 }])
    check('leaves out every number if one is ruled out and masked', masked, async ({ start, expect }) => {
      const { status, stdout } = await start('find-numbers-to-dial')
      expect({ status, count: stdout.trim().split('\n').length }).toEqual({ status: 0, count: 2 })
      expect(stdout).not.toContain('no objection')
    })

    check('stops if a list can be one page of several', undefined, async ({ start, expect }) => {
      const page = JSON.stringify({ data: [], links: { next: 'https://example.com/?page=2' } })
      await using server = await startServer((_, response) => response.end(page))
      const { status, stdout, stderr } = await start('find-numbers-to-dial', {
        RECOVERYCONNECT_URL: server.url,
      })
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      expect(stderr).toContain('page=2')
    })
  })

  describe('create-without-duplicates', () => {
    check('stores one record in two runs', undefined, async ({ world, start, expect }) => {
      const one = await start('create-without-duplicates')
      const two = await start('create-without-duplicates')
      const created = (await world.listPhones()).filter((phone) => phone.number === number)
      expect(created).toEqual([expect.objectContaining({ valid: 1, no_contact: 0 })])
      expect(one).toMatchObject({ status: 0, stdout: `stored as ${created[0]?.id}\n` })
      expect(two).toMatchObject({ status: 0, stdout: `stored already as ${created[0]?.id}\n` })
    })

    check('stores nothing if a record can have the number', seedOf(['XXX-XXX-0143']), async (parts) => {
      const { world, start, expect } = parts
      const { status, stderr } = await start('create-without-duplicates')
      const [phone] = await world.listPhones()
      expect({ status, stderr: stderr.trim() }).toEqual({ status: 1, stderr: `check by hand: ${phone?.id}` })
      expect(await world.listRequests()).toEqual(['listBorrowerPhones 200'])
    })

    check('fails if the response is lost, and finds the record later', undefined, async (parts) => {
      const { world, start, expect } = parts
      await world.fail({ operation: create, connection: 'drop-response' })
      const { status, stdout } = await start('create-without-duplicates')
      expect({ failed: status !== 0, stdout }).toEqual({ failed: true, stdout: '' })
      expect((await start('create-without-duplicates')).stdout).toMatch(/^stored already as \d+\n$/)
    })
  })

  describe('keep-a-token-fresh', () => {
    check('logs in once', undefined, async ({ world, start, expect }) => {
      expect(await start('keep-a-token-fresh')).toEqual({ status: 0, stdout: counted, stderr: '' })
      const list = 'listBorrowerPhones 200'
      expect(await world.listRequests()).toEqual(['createAccessToken 200', 'listBorrowers 200', list, list])
    })

    check('logs in again after a 401', undefined, async ({ world, start, expect }) => {
      await world.fail({ operation: 'listBorrowerPhones', status: 401 }, 'account')
      expect(await start('keep-a-token-fresh')).toEqual({ status: 0, stdout: counted, stderr: '' })
      const renewed = ['listBorrowerPhones 401', 'createAccessToken 200', 'listBorrowerPhones 200']
      const requests = ['createAccessToken 200', 'listBorrowers 200', ...renewed, 'listBorrowerPhones 200']
      // The test has logged in, too.
      expect((await world.listRequests()).slice(1)).toEqual(requests)
    })

    check("doesn't repeat a login that is rejected", undefined, async ({ world, start, expect }) => {
      const { status, stdout, stderr } = await start('keep-a-token-fresh', {
        RECOVERYCONNECT_PASSWORD: 'wrong',
      })
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      expect(stderr).toContain('Unauthenticated')
      expect(await world.listRequests()).toEqual(['createAccessToken 401'])
    })
  })

  describe('handle-a-lost-response', () => {
    for (const { what, seed, fault, program = 'handle-a-lost-response', stored, says } of lostResponses)
      check(what, seed, async ({ world, start, expect }) => {
        if (fault) await world.fail({ operation: create, ...fault })
        const before = await world.listPhones()
        const { status, stdout, stderr } = await start(program)
        expect(stdout + stderr).toMatch(says)
        expect(status).toBe(stored ? 0 : 1)
        expect((await world.listPhones()).length - before.length).toBe(stored)
        expect((await world.listRequests()).filter((one) => one.startsWith(create)).length).toBeLessThan(2)
      })

    check("doesn't take a record with other flags for its own", undefined, async ({ start, expect }) => {
      const lists = [[], [{ id: 1, type: 6, number, valid: 1, no_contact: 1 }]]
      await using server = await startServer(({ method }, response) => {
        if (method === 'GET')
          response.end(JSON.stringify({ data: lists.length > 1 ? lists.shift() : lists[0] }))
        else response.destroy()
      })
      const { status, stdout } = await start(impatient, { RECOVERYCONNECT_URL: server.url })
      expect({ status, stored: stdout.includes('stored as') }).toEqual({ status: 1, stored: false })
      expect(server.arrived.filter((method) => method === 'POST')).toHaveLength(1)
    })
  })
})

interface LostResponse {
  what: string
  seed?: object
  fault?: object
  program?: string
  stored: number
  says: RegExp
}

const lostResponses: LostResponse[] = [
  { what: 'says where the record is if nothing is lost', stored: 1, says: /^stored as \d+$/m },
  {
    what: 'finds the record if the response is lost',
    fault: { connection: 'drop-response' },
    stored: 1,
    says: /^stored as \d+$/m,
  },
  {
    what: 'finds the record if half of the response is lost',
    fault: { connection: 'cut' },
    stored: 1,
    says: /^stored as \d+$/m,
  },
  {
    what: "doesn't take an older record for the lost one",
    seed: seedOf([number]),
    fault: { connection: 'drop' },
    program: impatient,
    stored: 0,
    says: /^Not stored/m,
  },
  {
    what: "doesn't create the record again after a 500",
    fault: { status: 500 },
    program: impatient,
    stored: 0,
    says: /^Not stored/m,
  },
  { what: 'prints the body of a 422', fault: { status: 422 }, stored: 0, says: /invalid/ },
]

/** Borrowers whose records rule out all numbers except those with the memo "clear". */
const manyReasons = {
  orders: [
    {
      order_id: 57062885,
      borrowers: [
        {
          borrower_id: borrower,
          phones: [
            { number: '202-555-0101' },
            { number: '202-555-0102', no_contact: 1 as const },
            { number: '202-555-0103', valid: 0 as const },
            { number: '202-555-0104', memo: 'clear' },
            { number: '202-555-0104', memo: 'clear' },
            { number: '911-555-0105' },
            { number: '' },
            { number: '555-0106' },
          ].map(toPhone),
        },
        // The borrower shares a number with the first, and another is written with the country code.
        {
          borrower_id: 2001,
          phones: [{ number: '+1 (202) 555-0101', no_contact: 1 as const }, '202-555-0102'].map(toPhone),
        },
        { borrower_id: 2002, is_deceased: 1, phones: ['202-555-0107'].map(toPhone) },
        { borrower_id: 2003, bankruptcy: 'Chapter 7', phones: ['202-555-0108'].map(toPhone) },
        { borrower_id: 2004, active_military: 1, phones: ['202-555-0109'].map(toPhone) },
        { borrower_id: 2006, addresses: [{}, { no_contact: 1 }], phones: ['202-555-0111'].map(toPhone) },
        {
          borrower_id: 2007,
          addresses: [{}],
          phones: [{ number: '202-555-0112', memo: 'clear' }].map(toPhone),
        },
      ],
    },
  ],
}

/** Returns a seed in which one borrower has these phones. */
function seedOf(phones: (string | Partial<Phone>)[]): object {
  return {
    orders: [{ order_id: 57062885, borrowers: [{ borrower_id: borrower, phones: phones.map(toPhone) }] }],
  }
}

function toPhone(phone: string | Partial<Phone>): object {
  return { type: 6, ...(typeof phone === 'string' ? { number: phone } : phone) }
}

function readProgram(name: string, label: string): string {
  const file = readRecipe(name)
    .find((program) => program.label === label)
    ?.files.find(({ title }) => title)
  if (!file) throw new Error(`The recipe ${name} has no program in ${label}.`)
  return file.code
}

function removePauses(code: string): string {
  return code
    .replace(/0,? 2,? 8,? 20\b/, (pauses) => pauses.replaceAll(/\d+/g, '0'))
    .replace('error, before }', 'error, before, pausesMs: [0] }')
    .replace('before=before', 'before=before, pauses=[0]')
}
