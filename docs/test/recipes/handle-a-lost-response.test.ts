import { startServer, writeCurlrc } from '../servers.ts'
import { describeRecipe, number, record, secrets, seedOf, stackTrace, urlOf } from './recipe.ts'

const create = 'createBorrowerPhone'

/** By default, the last look of the program is after half a minute. */
const impatient = 'without pauses'

/** A mistake in each program that shows after the create: a piece of code, and what replaces it. */
const mistakes: Record<string, [string, string]> = {
  curl: ['sleep "$pause"', 'false'],
  typescript: ['const attempt =', "throw new TypeError('SECRET')\n  const attempt ="],
  python: ['    try:\n        outcome', '    raise ValueError("SECRET")\n    try:\n        outcome'],
  java: [
    'TimeUnit.SECONDS',
    'if (before != null) throw new IllegalStateException("SECRET");\nTimeUnit.SECONDS',
  ],
  csharp: [
    'await Task.Delay',
    'if (before != null) throw new ArgumentException("SECRET");\nawait Task.Delay',
  ],
  php: ['sleep(', "throw new ValueError('SECRET');\nsleep("],
}

const lostResponses: {
  what: string
  seed?: object
  fault?: object
  variant?: string
  /** The exit code. */
  status: number
  says: RegExp
}[] = [
  { what: 'says where the record is if nothing is lost', status: 0, says: /^stored as \d+$/m },
  {
    what: 'finds the record if the response is lost',
    fault: { connection: 'drop-response' },
    status: 0,
    says: /^stored as \d+$/m,
  },
  {
    what: 'finds the record if half of the response is lost',
    fault: { connection: 'cut' },
    status: 0,
    says: /^stored as \d+$/m,
  },
  {
    what: "doesn't take an older record for the lost one",
    seed: seedOf([number]),
    fault: { connection: 'drop' },
    variant: impatient,
    status: 3,
    says: /^Not stored/m,
  },
  {
    what: "doesn't create the record again after a 500",
    fault: { status: 500 },
    variant: impatient,
    status: 3,
    says: /^Not stored/m,
  },
  {
    what: 'says that nothing was stored after a 422',
    fault: { status: 422 },
    status: 1,
    says: /Nothing was stored.*422/,
  },
]

/** What a create can return with a 200 besides a record. */
const odd = [
  { what: 'an empty record', body: { data: {} } },
  { what: 'a record without an id', body: { data: { ...record, id: undefined } } },
  { what: 'an error in its own status', body: { status: 'error', data: record } },
]

/** The lists that a server returns before and after a create whose response is lost. The last one repeats. */
const lookUps: { what: string; lists: unknown[]; status: number; says: RegExp; creates?: number }[] = [
  {
    what: "doesn't take a record with other flags for its own",
    lists: [{ data: [] }, { data: [{ ...record, no_contact: 1 }] }],
    status: 2,
    says: /A person has to decide.*\b1\b|Don't dial.*\b1\b/,
  },
  {
    what: "doesn't say that the record can be created again if the look-up fails, too",
    lists: [{ data: [] }, undefined],
    status: 2,
    says: /unknown.*List the phones/s,
  },
  {
    what: "doesn't take one page for the whole list in the look-up",
    lists: [{ data: [] }, { data: [], links: { next: 'https://example.com/?page=2' } }],
    status: 2,
    says: /unknown.*one page of several/s,
  },
  {
    what: "doesn't take a string for a list in the look-up",
    lists: [{ data: [] }, { data: 'SECRET' }],
    status: 2,
    says: /unknown.*List the phones/s,
  },
  {
    what: "doesn't take an object for an empty list in the look-up",
    lists: [{ data: [] }, { data: {} }],
    status: 2,
    says: /unknown.*List the phones/s,
  },
  {
    what: "doesn't take what isn't a record for nothing in the look-up",
    lists: [{ data: [] }, { data: ['SECRET', null, {}] }],
    status: 2,
    says: /unknown.*List the phones|A person has to decide/s,
  },
  {
    what: 'sends nothing if the first list fails',
    lists: [undefined],
    status: 1,
    says: /Nothing was sent/,
    creates: 0,
  },
]

const older = { ...record, number: '202-555-0100' }

/** The JSON of the lists before and after a create that the API carries out, and what the program gets instead. */
const carriedOut: { what: string; lists: [string, string]; replaced?: number }[] = [
  ...[401, 403, 422, 429].map((status) => ({
    what: `a gateway replaces the response with a ${status}`,
    lists: [listText(), listText(record)] as [string, string],
    replaced: status,
  })),
  {
    what: 'the number is an object',
    lists: [listText(), listText({ ...record, number: { SECRET: 1 } })],
  },
  {
    what: 'two ids are the same number in JavaScript',
    lists: [
      listText({ ...older, id: 2 ** 53 }),
      listText({ ...older, id: 2 ** 53 }, record).replace('"id":1,', '"id":9007199254740993,'),
    ],
  },
  {
    what: 'records have no id',
    lists: [listText({ ...older, id: null }), listText({ ...older, id: null }, { ...record, id: null })],
  },
]

await describeRecipe({
  name: 'handle-a-lost-response',
  variants: {
    [impatient]: (code) =>
      code
        .replace(/0,? 2,? 8,? 20\b/, (pauses) => pauses.replaceAll(/\d+/g, '0'))
        .replace('error, before }', 'error, before, pausesMs: [0] }')
        .replace('before=before', 'before=before, pauses=[0]'),
    'with a mistake': (code, language) => code.replace(...(mistakes[language] ?? ['', ''])),
    // The API accepts it, but every program sends ten digits.
    'with dashes': (code) => code.replace('2025550143', number),
    'with no_contact: 1': (code) => code.replace(/(no_contact['"]?(?: =>|:)) 0/, '$1 1'),
  },
  define: (check, language) => {
    for (const { what, seed, fault, variant, status, says } of lostResponses)
      check(
        what,
        async ({ world, start, expect }) => {
          if (fault) await world.fail({ operation: create, ...fault })
          const before = await world.listPhones()
          const outcome = await start({}, variant)
          const stored = status === 0 ? 1 : 0
          expect(stored ? outcome.stdout : outcome.stderr).toMatch(says)
          expect(outcome.status).toBe(status)
          expect((await world.listPhones()).length - before.length).toBe(stored)
          expect((await world.listRequests()).filter((one) => one.startsWith(create)).length).toBeLessThan(2)
        },
        seed,
      )

    for (const { what, body } of odd)
      check(`doesn't say that ${what} means that nothing was stored`, async ({ start, expect }) => {
        await using server = await startServer(({ method }, response) =>
          response.end(JSON.stringify(method === 'GET' ? { data: [] } : body)),
        )
        const { status, stdout, stderr } = await start(urlOf(server), impatient)
        expect({ status, stdout }).toEqual({ status: expect.toBeOneOf([2, 3]), stdout: '' })
        expect(stderr).not.toMatch(secrets)
        expect(stderr).not.toMatch(stackTrace)
        expect(server.arrived.filter((method) => method === 'POST')).toHaveLength(1)
      })

    for (const { what, lists, status, says, creates = 1 } of lookUps)
      check(what, async ({ start, expect }) => {
        const left = [...lists]
        await using server = await startServer(({ method }, response) => {
          if (method !== 'GET') return response.destroy()
          const list = left.length > 1 ? left.shift() : left[0]
          response.statusCode = list === undefined ? 503 : 200
          response.end(JSON.stringify(list))
        })
        const outcome = await start(urlOf(server), impatient)
        expect(outcome).toMatchObject({ status, stdout: '' })
        expect(outcome.stderr).toMatch(says)
        expect(outcome.stderr).not.toMatch(secrets)
        expect(server.arrived.filter((method) => method === 'POST')).toHaveLength(creates)
      })

    for (const { what, lists, replaced } of carriedOut)
      check(`never permits a second create if ${what}`, async ({ start, expect }) => {
        await using server = await startServer(({ method }, response) => {
          if (method === 'GET') return response.end(lists[server.arrived.includes('POST') ? 1 : 0])
          if (!replaced) return response.destroy()
          response.statusCode = replaced
          response.end('<html><h1>Request blocked</h1></html>')
        })
        const { status, stderr } = await start(urlOf(server), impatient)
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

    for (const { what, before, found } of [
      { what: 'a number with a country code in parentheses', before: [], found: '(1) 202-555-0143' },
      {
        what: 'one record among 1,500',
        before: Array.from({ length: 1500 }, (_, id) => ({ ...older, id: id + 2 })),
        found: number,
      },
    ])
      check(`finds ${what}`, async ({ start, expect }) => {
        await using server = await startServer(({ method }, response) => {
          if (method !== 'GET') return response.destroy()
          const stored = server.arrived.includes('POST') ? [{ ...record, number: found }] : []
          response.end(listText(...before, ...stored))
        })
        const outcome = await start(urlOf(server), impatient)
        expect(outcome).toEqual({ status: 0, stdout: 'stored as 1\n', stderr: '' })
      })

    for (const stored of [0, 1])
      check(`compares no_contact: 1 with ${stored} in the response`, async ({ start, expect }) => {
        await using server = await startServer(({ method }, response) => {
          response.end(JSON.stringify({ data: method === 'GET' ? [] : { ...record, no_contact: stored } }))
        })
        const outcome = await start(urlOf(server), 'with no_contact: 1')
        expect(outcome).toEqual(
          stored
            ? { status: 0, stdout: 'stored as 1\n', stderr: '' }
            : { status: 2, stdout: '', stderr: expect.stringMatching(/Don't dial.*: 1$/m) },
        )
      })

    check('asks for a person after a mistake in the program', async ({ start, expect }) => {
      await using server = await startServer(({ method }, response) => {
        if (method === 'GET') return response.end(listText())
        response.destroy()
      })
      const { status, stdout, stderr } = await start(urlOf(server), 'with a mistake')
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
      expect(stderr).not.toMatch(secrets)
      expect(stderr).not.toMatch(stackTrace)
      if (language !== 'curl') expect(stderr).toMatch(/unknown.*The program failed/)
    })

    check('sends nothing if the number has dashes', async ({ world, start, expect }) => {
      const { status, stderr } = await start({}, 'with dashes')
      expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/ten digits/) })
      expect(await world.listRequests()).toEqual([])
    })

    if (language === 'curl')
      check('sends one create, whatever is in .curlrc', async (parts) => {
        const { start, expect } = parts
        await using server = await startServer(({ method }, response) => {
          if (method === 'GET') return response.end(listText(older))
          response.writeHead(503, { location: '/', 'retry-after': '0' }).end()
        })
        await start({ ...urlOf(server), ...(await writeCurlrc(parts)) }, impatient)
        expect(server.arrived.filter((method) => method === 'POST')).toHaveLength(1)
      })
  },
})

function listText(...data: object[]): string {
  return JSON.stringify({ data })
}
