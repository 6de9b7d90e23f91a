/** The judge with adapters that fail in every way. The tests of the client have a client with defects. */
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { createCase } from '../src/cases.ts'
import { judge, type Verdict } from '../src/judge.ts'
import { quoteSafely } from '../src/personal-data.ts'
import { startFaults } from '../src/server.ts'
import { type Evidence, findProblems } from '../src/verdict.ts'

const tiny = fileURLToPath(new URL('tiny-adapter.ts', import.meta.url))
const commandOf = (trouble: string) => [process.execPath, tiny, trouble]

describe.concurrent('an adapter', () => {
  test.for([
    ['hang', "The call didn't end within its deadline."],
    ['exit', 'The adapter ended (exit code 3) before it replied.'],
    ['kill', 'The adapter ended (SIGKILL) before it replied.'],
    ['print', /isn't JSON: connecting to the API$/],
    ['mix', /another case: the id is "another case", not "400\/update"/],
    ['forget', /outcome in the reply is undefined/],
    ['misspell', /outcome in the reply is "Timeout"/],
    ['mistype', /attempts in the reply must be a number, not "one"/],
    ['repeat', /second line to stdout for one case: {"id":"400\/update"/],
    ['flood', /a line of more than 1 MiB/],
    ['guess', /before any request arrived/],
    ['fork', "The call didn't end within its deadline."],
    ['throw', /^The adapter ended \(exit code 1\) before it replied\. It printed: .*no such client/],
    ['blurt', /^The adapter ended \(exit code 1\) before it replied\. It printed: \(hidden, /],
    ['log', 'The token appears in the output.'],
  ] as const)(
    'that would %s fails that case, and the judge goes on',
    async ([trouble, problem], { expect }) => {
      const { verdicts, interrupted } = await judge({
        command: commandOf(trouble),
        // A call that hangs ends with its deadline, which is short in this fault.
        only: [['hang', 'fork'].includes(trouble) ? 'headers-never-arrive' : '400'],
      })
      expect(verdicts.map(({ call, problems }) => [call, ...problems])).toEqual([
        ['read'],
        ['update', typeof problem === 'string' ? problem : expect.stringMatching(problem)],
        ['delete'],
        ['create'],
      ])
      expect(interrupted).toBe(false)
    },
  )

  test('that closes its stdin fails the next case', async ({ expect }) => {
    const { verdicts } = await judge({ command: commandOf('deafen'), only: ['400'] })
    expect(verdicts.flatMap(({ call, problems }) => [call, ...problems])).toEqual([
      ...['read', 'update', 'delete', 'The adapter closed its stdin.', 'create'],
    ])
  })

  test('that rounds an id is found out, where the response has one', async ({ expect }) => {
    const { verdicts } = await judge({
      command: commandOf('round'),
      only: ['integer-beyond-2-53', 'field-added'],
    })
    expect(
      verdicts.flatMap(({ fault, call, problems }) => problems.map((one) => [fault, call, one])),
    ).toEqual(
      ['read', 'update', 'create'].map((call) => [
        'integer-beyond-2-53',
        call,
        expect.stringMatching(/9007199254740992 rather than 9007199254740993/),
      ]),
    )
  })

  test('that writes null for a field it leaves out passes', async ({ expect }) => {
    const { verdicts } = await judge({ command: commandOf('fill'), only: ['400'] })
    expect(verdicts.flatMap(({ problems }) => problems)).toEqual([])
  })

  test('that fills stderr goes on', async ({ expect }) => {
    const { verdicts } = await judge({ command: commandOf('grumble'), only: ['400'] })
    expect(verdicts.map(({ outcome }) => outcome)).toEqual(Array(4).fill('passed'))
  })

  test.for([
    ["that can't be started", ['no-such-program'], /can't be started.*ENOENT/],
    ['that ends at once', [process.execPath, '-e', 'process.exit(1)'], /ended \(exit code 1\)/],
    ['that prints only text', [process.execPath, '-e', 'console.log("ready")'], /isn't JSON/],
  ] as const)('%s ends the run', async ([, command, message], { expect }) => {
    await expect(judge({ command })).rejects.toThrow(message)
  })
})

test('runs at the same time have verdicts of their own', async () => {
  const run = (trouble: string) =>
    judge({ command: commandOf(trouble), only: ['401', '401-new-token-helps'] })
  const [one, other] = await Promise.all([run('none'), run('log')])
  expect(one.verdicts.filter(({ problems }) => problems.length)).toEqual([])
  expect(other.verdicts.filter(({ problems }) => problems.length)).toMatchObject([
    { fault: '401', call: 'update' },
  ])
})

test('an unknown fault is named, with those that exist', async () => {
  await expect(judge({ command: commandOf('none'), only: ['500', 'reset'] })).rejects.toThrow(
    /"reset".*not-http/,
  )
})

test('a run that is stopped has the verdicts so far', async () => {
  const stop = new AbortController()
  const verdicts: Verdict[] = []
  const judgement = await judge({
    command: commandOf('none'),
    signal: stop.signal,
    onVerdict: (verdict) => {
      if (verdicts.push(verdict) === 3) stop.abort()
    },
  })
  expect(judgement).toEqual({ interrupted: true, verdicts })
  expect(verdicts).toHaveLength(3)
})

describe('the judge says what a user suffers', async () => {
  const server = await startFaults({ port: 0 })
  await server.close()
  const find = (name: string) => server.faults.find((fault) => fault.name === name) as Evidence['entry']

  /** A client that does what it must, except for what is given. */
  function problemsOf(
    id: string,
    seen: Partial<Evidence['reply']>,
    arrived: Partial<Evidence['arrivals']> = {},
  ) {
    const [name = '', call = ''] = id.split('/') as [string, Evidence['call']]
    const entry = find(name)
    const sent = createCase(entry, call as Evidence['call'], 'token-of-a-test')
    const { outcome, arrivals: most } = entry.expect[call as Evidence['call']]
    const requests = { [sent.operation]: most }
    const responded = { [sent.operation]: Number(outcome === 'ok') }
    return findProblems({
      entry,
      call: call as Evidence['call'],
      sent,
      reply: { id, outcome, ...seen },
      printed: '',
      arrivals: { requests, responded, early: 0, elsewhere: [], connections: [], ...arrived },
    })
  }

  const elsewhere = { origin: 'http://localhost:1', method: 'GET', token: false, number: false, body: false }

  test.for<[string, Parameters<typeof problemsOf>, RegExp[]]>([
    ['nothing', ['500/create', {}], []],
    ['nothing, as the adapter knows no kinds', ['500/create', { outcome: 'error' }], []],
    ['nothing, as it retries less', ['429-seconds/read', { outcome: 'rate_limited' }], []],
    ['a duplicate', ['500/create', {}, { requests: { createBorrowerPhone: 2 } }], [/duplicate record/]],
    [
      'a retry of a rejection',
      ['400/create', {}, { requests: { createBorrowerPhone: 2 } }],
      [/2 times, rather than 1/],
    ],
    ['a retried read', ['500/read', {}, { requests: { listBorrowerPhones: 9 } }], [/read arrived 9 times/]],
    [
      'trust',
      ['untrusted-certificate/read', {}, { requests: { listBorrowerPhones: 1 } }],
      [/certificate isn't trusted/],
    ],
    ['haste', ['429-seconds/read', {}, { early: 1 }], [/before the time in Retry-After/]],
    [
      'a redirect',
      ['redirect-307-host/read', {}, { elsewhere: [elsewhere] }],
      [/followed a redirect to another host/],
    ],
    [
      'a number elsewhere',
      [
        'redirect-307-host/create',
        {},
        { elsewhere: [{ ...elsewhere, token: true, number: true, body: true }] },
      ],
      [/^The token was sent to another host/, /^The number was sent to another host/],
    ],
    [
      'a body elsewhere',
      [
        'redirect-307-port/create',
        {},
        { elsewhere: [{ ...elsewhere, origin: 'http://127.0.0.1:1', body: true }] },
      ],
      [/^The body was sent to another port/],
    ],
    [
      'a false success',
      ['200-html/read', { outcome: 'ok' }],
      [/^The client reported success although the response is/],
    ],
    [
      'a stolen response',
      ['field-added/read', {}, { responded: {} }],
      [/took the response to another request/],
    ],
    [
      'a false failure',
      ['field-added/create', { outcome: 'error' }],
      [/failed although the API carried out/],
    ],
    ['another kind', ['500/read', { outcome: 'timeout' }], [/reported timeout rather than server/]],
    ['wrong attempts', ['500/read', { attempts: 1 }], [/reports 1 attempt, but 3 requests arrived/]],
    [
      'false certainty',
      ['500/create', { may_have_been_carried_out: false }],
      [/the create wasn't carried out, but it may/],
    ],
    ['nothing, as no request arrives', ['http-at-https/create', { may_have_been_carried_out: false }], []],
    ['silence', ['500/create', {}, { requests: {} }], [/before any request arrived/]],
    ['nothing, as it was too late to send one', ['headers-drip/read', {}, { requests: {} }], []],
    [
      'a right id',
      [
        'integer-beyond-2-53/read',
        { outcome: 'ok', record_id: '9007199254740993' },
        { responded: { listBorrowerPhones: 1 } },
      ],
      [],
    ],
    ['nothing, as caution does no harm', ['400/create', { may_have_been_carried_out: true }], []],
    ['a leak', ['400/create', { output: 'sent 678-555-0142' }], [/^The number appears in the output/]],
    [
      'a leak of several',
      ['400/create', { output: 'token-of-a-test 6785550142 Averil' }],
      [/token, number, and firstname appear/],
    ],
  ])('%s', ([, seen, expected]) => {
    expect(problemsOf(...seen)).toEqual(expected.map((problem) => expect.stringMatching(problem)))
  })
})

test.each([
  ['a\u001b[31mb\u0000\ud800', 'a [31mb'],
  ['x'.repeat(999), 'x'.repeat(200)],
  ['the token-of-another-case', '(hidden, because it shows a secret)'],
  ['call (678) 555.0142', '(hidden, because it shows a secret)'],
  [`${'x'.repeat(195)}678-555-0142`, '(hidden, because it shows a secret)'],
  ['no token was given', 'no token was given'],
])('%j is quoted without control characters and secrets', (text, quoted) => {
  expect(quoteSafely(text)).toBe(quoted)
})

test('the README prints the adapters, of at most 30 lines', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const folder = new URL('../adapters/', import.meta.url)
  for (const name of await readdir(folder)) {
    const code = await readFile(new URL(name, folder), 'utf8')
    expect(code.trimEnd().split('\n').length).toBeLessThanOrEqual(30)
    expect(readme).toContain(`\n${code}\`\`\`\n`)
  }
})
