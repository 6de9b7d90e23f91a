/** The client behaves the same in every runtime that npm can install. */
import { execFile } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import chromium from '@sparticuz/chromium'
import { Miniflare } from 'miniflare'
import { chromium as playwright } from 'playwright-core'
import { afterAll, beforeAll, test, vi } from 'vitest'
import { bundle } from '../bench/figures.ts'
import { version } from '../src/operations.gen.ts'
import { type CleanUp, http, json, serve } from './servers.ts'
import { expectedOutcomes, hiddenText, orders } from './smoke.ts'

vi.setConfig({ testTimeout: 60_000 })

const loginUserAgent = `recoveryconnect-client/${version}`
const userAgent = `smoke/1.0 ${loginUserAgent}`

const program = (last: string) => bundle(`import { smoke } from '${import.meta.dirname}/smoke.ts'\n${last}`)

// Chromium unpacks itself into the temporary folder. In this one, no other program does so at the same time.
const folder = fileURLToPath(new URL('../node_modules/.cache/chromium/', import.meta.url))
beforeAll(async () => {
  await mkdir(folder, { recursive: true })
  vi.stubEnv('TMPDIR', folder)
})
afterAll(() => void vi.unstubAllEnvs())

// Concurrent, because each test waits for a process to start.
test.concurrent.for<[runtime: string, command: string, args: string[]]>([
  ['Node', 'node', []],
  ['Deno', 'deno', ['run', '--allow-net=127.0.0.1', '--no-remote', '--no-npm', '--no-config']],
  ['Bun', bunBinary(), ['run']],
])('%s', async ([, command, args], { expect, onTestFinished }) => {
  const api = await startApi(onTestFinished)
  const file = join(tmpdir(), `smoke-${process.pid}-${args.length}.mjs`)
  onTestFinished(() => rm(file))
  await writeFile(file, await program(`console.log(JSON.stringify(await smoke('${api.url}')))`))
  const env = { ...process.env, NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1', DO_NOT_TRACK: '1' }
  const { stdout } = await promisify(execFile)(command, [...args, file], { env, timeout: 50_000 })
  expect(JSON.parse(stdout)).toEqual(expectedOutcomes)
  expect(api.lostCreates()).toBe(1)
  expect(api.userAgents()).toEqual([userAgent, loginUserAgent])
})

// Before 2024-11-11, `fetch` has no option `cache` there.
test.concurrent.for(['2024-09-23', '2026-07-01'])(
  'workers of %s (workerd)',
  async (compatibilityDate, context) => {
    const { expect, onTestFinished } = context
    const api = await startApi(onTestFinished)
    const script = await program(
      `export default { fetch: async () => Response.json(await smoke('${api.url}')) }`,
    )
    const worker = new Miniflare({
      modules: true,
      script,
      compatibilityDate,
      telemetry: { enabled: false },
      cf: false,
    })
    onTestFinished(() => worker.dispose())
    const response = await worker.dispatchFetch('http://worker.localhost/')
    expect(await response.json()).toEqual(expectedOutcomes)
    expect(api.lostCreates()).toBe(1)
    expect(api.userAgents()).toEqual([userAgent, loginUserAgent])
  },
)

test.concurrent('browsers (Chromium)', async ({ expect, onTestFinished }) => {
  const script = await program('window.outcome = smoke(location.origin)')
  const api = await startApi(
    onTestFinished,
    `<!doctype html><script type="module">${script.replaceAll('</', '<\\/')}</script>`,
  )
  const executablePath = await chromium.executablePath()
  const browser = await playwright.launch({ args: chromium.args, executablePath })
  onTestFinished(() => browser.close())
  const page = await browser.newPage()
  await page.goto(api.url)
  await page.waitForFunction('window.outcome')
  expect(await page.evaluate('window.outcome')).toEqual(expectedOutcomes)
  // The client sends it once, and Chromium resends it. See the README.
  expect(api.lostCreates()).toBe(2)
  expect(api.userAgents()).toEqual([expect.stringMatching(/^Mozilla/)])
})

/** The binary from the package for this machine. Bun's install script would link it, but it doesn't run here. */
function bunBinary(): string {
  const manifest = createRequire(import.meta.url).resolve('bun/package.json')
  const { optionalDependencies } = createRequire(manifest)('./package.json')
  for (const name of Object.keys(optionalDependencies))
    for (const file of ['bun', 'bun.exe'])
      try {
        return createRequire(manifest).resolve(`${name}/bin/${file}`)
      } catch {
        // A package for another machine.
      }
  throw new Error('bun has no binary for this machine')
}

async function startApi(cleanUp: CleanUp, page = '') {
  let busy = 0
  let lostCreates = 0
  const userAgents = new Set<string | undefined>()
  const server = await serve((socket, { method, path, headers }) => {
    userAgents.add(headers['user-agent'])
    const order = Number(/\/orders\/(\d+)\//.exec(path)?.[1])
    if (path === '/') socket.write(http(200, page, { 'content-type': 'text/html; charset=utf-8' }))
    else if (order === orders.missing) socket.write(json(404, { message: 'Not found.' }))
    else if (order === orders.busy && busy++ === 0) socket.write(http(503, ''))
    else if (order === orders.moved) socket.write(http(302, '', { location: path.replace('302', '1') }))
    else if (order === orders.silent) return
    else if (order === orders.endless) socket.write(http(200, '{"data":[', { 'content-length': 99 }))
    else if (order === orders.long) socket.write(json(200, { data: ['x'.repeat(2 ** 21)] }))
    else if (order === orders.secret)
      socket.write(json(400, { message: hiddenText }, { 'x-memo': hiddenText }))
    else if (order === orders.cut) socket.end(http(200, '{"data":[', { 'content-length': 99 }))
    else if (path.endsWith('/auth')) socket.write(json(200, { access_token: 'issued', expires_in: 3600 }))
    else if (order === orders.lost) {
      lostCreates++
      socket.resetAndDestroy()
    } else socket.write(json(200, { data: method === 'GET' ? [] : { no_contact: 1 } }))
  }, cleanUp)
  return { url: server.url, lostCreates: () => lostCreates, userAgents: () => [...userAgents] }
}
