import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createClient, createOutcome, type Schemas } from '../src/client.ts'
import { ids, json, newPhone, phone, secrets, serve } from './servers.ts'

describe('createOutcome after a create whose response was lost', () => {
  const item = { ...phone, number: '678-555-0142' }
  const body = {
    ...newPhone,
    mobile_carrier_id: undefined as never, // From JavaScript.
    number: '6785550142',
    extension: '',
    memo: ` ${newPhone.memo} `,
  }
  const withCarrier = { ...item, mobile_carrier_id: 2 }
  const abroad = { ...item, number: '1-678-555-0142' }
  const older = { ...item, id: 39317578 }
  type Case = [what: string, before: { id: unknown }[] | null | undefined, now: object[][], outcome: object]
  const found = (phone: object) => ({ created: true, phone, contradicts: [] })
  const cases: Case[] = [
    ['finds a new record that matches', [older], [[older, item]], found(item)],
    ['ignores fields that were not sent', [], [[withCarrier]], found(withCarrier)],
    ['ignores a country code', [], [[abroad]], found(abroad)],
    ['finds it at the last look', [], [[], [], [item]], found(item)],
    ['returns false without a new record', [older], [[older], [older], [older]], { created: false }],
    [
      'ignores a new record with another number',
      [],
      [[{ ...item, number: '678-555-0143' }]],
      { created: false },
    ],
    [
      'returns unknown for a new record that differs',
      [],
      [[{ ...item, memo: 'another' }]],
      { created: 'unknown', candidates: [{ ...item, memo: 'another' }] },
    ],
    [
      'returns unknown for a new record that differs in a flag and in another field',
      [],
      [[{ ...item, memo: 'another', no_contact: 1 }]],
      { created: 'unknown', candidates: [{ ...item, memo: 'another', no_contact: 1 }] },
    ],
    [
      'finds one that differs only in its flags, and names them',
      [older],
      [[older, { ...item, valid: 0, no_contact: 1 }]],
      {
        created: true,
        phone: { ...item, valid: 0, no_contact: 1 },
        contradicts: ['valid', 'no_contact'],
      },
    ],
    [
      'looks again before it accepts one that differs in its flags',
      [],
      [[{ ...older, no_contact: 1 }], [{ ...older, no_contact: 1 }, item]],
      found(item),
    ],
    [
      'prefers one that matches to one that differs in its flags',
      [],
      [[{ ...older, no_contact: 1 }, item]],
      found(item),
    ],
    [
      'returns unknown for two that differ in their flags',
      [],
      [
        [
          { ...older, no_contact: 1 },
          { ...item, no_contact: 1 },
        ],
      ],
      {
        created: 'unknown',
        candidates: [
          { ...older, no_contact: 1 },
          { ...item, no_contact: 1 },
        ],
      },
    ],
    [
      'returns unknown for two that match',
      [],
      [[item, older]],
      { created: 'unknown', candidates: [item, older] },
    ],
    [
      'returns unknown for a match without an earlier list',
      undefined,
      [[item]],
      { created: 'unknown', candidates: [item] },
    ],
    ['returns false for no match without an earlier list', undefined, [[]], { created: false }],
    ['treats null as no earlier list', null, [[item]], { created: 'unknown', candidates: [item] }],
    ['accepts ids that are strings', [{ id: String(older.id) }], [[older, item]], found(item)],
    ['accepts ids that became strings', [older], [[{ ...older, id: String(older.id) }, item]], found(item)],
    ...['', 'XXX-XXX-0142', '***', '555-0142', undefined].map(
      (number): Case => [
        `returns unknown for a new record with the number ${number}`,
        [],
        [[{ ...item, number }]],
        { created: 'unknown', candidates: [{ ...item, number }] },
      ],
    ),
    ...[null, 'text', {}, { ...item, id: undefined }, { ...item, id: null }].map(
      (record): Case => [
        `returns unknown for a new item that is no record, or has no id: ${JSON.stringify(record)}`,
        [{ id: undefined }, { id: null }],
        [[{ ...older, number: '678-555-0143' }, record as object]],
        { created: 'unknown', candidates: [record] },
      ],
    ),
    [
      'takes an earlier list with an item that is no record',
      [null as never, older],
      [[older]],
      { created: false },
    ],
    [
      'returns unknown for one that differs in its flags beside one with an unreadable number',
      [],
      [
        [
          { ...item, no_contact: 1 },
          { ...older, number: '' },
        ],
      ],
      {
        created: 'unknown',
        candidates: [
          { ...item, no_contact: 1 },
          { ...older, number: '' },
        ],
      },
    ],
    [
      'prefers one that matches to one with an unreadable number',
      [],
      [[{ ...older, number: '' }, item]],
      found(item),
    ],
    [
      'looks again after one with an unreadable number',
      [],
      [[{ ...older, number: '' }], [{ ...older, number: '' }, item]],
      found(item),
    ],
    [
      'ignores an older record with an unreadable number',
      [older],
      [[{ ...older, number: '' }]],
      { created: false },
    ],
  ]
  test.each(cases)('%s', async (_, before, lists, outcome) => {
    let looks = 0
    const server = await serve((socket, { method }) => {
      if (method === 'POST') socket.resetAndDestroy()
      else socket.write(json(200, { data: lists[Math.min(looks++, lists.length - 1)] }))
    })
    const rc = createClient({ token: 't', baseUrl: server.url })
    const result = await rc.borrowerPhones.create(ids, body).result()
    const error = !result.ok && result.error
    const attempt = { ids, body, error, before: before as { id: number }[], pausesMs: [0, 1, 1] }
    expect(await createOutcome(rc.borrowerPhones, attempt)).toEqual(outcome)
    expect(server.arrived.filter(({ method }) => method === 'POST')).toHaveLength(1)
  })

  test.each([
    ['rejected', json(422, { message: 'no', errors: {} }), { created: false }],
    [
      'contradicted',
      json(200, { data: { ...phone, no_contact: 1 } }),
      { created: true, phone: { ...phone, no_contact: 1 }, contradicts: ['no_contact'] },
    ],
    [
      'stored without the no_contact that was sent',
      json(200, { data: phone }),
      { created: true, phone, contradicts: ['no_contact'] },
      { no_contact: 1 },
    ],
  ])('does not look if the create was %s', async (_, response, outcome, change?: object) => {
    const body = { ...newPhone, ...change } as Schemas['BorrowerPhoneCreate']
    const server = await serve((socket) => void socket.write(response))
    const rc = createClient({ token: 't', baseUrl: server.url })
    const result = await rc.borrowerPhones.create(ids, body).result()
    expect(await createOutcome(rc.borrowerPhones, { ids, body, error: !result.ok && result.error })).toEqual(
      outcome,
    )
    expect(server.arrived).toHaveLength(1)
  })

  const links = { first: null, last: null, prev: null, next: 'https://api.example.com/phones?page=2' }
  test.each([
    ['a page without the record', newPhone.number, { data: [], links }, 'unknown'],
    ['a page with a record that matches', newPhone.number, { data: [phone], links }, 'unknown'],
    [
      'a list with links to no other page',
      newPhone.number,
      { data: [], links: { ...links, next: null } },
      false,
    ],
    ['a number with a country code', '+1 678-555-0142', { data: [phone] }, true],
    ['a number with a country code, another new record', '+1 678-555-0143', { data: [phone] }, false],
    ['a number with an extension, a new record', '678-555-0142 x22', { data: [phone] }, true],
    ['a number with an extension, no new record', '678-555-0142 x22', { data: [] }, false],
    ['a short number, a new record that matches', '55', { data: [{ ...phone, number: '55' }] }, 'unknown'],
    [
      'seven digits, a new record that matches',
      '555-0142',
      { data: [{ ...phone, number: '555-0142' }] },
      'unknown',
    ],
    ['seven digits, another new record', '555-0143', { data: [phone] }, false],
  ])('%s', async (_, number, list, created) => {
    const { rc, error } = await lostCreate(list)
    const attempt = { ids, body: { type: phone.type, number }, error, before: [], pausesMs: [] }
    expect(await createOutcome(rc.borrowerPhones, attempt)).toMatchObject({ created })
  })

  test('stops looking when it finds a record that matches', async () => {
    const { rc, error } = await lostCreate({ data: [phone] })
    const list = vi.spyOn(rc.borrowerPhones, 'list')
    const attempt = { ids, body: newPhone, error, before: [] }
    expect(await createOutcome(rc.borrowerPhones, attempt)).toEqual(found(phone))
    expect(list).toHaveBeenCalledTimes(1)
  })

  test('returns the records of the page as candidates', async () => {
    const other = { ...phone, id: 2, number: '678-555-0143' }
    const { rc, error } = await lostCreate({ data: [phone, other], links })
    const list = vi.spyOn(rc.borrowerPhones, 'list')
    const outcome = await createOutcome(rc.borrowerPhones, { ids, body: newPhone, error, before: [] })
    expect(outcome).toEqual({ created: 'unknown', candidates: [phone] })
    expect(list).toHaveBeenCalledTimes(1)
  })

  test('fails if listing fails', async () => {
    const { rc, error } = await lostCreate({ data: {} })
    const looking = createOutcome(rc.borrowerPhones, { ids, body: newPhone, error })
    await expect(looking).rejects.toMatchObject({
      kind: 'unexpected_response',
      operation: 'listBorrowerPhones',
    })
  })

  test('rejects an error that is not from a create', async () => {
    const rc = createClient({
      token: 't',
      fetch: async () => Promise.reject(new TypeError('reset')),
      maxAttempts: 1,
    })
    const { list, update } = rc.borrowerPhones
    const results = [
      await list(ids).result(),
      await update({ ...ids, phone_id: 1 }, { no_contact: 1 }).result(),
      await rc.authentication.createAccessToken({ username: 'u', password: 'p' }).result(),
    ]
    const errors = results.map((result) => !result.ok && result.error)
    for (const error of [
      new Error(secrets.number),
      undefined,
      null,
      { operation: 'createBorrowerPhone' },
      ...errors,
    ])
      await expect(createOutcome(rc.borrowerPhones, { ids, body: newPhone, error })).rejects.toMatchObject({
        kind: 'invalid_input',
        message: expect.stringContaining('error must'),
        operation: '',
      })
  })

  test.each([-1, 2 ** 31, 1e10, Number.NaN, Number.POSITIVE_INFINITY, 0.5, '5', null, undefined])(
    'rejects the pause %s before it looks',
    async (ms) => {
      const { rc, error } = await lostCreate()
      const list = vi.spyOn(rc.borrowerPhones, 'list')
      const attempt = { ids, body: newPhone, error, pausesMs: [0, ms as number] }
      const rejected = await createOutcome(rc.borrowerPhones, attempt).catch((error) => error)
      expect(rejected).toMatchObject({
        kind: 'invalid_input',
        message: expect.stringMatching(/pausesMs.* 0 to 2147483647/),
      })
      // This error says nothing about the create.
      await expect(
        createOutcome(rc.borrowerPhones, { ids, body: newPhone, error: rejected }),
      ).rejects.toThrow('error must')
      expect(list).not.toHaveBeenCalled()
    },
  )

  test.each<[string, number[] | undefined, number[]]>([
    ['for half a minute by default', undefined, [0, 2000, 10_000, 30_000]],
    ['once if there are no pauses', [], [0]],
    ['after each pause', [500, 1000], [500, 1500]],
  ])('looks %s', async (_, pausesMs, looks) => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const { rc, error } = await lostCreate()
    const begin = Date.now()
    const seen: number[] = []
    const list: typeof rc.borrowerPhones.list = (...args) => {
      seen.push(Date.now() - begin)
      return rc.borrowerPhones.list(...args)
    }
    const outcome = createOutcome({ list }, { ids, body: newPhone, error, pausesMs })
    await vi.runAllTimersAsync()
    expect(await outcome).toEqual({ created: false })
    expect(seen).toEqual(looks)
  })

  test('stops on an abort, even during a pause', async () => {
    const controller = new AbortController()
    const { rc, error } = await lostCreate()
    const list = vi.spyOn(rc.borrowerPhones, 'list')
    const looking = createOutcome(rc.borrowerPhones, {
      ids,
      body: newPhone,
      error,
      pausesMs: [0, 1e6],
      options: { signal: controller.signal },
    })
    await vi.waitFor(() => expect(list).toHaveResolved())
    controller.abort()
    // The outcome of the create is still unknown.
    await expect(looking).rejects.toMatchObject({ kind: 'aborted', mayHaveBeenCarriedOut: true })
  })

  /** A create whose response is lost, and a server that then returns this list. */
  async function lostCreate(list: object = { data: [] }) {
    const rc = createClient({
      token: 't',
      fetch: async (_, init) =>
        init?.method === 'POST' ? Promise.reject(new TypeError('reset')) : Response.json(list),
    })
    const result = await rc.borrowerPhones.create(ids, newPhone).result()
    return { rc, error: !result.ok && result.error }
  }
})
