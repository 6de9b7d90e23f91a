/** What holds for every operation of the contract, whatever its resource. */
import { examplePath, type Operation, readModel } from '@recoveryconnect/spec/model'
import { describe, expect, test } from 'vitest'
import { createSandboxFetch } from '../src/fetch.ts'
import { type CallOptions, caller } from './calls.ts'

const { operations } = readModel()
const withIds = operations.filter(({ parameters }) => parameters.length > 0)

/** A function that calls operations of a new sandbox with the examples of the contract. */
function start() {
  const call = caller('https://sandbox.invalid', createSandboxFetch() as typeof fetch)
  const run = (operation: Operation, path = examplePath(operation), options: CallOptions = {}) =>
    call(operation.method, path, operation.body?.examples[0]?.value, options)
  return { call, run }
}

/** The example path with another id at this position. */
function pathWith(operation: Operation, position: number, id: number): string {
  const names = [...operation.path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name)
  const parameters = operation.parameters.map((one) =>
    one.name === names[position] ? { ...one, example: id } : one,
  )
  return examplePath({ ...operation, parameters })
}

const byId = (all: Operation[]) => all.map((operation): [string, Operation] => [operation.id, operation])

describe.each(byId(operations))('%s', (_, operation) => {
  test('with the example ids and body, succeeds in a new world', async () => {
    const { status } = await start().run(operation)
    expect(status).toBe(200)
  })

  test('returns each example on demand', async () => {
    const { run } = start()
    for (const { examples } of operation.responses)
      for (const { name, status, value } of examples) {
        const prefer = `code=${status}, example=${name}`
        const response = await run(operation, undefined, { headers: { prefer } })
        expect([prefer, response.status, response.body]).toEqual([prefer, status, value])
      }
  })

  test('fails once with a scripted fault', async () => {
    const { call, run } = start()
    await call('POST', '/__sandbox/faults', { operation: operation.id, status: 503 }, { token: '' })
    const others = operations.filter(({ needsToken }) => needsToken && operation.needsToken)
    for (const other of others.filter((one) => one.method === 'GET' && one !== operation))
      expect((await run(other)).status).toBe(200)
    expect((await run(operation)).status).toBe(503)
    expect((await run(operation)).status).toBe(200)
  })

  test('needs a token, unless it issues one', async () => {
    const { status } = await start().run(operation, undefined, { token: '' })
    expect(status).toBe(operation.needsToken ? 401 : 200)
  })

  test('needs a body if the contract says so', async () => {
    if (!operation.body?.required) return
    const { status, body } = await start().call(operation.method, examplePath(operation))
    expect([status, body.errors]).toEqual([422, { body: [expect.stringContaining('required')] }])
  })
})

describe.each(byId(withIds))('the ids of %s', (_, operation) => {
  const positions = [...operation.path.matchAll(/\{([^{}]+)\}/g)].map(([, name], index) => ({ name, index }))

  test.each([401, 403, 404, 422, 429, 500, 503])('%i fails with that status', async (status) => {
    const { run } = start()
    const isDocumented = operation.responses.some(
      (one) => one.status === String(status) || one.examples.some((example) => example.status === status),
    )
    for (const { index } of positions) {
      const response = await run(operation, pathWith(operation, index, status))
      expect(response.status).toBe(isDocumented ? status : 404)
    }
  })

  test.each([402, 418, 499, 502, 599])('%i is not documented, so it is an unknown id', async (id) => {
    const { run } = start()
    for (const { name, index } of positions) {
      const { status, body } = await run(operation, pathWith(operation, index, id))
      expect([status, body.message]).toEqual([404, expect.stringContaining(`${name}.`)])
    }
  })

  test('an unknown id is a 404 that names it and those before it', async () => {
    const { run } = start()
    for (const { index } of positions) {
      const { status, body } = await run(operation, pathWith(operation, index, 1001))
      const names = positions.slice(0, index + 1).map(({ name }) => name)
      expect([status, body.message]).toEqual([404, expect.stringContaining(names.join(', '))])
    }
  })

  test("an id that exists only elsewhere in the world doesn't belong here", async () => {
    const { run } = start()
    const elsewhere = [57073907, 124943338, 39317580].map((id, index) =>
      examplePath(operation).includes(String(id)) ? [57062885, 124927241, 39317578][index] : id,
    )
    for (const { index } of positions.slice(1))
      expect((await run(operation, pathWith(operation, index, elsewhere[index] as number))).status).toBe(404)
  })
})

test.each(byId(operations.filter(({ body }) => body?.schema?.properties.number)))(
  'the numbers that fail on demand make %s fail, and store nothing',
  async (_, operation) => {
    const { call } = start()
    const before = (await call('GET', '/__sandbox/world')).body
    const example = operation.body?.examples.at(-1)?.value as object
    for (const [number, status] of [
      ['000-555-0101', 401],
      ['0005550103', 403],
      ['000-555-0104', 404],
      ['000-555-0122', 422],
      ['000-555-0129', 429],
      ['000-555-0150', 500],
      ['000-555-0153', 503],
    ] as const) {
      const response = await call(operation.method, examplePath(operation), { ...example, number })
      expect([number, response.status]).toEqual([number, status])
    }
    expect((await call('GET', '/__sandbox/world')).body).toEqual(before)
  },
)

test.each([...new Set(operations.map(({ path }) => path))])('%s names its methods in a 405', async (path) => {
  const own = operations.filter((operation) => operation.path === path)
  const methods = own.map(({ method }) => method)
  if (methods.includes('GET')) methods.push('HEAD')
  const { call } = start()
  const { status, headers } = await call('PATCH', examplePath(own[0] as Operation))
  expect([status, headers.get('allow')]).toEqual([405, [...methods, 'OPTIONS'].join(', ')])
})
