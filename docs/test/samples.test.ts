/** Every sample that the site shows runs here, as it is shown, against the sandbox. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { startSandbox } from '@recoveryconnect/sandbox'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { operations } from '../contract.ts'
import { languages } from '../samples.ts'
import { dist } from '../serve.ts'

const run = promisify(execFile)
let sandbox: Awaited<ReturnType<typeof startSandbox>>

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 })
})
afterAll(() => sandbox.close())

/** How each language runs a file, and how it says that it is there. */
const runners: Record<string, { command: string; version: string[] }> = {
  curl: { command: 'bash', version: ['-c', 'curl --version'] },
  typescript: { command: process.execPath, version: ['--version'] },
  python: { command: 'python3', version: ['--version'] },
  java: { command: 'java', version: ['--version'] },
}

// In the order of the contract: the phone that is read, changed and deleted is the one that was created before.
describe.each(languages)('$label', ({ id, fileOf }) => {
  const token = `samples-${id}`
  it.for(operations)('$id', { timeout: 60_000 }, async (operation, { skip }) => {
    const { command, version } = runners[id] ?? { command: id, version: [] }
    // TypeScript always runs: it is what runs this test.
    if (id !== 'typescript' && !(await isHere(command, version)))
      skip(`not run: this machine has no ${command} for ${id}`)
    const file = new URL(`samples/${id}/${fileOf(operation)}`, dist)
    const { stdout } = await run(command, [file.pathname], { env: environment(token) })
    expect(stdout).toContain(operation.id === 'createAccessToken' ? 'access_token' : 'data')
    expect(await lastRequest(token, operation.id)).toMatchObject({ operation: operation.id, status: 200 })
  })

  it.for(operations)('$id takes no token to where a redirect leads', async (operation, { skip }) => {
    const { command, version } = runners[id] ?? { command: id, version: [] }
    if (!(await isHere(command, version))) skip(`not run: this machine has no ${command} for ${id}`)
    const elsewhere = await answering((response) => response.end('{"data": []}'))
    const server = await answering((response) =>
      response.writeHead(302, { location: elsewhere.url }).end('{"message": "Moved."}'),
    )
    const file = new URL(`samples/${id}/${fileOf(operation)}`, dist)
    await run(command, [file.pathname], {
      env: { ...environment(token), RECOVERYCONNECT_URL: server.url },
    }).catch(() => {})
    expect(server.arrived).toEqual([operation.method])
    expect(elsewhere.arrived).toEqual([])
  })
})

describe('a create that fails halfway', () => {
  it.each([
    { connection: 'whole', printed: /^stored as \d+\n$/, records: 3 },
    { connection: 'drop-answer', printed: /^stored as \d+\n$/, records: 3 },
    { connection: 'drop', printed: /^not there for half a minute: it may be created again\n$/, records: 2 },
  ])('with the connection $connection leaves $records records', async ({ connection, printed, records }) => {
    const token = `create-safely-${connection}`
    if (connection !== 'whole')
      await control(token, 'faults', { operation: 'createBorrowerPhone', connection })
    const file = new URL('../samples/create-safely.ts', import.meta.url)
    const { stdout } = await run(process.execPath, [file.pathname], { env: environment(token) })
    expect(stdout).toMatch(printed)
    const world = (await (await control(token, 'world')).json()) as World
    expect(world.orders[0]?.borrowers[0]?.phones).toHaveLength(records)
  })
})

it.each([
  { name: 'log-in', printed: '2 phones\n' },
  { name: 'before-dialling', printed: 'no sign against 39317578\nno sign against 39317579\n' },
])('samples/$name.ts does what its guide says', async ({ name, printed }) => {
  const file = new URL(`../samples/${name}.ts`, import.meta.url)
  const account = { RECOVERYCONNECT_USERNAME: 'example-user', RECOVERYCONNECT_PASSWORD: 'example-password' }
  const { stdout } = await run(process.execPath, [file.pathname], {
    env: { ...environment(name), ...account },
  })
  expect(stdout).toBe(printed)
})

interface World {
  orders: { borrowers: { phones: unknown[] }[] }[]
}

/** A server that answers everything alike, and the methods that arrived. */
async function answering(answer: (response: ServerResponse) => void) {
  const arrived: (string | undefined)[] = []
  const server = createServer((request, response) => {
    arrived.push(request.method)
    answer(response)
  })
  onTestFinished(() => void server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, arrived }
}

async function isHere(command: string, version: string[]): Promise<boolean> {
  return run(command, version).then(
    () => true,
    () => false,
  )
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
