import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { createServer } from 'node:net'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { type Mock, startMock } from '../src/mock.ts'

const listening = /^The mock is listening on (http:\/\/\S+)\n$/

let cleanups: (() => unknown)[] = []
afterEach(async () => {
  await Promise.all(cleanups.map((cleanup) => cleanup()))
  cleanups = []
})

// The published bundle has to behave like the source.
const source = '../src/command.ts'
const bundle = '../dist/command.js'

describe.each([source, bundle])('%s', (file) => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'says in one line where it is listening, and stops on %s',
    async (signal) => {
      const command = run(file, ['--port', '0'])
      const url = await command.url()
      // Neither a kept-alive connection nor a busy one may delay the stop.
      expect((await fetch(`${url}/`)).status).toBe(404)
      const busy = request(url, { method: 'POST', headers: { expect: '100-continue' } })
      const cut = new Promise((resolve) => busy.once('error', resolve))
      busy.flushHeaders()
      await once(busy, 'continue')
      command.process.kill(signal)
      expect(await command.end()).toEqual({ code: 0, out: expect.stringMatching(listening), err: '' })
      await cut
    },
  )
})

describe('the command', () => {
  test('logs nothing about requests, not even about rejected ones', async () => {
    const command = run(bundle, ['--port=0'])
    const phones = `${await command.url()}/api/v140/orders/1/borrowers/2/phones`
    const headers = { authorization: 'Bearer s3cret', 'content-type': 'application/json' }
    for (const body of ['{"type":6,"number":"555-0100","memo":"home"}', '{"number":555', '{"memo":"home"}']) {
      await fetch(phones, { method: 'POST', headers, body })
    }
    command.process.kill()
    expect(await command.end()).toEqual({ code: 0, out: expect.stringMatching(listening), err: '' })
  })

  test('takes the port from --port, or else from MOCK_PORT', async () => {
    expect(await run(bundle, [], { MOCK_PORT: '0' }).url()).not.toContain(':4010')
    expect(await run(bundle, ['--port', '0'], { MOCK_PORT: 'x' }).url()).not.toContain(':4010')
  })

  test('says which option to use if the port is taken', async () => {
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
  ])('names %s in the error for %j', async (name, args, environment) => {
    const { code, out, err } = await run(bundle, args, environment).end()
    expect([code, out, err]).toEqual([1, '', expect.stringContaining(name)])
    expect(err).not.toMatch(/^ +at /m)
  })

  test('needs the Node version that package.json and the README name', async () => {
    const read = (file: string) => readFile(new URL(file, import.meta.url), 'utf8')
    const needed: string = JSON.parse(await read('../package.json')).engines.node.replace('>=', '')
    const [major = 0, minor = 0] = needed.split('.').map(Number)
    expect(await read('../README.md')).toContain(`Node ${major}.${minor}`)
    for (const older of [`${major}.${minor - 1}.9`, `${major - 1}.99.0`, '22.22.0', '9.0.0']) {
      const { code, err } = await run(source, ['--port', 'x'], pretendNode(older)).end()
      expect([code, err], older).toEqual([2, expect.stringContaining(`needs Node ${major}.${minor}`)])
    }
    for (const newer of [needed, `${major + 1}.0.0`, '100.0.0']) {
      const { err } = await run(source, ['--port', 'x'], pretendNode(newer)).end()
      expect(err, newer).toContain('--port')
    }
  })

  test('shows help', async () => {
    const { code, out, err } = await run(bundle, ['--help']).end()
    expect([code, err]).toEqual([0, ''])
    for (const word of ['--port', '--host', 'MOCK_PORT', 'Prefer']) expect(out).toContain(word)
  })
})

describe('startMock', () => {
  test('listens on 127.0.0.1 by default', async () => {
    expect((await started()).url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  })

  test('puts an IPv6 address in brackets in its URL', async () => {
    const { url } = await started('::1')
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/)
    expect((await fetch(url)).status).toBe(404)
  })

  test('throws if the port is taken', async () => {
    const { port } = new URL((await started()).url)
    await expect(startMock({ port: Number(port) })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  test('frees the port when closed, and can be closed twice', async () => {
    const mock = await started()
    await Promise.all([mock.close(), mock.close()])
    const server = createServer().listen(Number(new URL(mock.url).port), '127.0.0.1')
    cleanups.push(() => server.close())
    await once(server, 'listening')
  })
})

function pretendNode(version: string): Record<string, string> {
  const versions = `{value:{...process.versions,node:'${version}'}}`
  const script = `Object.defineProperty(process,'versions',${versions})`
  return { NODE_OPTIONS: `--import="data:text/javascript,${script}"` }
}

async function started(host?: string): Promise<Mock> {
  const mock = await startMock({ port: 0, ...(host && { host }) })
  cleanups.push(mock.close)
  return mock
}

/** Runs the command, and stops it after the test. */
function run(file: string, args: string[], environment: Record<string, string> = {}) {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const env = { ...process.env, NO_COLOR: '1', MOCK_PORT: '', ...environment }
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(process.execPath, [path, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    output.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.err += chunk
  })
  const closed = once(child, 'close')
  cleanups.push(() => child.kill() && closed)
  return {
    process: child,
    async url(): Promise<string> {
      await Promise.race([once(child.stdout, 'data'), closed])
      const url = listening.exec(output.out)?.[1]
      if (!url) throw new Error(`The command's output: ${output.out}${output.err}`)
      return url
    },
    async end() {
      const [code] = await closed
      return { code, ...output }
    },
  }
}
