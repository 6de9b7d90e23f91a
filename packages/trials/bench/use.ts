/**
 * What users of a larger contract meet; prints it as JSON. Runs in the copy of the workspace that `growth.ts` makes.
 *
 * @example node bench/use.ts 200
 */
import { createClient } from '@recoveryconnect/client'
import contract from '@recoveryconnect/spec/openapi.json' with { type: 'json' }
import { oneResource, programBytes } from '../../client/bench/figures.ts'
import { createSandbox } from '../../sandbox/src/sandbox.ts'
import { pathOf } from './repeated.ts'

const times = Number(process.argv[2])
const ids = { order_id: 57062885, borrower_id: 124927241 }
const phones = `/api/v140/orders/${ids.order_id}/borrowers/${ids.borrower_id}/phones`
const { value: list } = contract.components.examples.TwoPhones

console.log(
  JSON.stringify({
    'client, µs per call': await perCall(),
    'sandbox, µs per request': perRequest(),
    'program of one resource, bytes (gzip)': await programBytes(oneResource),
  }),
)

/** CPU time of one call over a stub of fetch; the best of some rounds. */
async function perCall(): Promise<number> {
  const fetch = async () => Response.json(list)
  const { borrowerPhones } = createClient({ token: 'any-token', fetch })
  const rounds: number[] = []
  for (let round = 0; round < 8; round++) {
    const before = process.cpuUsage()
    for (let call = 0; call < 3_000; call++) await borrowerPhones.list(ids)
    rounds.push(microseconds(before) / 3_000)
  }
  return Math.min(...rounds)
}

/** CPU time of one request, without a network; the requests go to all resources in turn. */
function perRequest(): number {
  const { handle } = createSandbox()
  const headers = { authorization: 'Bearer any-token' }
  const targets = Array.from({ length: times }, (_, index) => pathOf(`${phones}/39317578`, index))
  const rounds: number[] = []
  for (let round = 0; round < 8; round++) {
    const before = process.cpuUsage()
    for (let request = 0; request < 20_000; request++) {
      const { status } = handle({ method: 'GET', target: targets[request % times] ?? '', headers })
      if (status !== 200) throw new Error(`${targets[request % times]} is answered ${status}`)
    }
    rounds.push(microseconds(before) / 20_000)
  }
  return Math.min(...rounds)
}

function microseconds(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return user + system
}
