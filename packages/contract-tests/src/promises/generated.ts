/** Generated requests: the same promises for bodies that nobody thought of. The run's seed makes them again. */
import fc from 'fast-check'
import { operation } from '../contract.ts'
import { Broken, type ContractPromise, hold, holdFields } from '../promise.ts'
import { Interrupted, type NewPhone, type Phone, type Run } from '../run.ts'
import { bodies, misshapen } from '../schemas.ts'
import { dashed } from './lifecycle.ts'

const create = operation('createBorrowerPhone').request as string
const update = operation('updateBorrowerPhone').request as string

export const generated: ContractPromise[] = [
  {
    id: 'any-valid-create-is-stored',
    operation: 'createBorrowerPhone',
    says: 'Whatever the contract allows is created and comes back as it was sent.',
    where: 'memory',
    writes: true,
    check: (run) =>
      forAll(run, bodies(create, safe(run), ['type', 'number', 'memo', 'no_contact']), async (body) => {
        const { id } = await run.create(without(run, body))
        holdFields({ ...(await run.get(id)) }, asStored(body), 'when read, as sent')
        await run.call('deleteBorrowerPhone', { ids: { phone_id: id } })
      }),
  },
  {
    id: 'any-valid-create-is-taken',
    operation: 'createBorrowerPhone',
    says: 'Whatever the contract allows is answered with 200.',
    where: 'everywhere',
    writes: true,
    check: (run) =>
      forAll(run, bodies(create, safe(run), ['type', 'number', 'memo', 'no_contact']), async (body) => {
        await run.call('createBorrowerPhone', { body })
        await run.tidy()
      }),
  },
  {
    id: 'any-updates-add-up',
    operation: 'updateBorrowerPhone',
    says: 'After any updates a record holds, field by field, what was sent last.',
    where: 'memory',
    writes: true,
    async check(run) {
      let expected: Record<string, unknown> = { ...(await run.create()) }
      const phone_id = expected.id as number
      await forAll(run, bodies(update, safe(run), []), async (body) => {
        const { updated_at: _, ...before } = expected
        const { body: answer } = await run.call('updateBorrowerPhone', { ids: { phone_id }, body })
        holdFields(
          { ...(answer as { data: Phone }).data },
          { ...before, ...asStored(body) },
          'after the update',
        )
        expected = { ...(await run.get(phone_id)) }
        holdFields(expected, { ...before, ...asStored(body) }, 'when read')
      })
    },
  },
  ...[create, update].map(
    (schema): ContractPromise => ({
      id: `any-bad-${schema === create ? 'create' : 'update'}-is-refused`,
      operation: schema === create ? 'createBorrowerPhone' : 'updateBorrowerPhone',
      says: 'One or more bad fields among good ones are 422, and nothing is stored.',
      where: 'everywhere',
      writes: true,
      provokes: true,
      check: (run) => refusesAny(run, schema),
    }),
  ),
]

async function refusesAny(run: Run, schema: string): Promise<void> {
  const isCreate = schema === create
  const good = bodies(schema, safe(run), isCreate ? ['type', 'number', 'memo', 'no_contact'] : [])
  // The memo stays right: it carries the marker.
  const bad = fc.uniqueArray(fc.constantFrom(...misshapen(schema).filter(({ field }) => field !== 'memo')), {
    minLength: 1,
    maxLength: 3,
    selector: ({ field }) => field,
  })
  const phone = isCreate ? undefined : await run.create()
  const before = run.remembers ? (await run.list()).length : 0
  await forAll(run, fc.tuple(good, bad), async ([body, changes]) => {
    const sent = Object.assign({}, body, ...changes.map(({ change }) => change))
    const id = isCreate ? 'createBorrowerPhone' : 'updateBorrowerPhone'
    await run.call(id, { ids: { phone_id: phone?.id ?? 0 }, body: sent, due: [422] })
  })
  if (!run.remembers) return
  const after = (await run.list()).length
  hold(after === before, 'as many records as before', `${after - before} more`)
  if (phone) holdFields({ ...(await run.get(phone.id)) }, { ...phone }, 'as before')
}

/** What a live run may write; see the write rules in the README. Ids of reference tables are those of the samples. */
function safe({ marker }: Run): Record<string, fc.Arbitrary<unknown>> {
  const area = fc.constantFrom('202', '303', '415', '617', '808')
  const line = fc.integer({ min: 0, max: 99 }).map((last) => `01${String(last).padStart(2, '0')}`)
  const digits = fc.tuple(area, line).map(([code, rest]) => `${code}555${rest}`)
  return {
    type: fc.constantFrom(5, 6),
    mobile_carrier_id: fc.constantFrom(1, 2, null),
    number: fc.tuple(digits, fc.boolean()).map(([number, dashes]) => (dashes ? dashed(number) : number)),
    memo: fc.constantFrom('', ' a', ' with "quotes"', ' ü', ' 0').map((end) => marker + end),
    no_contact: fc.constant(1),
  }
}

function asStored(body: Record<string, unknown>): Record<string, unknown> {
  return 'number' in body ? { ...body, number: dashed(body.number as string) } : body
}

/** The fields that are left out stay left out. */
function without(run: Run, body: Record<string, unknown>): Partial<NewPhone> {
  const absent = Object.keys(run.phone()).filter((name) => !(name in body))
  return { ...Object.fromEntries(absent.map((name) => [name, undefined])), ...body }
}

/** @throws {Broken} of the first body that does not keep the promise. */
async function forAll<T>(
  run: Run,
  values: fc.Arbitrary<T>,
  check: (value: T) => Promise<void>,
): Promise<void> {
  const property = fc.asyncProperty(values, check)
  // No shrinking: it would send many more requests, and the report shows no values anyway.
  const result = await fc.check(property, { seed: run.seed, numRuns: 15, endOnFailure: true })
  if (!result.failed) return
  const { errorInstance } = result as { errorInstance?: unknown }
  if (errorInstance instanceof Broken) {
    throw new Broken(errorInstance.expected, `${errorInstance.seen} (generated, seed ${run.seed})`)
  }
  throw errorInstance instanceof Error ? errorInstance : new Interrupted()
}
