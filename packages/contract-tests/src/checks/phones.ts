/** Checks that only phones get: what the vendor's examples show beyond the schemas, and random bodies. */
import type { Operation, Schema } from '@recoveryconnect/spec/model'
import fc from 'fast-check'
import { generateBodies, misshape } from '../bodies.ts'
import { type Check, checksOf } from '../check.ts'
import { expectFields } from '../compare-fields.ts'
import type { Fields } from '../operations.ts'
import { expectThat, Failed } from '../outcome.ts'
import { generateValues } from '../phone-records.ts'
import { phones } from '../record-types.ts'
import type { Run } from '../run.ts'
import { expectListed } from './records.ts'
import { createRecord, expectUnchanged, listRecords, readRecord, updateRecord } from './steps.ts'

const { create, update } = phones
const onCreate = checksOf(create, 'memory', 'write')
const onUpdate = checksOf(update, 'memory', 'write')

export const phoneChecks: Check[] = [
  onCreate(
    'accepts-the-same-number-twice',
    "The vendor's example has the same number twice.",
    async (run) => {
      const body = run.makeBody(phones)
      const [first, second] = [await createRecord(run, phones, body), await createRecord(run, phones, body)]
      expectThat(first.id !== second.id, 'two records', 'the same id twice')
    },
  ),
  onCreate('keeps-long-memo', 'A memo of 300 characters is stored in full, or rejected.', async (run) => {
    const sent = run.makeBody(phones, { memo: run.marker.padEnd(300, ' long memo') })
    const { status, body } = await run.call(create, { body: sent, due: [200, 422] })
    if (status === 422) return
    const { data } = body as Fields
    expectFields(data, sent, 'in the response, as sent')
    expectFields(await readRecord(run, phones, data.id), sent, 'when read, as sent')
    expectListed(await listRecords(run, phones.list), data)
  }),
  onCreate(
    'sets-equal-timestamps',
    "A new record's timestamps are equal, as in the example.",
    async (run) => {
      const { created_at, updated_at, deleted_at } = await createRecord(run, phones)
      expectThat(created_at === updated_at, 'updated_at equal to created_at', 'two different times')
      expectThat(deleted_at === null, 'deleted_at null', 'a time')
    },
  ),
]

/** `positive_data_acceptance` and `negative_data_rejection` with random bodies, which the seed repeats. */
export const randomChecks: Check[] = [
  checksOf(create, 'write')('accepts-any-valid-body', 'Any valid body is stored as sent.', (run) =>
    forAll(run, validBodies(run, create), async (sent) => {
      const { data } = (await run.call(create, { body: sent })).body as Fields
      if (run.target.remembers)
        expectFields(await readRecord(run, phones, data.id), phones.asStored(sent), 'when read, as sent')
      await run.removeRecords()
    }),
  ),
  onUpdate('accepts-any-valid-body', 'Each field has the value from its last update.', async (run) => {
    let record = await createRecord(run, phones)
    await forAll(run, validBodies(run, update), async (sent) => {
      const { updated_at: _, ...before } = record
      const expected = { ...before, ...phones.asStored(sent) }
      expectFields(await updateRecord(run, phones, before.id, sent), expected, 'after the update')
      record = await readRecord(run, phones, before.id)
      expectFields(record, expected, 'when read')
    })
  }),
  ...[create, update].map((operation) => {
    const check = checksOf(operation, 'direct', 'write')
    return check('rejects-any-bad-body', 'Any bad body returns 422, and nothing is stored.', (run) =>
      expectUnchanged(run, phones, operation === update, (ids) =>
        forAll(run, badBodies(run, operation), (body) => run.call(operation, { ids, body, due: [422] })),
      ),
    )
  }),
]

function validBodies(run: Run, operation: Operation): fc.Arbitrary<Fields> {
  const always = operation === create ? phones.minimum : []
  return generateBodies(operation.body?.schema as Schema, generateValues(run.marker), always)
}

/** Up to three bad fields among good ones. The memo stays valid, because it has the run marker. */
function badBodies(run: Run, operation: Operation): fc.Arbitrary<Fields> {
  const bad = misshape(operation.body?.schema as Schema).filter(({ field }) => field !== 'memo')
  const options = { minLength: 1, maxLength: 3, selector: ({ field }: { field: string }) => field }
  return fc
    .tuple(validBodies(run, operation), fc.uniqueArray(fc.constantFrom(...bad), options))
    .map(([body, changes]) => Object.assign({}, body, ...changes.map(({ change }) => change)))
}

async function forAll<T>(
  run: Run,
  values: fc.Arbitrary<T>,
  check: (value: T) => Promise<unknown>,
): Promise<void> {
  const property = fc.asyncProperty(values, async (value) => void (await check(value)))
  // No shrinking: it would send many more requests, and the report shows no values anyway.
  const result = await fc.check(property, { seed: run.seed, numRuns: 15, endOnFailure: true })
  if (!result.failed) return
  const { errorInstance: error } = result as { errorInstance?: unknown }
  if (!(error instanceof Failed)) throw error
  throw new Failed(error.expected, error.seen, `${error.where} (random, seed ${run.seed})`, error.step)
}
