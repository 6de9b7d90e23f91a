import { createInterface } from 'node:readline'
import { type Call, createClient } from '@recoveryconnect/client'

for await (const line of createInterface(process.stdin)) {
  const { id, operation, base_url, token, ids, body, deadline_ms } = JSON.parse(line)
  const rc = createClient({ baseUrl: base_url, token, totalTimeoutMs: deadline_ms })
  const calls: Record<string, () => Call<unknown>> = {
    listBorrowers: () => rc.borrowers.list(ids),
    listBorrowerPhones: () => rc.borrowerPhones.list(ids),
    createBorrowerPhone: () => rc.borrowerPhones.create(ids, body),
    updateBorrowerPhone: () => rc.borrowerPhones.update(ids, body),
    deleteBorrowerPhone: () => rc.borrowerPhones.delete(ids),
  }
  const result = await calls[operation]?.().result()
  const reply = result?.ok ? { outcome: 'ok' } : { outcome: result?.error.kind, output: result?.error.stack }
  console.log(JSON.stringify({ id, ...reply }))
}
