/** Compares the size and speed of this client with those of others. Prints tables, and always exits with 0. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { styleText } from 'node:util'
import { createClient } from '../src/client.ts'
import { everything, instantiationsPerCall, oneCall, programBytes } from './figures.ts'
import { type Peer, peersOver } from './peers.ts'

const rounds = 15
const callsPerRound = 2_000

const phone = {
  id: 39317578,
  type: 5,
  mobile_carrier_id: null,
  number: '678-932-1578',
  extension: null,
  memo: null,
  valid: 1,
  no_contact: 0,
  created_at: '2026-03-07 14:03:51',
  updated_at: '2026-03-07 14:03:51',
}
const body = JSON.stringify({ data: [phone, { ...phone, id: 39317579 }] })
const stub = async () => new Response(body, { headers: { 'content-type': 'application/json' } })

const peers = peersOver(stub)
const times = await microseconds(peers)
const [alone = 1, openapi = 1, ours = 1] = times
const bytes: (number | undefined)[] = []
for (const { program } of peers) bytes.push(program ? await programBytes(program) : undefined)

console.log('\nOne call with a stub fetch, and the size of a program with one call (minified, gzip)\n')
console.table(
  Object.fromEntries(
    peers.map(({ name }, n) => [
      name,
      {
        'µs per call': ratio(times[n], 1),
        '× fetch': ratio(times[n], alone),
        '× openapi-fetch': ratio(times[n], openapi),
        'gzip bytes': bytes[n],
      },
    ]),
  ),
)

const overruns = await timeoutOverruns()
const goals: [what: string, figure: number, goal: number][] = [
  ['gzip bytes of a one-call program', await programBytes(oneCall), 6_300],
  ['gzip bytes of a program with a client and every helper', await programBytes(everything), 9_000],
  ['time per call, × openapi-fetch', round(ours / openapi, 2), 0.9],
  [
    'time per call, × the fastest of ky, axios, stripe, openai',
    round(ours / fastestOf('ky', 'axios', 'stripe', 'openai'), 2),
    1,
  ],
  ['type instantiations per call', await instantiationsPerCall(), 20],
  ['timeout overrun in ms, the worst of 60', round(Math.max(...overruns), 1), 100],
]
for (const [what, figure, goal] of goals) {
  const verdict = figure <= goal ? styleText('green', 'met') : styleText('red', 'missed')
  console.log(`${what}: ${figure} (goal: at most ${goal}) ${verdict}`)
}

function fastestOf(...names: string[]): number {
  return Math.min(...peers.flatMap(({ name }, n) => (names.includes(name) ? (times[n] ?? []) : [])))
}

/** The best round of each client. They take turns, so that other load on the machine affects all of them. */
async function microseconds(peers: Peer[]): Promise<(number | undefined)[]> {
  const best = peers.map(({ call }) => call && Number.POSITIVE_INFINITY)
  for (let round = 0; round < rounds; round++)
    for (const [n, { call }] of peers.entries()) {
      if (!call) continue
      const start = performance.now()
      for (let i = 0; i < callsPerRound; i++) await call()
      best[n] = Math.min(best[n] ?? 0, ((performance.now() - start) * 1_000) / callsPerRound)
    }
  return best
}

/** How much later than its timeout a call ends if the headers or the body never arrive. */
async function timeoutOverruns(): Promise<number[]> {
  const server = createServer(({ url = '' }, response) => {
    if (url.includes('/orders/2/')) response.writeHead(200, { 'content-length': 99 }).write('{')
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const rc = createClient({ token: 't', baseUrl, attemptTimeoutMs: 1_000, totalTimeoutMs: 200 })
  const calls = Array.from({ length: 60 }, async (_, n) => {
    const start = performance.now()
    await rc.borrowerPhones.list({ order_id: 1 + (n % 2), borrower_id: 1 }).result()
    return performance.now() - start - 200
  })
  const overruns = await Promise.all(calls)
  server.closeAllConnections()
  server.close()
  return overruns
}

function ratio(time: number | undefined, to: number): number | undefined {
  return time && round(time / to, 2)
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
