import { readFile } from 'node:fs/promises'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { type CallOptions, createClient, openapiClient, RecoveryConnectError } from '../src/client.ts'
import { type Fault, faults } from './faults.ts'
import { expectNoSecret } from './leaks.ts'
import { callList, http, ids, json, lists, newPhone, secrets, serve } from './servers.ts'

type Client = ReturnType<typeof createClient>

const phoneIds = { ...ids, phone_id: 39317581 }
const path = '/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones/{phone_id}'
const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')

type Update = [what: string, body: object, options: CallOptions, isRepeated: boolean]
/** An update that clears a flag could undo someone else's update, so it isn't repeated after a lost response. */
const updates: Update[] = [
  ['sets no_contact', { no_contact: 1 }, {}, true],
  ['clears no_contact', { no_contact: 0 }, {}, false],
  ['clears both with retryClearedFlags', { no_contact: 0, valid: 1 }, { retryClearedFlags: true }, true],
  ['clears valid', { valid: 0, memo: 'home' }, {}, true],
  ['changes no flag', { memo: '"valid":1' }, {}, true],
  ['sets valid', { no_contact: 1, valid: 1 }, {}, false],
  ['clears no_contact as text', { no_contact: '0' }, { allowUnknownKeys: true }, false],
  ['clears no_contact as a boolean', { no_contact: false }, { allowUnknownKeys: true }, false],
  ['clears no_contact as null', { no_contact: null }, { allowUnknownKeys: true }, false],
  ['sets valid as a boolean', { valid: true }, { allowUnknownKeys: true }, false],
  ['has a flag that is unknown', { no_contact: 'no' }, { allowUnknownKeys: true }, false],
]

// No pauses between attempts.
beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0)
  onTestFinished(() => void vi.restoreAllMocks())
})

describe.each(faults)('$name', (fault) => {
  test.each(lists)('$id', async (list) => {
    const { error, requests } = await fail(fault, (rc) => callList(rc, list))
    expect({ kind: error.kind, attempts: error.attempts }).toEqual({
      kind: fault.kind,
      attempts: fault.retried ? 3 : 1,
    })
    expectArrivals(fault, requests, error.attempts)
    expectNoSecret(error)
  })

  test('a create', async () => {
    const { error, requests } = await fail(fault, (rc) => rc.borrowerPhones.create(ids, newPhone))
    expect({
      kind: error.kind,
      attempts: error.attempts,
      mayHave: error.mayHaveBeenCarriedOut,
    }).toEqual({ kind: fault.kind, attempts: fault.createRetried ? 3 : 1, mayHave: fault.mayHave })
    expectArrivals(fault, requests, error.attempts)
    expectNoSecret(error)
  })

  test.each(updates.slice(0, 3))('an update that %s', (...update) => expectRepeated(fault, update))
})

test.each(updates.slice(3))('an update that %s, after a lost response', (...update) =>
  expectRepeated(faults.find(({ name }) => name === 'body ends too early') as Fault, update),
)

test('an update that clears a flag is repeated after a 401, with the new token', async () => {
  const server = await serve((socket, { headers }) => {
    const isNew = headers.authorization === 'Bearer new'
    socket.write(isNew ? json(200, { data: { no_contact: 0 } }) : json(401, {}))
  })
  const token = async ({ rejected }: { rejected?: string }) => (rejected ? 'new' : 'old')
  const rc = createClient({ token, baseUrl: server.url })
  const call = rc.borrowerPhones.update(phoneIds, { no_contact: 0 }).withResponse()
  expect(await call).toMatchObject({ attempts: 2 })
})

test.each<[gateway: string, body: string, kind: string]>([
  ['Kong', '{"message":"no Route matched with those values"}', 'unexpected_response'],
  ['Kong 3', '{"message":"no Route matched with those values","request_id":"x"}', 'unexpected_response'],
  ['Laravel', '{"message":"The route api/v140/x could not be found."}', 'unexpected_response'],
  ['Traefik', '404 page not found', 'unexpected_response'],
  ['nginx', '<html><head><title>404 Not Found</title></head></html>', 'unexpected_response'],
  ['Envoy', '', 'unexpected_response'],
  ['Apigee', '{"fault":{"faultstring":"Unable to identify proxy"}}', 'unexpected_response'],
  ['Tyk', '{"error":"Requested endpoint not found"}', 'unexpected_response'],
  ['a JSON null', 'null', 'unexpected_response'],
  ['a message that is no text', '{"message":null}', 'unexpected_response'],
  // The client can't tell these from the API's.
  ['AWS', '{"message":"Not Found"}', 'not_found'],
  ['the API', '{"message":"No query results for model [App\\\\Phone] 1"}', 'not_found'],
  ['the API, about a road', '{"message":"No such phone on Router Street."}', 'not_found'],
])('a 404 of %s to a delete', async (_, body, kind) => {
  const { url } = await serve((socket) => void socket.write(http(404, body)))
  const rc = createClient({ token: secrets.token, baseUrl: url })
  const error = await rc.borrowerPhones.delete(phoneIds).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ kind, mayHaveBeenCarriedOut: kind !== 'not_found', attempts: 1 })
})

test('the table in the README lists exactly these faults', () => {
  const yes = (value: boolean | undefined) => (value ? 'yes' : 'no')
  const rows = faults.map(
    ({ name, kind, retried, createRetried, mayHave }) =>
      `| ${name} | \`${kind}\` | ${yes(retried)} | ${yes(createRetried)} | ${yes(mayHave)} |`,
  )
  expect(
    readme.replace(/ +/g, ' ').match(/^\| .+ \| `\w+` \| (yes|no) \| (yes|no) \| (yes|no) \|$/gm),
  ).toEqual(rows)
})

/** Makes the update with the method and with openapiClient. */
async function expectRepeated(fault: Fault, [, body, options, isRepeated]: Update): Promise<void> {
  const isRetried = fault.createRetried || (fault.retried && isRepeated)
  let attempts = 0
  const hooks = { onAttempt: () => void attempts++ }
  await fail(fault, (rc) => rc.borrowerPhones.update(phoneIds, body, { ...options, hooks }))
  expect(attempts).toBe(isRetried ? 3 : 1)
  const { outcome } = await run(fault, (rc) => {
    const { connection } = rc.withOptions({ ...options, hooks })
    return openapiClient(connection).PUT(path, { params: { path: phoneIds }, body })
  })
  expect(attempts).toBe(isRetried ? 6 : 2)
  const { error, response } = Object(outcome)
  expect(outcome instanceof RecoveryConnectError || response.ok || error).toBeTruthy()
}

/** Each attempt reaches the server, except that on a busy machine a timeout can pass before one does. */
function expectArrivals({ handle, kind }: Fault, requests: number, attempts: number): void {
  if (kind === 'timeout') expect(requests).toBeLessThanOrEqual(attempts)
  else if (handle) expect(requests).toBe(attempts)
}

/** Makes a call that must throw. */
async function fail(fault: Fault, call: (rc: Client) => Promise<unknown>) {
  const { outcome, requests } = await run(fault, call)
  if (!(outcome instanceof RecoveryConnectError)) throw new Error(`expected an error, got ${String(outcome)}`)
  return { error: outcome, requests }
}

async function run(fault: Fault, call: (rc: Client) => Promise<unknown>) {
  const server = fault.handle && (await serve(fault.handle))
  const events: object[] = []
  const rc = createClient({
    token: secrets.token,
    baseUrl: server?.url ?? (await fault.target?.()),
    attemptTimeoutMs: fault.kind === 'timeout' ? 10 : 10_000,
    hooks: { onAttempt: (event) => events.push(event), onWait: (event) => events.push(event) },
  })
  const outcome = await call(rc).catch((reason: unknown) => reason)
  expectNoSecret(events)
  return { outcome, requests: server?.arrived.length ?? 0 }
}
