import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createClient, createOutcome, dialable, mayBeDialled, type Schemas } from '../src/client.ts'
import { ids, json, newPhone, phone, secrets, serve } from './servers.ts'

describe('a phone may be dialled', () => {
  test.each([
    ['with nothing against it', {}],
    ['from a list', { deleted_at: undefined }],
    ['with ten digits', { number: '6785550142' }],
  ])('%s', (_, change) => {
    expect(mayBeDialled({ ...phone, ...change } as Schemas['BorrowerPhone'])).toBe(true)
  })

  test.each([
    ['that is marked', { no_contact: 1 }],
    ['without the mark', { no_contact: undefined }],
    ['with a mark of another type', { no_contact: '0' }],
    ['with a boolean mark', { no_contact: false }],
    ['with null for a mark', { no_contact: null }],
    ['that is not valid', { valid: 0 }],
    ['that may be valid', { valid: '1' }],
    ['that is truly valid', { valid: true }],
    ['without valid', { valid: undefined }],
    ['that was deleted', { deleted_at: '2026-03-07 14:18:07' }],
    ['that was deleted somehow', { deleted_at: '' }],
    ['with an empty number', { number: '' }],
    ['with blanks for a number', { number: '   ' }],
    ['with words for a number', { number: 'unknown' }],
    ['with a short number', { number: '555-0142' }],
    ['with a country in front of the number', { number: '1-678-555-0142' }],
    ['with more behind the number', { number: '678-555-0142 ext. 22' }],
    ['with a number of another type', { number: 6785550142 }],
    ['without a number', { number: undefined }],
  ])('but none %s', (_, change) => {
    expect(mayBeDialled({ ...phone, ...change } as never)).toBe(false)
  })

  test.each([[null], [undefined], ['678-555-0142'], [1], [[]], [{}], [() => phone]])(
    'and nothing that is no phone: %s',
    (value) => {
      expect(mayBeDialled(value as never)).toBe(false)
    },
  )
})

describe('one number on several records', () => {
  const mobile = { ...phone, id: 1, number: '678-555-0142' }
  const other = { ...phone, id: 2, number: '678-555-0143' }
  const twin = { ...mobile, id: 3 }

  test.each([
    ['the same once more', twin, [1, 2, 3]],
    ['one that is marked', { ...twin, no_contact: 1 }, [2]],
    ['one that is not valid', { ...twin, valid: 0 }, [2]],
    ['one without flags', { id: 3, number: twin.number }, [2]],
    ['one that is marked and has no dashes', { ...twin, no_contact: 1, number: '6785550142' }, [2]],
    ['one that is marked, with a country', { ...twin, no_contact: 1, number: '+1 (678) 555-0142' }, [2]],
    [
      'one that is marked, with an extension',
      { ...twin, no_contact: 1, number: '678-555-0142 ext. 22' },
      [2],
    ],
    ['one that is marked and was deleted', { ...twin, no_contact: 1, deleted_at: 'then' }, [2]],
    ['another that is marked', { ...other, id: 3, no_contact: 1 }, [1]],
    ['one that is marked and has no number', { ...twin, no_contact: 1, number: '' }, [1, 2]],
    ['nothing', null, [1, 2]],
  ])('%s', (_, third, ids) => {
    const list = [mobile, other, third] as Schemas['BorrowerPhone'][]
    expect(dialable(list).map(({ id }) => id)).toEqual(ids)
    expect(dialable(list.toReversed()).map(({ id }) => id)).toEqual(ids.toReversed())
  })
})

describe('after a create whose answer was lost', () => {
  const item = { ...phone, number: '678-555-0142' }
  const body = {
    ...newPhone,
    mobile_carrier_id: undefined as never, // From JavaScript.
    number: '6785550142',
    extension: '',
    memo: ` ${newPhone.memo} `,
  }
  const carried = { ...item, mobile_carrier_id: 2 }
  const abroad = { ...item, number: '1-678-555-0142' }
  const older = { ...item, id: 39317578 }
  const cases: [what: string, before: { id: number }[] | undefined, now: object[][], outcome: object][] = [
    [
      'a new record that agrees is it',
      [older],
      [[older, item]],
      { created: true, phone: item, contradicts: [] },
    ],
    [
      'what the body left out may be anything',
      [],
      [[carried]],
      { created: true, phone: carried, contradicts: [] },
    ],
    [
      'a country before the number is no difference',
      [],
      [[abroad]],
      { created: true, phone: abroad, contradicts: [] },
    ],
    ['it is found at the last look', [], [[], [], [item]], { created: true, phone: item, contradicts: [] }],
    ['none at all means that it was not', [older], [[older], [older], [older]], { created: false }],
    [
      'a new record with another number is not it',
      [],
      [[{ ...item, number: '678-555-0143' }]],
      { created: false },
    ],
    [
      'a new record that differs leaves it open',
      [],
      [[{ ...item, memo: 'another' }]],
      { created: 'unknown', candidates: [{ ...item, memo: 'another' }] },
    ],
    [
      'one that differs in its flags alone is it, and says so',
      [older],
      [[older, { ...item, valid: 0, no_contact: 1 }]],
      {
        created: true,
        phone: { ...item, valid: 0, no_contact: 1 },
        contradicts: ['valid', 'no_contact'],
      },
    ],
    [
      'one that differs in its flags is left alone while the server may still be at work',
      [],
      [[{ ...older, no_contact: 1 }], [{ ...older, no_contact: 1 }, item]],
      { created: true, phone: item, contradicts: [] },
    ],
    [
      'one that agrees goes before one that differs in its flags',
      [],
      [[{ ...older, no_contact: 1 }, item]],
      { created: true, phone: item, contradicts: [] },
    ],
    [
      'two that differ in their flags leave it open',
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
    ['two that agree leave it open', [], [[item, older]], { created: 'unknown', candidates: [item, older] }],
    [
      'without a list from before, a match can be older',
      undefined,
      [[item]],
      { created: 'unknown', candidates: [item] },
    ],
    ['without a list from before, no match is an answer', undefined, [[]], { created: false }],
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
    expect(await createOutcome(rc.borrowerPhones, { ids, body, error, before, pausesMs: [0, 1, 1] })).toEqual(
      outcome,
    )
    expect(server.arrived.filter(({ method }) => method === 'POST')).toHaveLength(1)
  })

  test.each([
    ['refused', json(422, { message: 'no', errors: {} }), { created: false }],
    [
      'contradicted',
      json(200, { data: { ...phone, no_contact: 1 } }),
      { created: true, phone: { ...phone, no_contact: 1 }, contradicts: ['no_contact'] },
    ],
    [
      'stored without the mark that was sent',
      json(200, { data: phone }),
      { created: true, phone, contradicts: ['no_contact'] },
      { no_contact: 1 },
    ],
  ])('one that was %s needs no look', async (_, answer, outcome, change?: object) => {
    const body = { ...newPhone, ...change } as Schemas['BorrowerPhoneCreate']
    const server = await serve((socket) => void socket.write(answer))
    const rc = createClient({ token: 't', baseUrl: server.url })
    const result = await rc.borrowerPhones.create(ids, body).result()
    expect(await createOutcome(rc.borrowerPhones, { ids, body, error: !result.ok && result.error })).toEqual(
      outcome,
    )
    expect(server.arrived).toHaveLength(1)
  })

  const page = {
    links: { first: null, last: null, prev: null, next: 'https://api.example.com/phones?page=2' },
  }
  test.each([
    ['a list with a further page', newPhone.number, { data: [], ...page }, 'unknown'],
    ['a page of a kind that nobody knows', newPhone.number, { data: [], links: {} }, 'unknown'],
    ['the last page', newPhone.number, { data: [], links: { ...page.links, next: null } }, false],
    ['no links', newPhone.number, { data: [], links: null }, false],
    ['a number with its country', '+1 678-555-0142', { data: [phone] }, true],
    ['a number with its country, another new record', '+1 678-555-0143', { data: [phone] }, false],
    ['a number with an extension, a new record', '678-555-0142 x22', { data: [phone] }, 'unknown'],
    ['a number with an extension, no new record', '678-555-0142 x22', { data: [] }, false],
    [
      'a number that is short, a new record that agrees',
      '55',
      { data: [{ ...phone, number: '55' }] },
      'unknown',
    ],
  ])('%s', async (_, number, list, created) => {
    const { rc, error } = await lostCreate(list)
    const attempt = { ids, body: { type: phone.type, number }, error, before: [], pausesMs: [] }
    expect(await createOutcome(rc.borrowerPhones, attempt)).toMatchObject({ created })
  })

  test('an error of somebody else is no ground for an answer', async () => {
    const rc = createClient({ token: 't' })
    const attempt = { ids, body: newPhone, error: new Error(secrets.number) }
    await expect(createOutcome(rc.borrowerPhones, attempt)).rejects.toMatchObject({
      kind: 'invalid_input',
      message: expect.stringContaining('error must be what the create threw'),
      operation: 'createBorrowerPhone',
    })
  })

  test.each<[string, number[] | undefined, number[]]>([
    ['for half a minute, unless told otherwise', undefined, [0, 2000, 10_000, 30_000]],
    ['once if there are no pauses', [], [0]],
    ['after each pause', [500, 1000], [500, 1500]],
  ])('it looks %s', async (_, pausesMs, looks) => {
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

  test('an abort ends the looking, pauses included', async () => {
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
    // What became of the create is as open as before.
    await expect(looking).rejects.toMatchObject({ kind: 'aborted', mayHaveBeenCarriedOut: true })
  })

  /** A create whose answer is lost, at a server that has no phone or those of a list. */
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
