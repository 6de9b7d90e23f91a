/** How long the life of a record takes through the client and the sandbox in one process: `pnpm run bench` here. */
import { createClient } from '@recoveryconnect/client'
import { createSandboxFetch } from '@recoveryconnect/sandbox/fetch'
import { exampleIds, findOperationById } from '../src/operations.ts'

const ids = exampleIds(findOperationById('listBorrowerPhones'))
const borrower = { order_id: ids.order_id ?? 0, borrower_id: ids.borrower_id ?? 0 }
const rc = createClient({ baseUrl: 'https://sandbox.invalid', token: 'bench', fetch: createSandboxFetch() })

const runs = 2_000
const times: number[] = []
for (let run = -500; run < runs; run++) {
  const start = performance.now()
  await lifecycle()
  if (run >= 0) times.push(performance.now() - start)
}
times.sort((a, b) => a - b)
const at = (share: number) => (times[Math.floor(times.length * share)] ?? 0).toFixed(2)
console.log(`list, create, get, update, delete in one process, ${runs} times (goal: 1 ms)`)
console.log(`median ${at(0.5)} ms, 95 % within ${at(0.95)} ms`)

async function lifecycle(): Promise<void> {
  await rc.borrowerPhones.list(borrower)
  const { data: phone } = await rc.borrowerPhones.create(borrower, {
    type: 6,
    number: '6785550100',
    no_contact: 1,
  })
  const one = { ...borrower, phone_id: phone.id }
  await rc.borrowerPhones.get(one)
  await rc.borrowerPhones.update(one, { memo: 'bench' })
  await rc.borrowerPhones.delete(one)
}
