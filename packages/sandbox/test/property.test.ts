/** Ajv on the contract decides what is valid. The sandbox may reject only that and what the assumptions say. */
import { examplePath, findOperation, readModel, type Schema } from '@recoveryconnect/spec/model'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { createSandbox } from '../src/sandbox.ts'
import { assumptions } from './assumed-rules.ts'
import { borrower } from './calls.ts'

vi.setConfig({ testTimeout: 60_000 })

const model = readModel()
const ajv = new Ajv2020({ strict: false, formats: { int64: true } }).addSchema(model.document, 'contract')
const isValid = (schema: string, value: unknown) =>
  ajv.validate({ $ref: `contract#/components/schemas/${schema}` }, value)

const writes = {
  create: { method: 'POST', target: borrower, schema: 'BorrowerPhoneCreate' },
  update: { method: 'PUT', target: `${borrower}/39317578`, schema: 'BorrowerPhoneUpdate' },
}

const digits = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
    .map((all) => all.join(''))
const plausible = {
  type: fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
  mobile_carrier_id: fc.oneof(
    fc.integer(),
    fc.constant(null),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  ),
  number: fc.oneof(
    digits(10),
    fc.tuple(digits(3), digits(3), digits(4)).map((parts) => parts.join('-')),
    digits(2).map((end) => `000-555-01${end}`),
    fc.string(),
  ),
  extension: fc.oneof(fc.string(), fc.constant(null)),
  memo: fc.oneof(fc.string({ unit: 'binary' }), fc.constant(null)),
  valid: fc.integer({ min: -1, max: 2 }),
  no_contact: fc.constantFrom(0, 1),
}
/** Mostly plausible values, sometimes any. Fields may be missing, and unknown ones may be added. */
const field = (arbitrary: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 12, arbitrary }, { weight: 1, arbitrary: fc.jsonValue() })
const known = fc.record(
  Object.fromEntries(Object.entries(plausible).map(([name, arbitrary]) => [name, field(arbitrary)])),
  { requiredKeys: [] },
)
const complete = fc.record({ type: fc.integer({ min: 1 }), number: plausible.number })
const bodies = fc.oneof(
  { weight: 4, arbitrary: known },
  { weight: 4, arbitrary: fc.tuple(known, complete).map(([some, rest]) => ({ ...some, ...rest })) },
  {
    weight: 1,
    arbitrary: fc.tuple(known, fc.dictionary(fc.string(), fc.jsonValue())).map(([a, b]) => ({ ...b, ...a })),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
)

/** What the assumptions say about a body that the contract allows. */
function findRejections(resource: string, body: Record<string, unknown>): number[] {
  return assumptions.flatMap((one) => (one.resource === resource ? (one.rejects?.(body) ?? []) : []))
}

function expectedStatuses(schema: string, value: unknown): number[] {
  if (!isValid(schema, value)) return [422]
  const rejections = findRejections('borrowerPhones', value as Record<string, unknown>)
  return rejections.length > 0 ? rejections : [200]
}

const json = { authorization: 'Bearer test', 'content-type': 'application/json' }

test.each(Object.entries(writes))('%s rejects what the contract and the assumptions reject', (_, write) => {
  const { handle } = createSandbox()
  const { schema, ...request } = write
  const counts = new Map<number, number>()
  fc.assert(
    fc.property(bodies, (body) => {
      const text = JSON.stringify(body)
      const response = handle({ ...request, headers: json, body: text })
      const { status } = response
      counts.set(status, (counts.get(status) ?? 0) + 1)
      expect(expectedStatuses(schema, JSON.parse(text))).toContain(status)
      const error = status === 422 ? 'ValidationErrorResponse' : 'ErrorResponse'
      expect(isValid(status === 200 ? 'BorrowerPhoneResponse' : error, JSON.parse(response.body))).toBe(true)
      if (status === 200) expect(JSON.parse(response.body).data).toMatchObject(toStored(JSON.parse(text)))
    }),
    { numRuns: 1000 },
  )
  // Enough bodies of both kinds were tried.
  expect(counts.get(200)).toBeGreaterThan(50)
  expect(counts.get(422)).toBeGreaterThan(50)
})

/** Any value of the field's type, and often one of its examples, so that other fields are reached. */
function anyValueOf({ types, enum: values, examples }: Schema): fc.Arbitrary<unknown> {
  if (values) return fc.constantFrom(...values)
  const kinds: Record<string, fc.Arbitrary<unknown>> = {
    null: fc.constant(null),
    integer: fc.maxSafeInteger(),
    boolean: fc.boolean(),
    string: fc.string(),
  }
  const typed = types.map((name) => kinds[name] ?? fc.jsonValue())
  return fc.oneof(...typed, ...examples.map((example) => fc.constant(example)))
}

const writeOperations = model.operations.filter(({ body }) => body?.schema)

test.each(writeOperations.map(({ id }) => id))(
  '%s accepts what the contract allows and no assumption rejects',
  (id) => {
    const operation = findOperation(model, id)
    const schema = operation.body?.schema as Schema
    const fields: Record<string, fc.Arbitrary<unknown>> = {}
    for (const [name, property] of Object.entries(schema.properties)) fields[name] = anyValueOf(property)
    const body = fc.record(fields, { requiredKeys: schema.required })
    const target = pathOfExistingRecord(operation)
    const { handle } = createSandbox()
    fc.assert(
      fc.property(body, (sent) => {
        const response = handle({
          method: operation.method,
          target,
          headers: json,
          body: JSON.stringify(sent),
        })
        const rejections = findRejections(operation.resource, sent)
        const expected = rejections.length > 0 ? rejections : [200]
        expect([response.status, response.body, sent]).toEqual([
          expect.toBeOneOf(expected),
          expect.any(String),
          sent,
        ])
      }),
      { numRuns: 300 },
    )
  },
)

/** The path of an operation with the ids of the examples. The record is the first one in the list of its resource. */
function pathOfExistingRecord({ path, parameters, resource }: (typeof writeOperations)[number]): string {
  const { byVerb, recordId } = model.resources.find(({ name }) => name === resource) ?? {}
  const list = byVerb?.list?.responses.find(({ status }) => status === '200')?.examples[0]?.value
  const [first] = (list as { data: { id: number }[] } | undefined)?.data ?? []
  const ids = parameters.map((one) => (one.name === recordId && first ? { ...one, example: first.id } : one))
  return examplePath({ path, parameters: ids })
}

/** The parts of the contract's paths, with the ids of the examples. */
const parts = [...new Set(model.operations.flatMap((operation) => examplePath(operation).split('/')))]

test('no request makes the sandbox fail, and every error fits the contract', () => {
  const { handle } = createSandbox()
  const part = fc.oneof(fc.constantFrom(...parts, '39317578', '..'), fc.string())
  const targets = fc.oneof(
    fc.array(part).map((parts) => `/${parts.join('/')}`),
    part.map((id) => `${borrower}/${id}`),
    fc.constantFrom(borrower, '/api/v140/auth', '/__sandbox/world', '/__sandbox/faults', '/__sandbox/clock'),
    fc.string(),
  )
  const requests = fc.record({
    method: fc.oneof(fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'), fc.string()),
    target: targets,
    headers: fc.record(
      {
        authorization: fc.oneof(fc.constantFrom('Bearer test', 'Bearer sandbox-throttled'), fc.string()),
        'content-type': fc.oneof(fc.constant('application/json'), fc.string()),
        prefer: fc.oneof(fc.constantFrom('code=404', 'example=created'), fc.string()),
      },
      { requiredKeys: [] },
    ),
    body: fc.oneof(fc.json(), fc.string(), fc.uint8Array()),
  })
  fc.assert(
    fc.property(requests, (request) => {
      const { status, body } = handle(request)
      const onDemand = /\/50[03](\/|$)/.test(request.target) || /code=5/i.test(request.headers.prefer ?? '')
      if (!onDemand) expect(status).toBeLessThan(500)
      if (request.method === 'HEAD') expect(body).toBe('')
      else if (status >= 400)
        expect(isValid(status === 422 ? 'ValidationErrorResponse' : 'ErrorResponse', JSON.parse(body))).toBe(
          true,
        )
    }),
    { numRuns: 2000 },
  )
})

/** What a record stores of a body. */
function toStored(body: Record<string, unknown>): Record<string, unknown> {
  const fields = Object.entries(body).filter(([name]) => Object.hasOwn(plausible, name))
  return Object.fromEntries(
    fields.map(([name, value]) => [
      name,
      name === 'number' ? String(value).replace(/^(\d{3})(\d{3})(\d{4})$/, '$1-$2-$3') : value,
    ]),
  )
}
