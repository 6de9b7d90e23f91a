import { examples } from '../core/contract.gen.ts'
import type { Handlers, Resource } from '../core/handler.ts'
import { HttpError } from '../core/http-error.ts'

export const handlers = {
  listBorrowerAddresses({ params }) {
    if (params.borrower_id === 124943338) return examples.OneAddress
    if (params.borrower_id === 124927241) return examples.NoAddresses
    throw new HttpError(404, { message: 'Not found: this world has no such order with such a borrower.' })
  },
} satisfies Partial<Handlers>

export const resource: Resource<typeof handlers> = { createHandlers: () => handlers }
