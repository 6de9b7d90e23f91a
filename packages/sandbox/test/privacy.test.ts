/** Names, birthdays, licenses, social security numbers, streets, phone numbers and memos are in no error and no log. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { collections } from '../src/resources/resources.gen.ts'
import { startSandbox } from '../src/server.ts'
import { borrower, sandbox } from './calls.ts'

const secret = 'Jane Roe, 1 Main Street, 000-12-3456'

/** A world in which every field has this value. */
function worldOf(value: unknown): object {
  const fill = (name: string) => {
    const fields = collections.find((one) => one.name === name)?.fields ?? []
    return Object.fromEntries(fields.map((field) => [field, value]))
  }
  const person = { ...fill('borrowers'), phones: [fill('phones')], addresses: [fill('addresses')] }
  return { orders: [{ order_id: value, borrowers: [person, person] }, value], next_ids: { phones: value } }
}

test.each([
  ['a string', secret],
  ['an object', { [secret.length]: secret }],
  ['a list', [secret]],
])('in the errors of a world file with %s in every field', async (_, value) => {
  const { call } = await sandbox()
  const { status, body } = await call('PUT', '/__sandbox/world', worldOf(value))
  expect(status).toBe(422)
  expect(Object.keys(body.errors).length).toBeGreaterThan(40)
  expect(JSON.stringify(body)).not.toMatch(/Jane|Main Street|3456/)

  const folder = await mkdtemp(join(tmpdir(), 'sandbox-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const seedFile = join(folder, 'seed.json')
  await writeFile(seedFile, JSON.stringify(worldOf(value)))
  const { message } = await startSandbox({ port: 0, seedFile }).then(
    () => expect.unreachable(),
    (error: Error) => error,
  )
  expect(message.split('\n').length).toBeGreaterThan(40)
  expect(message).not.toMatch(/Jane|Main Street|3456/)
})

test.each([
  ['a key', `{ ${JSON.stringify(secret)}: 1 }`],
  ['a key that is a number', '{ 2025550143: 1 }'],
  ['a key without a space after the colon', '{ address_1:1 Main Street, no_contact: 1 }'],
  ['a key that is an object', '{ ? { address_1: 1 Main Street } }'],
  ['an alias', '{ address_1: *Jane }'],
  ['a text after the end of a list', "name: ] 'Jane'"],
  ['a block with a text in its first line', 'address_1: |Jane'],
])('in the errors and warnings of a seed file with %s', async (_, address) => {
  const warnings: string[] = []
  const note = ({ message }: Error) => warnings.push(message)
  process.on('warning', note)
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-'))
  onTestFinished(() => {
    process.off('warning', note)
    return rm(folder, { recursive: true })
  })
  const seedFile = join(folder, 'seed.yaml')
  await writeFile(
    seedFile,
    `orders:\n  - order_id: 7001\n    borrowers:\n      - addresses:\n          - ${address}\n`,
  )
  const { message } = await startSandbox({ port: 0, seedFile }).then(
    () => expect.unreachable(),
    (error: Error) => error,
  )
  await new Promise(setImmediate) // Node emits warnings a moment later.
  expect(message).toContain(seedFile)
  expect(message + warnings.join('')).not.toMatch(/Jane|Main Street|3456|2025550143/)
})

test('in the errors of an import with a value in the place of a key', async () => {
  const { call } = await sandbox()
  const keys = { [secret]: 1, '2025550143': 1, 'ssn:000-12-3456': 1 }
  const borrowers = [{ ...keys, phones: [keys], addresses: [keys] }]
  const { status, body } = await call('PUT', '/__sandbox/world', {
    orders: [{ order_id: 7001, borrowers, ...keys }],
    next_ids: keys,
    ...keys,
  })
  expect(status).toBe(422)
  expect(JSON.stringify(body)).not.toMatch(/Jane|Main Street|3456|2025550143/)
})

test('in the log and the errors of requests', async () => {
  const { call } = await sandbox()
  const orders = '/api/v140/orders'
  const responses = [
    await call('POST', borrower, { type: secret, number: secret, memo: 5, valid: secret }),
    await call('POST', borrower, { type: 6, number: '2025550143', [secret]: 1 }),
    await call('GET', `${orders}/57062885/borrowers?lastname=Roe&ssn=000-12-3456`),
    await call('GET', `${orders}/57062885/borrowers/000-12-3456/addresses`),
    await call('GET', `${orders}/000-12-3456/borrowers`),
    await call('POST', `${orders}/57062885/borrowers`, { firstname: secret }),
  ]
  expect(responses.map(({ status }) => status)).toEqual([422, 200, 200, 404, 404, 405])
  const log = (await call('GET', '/__sandbox/log')).body
  expect(log.requests).toHaveLength(responses.length)
  const texts = JSON.stringify([
    log,
    ...responses.filter(({ status }) => status > 200).map(({ body }) => body),
  ])
  expect(texts).not.toMatch(/Jane|Roe|Main Street|3456/)
})

test.each([
  [
    'the ids of the contract’s path',
    '/57062885/borrowers/124927241/phones/39317578',
    '/57062885/borrowers/124927241/phones/39317578',
  ],
  [
    'a phone number',
    '/57062885/borrowers/124927241/phones/2025550143',
    '/57062885/borrowers/124927241/phones/{phone_id}',
  ],
  [
    'encoded dashes',
    '/57062885/borrowers/124927241/phones/202%2D555%2D0143',
    '/57062885/borrowers/124927241/phones/{phone_id}',
  ],
  [
    'parentheses',
    '/57062885/borrowers/124927241/phones/(202)555-0143',
    '/57062885/borrowers/124927241/phones/{phone_id}',
  ],
  [
    'an id with encoded digits',
    '/57062885/%62orrowers/12492724%31/phones/%33%39317578',
    '/57062885/borrowers/124927241/phones/39317578',
  ],
  [
    'a phone number with encoded digits',
    '/57062885/borrowers/124927241/phones/%32%3025550143',
    '/57062885/borrowers/124927241/phones/{phone_id}',
  ],
  ['a token and a name', '/top-secret/borrowers/Roe/phones', '/{order_id}/borrowers/{borrower_id}/phones'],
  [
    'a social security number',
    '/57062885/borrowers/000123456/addresses',
    '/57062885/borrowers/{borrower_id}/addresses',
  ],
  ['a token in the query', '/57062885/borrowers?access_token=top-secret', '/57062885/borrowers'],
  ['a path that the method does not fit', '/57062885/borrowers', '/57062885/borrowers'],
  ['an unknown path', '/57062885/phones/202-555-0143/top-secret', undefined],
  ['a token in place of an operation', '/top-secret', undefined],
])('the log shows the contract’s path and ids only, for %s', async (name, path, shown) => {
  const { call } = await sandbox()
  const method = name.includes('method') ? 'DELETE' : 'GET'
  await call(method, `/api/v140/orders${path}`)
  const { requests } = (await call('GET', '/__sandbox/log')).body
  expect(requests.map((entry: { path: string }) => entry.path)).toEqual([
    shown === undefined ? '(unknown path)' : `/api/v140/orders${shown}`,
  ])
  expect(JSON.stringify(requests)).not.toMatch(/top-secret|Roe|555|3456/)
})
