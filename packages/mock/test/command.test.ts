import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { createServer } from 'node:net'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { type Mock, startMock } from '../src/mock.ts'

const listens = /^The mock listens on (http:\/\/\S+) \(Ctrl-C ends it\)\n$/

let ending: (() => unknown)[] = []
afterEach(async () => {
  await Promise.all(ending.map((end) => end()))
  ending = []
})

// What is published is the bundle: it has to do the same.
const source = '../src/command.ts'
const bundle = '../dist/command.js'

describe.each([source, bundle])('%s', (file) => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'says in one line where it listens, and ends by %s',
    async (signal) => {
      const command = run(file, ['--port', '0'])
      const url = await command.url()
      // One connection is kept open, one is busy: neither may hold up the end.
      expect((await fetch(`${url}/`)).status).toBe(404)
      const busy = request(url, { method: 'POST', headers: { expect: '100-continue' } })
      const cut = new Promise((resolve) => busy.once('error', resolve))
      busy.flushHeaders()
      await once(busy, 'continue')
      command.process.kill(signal)
      expect(await command.end()).toEqual({ code: 0, out: expect.stringMatching(listens), err: '' })
      await cut
    },
  )
})

describe('the command', () => {
  test('says nothing about requests, not even about refused ones', async () => {
    const command = run(bundle, ['--port=0'])
    const phones = `${await command.url()}/api/v140/orders/1/borrowers/2/phones`
    const headers = { authorization: 'Bearer s3cret', 'content-type': 'application/json' }
    for (const body of ['{"type":6,"number":"555-0100","memo":"home"}', '{"number":555', '{"memo":"home"}']) {
      await fetch(phones, { method: 'POST', headers, body })
    }
    command.process.kill()
    expect(await command.end()).toEqual({ code: 0, out: expect.stringMatching(listens), err: '' })
  })

  test('takes the port from MOCK_PORT, and rather from --port', async () => {
    expect(await run(bundle, [], { MOCK_PORT: '0' }).url()).not.toContain(':4010')
    expect(await run(bundle, ['--port', '0'], { MOCK_PORT: 'x' }).url()).not.toContain(':4010')
  })

  test('says which flag helps where the port is taken', async () => {
    const { port } = new URL((await started()).url)
    const { code, out, err } = await run(bundle, ['--port', port]).end()
    expect([code, out, err]).toEqual([1, '', expect.stringContaining(`Port ${port} on 127.0.0.1 is taken.`)])
    expect(err).toMatch(/--port\.\n$/)
  })

  test.each<[string, string[], Record<string, string>?]>([
    ['--port', ['--port', 'x']],
    ['--port', ['--port', '65536']],
    ['--port', ['--port=-1']],
    ['MOCK_PORT', [], { MOCK_PORT: '4010.5' }],
    ['--host', ['--port', '0', '--host', '192.0.2.1']],
    ['--nothing', ['--nothing']],
    ['sideways', ['sideways']],
  ])('names %s where %j is wrong', async (name, args, environment) => {
    const { code, out, err } = await run(bundle, args, environment).end()
    expect([code, out, err]).toEqual([1, '', expect.stringContaining(name)])
    expect(err).not.toMatch(/^ +at /m)
  })

  test('explains itself', async () => {
    const { code, out, err } = await run(bundle, ['--help']).end()
    expect([code, err]).toEqual([0, ''])
    for (const word of ['--port', '--host', 'MOCK_PORT', 'Prefer']) expect(out).toContain(word)
  })
})

describe('startMock', () => {
  test('listens on this machine alone unless told otherwise', async () => {
    expect((await started()).url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  })

  test('writes the address of IPv6 as URLs want it', async () => {
    const { url } = await started('::1')
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/)
    expect((await fetch(url)).status).toBe(404)
  })

  test('throws where the port is taken', async () => {
    const { port } = new URL((await started()).url)
    await expect(startMock({ port: Number(port) })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  test('gives the port back when it is closed, and may be closed twice', async () => {
    const mock = await started()
    await Promise.all([mock.close(), mock.close()])
    const server = createServer().listen(Number(new URL(mock.url).port), '127.0.0.1')
    ending.push(() => server.close())
    await once(server, 'listening')
  })
})

async function started(host?: string): Promise<Mock> {
  const mock = await startMock({ port: 0, ...(host && { host }) })
  ending.push(mock.close)
  return mock
}

/** Runs the command, and ends it with the test. */
function run(file: string, args: string[], environment: Record<string, string> = {}) {
  const path = fileURLToPath(new URL(file, import.meta.url))
  // The bundle's dependencies warn of what they use, unless they lie in node_modules, as they will once published.
  const env = { ...process.env, NO_COLOR: '1', NODE_NO_WARNINGS: '1', MOCK_PORT: '', ...environment }
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(process.execPath, [path, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    said.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    said.err += chunk
  })
  const closed = once(child, 'close')
  ending.push(() => child.kill() && closed)
  return {
    process: child,
    async url(): Promise<string> {
      await Promise.race([once(child.stdout, 'data'), closed])
      const url = listens.exec(said.out)?.[1]
      if (!url) throw new Error(`The command said: ${said.out}${said.err}`)
      return url
    },
    async end() {
      const [code] = await closed
      return { code, ...said }
    },
  }
}
