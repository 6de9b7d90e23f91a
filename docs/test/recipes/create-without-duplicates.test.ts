import { expect as given } from 'vitest'
import { startServer, writeCurlrc } from '../servers.ts'
import { describeRecipe, number, record, secrets, seedOf, stackTrace, urlOf } from './recipe.ts'

/** Phones that have the number of the create, but not its flags. */
const storedOtherwise = [
  { what: 'fails if the number is stored with other flags', phones: [{ number, valid: 0 as const }] },
  {
    what: 'fails if one of two records with the number has other flags',
    phones: [{ number, no_contact: 1 as const }, number],
  },
]

/** Records that have the number of the create and its flags. */
const mayBeDeleted = [
  {
    what: "takes a record that isn't deleted for stored",
    deleted_at: null,
    outcome: { status: 0, stdout: 'stored already as 1\n', stderr: '' },
  },
  {
    what: "doesn't take a deleted record for stored, and stores nothing",
    deleted_at: '2026-03-08 10:00:00',
    outcome: { status: 1, stdout: '', stderr: given.stringMatching(/^Check by hand.*: 1$/m) },
  },
]

/** Lists in which a program can't find an id for the record that is stored. */
const withoutId = [
  { what: 'the record that is stored has no id', list: { data: [{ ...record, id: undefined }] } },
  { what: 'the id of the record that is stored is null', list: { data: [{ ...record, id: null }] } },
]

/** What a create can return with a 200 besides the record. */
const odd = [
  { what: 'an error in its own status', body: { status: 'error', data: record } },
  { what: 'a record without an id', body: { data: { ...record, id: undefined } } },
  { what: 'a record whose id is null', body: { data: { ...record, id: null } } },
  { what: 'a list', body: { data: [] } },
]

const create = 'createBorrowerPhone'

await describeRecipe({
  name: 'create-without-duplicates',
  variants: { 'with dashes': (code) => code.replace('2025550143', number) },
  define: (check) => {
    check('stores one record in two runs', async ({ world, start, expect }) => {
      const one = await start()
      const two = await start()
      const created = (await world.listPhones()).filter((phone) => phone.number === number)
      expect(created).toEqual([expect.objectContaining({ valid: 1, no_contact: 0 })])
      expect(one).toMatchObject({ status: 0, stdout: `stored as ${created[0]?.id}\n` })
      expect(two).toMatchObject({ status: 0, stdout: `stored already as ${created[0]?.id}\n` })
    })

    // It's as the lists have it.
    check('stores nothing if the number has dashes', async ({ world, start, expect }) => {
      for (const _ of ['first run', 'second run'])
        expect(await start({}, 'with dashes')).toEqual({
          status: 1,
          stdout: '',
          stderr: expect.stringContaining('ten digits'),
        })
      expect(await world.listRequests()).toEqual([])
    })

    for (const { what, deleted_at, outcome } of mayBeDeleted)
      check(what, async ({ start, expect }) => {
        await using server = await startServer((_, response) =>
          response.end(JSON.stringify({ data: [{ ...record, deleted_at }] })),
        )
        expect(await start(urlOf(server))).toEqual(outcome)
        expect(server.arrived).toEqual(['GET'])
      })

    for (const { what, list } of withoutId)
      check(`stores nothing if ${what}`, async ({ start, expect }) => {
        await using server = await startServer(({ method }, response) =>
          response.end(JSON.stringify(method === 'GET' ? list : { data: record })),
        )
        const { status, stdout, stderr } = await start(urlOf(server))
        expect({ status, stdout, arrived: server.arrived }).toEqual({
          status: 1,
          stdout: '',
          arrived: ['GET'],
        })
        expect(stderr).toMatch(/\bid\b/)
        expect(stderr).not.toMatch(secrets)
        expect(stderr).not.toMatch(stackTrace)
      })

    for (const { what, body } of odd)
      check(`fails if the response to the create has ${what}`, async ({ start, expect }) => {
        await using server = await startServer(({ method }, response) =>
          response.end(JSON.stringify(method === 'GET' ? { data: [] } : body)),
        )
        const { status, stdout, stderr } = await start(urlOf(server))
        expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
        expect(stderr).toMatch(/./)
        expect(stderr).not.toMatch(secrets)
        expect(stderr).not.toMatch(stackTrace)
        expect(server.arrived).toEqual(['GET', 'POST'])
      })

    for (const status of [503, 307])
      check(`sends the create once before a ${status}, whatever is in .curlrc`, async (parts) => {
        const { start, expect } = parts
        await using elsewhere = await startServer((_, response) => response.end('{"data": {}}'))
        await using server = await startServer(({ method }, response) => {
          if (method !== 'GET') response.writeHead(status, { location: elsewhere.url })
          response.end('{"data": []}')
        })
        const outcome = await start({ ...urlOf(server), ...(await writeCurlrc(parts)) })
        expect(outcome).toMatchObject({ status: 1, stdout: '' })
        expect([server.arrived, elsewhere.arrived]).toEqual([['GET', 'POST'], []])
      })

    check('prints the status of a 422 that names no fields', async ({ start, expect }) => {
      await using server = await startServer(({ method }, response) => {
        if (method !== 'GET') response.statusCode = 422
        response.end(JSON.stringify(method === 'GET' ? { data: [] } : { message: record.memo }))
      })
      const { status, stdout, stderr } = await start(urlOf(server))
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      expect(stderr).toMatch(/\b422\b/)
      expect(stderr).not.toMatch(secrets)
    })

    check(
      'stores nothing if a record can have the number',
      async ({ world, start, expect }) => {
        const { status, stderr } = await start()
        const [phone] = await world.listPhones()
        expect(status).toBe(1)
        expect(stderr.trim()).toMatch(new RegExp(`^Check by hand.*: ${phone?.id}$`))
        expect(await world.listRequests()).toEqual(['listBorrowerPhones 200'])
      },
      seedOf(['XXX-XXX-0143']),
    )

    for (const { what, phones } of storedOtherwise)
      check(
        what,
        async ({ world, start, expect }) => {
          const outcome = await start()
          const other = (await world.listPhones()).find(({ valid, no_contact }) => !valid || no_contact)
          const stderr = expect.stringMatching(new RegExp(`^Don't dial.*: ${other?.id}$`, 'm'))
          expect(outcome).toEqual({ status: 1, stdout: '', stderr })
          expect(await world.listRequests()).toEqual(['listBorrowerPhones 200'])
        },
        seedOf(phones),
      )

    check('fails if the API stores other flags, and prints no record', async ({ start, expect }) => {
      await using server = await startServer(({ method }, response) => {
        response.end(JSON.stringify({ data: method === 'GET' ? [] : { ...record, no_contact: 1 } }))
      })
      const { status, stdout, stderr } = await start(urlOf(server))
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      expect(stderr).toMatch(/don't dial/i)
      expect(stderr).not.toMatch(secrets)
    })

    check('names the fields that the API rejects', async ({ world, start, expect }) => {
      await world.fail({ operation: create, status: 422 })
      const { status, stdout, stderr } = await start()
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      expect(stderr).toMatch(/number/)
    })

    check('fails if the response is lost, and finds the record later', async ({ world, start, expect }) => {
      await world.fail({ operation: create, connection: 'drop-response' })
      const { status, stdout } = await start()
      expect({ failed: status !== 0, stdout }).toEqual({ failed: true, stdout: '' })
      expect((await start()).stdout).toMatch(/^stored already as \d+\n$/)
    })
  },
})
