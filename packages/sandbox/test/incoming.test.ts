/** What a request can't create, an import and a seed can't either. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startSandbox } from '../src/server.ts'
import { borrower, sandbox } from './calls.ts'

const phone = { type: 6, number: '202-555-0143' }
const fileWith = (record: string) =>
  `{"orders":[{"order_id":7001,"borrowers":[{"borrower_id":8001,"phones":[${record}]}]}]}`

async function seedError(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const seedFile = join(folder, 'seed.json')
  await writeFile(seedFile, text)
  return startSandbox({ port: 0, seedFile }).then(
    (running) => running.close().then(() => expect.unreachable()),
    (error: Error) => error.message,
  )
}

// As texts, because JavaScript can't write all of these numbers.
const wrong = ['type', 'mobile_carrier_id'].flatMap((field) =>
  ['0', '-1', '1.5', '1e300', '1152921504606846976', '9007199254740993', '"6"'].map((value) => [
    field,
    value,
  ]),
)

test.each(wrong)('%s: %s is refused in a create, an update, an import and a seed', async (field, value) => {
  const { call } = await sandbox()
  const record = JSON.stringify({ ...phone, [field]: null }).replace('null', value)
  const create = await call('POST', borrower, record)
  const update = await call('PUT', `${borrower}/39317578`, `{"${field}":${value}}`)
  const put = await call('PUT', '/__sandbox/world', fileWith(record))
  expect([create.status, update.status, put.status]).toEqual([422, 422, 422])
  expect([create.body.errors[field], put.body.errors[`/orders/0/borrowers/0/phones/0/${field}`]]).toEqual([
    [expect.any(String)],
    [expect.any(String)],
  ])
  expect(await seedError(fileWith(record))).toContain(`/orders/0/borrowers/0/phones/0/${field}: `)
})

test('a deleted record is refused in an import and a seed, and ignored with a warning in a request', async () => {
  const { call } = await sandbox()
  const record = { ...phone, deleted_at: '2026-03-07 14:03:51' }
  const create = await call('POST', borrower, record)
  expect(create.body.data.deleted_at).toBeNull()
  expect(create.headers.get('x-sandbox-warning')).toContain('deleted_at')
  const text = fileWith(JSON.stringify(record))
  const put = await call('PUT', '/__sandbox/world', text)
  expect(put.body.errors).toEqual({
    '/orders/0/borrowers/0/phones/0/deleted_at': [expect.stringContaining('null')],
  })
  expect(await seedError(text)).toContain('/phones/0/deleted_at: must be null')
})

test.each([
  ['levels', '['.repeat(16 * 1024 * 1024), /500 levels/],
  ['levels after a text with brackets and quotes', `["]]\\"]",${'{"a":['.repeat(300)}`, /500 levels/],
  ['values', `[${'[],'.repeat(1_000_000)}`, /501000 values/],
])('an import with too many %s is refused before it is parsed', async (_, text, message) => {
  const { call } = await sandbox()
  const { status, body } = await call('PUT', '/__sandbox/world', text)
  // The texts end early, so a parser would have said that they aren't JSON.
  expect([status, body.errors]).toEqual([422, { body: [expect.stringMatching(message)] }])
})

test('a seed with too many levels is refused before it is parsed', async () => {
  const indented = Array.from({ length: 3_000 }, (_, level) => `${' '.repeat(level)}a:`).join('\n')
  for (const text of ['['.repeat(1_000_000), '- '.repeat(1_000_000), '? '.repeat(1_000), indented])
    expect(await seedError(text)).toMatch(/500 levels/)
})

test('brackets in a text are no levels', async () => {
  const { call } = await sandbox()
  const memo = `${'[{'.repeat(1_000)}\\"${'['.repeat(1_000)}`
  const put = await call('PUT', '/__sandbox/world', fileWith(JSON.stringify({ ...phone, memo })))
  expect(put.status).toBe(200)
})
