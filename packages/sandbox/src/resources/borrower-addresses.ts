/** The addresses of a borrower. They can only be read, so they come from the seed or a world file. */
import type { components } from '@recoveryconnect/spec'
import { listBorrowerAddresses } from '@recoveryconnect/spec/validators'
import { exampleIds, examples } from '../core/contract.gen.ts'
import type { Handlers, StoredResource } from '../core/handler.ts'
import { misfitsIn } from '../world/collection.ts'

type Address = components['schemas']['BorrowerAddress']

const [sample] = examples.OneAddress.data

const handlers = {
  listBorrowerAddresses: ({ world, place }) => ({ data: world.list<Address>(place) }),
} satisfies Partial<Handlers>

export const resource: StoredResource<typeof handlers> = {
  createHandlers: () => handlers,
  records: {
    documented: [
      {
        parents: exampleIds.listBorrowerAddresses,
        records: [
          ...examples.OneAddress.data,
          // The page ends within this record. Its `updated_at` is an assumption.
          {
            ...sample,
            id: 219114268,
            address_id: 120093909,
            name: 'Work Address',
            address_1: '2 Example Street',
            type: 7,
            latitude: '32.75589400',
            longitude: '-111.67095800',
          },
        ],
      },
    ],
    complete: (given, { id, time }) => ({
      ...sample,
      address_id: id,
      created_at: time,
      updated_at: given.created_at ?? time,
      ...given,
      id,
    }),
    findMisfits: (record) => misfitsIn(listBorrowerAddresses.responses[200], { data: [record] }),
  },
}
