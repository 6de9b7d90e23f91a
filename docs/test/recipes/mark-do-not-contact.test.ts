import { startServer, writeCurlrc } from '../servers.ts'
import { describeRecipe, listOf, record, secrets, seedOf, stackTrace, urlOf } from './recipe.ts'

const marked = { ...record, number: '678-932-1578', no_contact: 1 }

/** Lists with the number, and the responses to an update. */
const updates: {
  what: string
  ids: string[]
  /** The JSON of the list. Default: records with these ids. */
  list?: string
  respond: (id: string) => { status?: number; body: object | string }
  status: number
  marks: string[]
  /** The records to which an update may be sent. */
  sent: string[]
}[] = [
  {
    what: 'marks the other records if an update fails',
    ids: ['1', '2', '3'],
    respond: (id) =>
      id === '2'
        ? { status: 422, body: { message: 'SECRET', errors: { type: ['SECRET'] } } }
        : { body: { data: { ...marked, id: Number(id) } } },
    status: 1,
    marks: ['1', '3'],
    sent: ['1', '2', '3'],
  },
  {
    what: 'fails if the response is about another record',
    ids: ['1'],
    respond: () => ({ body: { data: { ...marked, id: 77 } } }),
    status: 1,
    marks: [],
    sent: ['1'],
  },
  {
    what: 'fails if the response has another flag',
    ids: ['1', '2'],
    respond: (id) => ({ body: { data: { ...marked, id: Number(id), no_contact: id === '1' ? 0 : 1 } } }),
    status: 1,
    marks: ['2'],
    sent: ['1', '2'],
  },
  {
    what: "fails if the response's own status is an error",
    ids: ['1'],
    respond: () => ({ body: { data: marked, status: 'error' } }),
    status: 1,
    marks: [],
    sent: ['1'],
  },
  {
    what: 'marks records whose ids are strings',
    ids: ['"1"', '"2"'],
    respond: (id) => ({ body: { data: { ...marked, id }, status: 'success' } }),
    status: 0,
    marks: ['1', '2'],
    sent: ['1', '2'],
  },
  {
    what: 'marks the other records if a record has no id',
    ids: ['null', '2'],
    respond: (id) => ({ body: { data: { ...marked, id: id === '2' ? 2 : null } } }),
    status: 1,
    marks: ['2'],
    sent: ['2'],
  },
  {
    what: 'marks the other records if the id of a record is empty',
    ids: ['""', '2'],
    respond: (id) => ({ body: { data: { ...marked, id } } }),
    status: 1,
    marks: ['2'],
    sent: ['2'],
  },
  {
    what: 'marks the other records if a record lacks the id',
    ids: [],
    list: listOf(['1', '2']).replace('"id":1,', ''),
    respond: () => ({ body: { data: { ...marked, id: 2 } } }),
    status: 1,
    marks: ['2'],
    sent: ['2'],
  },
  {
    what: 'leaves out a record without a number',
    ids: [],
    list: listOf(['1', '2']).replace(/"number":"[^"]+",/, ''),
    respond: () => ({ body: { data: { ...marked, id: 2 } } }),
    status: 0,
    marks: ['2'],
    sent: ['2'],
  },
  {
    what: 'accepts a response whose own status is null',
    ids: ['1'],
    respond: () => ({ body: { data: { ...marked, id: 1 }, status: null } }),
    status: 0,
    marks: ['1'],
    sent: ['1'],
  },
]

const numbers = seedOf(['678-932-1578', '(202) 555-0101', '+1 678.932.1578 x22'])

/** The program with another way to write its number. */
const write = (spelling: string) => (code: string) => code.replace('678-932-1578', spelling)

await describeRecipe({
  name: 'mark-do-not-contact',
  variants: { 'another spelling': write('(678) 932.1578'), 'no number': write('') },
  define: (check, language) => {
    check(
      'marks every record with the number, and no other',
      async ({ world, start, expect }) => {
        const { status, stdout } = await start()
        const phones = await world.listPhones()
        expect(phones.map(({ no_contact }) => no_contact)).toEqual([1, 0, 1])
        const lines = [phones[0], phones[2]].map((phone) => `${phone?.id} is marked do-not-contact\n`)
        expect({ status, stdout }).toEqual({ status: 0, stdout: lines.join('') })
      },
      numbers,
    )

    check(
      'marks a number in another spelling',
      async ({ world, start, expect }) => {
        expect(await start({}, 'another spelling')).toMatchObject({ status: 0, stderr: '' })
        expect((await world.listPhones()).map(({ no_contact }) => no_contact)).toEqual([1, 0, 1])
      },
      numbers,
    )

    check(
      'marks nothing without ten digits',
      async ({ world, start, expect }) => {
        const { status, stderr } = await start({}, 'no number')
        expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('ten digits') })
        expect((await world.listPhones()).map(({ no_contact }) => no_contact)).toEqual([0, 0, 0])
      },
      numbers,
    )

    check(
      'fails if no record has the number',
      async ({ world, start, expect }) => {
        expect(await start()).toMatchObject({ status: 1, stdout: '' })
        expect(await world.listRequests()).toEqual(['listBorrowerPhones 200'])
      },
      seedOf(['202-555-0101']),
    )

    for (const { what, ids, list = listOf(ids), respond, status, marks, sent } of updates)
      check(what, async ({ start, expect }) => {
        const paths: string[] = []
        await using server = await startServer(({ method, url = '' }, response) => {
          if (method === 'GET') return response.end(list)
          const id = url.split('/').at(-1) ?? ''
          paths.push(id)
          const { status = 200, body } = respond(id)
          response.statusCode = status
          response.end(JSON.stringify(body))
        })
        const outcome = await start(urlOf(server))
        const lines = marks.map((id) => `${id} is marked do-not-contact\n`)
        expect(outcome).toMatchObject({ status, stdout: lines.join('') })
        expect(outcome.stderr).not.toMatch(secrets)
        expect(outcome.stderr).not.toMatch(stackTrace)
        for (const id of sent.filter((id) => !marks.includes(id)))
          expect(outcome.stderr).toMatch(new RegExp(`Don't dial\\. ${id} isn't marked\\.`))
        expect(paths).toEqual(sent)
      })

    check('marks no other record than the one with the number', async ({ start, expect }) => {
      const paths = new Set<string | undefined>()
      // A number of JavaScript, or of jq before version 1.7, can't be this one.
      const id = '9007199254740993'
      await using server = await startServer(({ method, url }, response) => {
        if (method !== 'GET') paths.add(url?.split('/').at(-1))
        response.end(method === 'GET' ? listOf([id]) : listOf([id]).replace(/[[\]]/g, ''))
      })
      const { status } = await start(urlOf(server))
      expect({ status, paths: [...paths] }).toEqual(
        expect.toBeOneOf([
          { status: 0, paths: [id] },
          { status: 1, paths: [] },
        ]),
      )
    })

    check("prints a line, or marks the others, if a list contains what isn't a record", async (parts) => {
      const { start, expect } = parts
      await using server = await startServer(({ method }, response) =>
        response.end(
          method === 'GET' ? listOf(['2']).replace('[', '[null,') : listOf(['2']).replace(/[[\]]/g, ''),
        ),
      )
      const { status, stderr } = await start(urlOf(server))
      expect(stderr).not.toMatch(stackTrace)
      expect({ status, updates: server.arrived.slice(1) }).toEqual(
        expect.toBeOneOf([
          { status: expect.toBeOneOf([0, 1]), updates: ['PUT'] },
          { status: 1, updates: [] },
        ]),
      )
    })

    if (language === 'curl')
      check('sends one update, whatever is in .curlrc', async (parts) => {
        const { start, expect } = parts
        await using server = await startServer(({ method }, response) => {
          if (method === 'GET') return response.end(listOf(['1']))
          response.writeHead(503, { location: '/', 'retry-after': '0' }).end()
        })
        await start({ ...urlOf(server), ...(await writeCurlrc(parts)) })
        expect(server.arrived).toEqual(['GET', 'PUT'])
      })
  },
})
