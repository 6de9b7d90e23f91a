import { startServer } from '../servers.ts'
import { borrower, describeRecipe, seedOf, stackTrace, toPhone, urlOf } from './recipe.ts'

/** Borrowers whose records rule out all numbers except those with the memo "clear". */
const manyReasons = {
  orders: [
    {
      order_id: 57062885,
      borrowers: [
        {
          borrower_id: borrower,
          phones: [
            { number: '202-555-0101' },
            { number: '202-555-0102', no_contact: 1 as const },
            { number: '202-555-0103', valid: 0 as const },
            { number: '202-555-0104', memo: 'clear' },
            { number: '202-555-0104', memo: 'clear' },
            { number: '911-555-0105' },
            { number: '' },
            { number: '555-0106' },
          ].map(toPhone),
        },
        // The borrower shares a number with the first, and another is written with the country code.
        {
          borrower_id: 2001,
          phones: [{ number: '+1 (202) 555-0101', no_contact: 1 as const }, '202-555-0102'].map(toPhone),
        },
        { borrower_id: 2002, is_deceased: 1, phones: ['202-555-0107'].map(toPhone) },
        { borrower_id: 2003, bankruptcy: 'Chapter 7', phones: ['202-555-0108'].map(toPhone) },
        { borrower_id: 2004, active_military: 1, phones: ['202-555-0109'].map(toPhone) },
        { borrower_id: 2006, addresses: [{}, { no_contact: 1 }], phones: ['202-555-0111'].map(toPhone) },
        {
          borrower_id: 2007,
          addresses: [{}],
          phones: [{ number: '202-555-0112', memo: 'clear' }].map(toPhone),
        },
      ],
    },
  ],
}

/** A borrower without objections that shares all numbers except the one with the memo "clear" with others. */
const sharedNumbers = {
  orders: [
    {
      order_id: 57062885,
      borrowers: [
        { borrower_id: 2002, is_deceased: 1, phones: ['202-555-0107'].map(toPhone) },
        { borrower_id: 2003, bankruptcy: 'Chapter 7', phones: ['+1 (202) 555-0108'].map(toPhone) },
        {
          borrower_id: borrower,
          addresses: [{}],
          phones: [
            ...['202-555-0107', '202-555-0108', '202-555-0109', '202-555-0111'],
            { number: '202-555-0112', memo: 'clear' },
          ].map(toPhone),
        },
        { borrower_id: 2004, active_military: 1, phones: ['202-555-0109'].map(toPhone) },
        { borrower_id: 2006, addresses: [{}, { no_contact: 1 }], phones: ['202-555-0111'].map(toPhone) },
      ],
    },
  ],
}

/** Orders with two phones that must not be dialed, because the second can have the number of the first. */
const maskedNumbers = [
  {
    what: 'leaves out every number if one is ruled out and masked',
    seed: seedOf(['202-555-0101', { number: 'XXX-XXX-0102', no_contact: 1 }]),
  },
  {
    what: 'leaves out every number if another borrower must not be called and has a masked one',
    seed: {
      orders: [
        {
          order_id: 57062885,
          borrowers: [
            { borrower_id: borrower, phones: ['202-555-0101'].map(toPhone) },
            { borrower_id: 2003, bankruptcy: 'Chapter 7', phones: ['XXX-XXX-0102'].map(toPhone) },
          ],
        },
      ],
    },
  },
]

interface OddOrder {
  what: string
  borrowers: { id: unknown; phones: { id?: unknown; [field: string]: unknown }[] }[]
  /** The ids of the phones without objections. By default, the program fails. */
  clear?: string[]
  /** Whether the program may fail instead. */
  mayFail?: boolean
}

/** Orders that the sandbox can't store. */
const oddOrders: OddOrder[] = [
  {
    what: 'objects to a phone that was deleted',
    borrowers: [
      {
        id: 7,
        phones: [
          { id: 1, number: '202-555-0101', deleted_at: '2026-03-08 10:00:00' },
          { id: 2, number: '202-555-0102', deleted_at: null },
        ],
      },
    ],
    clear: ['2'],
  },
  {
    what: 'accepts ids that are strings',
    borrowers: [
      {
        id: '7',
        phones: [
          { id: '1', number: '202-555-0101' },
          { id: '2', number: '202-555-0102', no_contact: 1 },
        ],
      },
    ],
    clear: ['1'],
  },
  {
    what: "doesn't take one id above 2^53 for another",
    borrowers: [
      { id: 2n ** 53n, phones: [{ id: 2n ** 53n, number: '202-555-0101', no_contact: 1 }] },
      { id: 2n ** 53n + 1n, phones: [{ id: 2n ** 53n + 1n, number: '202-555-0102' }] },
    ],
    clear: [`${2n ** 53n + 1n}`],
    mayFail: true,
  },
  {
    what: 'fails if a phone has no id',
    borrowers: [{ id: 7, phones: [{ id: 1, number: '202-555-0101' }, { number: '202-555-0102' }] }],
  },
  {
    what: 'fails if the id of a phone is null',
    borrowers: [{ id: 7, phones: [{ id: null, number: '202-555-0101' }] }],
  },
]

await describeRecipe({
  name: 'find-numbers-to-dial',
  define: (check) => {
    for (const { what, seed } of [
      { what: 'leaves out every number that a record rules out', seed: manyReasons },
      { what: 'leaves out every number at which another borrower must not be called', seed: sharedNumbers },
    ])
      check(
        what,
        async ({ world, start, expect }) => {
          const { status, stdout } = await start()
          const phones = await world.listPhones()
          const clear = phones.filter(({ memo }) => memo === 'clear').map(({ id }) => `${id} no objection`)
          const lines = stdout.trim().split('\n')
          expect({ status, count: lines.length }).toEqual({ status: 0, count: phones.length })
          expect(lines.filter((line) => line.endsWith('no objection'))).toEqual(clear)
        },
        seed,
      )

    for (const order of oddOrders)
      check(order.what, async ({ start, expect }) => {
        await using server = await startServer(({ url }, response) => response.end(toList(order, url)))
        const { status, stdout, stderr } = await start(urlOf(server))
        expect(stderr).not.toMatch(stackTrace)
        if (!order.clear || (order.mayFail && status === 1)) {
          expect({ status, stdout, stderr }).toEqual({
            status: 1,
            stdout: '',
            stderr: expect.stringMatching(/./),
          })
          return
        }
        const lines = stdout.split('\n').filter((line) => line.endsWith('no objection'))
        expect({ status, lines }).toEqual({ status: 0, lines: order.clear.map((id) => `${id} no objection`) })
      })

    for (const list of ['phones', 'addresses'])
      check(`fails if the ${list} are an object`, async ({ start, expect }) => {
        await using server = await startServer(({ url = '' }, response) => {
          const order = { what: '', borrowers: [{ id: 7, phones: [{ id: 1, number: '202-555-0101' }] }] }
          response.end(url.endsWith(list) ? '{"data": {}}' : toList(order, url))
        })
        const { status, stdout, stderr } = await start(urlOf(server))
        expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
        expect(stderr).not.toMatch(stackTrace)
      })

    check('has an answer for each of 1,500 phones', async ({ start, expect }) => {
      const phones = Array.from({ length: 1500 }, (_, index) => ({
        id: index + 1,
        number: `202555${String(index).padStart(4, '0')}`,
      }))
      await using server = await startServer(({ url }, response) =>
        response.end(toList({ what: '', borrowers: [{ id: 7, phones }] }, url)),
      )
      const { status, stdout } = await start(urlOf(server))
      expect(status).toBe(0)
      expect(stdout.match(/no objection$/gm)).toHaveLength(1500)
    })

    for (const { what, seed } of maskedNumbers)
      check(
        what,
        async ({ start, expect }) => {
          const { status, stdout } = await start()
          expect({ status, count: stdout.trim().split('\n').length }).toEqual({ status: 0, count: 2 })
          expect(stdout).not.toContain('no objection')
        },
        seed,
      )
  },
})

/** The JSON of a list of an order. */
function toList({ borrowers }: OddOrder, path = ''): string {
  const phones = borrowers.find(({ id }) => path.endsWith(`/${id}/phones`))?.phones
  const data = path.endsWith('/borrowers')
    ? borrowers.map(({ id }) => ({
        id,
        is_deceased: 0,
        bankruptcy: null,
        active_military: 0,
        deleted_at: null,
      }))
    : (phones ?? []).map((phone) => ({ type: 6, valid: 1, no_contact: 0, ...phone }))
  const toText = (_: string, value: unknown) => (typeof value === 'bigint' ? `bigint ${value}` : value)
  return JSON.stringify({ data }, toText).replaceAll(/"bigint (\d+)"/g, '$1')
}
