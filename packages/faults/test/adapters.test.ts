/** The adapters of the README, in each language that this machine can run. What their HTTP clients get wrong is shown. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, test } from 'vitest'
import { judge } from '../src/judge.ts'

const run = promisify(execFile)
const start = ([program = '', ...args]: string[]) => run(program, args)
const folder = await mkdtemp(join(tmpdir(), 'recoveryconnect-adapters-'))
afterAll(() => rm(folder, { recursive: true }))
const file = (name: string) => fileURLToPath(new URL(`../adapters/${name}`, import.meta.url))
const program = join(folder, 'Adapter.exe')

/** Faults that every version of these HTTP clients treats in the same way. */
const only = [
  'connection-refused',
  'untrusted-certificate',
  'reset-before-headers',
  'headers-never-arrive',
  'reused-connection-reset-after-request',
  'redirect-307-host',
  'no-contact-contradicted',
  'paged-links',
  '400',
  '401-new-token-rejected',
  '500',
]

const contradiction =
  'The client reported success although the API stored the opposite of the no_contact that was sent.'
const page =
  'The client reported success although the list is one page of several, as `links` and `meta` show.'
/** No client knows these without being told. */
const usual = {
  'no-contact-contradicted/update': [contradiction],
  'no-contact-contradicted/create': [contradiction],
  'paged-links/read': [page],
}

interface Language {
  name: string
  /** What it needs, and how to ask for it. */
  needs: string
  ask: string[]
  compile?: string[]
  command: string[]
  /** The problems by case. */
  finds: Record<string, string[]>
}

const languages: Language[] = [
  {
    name: 'Python',
    needs: 'Python',
    ask: ['python3', '--version'],
    command: ['python3', file('adapter.py')],
    finds: usual,
  },
  {
    name: 'PHP',
    needs: 'PHP with curl',
    ask: ['php', '-r', 'curl_init();'],
    command: ['php', file('adapter.php')],
    finds: {
      ...usual,
      'reused-connection-reset-after-request/create': [
        'The create arrived 2 times: the borrower has a duplicate record.',
      ],
    },
  },
  {
    name: 'Java',
    needs: 'Java',
    ask: ['java', '--version'],
    command: ['java', file('Adapter.java')],
    finds: usual,
  },
  {
    name: 'C#',
    needs: 'Mono',
    ask: ['mcs', '--version'],
    compile: ['mcs', `-out:${program}`, '-r:System.Net.Http.dll', file('Adapter.cs')],
    command: ['mono', program],
    finds: usual,
  },
]

describe.concurrent('the adapter in', () => {
  test.for(languages)('$name', async ({ name, needs, ask, compile, command, finds }, { skip, expect }) => {
    const isMissing = await start(ask).then(
      () => false,
      () => true,
    )
    // CI has every language. If one is missing there, the test must fail.
    if (isMissing && !process.env.CI) {
      console.warn(`Skipped the adapter in ${name}, because it needs ${needs}. CI runs it.`)
      return skip()
    }
    if (compile) await start(compile)
    // Java 17 sends a Content-Length of 0 with every read.
    const length = name === 'Java' ? expect.toBeOneOf(['0', undefined]) : undefined
    expect(await readWithoutBody(command)).toEqual({ method: 'GET', length, type: undefined })
    const { verdicts } = await judge({ command, only })
    const failed = verdicts.filter(({ problems }) => problems.length)
    const found = failed.map(({ fault, call, problems }) => [`${fault}/${call}`, problems])
    expect(Object.fromEntries(found)).toEqual(finds)
  })
})

/** Sends a read to the adapter, and returns what a gateway could take for a body. */
async function readWithoutBody([program = '', ...args]: string[]): Promise<object> {
  const arrived = Promise.withResolvers<object>()
  const server = createServer(({ method, headers }, response) => {
    arrived.resolve({ method, length: headers['content-length'], type: headers['content-type'] })
    response.setHeader('content-type', 'application/json').end('{"data": []}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const base_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const line = {
    id: 'read',
    operation: 'listBorrowerPhones',
    method: 'GET',
    path: '/phones',
    ids: {},
    base_url,
  }
  const adapter = execFile(program, args)
  adapter.stdin?.write(`${JSON.stringify({ ...line, token: 'token', deadline_ms: 10_000 })}\n`)
  try {
    return await arrived.promise
  } finally {
    adapter.kill('SIGKILL')
    server.close()
    server.closeAllConnections()
  }
}
