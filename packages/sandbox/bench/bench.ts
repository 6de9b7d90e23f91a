/** Compares the sandbox with Prism, Scalar's mock server and a bare server on ten connections, for the table in the README. */
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { examples } from '../src/core/contract.gen.ts'
import { createSandboxFetch } from '../src/fetch.ts'
import { load, phones, type Sent, start, type Target } from './target.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const prism = createRequire(import.meta.url).resolve('@stoplight/prism-cli')
const contract = fileURLToPath(import.meta.resolve('@recoveryconnect/spec/openapi.json'))

const targets: Record<string, { args: string[]; requests: number }> = {
  'bare node:http': { args: [here('bare.ts')], requests: 10_000 },
  sandbox: { args: [here('../dist/command.js'), '--port', '0'], requests: 10_000 },
  'Prism, default log': { args: [prism, 'mock', contract, '--port', '0'], requests: 1_500 },
  '@scalar/mock-server': { args: [here('scalar.ts')], requests: 600 },
}
const rounds = 3

await compareServers()
await timeInProcess()

/** Measures CPU per request, start and memory. Rounds alternate between the servers, and the median counts. */
async function compareServers(): Promise<void> {
  const rows: Record<string, Record<string, string>> = {}
  const all = new Map<string, number[][]>()
  for (let round = 0; round < rounds; round++) {
    for (const [name, { args, requests }] of Object.entries(targets)) {
      const target = await start(args)
      const memory = target.memory()
      const get = await measureCpu(target, requests, () => ({ method: 'GET', path: `${phones}/39317578` }))
      const post = await measureCpu(target, requests, (index) => ({
        method: 'POST',
        path: phones,
        body: examples.CreateAllFields,
        token: `bench-${Math.floor(index / 2_500)}`,
      }))
      target.stop()
      all.set(name, [...(all.get(name) ?? []), [get, post, target.startMs, memory]])
    }
  }
  const medians = (name: string) =>
    [0, 1, 2, 3].map((column) => median((all.get(name) ?? []).map((row) => row[column] ?? 0)))
  const [bareGet = 1, barePost = 1] = medians('bare node:http')
  for (const name of all.keys()) {
    const [get = 0, post = 0, startMs, memory] = medians(name)
    rows[name] = {
      'GET, CPU µs': `${format(get)} (${(get / bareGet).toFixed(2)} ×)`,
      'POST, CPU µs': `${format(post)} (${(post / barePost).toFixed(2)} ×)`,
      'start, ms': format(startMs),
      'memory at start, MB': format(memory),
    }
  }
  console.table(rows)
}

async function measureCpu(target: Target, requests: number, next: (index: number) => Sent): Promise<number> {
  await load(target.url, requests / 2, 10, next)
  const before = target.cpu()
  const errors = await load(target.url, requests, 10, next)
  if (errors > 0) throw new Error(`${errors} of ${requests} requests failed`)
  return (target.cpu() - before) / requests
}

/** Times the five requests of a record's life without a network. */
async function timeInProcess(): Promise<void> {
  const fetch = createSandboxFetch()
  const headers = { authorization: 'Bearer bench', 'content-type': 'application/json' }
  const call = async (method: string, path: string, body?: object) => {
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) }
    return (await fetch(`http://sandbox.invalid${path}`, init)).json() as Promise<{ data: { id: number } }>
  }
  const life = async () => {
    await call('GET', phones)
    const { data } = await call('POST', phones, examples.CreateAllFields)
    await call('GET', `${phones}/${data.id}`)
    await call('PUT', `${phones}/${data.id}`, examples.UpdateAllFields)
    await call('DELETE', `${phones}/${data.id}`)
  }
  const times: number[] = []
  for (let count = 0; count < 2_000; count++) {
    const begin = performance.now()
    await life()
    times.push(performance.now() - begin)
  }
  console.log(`five requests in-process, plain fetch: ${median(times.slice(500)).toFixed(2)} ms`)
}

function median(values: number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0
}

function format(value = 0): string {
  return value.toFixed(value < 100 ? 1 : 0)
}
