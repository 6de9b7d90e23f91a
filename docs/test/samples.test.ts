/** Runs every sample of the site, unchanged, against the sandbox. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { createClient } from '@recoveryconnect/client'
import { startSandbox } from '@recoveryconnect/sandbox'
import { readModel } from '@recoveryconnect/spec/model'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { languages } from '../samples.ts'
import { dist } from '../serve.ts'

const run = promisify(execFile)
const { operations } = readModel()
let sandbox: Awaited<ReturnType<typeof startSandbox>>

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 })
})
afterAll(() => sandbox.close())

/** The program that runs the samples of each language, and the arguments that print its version. */
const runners: Record<string, { command: string; version: string[] }> = {
  curl: { command: 'bash', version: ['-c', 'curl --version'] },
  typescript: { command: process.execPath, version: ['--version'] },
  python: { command: 'python3', version: ['--version'] },
  java: { command: 'java', version: ['--version'] },
}
const installed = new Set<string>()
for (const [id, { command, version }] of Object.entries(runners))
  await run(command, version).then(
    () => installed.add(id),
    () => console.log(`Skipping the samples for ${id}, because ${command} isn't installed.`),
  )

// In the order of the contract: later samples read, change, and delete the phone that an earlier one creates.
describe.each(languages)('$label', ({ id, nameFile }) => {
  const token = `samples-${id}`
  it.for(operations)('$id', { timeout: 60_000 }, async (operation, { skip }) => {
    skip(!installed.has(id))
    const { stdout } = await runSample(id, nameFile(operation), environment(token))
    expect(stdout).toContain(operation.id === 'createAccessToken' ? 'access_token' : 'data')
    expect(await lastRequest(token, operation.id)).toMatchObject({ operation: operation.id, status: 200 })
  })
})

describe.concurrent('the sample create-safely.ts', () => {
  it.for([
    { connection: 'drop', printed: /^not stored .*\n$/, records: 2 },
    { connection: 'drop-response', printed: /^stored as \d+\n$/, records: 3 },
    { connection: 'whole', printed: /^stored as \d+\n$/, records: 3 },
  ])(
    'leaves $records records if the connection is "$connection"',
    async ({ connection, printed, records }, { expect }) => {
      const token = `create-safely-${connection}`
      if (connection !== 'whole')
        await control(token, 'faults', { operation: 'createBorrowerPhone', connection })
      const file = new URL('../samples/create-safely.ts', import.meta.url)
      const { stdout } = await run(process.execPath, [file.pathname], { env: environment(token) })
      expect(stdout).toMatch(printed)
      const world = (await (await control(token, 'world')).json()) as World
      expect(world.orders[0]?.borrowers[0]?.phones).toHaveLength(records)
    },
  )
})

describe.concurrent.each(languages)('$label', ({ id, nameFile }) => {
  it.for(operations)(
    "$id doesn't follow a redirect with its token",
    async (operation, { skip, expect, onTestFinished }) => {
      skip(!installed.has(id))
      const elsewhere = await startServer((response) => response.end('{"data": []}'))
      const server = await startServer((response) =>
        response.writeHead(302, { location: elsewhere.url }).end('{"message": "Moved."}'),
      )
      onTestFinished(() => [elsewhere, server].forEach(({ close }) => void close()))
      const env = { ...environment(`redirect-${id}`), RECOVERYCONNECT_URL: server.url }
      await runSample(id, nameFile(operation), env).catch(() => {})
      expect(server.arrived).toEqual([operation.method])
      expect(elsewhere.arrived).toEqual([])
    },
  )
})

it.concurrent.for([
  { name: 'log-in', printed: '2 phones\n' },
  {
    name: 'low-level',
    printed: '200 /api/v140/orders/{order_id}/borrowers/{borrower_id}/phones\n2 phones\n',
  },
  { name: 'before-dialling', printed: '39317578 no objection\n39317579 no objection\n' },
])('samples/$name.ts prints its result', async ({ name, printed }, { expect }) => {
  const file = new URL(`../samples/${name}.ts`, import.meta.url)
  const account = { RECOVERYCONNECT_USERNAME: 'example-user', RECOVERYCONNECT_PASSWORD: 'example-password' }
  const { stdout } = await run(process.execPath, [file.pathname], {
    env: { ...environment(name), ...account },
  })
  expect(stdout).toBe(printed)
})

it.concurrent('samples/before-dialling.ts prints the kind of each objection', async ({ expect }) => {
  const env = environment('objections')
  const rc = createClient({ baseUrl: sandbox.url, token: 'objections' })
  const ids = { order_id: 57062885, borrower_id: 124927241 }
  await rc.borrowerPhones.update({ ...ids, phone_id: 39317578 }, { no_contact: 1 })
  await rc.borrowerPhones.create(ids, { type: 6, number: '6789321578', valid: 1, no_contact: 0 })
  const file = new URL('../samples/before-dialling.ts', import.meta.url)
  const { stdout } = await run(process.execPath, [file.pathname], { env })
  expect(stdout.split('\n')).toEqual([
    '39317578 no_contact',
    '39317579 no objection',
    expect.stringMatching(/^\d+ no_contact$/),
    '',
  ])
})

interface World {
  orders: { borrowers: { phones: unknown[] }[] }[]
}

/** Starts a server that handles every request in the same way, and records the methods of the requests. */
async function startServer(respond: (response: ServerResponse) => void) {
  const arrived: (string | undefined)[] = []
  const server = createServer((request, response) => {
    arrived.push(request.method)
    respond(response)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    close: () => server.close(),
  }
}

function runSample(language: string, file: string, env: NodeJS.ProcessEnv) {
  const path = new URL(`samples/${language}/${file}`, dist).pathname
  return run(runners[language]?.command ?? language, [path], { env })
}

function environment(token: string): NodeJS.ProcessEnv {
  return { ...process.env, RECOVERYCONNECT_URL: sandbox.url, RECOVERYCONNECT_TOKEN: token }
}

function control(token: string, path: string, body?: object): Promise<Response> {
  return fetch(`${sandbox.url}/__sandbox/${path}`, {
    headers: { authorization: `Bearer ${token}` },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  })
}

async function lastRequest(token: string, operation: string): Promise<unknown> {
  const log = (await (await control(token, 'log')).json()) as { requests: { operation?: string }[] }
  return log.requests.filter((entry) => entry.operation === operation).at(-1)
}
