/** The borrowers of an order. They can only be read, so they come from the seed or a world file. */
import type { components } from '@recoveryconnect/spec'
import { listBorrowers } from '@recoveryconnect/spec/validators'
import { exampleIds, examples } from '../core/contract.gen.ts'
import type { Handlers, StoredResource } from '../core/handler.ts'
import { misfitsIn } from '../world/collection.ts'

type Borrower = components['schemas']['Borrower']

const [sample] = examples.OneBorrower.data
const [otherOrder, otherBorrower] = exampleIds.listBorrowerAddresses

const handlers = {
  listBorrowers: ({ world, place }) => ({ data: world.list<Borrower>(place) }),
} satisfies Partial<Handlers>

export const resource: StoredResource<typeof handlers> = {
  createHandlers: () => handlers,
  records: {
    documented: [
      {
        parents: exampleIds.listBorrowers,
        records: [
          ...examples.OneBorrower.data,
          // The page ends within this record. The name is invented.
          {
            id: 124941995,
            parent_id: 124941997,
            person_id: 136786891,
            is_primary: 0,
            firstname: 'Jordan',
            created_at: '2026-03-07 13:20:43',
            updated_at: '2026-03-07 13:20:44',
          },
        ],
      },
      // Only the ids are documented, by the page about addresses. The borrower is as old as the addresses.
      {
        parents: [otherOrder],
        records: [{ id: otherBorrower, firstname: 'Riley', created_at: '2026-03-09 09:38:27' }],
      },
    ],
    /** `phones` is empty, as in the vendor's sample, even if the borrower has phones. */
    complete: (given, { id, time, parents }) => ({
      ...sample,
      parent_id: id,
      person_id: id,
      created_at: time,
      updated_at: given.created_at ?? time,
      ...given,
      id,
      order_id: parents[0],
      phones: [],
    }),
    findMisfits: (record) => misfitsIn(listBorrowers.responses[200], { data: [record] }),
  },
}
