import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createClient, createOutcome, dialable, mayBeDialled, type Schemas } from '../src/client.ts'
import { ids, json, newPhone, phone, secrets, serve } from './servers.ts'

describe('mayBeDialled accepts a phone', () => {
  test.each([
    ['with both flags clear', {}],
    ['from a list', { deleted_at: undefined }],
    ['with ten digits', { number: '6785550142' }],
  ])('%s', (_, change) => {
    expect(mayBeDialled({ ...phone, ...change } as Schemas['BorrowerPhone'])).toBe(true)
  })

  test.each([
    ['with no_contact set', { no_contact: 1 }],
    ['without no_contact', { no_contact: undefined }],
    ['with no_contact as a string', { no_contact: '0' }],
    ['with no_contact as a boolean', { no_contact: false }],
    ['with no_contact as null', { no_contact: null }],
    ['that is not valid', { valid: 0 }],
    ['with valid as a string', { valid: '1' }],
    ['with valid as a boolean', { valid: true }],
    ['without valid', { valid: undefined }],
    ['that was deleted', { deleted_at: '2026-03-07 14:18:07' }],
    ['with an empty deleted_at', { deleted_at: '' }],
    ['with an empty number', { number: '' }],
    ['with spaces as number', { number: '   ' }],
    ['with words as number', { number: 'unknown' }],
    ['with a short number', { number: '555-0142' }],
    ['with a country code', { number: '1-678-555-0142' }],
    ['with an extension', { number: '678-555-0142 ext. 22' }],
    ['with a numeric number', { number: 6785550142 }],
    ['without a number', { number: undefined }],
  ])('and rejects one %s', (_, change) => {
    expect(mayBeDialled({ ...phone, ...change } as never)).toBe(false)
  })

  test.each([[null], [undefined], ['678-555-0142'], [1], [[]], [{}], [() => phone]])(
    'and rejects what is no phone: %s',
    (value) => {
      expect(mayBeDialled(value as never)).toBe(false)
    },
  )
})

describe('dialable checks all records of a number', () => {
  const mobile = { ...phone, id: 1, number: '678-555-0142' }
  const other = { ...phone, id: 2, number: '678-555-0143' }
  const twin = { ...mobile, id: 3 }

  test.each([
    ['the same twice', twin, [1, 2, 3]],
    ['one with no_contact', { ...twin, no_contact: 1 }, [2]],
    ['one that is not valid', { ...twin, valid: 0 }, [2]],
    ['one without flags', { id: 3, number: twin.number }, [2]],
    ['one with no_contact and no dashes', { ...twin, no_contact: 1, number: '6785550142' }, [2]],
    ['one with no_contact and a country code', { ...twin, no_contact: 1, number: '+1 (678) 555-0142' }, [2]],
    ['one with no_contact and an extension', { ...twin, no_contact: 1, number: '678-555-0142 ext. 22' }, [2]],
    ['one with no_contact that was deleted', { ...twin, no_contact: 1, deleted_at: 'then' }, [2]],
    ['another number with no_contact', { ...other, id: 3, no_contact: 1 }, [1]],
    ['one with no_contact and no number', { ...twin, no_contact: 1, number: '' }, [1, 2]],
    ['nothing', null, [1, 2]],
  ])('%s', (_, third, ids) => {
    const list = [mobile, other, third] as Schemas['BorrowerPhone'][]
    expect(dialable(list).map(({ id }) => id)).toEqual(ids)
    expect(dialable(list.toReversed()).map(({ id }) => id)).toEqual(ids.toReversed())
  })
})

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
  const cases: [what: string, before: { id: number }[] | undefined, now: object[][], outcome: object][] = [
    [
      'finds a new record that matches',
      [older],
      [[older, item]],
      { created: true, phone: item, contradicts: [] },
    ],
    [
      'ignores fields that were not sent',
      [],
      [[withCarrier]],
      { created: true, phone: withCarrier, contradicts: [] },
    ],
    ['ignores a country code', [], [[abroad]], { created: true, phone: abroad, contradicts: [] }],
    ['finds it at the last look', [], [[], [], [item]], { created: true, phone: item, contradicts: [] }],
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
      { created: true, phone: item, contradicts: [] },
    ],
    [
      'prefers one that matches to one that differs in its flags',
      [],
      [[{ ...older, no_contact: 1 }, item]],
      { created: true, phone: item, contradicts: [] },
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

  const page = {
    links: { first: null, last: null, prev: null, next: 'https://api.example.com/phones?page=2' },
  }
  test.each([
    ['a list with another page', newPhone.number, { data: [], ...page }, 'unknown'],
    ['a list with unknown links', newPhone.number, { data: [], links: {} }, 'unknown'],
    ['the last page', newPhone.number, { data: [], links: { ...page.links, next: null } }, false],
    ['no links', newPhone.number, { data: [], links: null }, false],
    ['a number with a country code', '+1 678-555-0142', { data: [phone] }, true],
    ['a number with a country code, another new record', '+1 678-555-0143', { data: [phone] }, false],
    ['a number with an extension, a new record', '678-555-0142 x22', { data: [phone] }, 'unknown'],
    ['a number with an extension, no new record', '678-555-0142 x22', { data: [] }, false],
    ['a short number, a new record that matches', '55', { data: [{ ...phone, number: '55' }] }, 'unknown'],
  ])('%s', async (_, number, list, created) => {
    const { rc, error } = await lostCreate(list)
    const attempt = { ids, body: { type: phone.type, number }, error, before: [], pausesMs: [] }
    expect(await createOutcome(rc.borrowerPhones, attempt)).toMatchObject({ created })
  })

  test('rejects an error that is not from this package', async () => {
    const rc = createClient({ token: 't' })
    const attempt = { ids, body: newPhone, error: new Error(secrets.number) }
    await expect(createOutcome(rc.borrowerPhones, attempt)).rejects.toMatchObject({
      kind: 'invalid_input',
      message: expect.stringContaining('error must'),
      operation: 'createBorrowerPhone',
    })
  })

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
