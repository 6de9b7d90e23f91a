/** Compares the hosted sandbox with the Node server: requests per second, CPU per request, and many worlds. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { examples } from '../src/core/contract.gen.ts'
import { bundleWorker, startWorkerd } from '../src/workers/workerd.ts'
import { load, phones, type Sent, start } from './target.ts'

const requests = 10_000
const rounds = 3

/** A server under load. */
interface Server {
  url: string
  /** CPU time so far, in microseconds. */
  cpu(): number
  stop(): unknown
}

const servers: Record<string, () => Promise<Server>> = {
  node: () => start([fileURLToPath(new URL('../dist/command.js', import.meta.url)), '--port', '0']),
  workerd: () => startHosted(),
}

const script = await bundleWorker()
console.log(`The Worker: ${(gzipSync(script, { level: 9 }).length / 1024).toFixed(1)} KB, gzipped`)
await compareServers()
await measureGrowth()
await measureWakeUp()

async function compareServers(): Promise<void> {
  const kinds: Record<string, (index: number) => Sent> = {
    GET: () => ({ method: 'GET', path: `${phones}/39317578` }),
    POST: (index) => ({
      method: 'POST',
      path: phones,
      body: examples.CreateAllFields,
      token: `bench-${Math.floor(index / 500)}`,
    }),
  }
  const rows = new Map<string, number[]>()
  const add = (name: string, value: number) => rows.set(name, [...(rows.get(name) ?? []), value])
  for (let round = 0; round < rounds; round++)
    for (const [name, begin] of Object.entries(servers)) {
      const server = await begin()
      for (const [kind, next] of Object.entries(kinds)) {
        const { perSecond, cpu } = await measure(server, next)
        add(`${name} ${kind}, requests/s`, perSecond)
        add(`${name} ${kind}, CPU µs`, cpu)
      }
      await server.stop()
    }
  console.table(Object.fromEntries([...rows].map(([name, values]) => [name, Math.round(median(values))])))
}

/**
 * Sends the same requests to 10 worlds and to 10,000, all in memory. A world in memory has three open files, and the limit
 * of a process is often 20,000, so the worlds are spread over two engines.
 */
async function measureGrowth(): Promise<void> {
  const costs = new Map<number, number[]>()
  for (let round = 0; round < rounds; round++)
    for (const worlds of [10, 10_000]) {
      const half = worlds / 2
      const engines = [await startHosted(), await startHosted()]
      const next = (index: number): Sent => ({ method: 'GET', path: phones, token: `world-${index % half}` })
      const together = (amount: number) =>
        Promise.all(engines.map(({ url }) => load(url, amount, 25, next))).then(
          ([one = 0, two = 0]) => one + two,
        )
      await together(2 * half + requests / 4)
      const before = engines.reduce((sum, { cpu }) => sum + cpu(), 0)
      const errors = await together(requests)
      if (errors > 0) throw new Error(`${errors} of ${2 * requests} requests failed`)
      const spent = engines.reduce((sum, { cpu }) => sum + cpu(), 0) - before
      costs.set(worlds, [...(costs.get(worlds) ?? []), spent / (2 * requests)])
      for (const { stop } of engines) await stop()
    }
  const [few = 0, many = 0] = [costs.get(10), costs.get(10_000)].map((values = []) => median(values))
  console.log(
    `GET in one of 10 worlds ${few.toFixed(0)} µs, of 10,000 worlds ${many.toFixed(0)} µs: ${(many / few).toFixed(2)} ×`,
  )
}

/** Compares the first request to an evicted world, which is read from storage, with the next ones. */
async function measureWakeUp(): Promise<void> {
  const worlds = 500
  const next = (index: number): Sent => ({ method: 'GET', path: phones, token: `world-${index % worlds}` })
  const { url, cpu, stop } = await startHosted({ awake: false })
  const spent = async () => {
    const before = cpu()
    const begin = performance.now()
    const errors = await load(url, worlds, 1, next)
    if (errors > 0) throw new Error(`${errors} of ${worlds} requests failed`)
    return [(cpu() - before) / worlds, ((performance.now() - begin) * 1000) / worlds] as const
  }
  await load(url, worlds, 25, (index) => ({ ...next(index), method: 'POST', body: examples.CreateAllFields }))
  // The engine evicts a world after ten seconds.
  await new Promise((resolve) => setTimeout(resolve, 15_000))
  const asleep = await spent()
  const awake = await spent()
  await stop()
  const [cpuAsleep, cpuAwake, timeAsleep, timeAwake] = [asleep[0], awake[0], asleep[1], awake[1]].map(
    Math.round,
  )
  console.log(
    `GET in an evicted world ${cpuAsleep} µs of CPU, ${timeAsleep} µs in all; in memory ${cpuAwake} and ${timeAwake} µs`,
  )
}

async function measure(
  { url, cpu }: Server,
  next: (index: number) => Sent,
): Promise<{ perSecond: number; cpu: number }> {
  await load(url, requests / 4, 50, next)
  const before = cpu()
  const begin = performance.now()
  const errors = await load(url, requests, 50, next)
  if (errors > 0) throw new Error(`${errors} of ${requests} requests failed`)
  return {
    perSecond: requests / ((performance.now() - begin) / 1000),
    cpu: (cpu() - before) / requests,
  }
}

/** Starts workerd, which is a separate process. */
async function startHosted({ awake = true } = {}): Promise<Server> {
  const limits = { REQUESTS_PER_SECOND: 1e9, BURST: 1e9, RECORDS_PER_WORLD: 1e6, BYTES_PER_WORLD: 1e9 }
  const before = new Set(findEngines())
  const { url, close } = await startWorkerd({ limits, awake })
  const [engine] = findEngines().filter((id) => !before.has(id))
  if (engine === undefined) throw new Error('The process of workerd was not found.')
  return {
    url,
    cpu() {
      const stat = readFileSync(`/proc/${engine}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      return (Number(stat[11]) + Number(stat[12])) * 10_000
    },
    stop: close,
  }
}

/** Lists the workerd processes that this one started. */
function findEngines(): number[] {
  const children = execFileSync('ps', ['--ppid', String(process.pid), '-o', 'pid=,comm='], {
    encoding: 'utf8',
  })
  return children.split('\n').flatMap((line) => (line.includes('workerd') ? [Number.parseInt(line, 10)] : []))
}

function median(values: number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0
}
