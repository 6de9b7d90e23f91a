import { exampleIds, examples } from '../core/contract.gen.ts'
import type { Handlers, Resource } from '../core/handler.ts'
import { HttpError } from '../core/http-error.ts'

export const handlers = {
  listBorrowers({ params }) {
    if (params.order_id === exampleIds.order_id) return examples.OneBorrower
    throw new HttpError(404, { message: 'Not found: this world has no such order.' })
  },
} satisfies Partial<Handlers>

export const resource: Resource<typeof handlers> = { createHandlers: () => handlers }
