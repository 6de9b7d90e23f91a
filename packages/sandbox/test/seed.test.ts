import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startSandbox } from '../src/server.ts'
import { sandbox } from './calls.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function fileWith(text: string, name = 'seed.yaml'): Promise<string> {
  const file = join(folder, name)
  await writeFile(file, text)
  return file
}

const yaml = `# Two borrowers of one order.
orders:
  - order_id: 7001
    borrowers:
      - borrower_id: 8001
        phones:
          - type: 6
            number: "2025550143"
            no_contact: 1
          - id: 5000
            type: 5
            number: 202-555-0144
            created_at: "2026-01-02 03:04:05"
      - borrower_id: 8002
`

test.each([
  ['YAML', yaml, 'seed.yaml'],
  [
    'JSON with tabs',
    `{\n\t"orders": [{\n\t\t"order_id": 7001,\n\t\t"borrowers": [{ "borrower_id": 8001, "phones": [
      { "type": 6, "number": "2025550143", "no_contact": 1 },
      { "id": 5000, "type": 5, "number": "202-555-0144", "created_at": "2026-01-02 03:04:05" }
    ] }, { "borrower_id": 8002 }]\n\t}]\n}`,
    'seed.json',
  ],
])('a seed in %s sets orders, borrowers and phones', async (_, text, name) => {
  const { call } = await sandbox({ seedFile: await fileWith(text, name) })
  const { body } = await call('GET', '/api/v140/orders/7001/borrowers/8001/phones')
  expect(body.data).toMatchObject([
    {
      id: 5000,
      type: 5,
      created_at: '2026-01-02 03:04:05',
      updated_at: '2026-01-02 03:04:05',
      no_contact: 0,
    },
    { id: 5001, number: '202-555-0143', no_contact: 1, memo: null },
  ])
  const empty = '/api/v140/orders/7001/borrowers/8002/phones'
  expect((await call('GET', empty)).body).toEqual({ data: [] })
  expect((await call('POST', empty, { type: 6, number: '2025550145' })).body.data.id).toBe(5002)
})

test.each([
  [
    'a wrong type',
    'no_contact: 1',
    'no_contact: "1"',
    ':9: /orders/0/borrowers/0/phones/0/no_contact: must be integer',
  ],
  [
    'a value outside the contract',
    'no_contact: 1',
    'no_contact: 2',
    ':9: /orders/0/borrowers/0/phones/0/no_contact: ',
  ],
  [
    'a number without quotes',
    '"2025550143"',
    '2025550143',
    ':8: /orders/0/borrowers/0/phones/0/number: must be string',
  ],
  [
    'an unknown field',
    'no_contact',
    'noContact',
    ':9: /orders/0/borrowers/0/phones/0/noContact: is an unknown key',
  ],
  [
    'a missing field',
    '            type: 5\n',
    '',
    ':10: /orders/0/borrowers/0/phones/1: must have required property',
  ],
  ['an invalid time', '03:04:05', '03:04', ':13: /orders/0/borrowers/0/phones/1/created_at: '],
  [
    'an id that is reserved for failures',
    '7001',
    '503',
    ':3: /orders/0/order_id: must be an integer from 1000',
  ],
  ['a borrower twice', '8002', '8001', ':14: /orders/0/borrowers/1/borrower_id: is used twice'],
  [
    'borrowers that are a number',
    'borrowers:\n',
    'borrowers: 5\n    other:\n',
    ':4: /orders/0/borrowers: must be a list',
  ],
  ['an unknown key at the top', 'orders:', 'order:', ':2: /order: is an unknown key'],
  ['broken YAML', 'orders:', 'orders: [', ':'],
])('a seed with %s is an error that names the line', async (_, right, wrong, message) => {
  expect(yaml).toContain(right)
  const file = await fileWith(yaml.replace(right, wrong))
  await expect(startSandbox({ port: 0, seedFile: file })).rejects.toThrow(`${file}${message}`)
})

test.each([
  ['broken YAML', 'orders: [\n  - a', [':2: Block', ':2: Flow']],
  ['nothing', '', [':1: /: must be an object', ':1: /orders: must be a list']],
  [
    'keys with slashes and tildes',
    yaml.replace('no_contact', 'no/contact~: 1\n            other'),
    [':9: /orders/0/borrowers/0/phones/0/(hidden name): is', ':10: /orders/0/borrowers/0/phones/0/other: is'],
  ],
])('a seed of %s is an error that lists every problem', async (_, text, problems) => {
  const file = await fileWith(text)
  const { message } = await startSandbox({ port: 0, seedFile: file }).then(
    () => expect.unreachable(),
    (error: Error) => error,
  )
  const [head, ...lines] = message.split('\n')
  expect(head).toMatch(/seed.*contract/)
  expect(lines).toEqual(problems.map((problem) => expect.stringContaining(file + problem)))
})

test('two records with the same id are an error', async () => {
  const file = await fileWith(yaml.replace('- type: 6', '- id: 5000\n            type: 6'))
  await expect(startSandbox({ port: 0, seedFile: file })).rejects.toThrow(/phones\/1\/id: is used twice/)
})

test('an alias that expands exponentially is an error', async () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefghij'.split('').map((name, i) => `${name}: &${name} [${`*${'abcdefghij'[i]},`.repeat(9)}]`),
  ]
  await expect(startSandbox({ port: 0, seedFile: await fileWith(bomb.join('\n')) })).rejects.toThrow(/alias/i)
})

test("a seed file that doesn't exist is named", async () => {
  await expect(startSandbox({ port: 0, seedFile: 'nowhere.yaml' })).rejects.toThrow(/nowhere\.yaml: ENOENT/)
})

test('a reset reads the seed file again; worlds that are open keep their data until then', async () => {
  const seedFile = await fileWith(yaml)
  const { call } = await sandbox({ seedFile })
  const phones = '/api/v140/orders/7001/borrowers/8001/phones'
  const ids = async (token: string) =>
    (await call('GET', phones, undefined, { token })).body.data.map(({ id }: { id: number }) => id)
  expect(await ids('one')).toEqual([5000, 5001])
  expect(await ids('two')).toEqual([5000, 5001])
  await fileWith(yaml.replace('id: 5000', 'id: 6000'))
  expect(await ids('one')).toEqual([5000, 5001])
  await call('POST', '/__sandbox/reset', undefined, { token: 'one' })
  expect(await ids('one')).toEqual([6000, 6001])
  expect(await ids('two')).toEqual([5000, 5001])
  expect(await ids('three')).toEqual([6000, 6001])
})

test("a reset with a seed file that doesn't fit is a 422 that says where, and changes nothing", async () => {
  const seedFile = await fileWith(yaml)
  const { call } = await sandbox({ seedFile })
  const phones = '/api/v140/orders/7001/borrowers/8001/phones'
  await call('DELETE', `${phones}/5000`)
  for (const [text, problem] of [
    [
      yaml.replace('no_contact: 1', 'no_contact: 7'),
      `${seedFile}:9: /orders/0/borrowers/0/phones/0/no_contact`,
    ],
    ['orders: [', `${seedFile}:`],
  ] as const) {
    await fileWith(text)
    const rejected = await call('POST', '/__sandbox/reset')
    expect([rejected.status, rejected.body.errors.seed.join()]).toEqual([
      422,
      expect.stringContaining(problem),
    ])
  }
  expect((await call('GET', phones)).body.data).toHaveLength(1)
  await rm(seedFile)
  expect((await call('POST', '/__sandbox/reset')).body.errors.seed).toEqual([
    expect.stringContaining('ENOENT'),
  ])
  await fileWith(yaml)
  expect((await call('POST', '/__sandbox/reset')).status).toBe(200)
  expect((await call('GET', phones)).body.data).toHaveLength(2)
})
