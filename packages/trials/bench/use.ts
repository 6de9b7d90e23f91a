/**
 * Measures what a larger contract costs its users, and prints it as JSON. Runs in the copy of the workspace that
 * `growth.ts` makes.
 *
 * @example node bench/use.ts 200
 */
import { fileURLToPath } from 'node:url'
import { createClient } from '@recoveryconnect/client'
import { oneCall, oneResource, programBytes } from '../../client/bench/figures.ts'
import { load, phones, start } from '../../sandbox/bench/target.ts'
import { pathOf } from './repeated.ts'

const times = Number(process.argv[2])
const ids = { order_id: 57062885, borrower_id: 124927241 }

console.log(
  JSON.stringify({
    'client, CPU µs per call': await perCall(),
    'sandbox, CPU µs per request': await perRequest(),
    'program of one resource, bytes (gzip)': await programBytes(oneResource),
    // Every resource is reachable from what `createClient` returns, so this one grows.
    'program of createClient, bytes (gzip)': await programBytes(oneCall),
  }),
)

/** One call, with a stub for `fetch`. The best of several rounds, because the first ones compile the code. */
async function perCall(): Promise<number> {
  const fetch = async () => Response.json({ data: [] })
  const { borrowerPhones } = createClient({ token: 'any-token', fetch })
  const rounds: number[] = []
  for (let round = 0; round < 8; round++) {
    const before = process.cpuUsage()
    for (let call = 0; call < 10_000; call++) await borrowerPhones.list(ids)
    const { user, system } = process.cpuUsage(before)
    rounds.push((user + system) / 10_000)
  }
  return Math.min(...rounds)
}

/** One request over HTTP, to each resource in turn. The best of several rounds: each resource's code has to warm up. */
async function perRequest(): Promise<number> {
  const command = fileURLToPath(new URL('../../sandbox/dist/command.js', import.meta.url))
  const target = await start([command, '--port', '0'])
  const rounds: number[] = []
  try {
    for (let round = 0; round < 10; round++) {
      const before = target.cpu()
      const failed = await load(target.url, 20_000, 20, (index) => ({
        method: 'GET',
        path: pathOf(`${phones}/39317578`, index % times),
      }))
      if (failed > 0) throw new Error(`${failed} of 20,000 requests failed`)
      rounds.push((target.cpu() - before) / 20_000)
    }
  } finally {
    target.stop()
  }
  return Math.min(...rounds)
}
