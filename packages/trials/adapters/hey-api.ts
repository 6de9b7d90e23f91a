import { mend, mended, serve } from './frame.js'
import { createClient } from './generated/client/index.js'
import {
  createBorrowerPhone,
  deleteBorrowerPhone,
  listBorrowerPhones,
  listBorrowers,
  updateBorrowerPhone,
} from './generated/sdk.gen.js'

const client = createClient(mended ? { parseAs: 'json' } : {})

serve((sent) => {
  const { base_url: baseUrl, token: auth, ids: path, body } = sent
  const options = { client, baseUrl, auth, path, throwOnError: true, ...mend(sent) } as const
  return {
    listBorrowers: () => listBorrowers(options),
    listBorrowerPhones: () => listBorrowerPhones(options),
    createBorrowerPhone: () => createBorrowerPhone({ ...options, body }),
    updateBorrowerPhone: () => updateBorrowerPhone({ ...options, body }),
    deleteBorrowerPhone: () => deleteBorrowerPhone(options),
  }
})
