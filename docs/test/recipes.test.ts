/** Runs the programs of the recipes, unchanged, against a sandbox of their own, and checks what arrived there. */
import type { IncomingHttpHeaders } from 'node:http'
import { afterAll, describe, type ExpectStatic, it, type TestContext } from 'vitest'
import { readRecipe } from '../samples/recipes.ts'
import { manyReasons, maskedNumbers, oddOrders, sharedNumbers, toList } from './order-cases.ts'
import {
  prepareLanguages,
  reserveClosedPort,
  startServer,
  startWorld,
  type World,
  writeCurlrc,
} from './programs.ts'
import {
  broken,
  carriedOut,
  dashed,
  impatient,
  login,
  lookUps,
  lostResponses,
  mayBeDeleted,
  mistakes,
  number,
  record,
  secrets,
  seedOf,
  spellings,
  stackTrace,
  storedOtherwise,
  unusable,
  updates,
  withDashes,
  withoutContact,
  withoutId,
  withoutToken,
} from './recipe-cases.ts'
import { type Outcome, run } from './toolchains.ts'

const names = [
  'mark-do-not-contact',
  'find-numbers-to-dial',
  'create-without-duplicates',
  'keep-a-token-fresh',
  'handle-a-lost-response',
]

const prepared = await prepareLanguages(({ id, label }) => [
  ...names.map((name) => ({ name, code: readProgram(name, label) })),
  { name: impatient, code: removePauses(readProgram('handle-a-lost-response', label)) },
  { name: dashed, code: readProgram('create-without-duplicates', label).replace('2025550143', number) },
  {
    name: broken,
    code: readProgram('handle-a-lost-response', label).replace(...(mistakes[id] ?? ['', ''])),
  },
  {
    name: withDashes,
    code: readProgram('handle-a-lost-response', label).replace('2025550143', number),
  },
  {
    name: withoutContact,
    code: readProgram('handle-a-lost-response', label).replace(/(no_contact['"]?(?: =>|:)) 0/, '$1 1'),
  },
  ...spellings.map((spelling) => ({
    name: `mark-do-not-contact "${spelling}"`,
    code: readProgram('mark-do-not-contact', label).replace('678-932-1578', spelling),
  })),
])
afterAll(prepared.remove)

const counted = '124927241: 2 phones\n124941995: 0 phones\n'
const create = 'createBorrowerPhone'

interface Parts {
  world: World
  start: (program: string, variables?: NodeJS.ProcessEnv) => Promise<Outcome>
  expect: ExpectStatic
  onTestFinished: TestContext['onTestFinished']
}

describe.concurrent.each(prepared.languages)('$label', ({ id, commandOf }) => {
  const check = (name: string, seed: unknown, body: (parts: Parts) => Promise<void>) =>
    it(name, async ({ skip, expect, onTestFinished }) => {
      if (!commandOf) return skip()
      const world = await startWorld({ onTestFinished, seed })
      const start: Parts['start'] = (program, variables) =>
        run(commandOf(program), { ...world.variables, ...variables })
      await body({ world, start, expect, onTestFinished })
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

    for (const spelling of spellings)
      check(`marks "${spelling}" only if it has ten digits`, seedOf(numbers), async (parts) => {
        const { world, start, expect } = parts
        const { status, stderr } = await start(`mark-do-not-contact "${spelling}"`)
        const phones = await world.listPhones()
        const isMarked = spelling.startsWith('(')
        expect({ status, stderr }).toEqual(
          isMarked ? { status: 0, stderr: '' } : { status: 1, stderr: expect.stringContaining('ten digits') },
        )
        expect(phones.map(({ no_contact }) => no_contact)).toEqual(isMarked ? [1, 0, 1] : [0, 0, 0])
      })

    check('fails if no record has the number', seedOf(['202-555-0101']), async ({ world, start, expect }) => {
      expect(await start('mark-do-not-contact')).toMatchObject({ status: 1, stdout: '' })
      expect(await world.listRequests()).toEqual(['listBorrowerPhones 200'])
    })
  })

  describe('mark-do-not-contact, if the API does something else', () => {
    for (const { what, ids, respond, status, marks, sent } of updates)
      check(what, undefined, async ({ start, expect }) => {
        const paths: string[] = []
        await using server = await startServer(({ method, url = '' }, response) => {
          if (method === 'GET') return response.end(listOf(ids))
          const id = url.split('/').at(-1) ?? ''
          paths.push(id)
          const { status = 200, body } = respond(id)
          response.statusCode = status
          response.end(JSON.stringify(body))
        })
        const outcome = await start('mark-do-not-contact', urlOf(server))
        const lines = marks.map((id) => `${id} is marked do-not-contact\n`)
        expect(outcome).toMatchObject({ status, stdout: lines.join('') })
        expect(outcome.stderr).not.toMatch(secrets)
        expect(outcome.stderr).not.toMatch(stackTrace)
        const others = sent.filter((id) => !marks.includes(id))
        for (const id of others)
          expect(outcome.stderr).toMatch(new RegExp(`Don't dial\\. ${id} isn't marked\\.`))
        expect(paths).toEqual(sent)
      })

    check('marks no other record than the one with the number', undefined, async ({ start, expect }) => {
      const paths = new Set<string | undefined>()
      // A number of JavaScript, or of jq before version 1.7, can't be this one.
      const id = '9007199254740993'
      await using server = await startServer(({ method, url }, response) => {
        if (method !== 'GET') paths.add(url?.split('/').at(-1))
        response.end(method === 'GET' ? listOf([id]) : listOf([id]).replace(/[[\]]/g, ''))
      })
      const { status } = await start('mark-do-not-contact', urlOf(server))
      expect({ status, paths: [...paths] }).toEqual(
        expect.toBeOneOf([
          { status: 0, paths: [id] },
          { status: 1, paths: [] },
        ]),
      )
    })
  })

  describe('find-numbers-to-dial', () => {
    for (const { what, seed } of [
      { what: 'leaves out every number that a record rules out', seed: manyReasons },
      { what: 'leaves out every number at which another borrower must not be called', seed: sharedNumbers },
    ])
      check(what, seed, async ({ world, start, expect }) => {
        const { status, stdout } = await start('find-numbers-to-dial')
        const phones = await world.listPhones()
        const clear = phones.filter(({ memo }) => memo === 'clear').map(({ id }) => `${id} no objection`)
        const lines = stdout.trim().split('\n')
        expect({ status, count: lines.length }).toEqual({ status: 0, count: phones.length })
        expect(lines.filter((line) => line.endsWith('no objection'))).toEqual(clear)
      })

    for (const order of oddOrders)
      check(order.what, undefined, async ({ start, expect }) => {
        await using server = await startServer(({ url }, response) => response.end(toList(order, url)))
        const { status, stdout, stderr } = await start('find-numbers-to-dial', urlOf(server))
        expect(stderr).not.toMatch(stackTrace)
        if (!order.clear || (order.mayFail && status === 1)) {
          expect({ status, stdout, stderr }).toEqual({
            status: 1,
            stdout: '',
            stderr: expect.stringMatching(/./),
          })
          return
        }
        const lines = stdout.split('\n').filter((line) => line.endsWith('no objection'))
        expect({ status, lines }).toEqual({ status: 0, lines: order.clear.map((id) => `${id} no objection`) })
      })

    for (const { what, seed } of maskedNumbers)
      check(what, seed, async ({ start, expect }) => {
        const { status, stdout } = await start('find-numbers-to-dial')
        expect({ status, count: stdout.trim().split('\n').length }).toEqual({ status: 0, count: 2 })
        expect(stdout).not.toContain('no objection')
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

    check('stores nothing if the number has dashes', undefined, async ({ world, start, expect }) => {
      for (const _ of ['first run', 'second run'])
        expect(await start(dashed)).toEqual({
          status: 1,
          stdout: '',
          stderr: expect.stringContaining('ten digits'),
        })
      expect(await world.listRequests()).toEqual([])
    })

    for (const { what, deleted_at, outcome } of mayBeDeleted)
      check(what, undefined, async ({ start, expect }) => {
        await using server = await startServer((_, response) =>
          response.end(JSON.stringify({ data: [{ ...record, deleted_at }] })),
        )
        expect(await start('create-without-duplicates', urlOf(server))).toEqual(outcome)
        expect(server.arrived).toEqual(['GET'])
      })

    for (const status of [503, 307])
      check(`sends the create once before a ${status}, whatever is in .curlrc`, undefined, async (parts) => {
        const { start, expect } = parts
        await using elsewhere = await startServer((_, response) => response.end('{"data": {}}'))
        await using server = await startServer(({ method }, response) => {
          if (method !== 'GET') response.writeHead(status, { location: elsewhere.url })
          response.end('{"data": []}')
        })
        const variables = { ...urlOf(server), ...(await writeCurlrc(parts)) }
        const outcome = await start('create-without-duplicates', variables)
        expect(outcome).toMatchObject({ status: 1, stdout: '' })
        expect([server.arrived, elsewhere.arrived]).toEqual([['GET', 'POST'], []])
      })

    check('prints the status of a 422 that names no fields', undefined, async ({ start, expect }) => {
      await using server = await startServer(({ method }, response) => {
        if (method !== 'GET') response.statusCode = 422
        response.end(JSON.stringify(method === 'GET' ? { data: [] } : { message: record.memo }))
      })
      const { status, stdout, stderr } = await start('create-without-duplicates', urlOf(server))
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      expect(stderr).toMatch(/\b422\b/)
      expect(stderr).not.toMatch(secrets)
    })

    check('stores nothing if a record can have the number', seedOf(['XXX-XXX-0143']), async (parts) => {
      const { world, start, expect } = parts
      const { status, stderr } = await start('create-without-duplicates')
      const [phone] = await world.listPhones()
      expect(status).toBe(1)
      expect(stderr.trim()).toMatch(new RegExp(`^Check by hand.*: ${phone?.id}$`))
      expect(await world.listRequests()).toEqual(['listBorrowerPhones 200'])
    })

    for (const { what, phones } of storedOtherwise)
      check(what, seedOf(phones), async ({ world, start, expect }) => {
        const outcome = await start('create-without-duplicates')
        const other = (await world.listPhones()).find(({ valid, no_contact }) => !valid || no_contact)
        const stderr = expect.stringMatching(new RegExp(`^Don't dial.*: ${other?.id}$`, 'm'))
        expect(outcome).toEqual({ status: 1, stdout: '', stderr })
        expect(await world.listRequests()).toEqual(['listBorrowerPhones 200'])
      })

    check(
      'fails if the API stores other flags, and prints no record',
      undefined,
      async ({ start, expect }) => {
        await using server = await startServer(({ method }, response) => {
          response.end(JSON.stringify({ data: method === 'GET' ? [] : { ...record, no_contact: 1 } }))
        })
        const { status, stdout, stderr } = await start('create-without-duplicates', urlOf(server))
        expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
        expect(stderr).toMatch(/don't dial/i)
        expect(stderr).not.toMatch(secrets)
      },
    )

    check('names the fields that the API rejects', undefined, async ({ world, start, expect }) => {
      await world.fail({ operation: create, status: 422 })
      const { status, stdout, stderr } = await start('create-without-duplicates')
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      expect(stderr).toMatch(/number/)
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
      expect(stderr).toMatch(/\b401\b/)
      expect(await world.listRequests()).toEqual(['createAccessToken 401'])
    })

    for (const data of ['SECRET', null])
      check(`fails if a list contains ${data} in place of records`, undefined, async ({ start, expect }) => {
        await using server = await startServer(({ url }, response) =>
          response.end(JSON.stringify(url?.endsWith('/auth') ? login : { data: [data] })),
        )
        const { status, stdout } = await start('keep-a-token-fresh', urlOf(server))
        expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      })

    for (const body of withoutToken)
      check(`ends after a login with ${JSON.stringify(body)}`, undefined, async ({ start, expect }) => {
        await using server = await startServer(({ url }, response) => {
          if (!url?.endsWith('/auth')) response.statusCode = 401
          response.end(JSON.stringify(body))
        })
        const { status, stdout, stderr } = await start('keep-a-token-fresh', urlOf(server))
        expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
        expect(stderr).toMatch(/token/)
        expect(stderr).not.toMatch(stackTrace)
        expect(server.arrived).toEqual(['POST'])
      })

    for (const id of ['"124927241"', '9007199254740993'])
      check(`asks for no other borrower than the one with the id ${id}`, undefined, async (parts) => {
        const { start, expect } = parts
        const paths: (string | undefined)[] = []
        await using server = await startServer(({ url }, response) => {
          if (url?.endsWith('/auth')) return response.end(JSON.stringify(login))
          if (url?.endsWith('/borrowers')) return response.end(`{"data": [{"id": ${id}}]}`)
          paths.push(url?.split('/').at(-2))
          response.end('{"data": []}')
        })
        const { status } = await start('keep-a-token-fresh', urlOf(server))
        const asked = [JSON.parse(id.includes('"') ? id : `"${id}"`)]
        // Programs whose numbers aren't exact fail above 2^53.
        expect(paths).toEqual(status === 0 ? asked : [])
        if (id.includes('"')) expect(status).toBe(0)
      })

    check('logs in once before a 503, whatever is in .curlrc', undefined, async (parts) => {
      const { start, expect } = parts
      await using server = await startServer((_, response) => {
        response.statusCode = 503
        response.end()
      })
      const variables = { ...urlOf(server), ...(await writeCurlrc(parts)) }
      expect(await start('keep-a-token-fresh', variables)).toMatchObject({ status: 1, stdout: '' })
      expect(server.arrived).toEqual(['POST'])
    })

    check('prints no token of a login that fails', undefined, async ({ start, expect }) => {
      await using server = await startServer((_, response) => {
        response.statusCode = 403
        response.end(JSON.stringify(login))
      })
      const { status, stdout, stderr } = await start('keep-a-token-fresh', urlOf(server))
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      expect(stderr).toMatch(/\b403\b/)
      expect(stderr).not.toMatch(secrets)
    })
  })

  describe('handle-a-lost-response', () => {
    for (const { what, seed, fault, program = 'handle-a-lost-response', status, says } of lostResponses)
      check(what, seed, async ({ world, start, expect }) => {
        if (fault) await world.fail({ operation: create, ...fault })
        const before = await world.listPhones()
        const outcome = await start(program)
        const stored = status === 0 ? 1 : 0
        expect(stored ? outcome.stdout : outcome.stderr).toMatch(says)
        expect(outcome.status).toBe(status)
        expect((await world.listPhones()).length - before.length).toBe(stored)
        expect((await world.listRequests()).filter((one) => one.startsWith(create)).length).toBeLessThan(2)
      })

    for (const { what, data } of withoutId)
      check(`doesn't say that ${what} means that nothing was stored`, undefined, async (parts) => {
        const { start, expect } = parts
        await using server = await startServer(({ method }, response) =>
          response.end(JSON.stringify({ data: method === 'GET' ? [] : data })),
        )
        const { status, stdout, stderr } = await start(impatient, urlOf(server))
        expect({ status, stdout }).toEqual({ status: expect.toBeOneOf([2, 3]), stdout: '' })
        expect(stderr).not.toMatch(secrets)
        expect(stderr).not.toMatch(stackTrace)
        expect(server.arrived.filter((method) => method === 'POST')).toHaveLength(1)
      })

    for (const { what, lists, status, says, creates = 1 } of lookUps)
      check(what, undefined, async ({ start, expect }) => {
        const left = [...lists]
        await using server = await startServer(({ method }, response) => {
          if (method !== 'GET') return response.destroy()
          const list = left.length > 1 ? left.shift() : left[0]
          response.statusCode = list === undefined ? 503 : 200
          response.end(JSON.stringify(list))
        })
        const outcome = await start(impatient, urlOf(server))
        expect(outcome).toMatchObject({ status, stdout: '' })
        expect(outcome.stderr).toMatch(says)
        expect(outcome.stderr).not.toMatch(secrets)
        expect(server.arrived.filter((method) => method === 'POST')).toHaveLength(creates)
      })

    for (const { what, lists, response: replaced } of carriedOut)
      check(`never permits a second create if ${what}`, undefined, async ({ start, expect }) => {
        await using server = await startServer(({ method }, response) => {
          if (method === 'GET') return response.end(lists[server.arrived.includes('POST') ? 1 : 0])
          if (!replaced) return response.destroy()
          response.statusCode = replaced[0]
          response.end(replaced[1])
        })
        const { status, stderr } = await start(impatient, urlOf(server))
        const creates = server.arrived.filter((method) => method === 'POST').length
        expect({ status, creates }).toEqual(
          expect.toBeOneOf([
            { status: 0, creates: 1 },
            { status: 1, creates: 0 },
            { status: 2, creates: 1 },
          ]),
        )
        expect(stderr).not.toMatch(secrets)
        expect(stderr).not.toMatch(stackTrace)
      })

    for (const stored of [0, 1])
      check(`compares no_contact: 1 with ${stored} in the response`, undefined, async ({ start, expect }) => {
        await using server = await startServer(({ method }, response) => {
          response.end(JSON.stringify({ data: method === 'GET' ? [] : { ...record, no_contact: stored } }))
        })
        const outcome = await start(withoutContact, urlOf(server))
        expect(outcome).toEqual(
          stored
            ? { status: 0, stdout: 'stored as 1\n', stderr: '' }
            : { status: 2, stdout: '', stderr: expect.stringMatching(/Don't dial.*: 1$/m) },
        )
      })

    check('asks for a person after a mistake in the program', undefined, async (parts) => {
      const { start, expect } = parts
      await using server = await startServer(({ method }, response) => {
        if (method === 'GET') return response.end(listOf([]))
        response.destroy()
      })
      const { status, stdout, stderr } = await start(broken, urlOf(server))
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
      expect(stderr).not.toMatch(secrets)
      expect(stderr).not.toMatch(stackTrace)
      if (id !== 'curl') expect(stderr).toMatch(/unknown.*The program failed/)
    })

    check('sends nothing if the number has dashes', undefined, async ({ world, start, expect }) => {
      const { status, stderr } = await start(withDashes)
      expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/ten digits/) })
      expect((await world.listRequests()).filter((one) => one.startsWith(create))).toEqual([])
    })
  })

  const requests = { 'mark-do-not-contact': 'PUT', [impatient]: 'POST' }
  for (const [program, method] of Object.entries(id === 'curl' ? requests : {}))
    check(`${program} sends one ${method} whatever is in .curlrc`, undefined, async (parts) => {
      const { start, expect } = parts
      await using server = await startServer((request, response) => {
        if (request.method === 'GET') return response.end(listOf(['1']))
        response.writeHead(503, { location: '/', 'retry-after': '0' }).end()
      })
      await start(program, { ...urlOf(server), ...(await writeCurlrc(parts)) })
      expect(server.arrived.filter((one) => one === method)).toEqual([method])
    })

  describe.each(names)('%s', (program) => {
    for (const { what, respond, says } of unusable)
      check(what, undefined, async ({ start, expect }) => {
        const reads: IncomingHttpHeaders[] = []
        await using server = await startServer((request, response) => {
          if (request.url?.endsWith('/auth')) return response.end(JSON.stringify(login))
          reads.push(request.headers)
          respond(response)
        })
        const { status, stdout, stderr } = await start(program, urlOf(server))
        expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
        expect(stderr).toMatch(says)
        expect(stderr).not.toMatch(secrets)
        expect(stderr).not.toMatch(stackTrace)
        for (const headers of reads) expect(Object.keys(headers)).not.toContain('content-type')
        expect(server.arrived).not.toContain('PUT')
      })

    check('prints a line if the server cannot be reached', undefined, async (parts) => {
      const { start, expect } = parts
      const url = await reserveClosedPort(parts)
      const { status, stdout, stderr } = await start(program, urlOf({ url }))
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      expect(stderr).toMatch(/connect|REFUSED/i)
      expect(stderr).not.toMatch(stackTrace)
    })
  })
})

/** Returns the text of a list in which each record has the number that is marked. The ids are JSON. */
function listOf(ids: string[]): string {
  return `{"data":[${ids.map((id) => `{"id":${id},"number":"678-932-1578","no_contact":1}`).join(',')}]}`
}

function urlOf({ url }: { url: string }) {
  return { RECOVERYCONNECT_URL: url }
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
