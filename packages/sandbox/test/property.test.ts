/** Ajv on the contract is the oracle: what it refuses, the sandbox refuses; beyond that only the table of assumptions. */
import contract from '@recoveryconnect/spec/openapi.json' with { type: 'json' }
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { assumptions } from '../assumptions.ts'
import { exampleIds, operations } from '../src/contract.gen.ts'
import { createSandbox } from '../src/sandbox.ts'
import { borrower } from './calls.ts'

vi.setConfig({ testTimeout: 60_000 })

const ajv = new Ajv2020({ strict: false, formats: { int64: true } }).addSchema(contract, 'contract')
const fits = (schema: string, value: unknown) =>
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
/** Mostly what might fit, now and then anything; any field may be missing, and others may be there. */
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

function expected(schema: string, value: unknown): number[] {
  if (!fits(schema, value)) return [422]
  const statuses = refusalsOf('Borrower Phones', value as Record<string, unknown>)
  return statuses.length > 0 ? statuses : [200]
}

/** What the table says of a body that the contract allows. */
function refusalsOf(tag: string, body: Record<string, unknown>): number[] {
  return assumptions.flatMap(({ of, refuses }) => (of === tag ? (refuses?.(body) ?? []) : []))
}

test.each(Object.entries(writes))(
  '%s refuses what the contract refuses, and no more than the table says',
  (_, write) => {
    const { handle } = createSandbox()
    const seen = new Map<number, number>()
    fc.assert(
      fc.property(bodies, (body) => {
        const text = JSON.stringify(body)
        const headers = { authorization: 'Bearer test', 'content-type': 'application/json' }
        const { status, body: answer } = handle({
          method: write.method,
          target: write.target,
          headers,
          body: text,
        })
        seen.set(status, (seen.get(status) ?? 0) + 1)
        expect(expected(write.schema, JSON.parse(text))).toContain(status)
        const schema =
          status === 200 ? 'BorrowerPhoneResponse' : status === 422 ? 'ValidationErrorResponse' : 'ErrorResponse'
        expect(fits(schema, JSON.parse(answer))).toBe(true)
        if (status === 200) expect(JSON.parse(answer).data).toMatchObject(stored(JSON.parse(text)))
      }),
      { numRuns: 1000 },
    )
    // The bodies reach both sides: neither everything nor nothing is refused.
    expect(seen.get(200)).toBeGreaterThan(50)
    expect(seen.get(422)).toBeGreaterThan(50)
  },
)

/** Anything of a field's type, each of its codes, and often enough its example: the other fields get their turn. */
function anyOf({ type, enum: codes, examples = [] }: Field): fc.Arbitrary<unknown> {
  if (codes) return fc.constantFrom(...codes)
  const kinds: Record<string, fc.Arbitrary<unknown>> = {
    null: fc.constant(null),
    integer: fc.maxSafeInteger(),
    boolean: fc.boolean(),
    string: fc.string(),
  }
  const typed = [type ?? []].flat().map((name) => kinds[name] ?? fc.jsonValue())
  return fc.oneof(...typed, ...examples.map((example) => fc.constant(example)))
}

interface Field {
  type?: string | string[]
  enum?: unknown[]
  examples?: unknown[]
}

const bodied = operations.filter(({ body }) => body)

test.each(bodied.map(({ id }) => id))(
  '%s takes what the contract allows, but for what the table says',
  (id) => {
    const { method, path } = operations.find((one) => one.id === id) as (typeof operations)[number]
    const item = (contract.paths as Record<string, any>)[path][method.toLowerCase()]
    const [, schema = ''] =
      /schemas\/(\w+)$/.exec(item.requestBody.content['application/json'].schema.$ref) ?? []
    const { properties, required = [] } = (contract.components.schemas as Record<string, any>)[schema]
    const body = fc.record(
      Object.fromEntries(Object.entries<any>(properties).map(([name, field]) => [name, anyOf(field)])),
      { requiredKeys: required },
    )
    // A record that is there: the first one that the list of the resource shows.
    const target = path
      .replace(/\{(\w+)\}$/, () => String(firstOf(path)))
      .replaceAll(/\{(\w+)\}/g, (_, name: keyof typeof exampleIds) => String(exampleIds[name]))
    const { handle } = createSandbox()
    const headers = { authorization: 'Bearer test', 'content-type': 'application/json' }
    fc.assert(
      fc.property(body, (sent) => {
        const { status, body: answer } = handle({ method, target, headers, body: JSON.stringify(sent) })
        const refused = refusalsOf(item.tags[0], sent)
        expect([status, status !== 200 && answer, sent]).toEqual(
          refused.length > 0 ? [expect.toBeOneOf(refused), expect.any(String), sent] : [200, false, sent],
        )
      }),
      { numRuns: 300 },
    )
  },
)

function firstOf(path: string): unknown {
  const list = operations.find((one) => one.method === 'GET' && path.startsWith(`${one.path}/{`))
  const [example] = list?.answers[200]?.examples ?? []
  return (example?.body as { data: { id: number }[] } | undefined)?.data[0]?.id
}

test('no request whatever ends in a fault, and every answer is the contract’s', () => {
  const { handle } = createSandbox()
  const part = fc.oneof(
    fc.constantFrom(
      'api',
      'v140',
      'orders',
      '57062885',
      'borrowers',
      '124927241',
      'phones',
      '39317578',
      'auth',
      '',
      '..',
    ),
    fc.string(),
  )
  const targets = fc.oneof(
    fc.array(part).map((parts) => `/${parts.join('/')}`),
    part.map((id) => `${borrower}/${id}`),
    fc.constantFrom(borrower, '/api/v140/auth', '/__sandbox/world', '/__sandbox/faults', '/__sandbox/clock'),
    fc.string(),
  )
  const requests = fc.record({
    method: fc.oneof(fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD'), fc.string()),
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
      if (status >= 400)
        expect(fits(status === 422 ? 'ValidationErrorResponse' : 'ErrorResponse', JSON.parse(body))).toBe(true)
    }),
    { numRuns: 2000 },
  )
})

/** What a body becomes in a record. */
function stored(body: Record<string, unknown>): Record<string, unknown> {
  const fields = Object.entries(body).filter(([name]) => Object.hasOwn(plausible, name))
  return Object.fromEntries(
    fields.map(([name, value]) => [
      name,
      name === 'number' ? String(value).replace(/^(\d{3})(\d{3})(\d{4})$/, '$1-$2-$3') : value,
    ]),
  )
}
