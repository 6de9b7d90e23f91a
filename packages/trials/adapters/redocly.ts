import { mended, serve } from './frame.js'
import { createClient, OPERATIONS, type Ops } from './generated/client.js'

serve(({ base_url: serverUrl, token: bearer, ids: path, body, deadline_ms: timeout }) => {
  const client = createClient<Ops>(OPERATIONS, { serverUrl, auth: { bearer }, ...(mended && { timeout }) })
  const init = mended ? ({ redirect: 'error', parseAs: 'json' } as const) : {}
  return {
    listBorrowers: () => client.listBorrowers({ path }, init),
    listBorrowerPhones: () => client.listBorrowerPhones({ path }, init),
    createBorrowerPhone: () => client.createBorrowerPhone({ path, body }, init),
    updateBorrowerPhone: () => client.updateBorrowerPhone({ path, body }, init),
    deleteBorrowerPhone: () => client.deleteBorrowerPhone({ path }, init),
  }
})
