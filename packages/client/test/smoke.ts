/** The program that runs in every runtime. It must not import anything from Node.js. */
import {
  type CallOptions,
  createClient,
  createOutcome,
  type Fetch,
  loginToken,
  objectionsTo,
  openapiClient,
  type RecoveryConnectError,
  type Result,
} from '../src/client.ts'

/** The orders for which the server misbehaves. */
export const orders = {
  fine: 1,
  missing: 404,
  busy: 503,
  moved: 302,
  silent: 10,
  endless: 11,
  long: 12,
  lost: 13,
  cut: 14,
  secret: 15,
}

const borrower_id = 1
const body = { type: 6, number: '678-555-0142', no_contact: 1 } as const

const phone = { id: 1, valid: 1, ...body } as const

/** Makes the calls that could differ between runtimes. Returns the outcome of each. */
export async function smoke(baseUrl: string): Promise<Record<string, unknown>> {
  const rc = createClient({ token: 'any-token', baseUrl, appInfo: 'smoke/1.0' })
  const list = (order_id: number, options: CallOptions = {}) =>
    rc.borrowerPhones.list({ order_id, borrower_id }, options).result()
  const create = (order_id: number) => rc.borrowerPhones.create({ order_id, borrower_id }, body).result()
  const aborted = (order_id: number) => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 50)
    return list(order_id, { signal: controller.signal })
  }

  const closed = createClient({ token: 'any-token', baseUrl: 'http://127.0.0.1:65535' })
  const token = loginToken({ username: 'example-user', password: 'any-password' })

  // The create is lost on a reused connection. Some runtimes resend such a request.
  const listed = await list(orders.fine)
  const lost = await create(orders.lost)
  return {
    listed: describeOutcome(listed),
    created: describeOutcome(await create(orders.fine)),
    missing: describeOutcome(await list(orders.missing)),
    retried: describeOutcome(await list(orders.busy)),
    moved: describeOutcome(await list(orders.moved)),
    silent: describeOutcome(await list(orders.silent, { attemptTimeoutMs: 50, maxAttempts: 1 })),
    endless: describeOutcome(await list(orders.endless, { attemptTimeoutMs: 50, maxAttempts: 1 })),
    aborted: describeOutcome(await aborted(orders.endless)),
    long: describeOutcome(await list(orders.long)),
    lost: describeOutcome(lost),
    cut: describeOutcome(await list(orders.cut, { maxAttempts: 1 })),
    refused: describeOutcome(
      await closed.borrowerPhones.list({ order_id: 1, borrower_id }, { maxAttempts: 1 }).result(),
    ),
    loggedIn: describeOutcome(
      await createClient({ token, baseUrl })
        .borrowerPhones.list({ order_id: orders.fine, borrower_id })
        .result(),
    ),
    mistakes: await makeMistakes((fetch) => list(orders.fine, { fetch })),
    leaks: findLeaks(getError(await list(orders.secret))),
    found: (
      await createOutcome(rc.borrowerPhones, {
        ids: { order_id: orders.fine, borrower_id },
        body,
        error: getError(lost),
        pausesMs: [0],
      })
    ).created,
    objections: objectionsTo(phone, { phones: [{ ...phone, id: 2, number: '+١ ６７８-५५५-0142' }] }).map(
      ({ kind, id }) => `${kind} ${id}`,
    ),
    raw: (
      await openapiClient(rc.connection).GET('/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones', {
        params: { path: { order_id: orders.fine, borrower_id } },
      })
    ).data,
  }
}

/** What {@link smoke} must return. */
export const expectedOutcomes: Record<string, unknown> = {
  listed: 'ok after 1',
  created: 'ok after 1',
  missing: 'not_found after 1',
  retried: 'ok after 2',
  moved: 'unexpected_response after 1',
  silent: 'timeout after 1',
  endless: 'timeout after 1',
  aborted: 'aborted after 1',
  long: 'unexpected_response after 1',
  lost: 'connection after 1',
  cut: 'connection after 1',
  refused: 'connection after 1',
  loggedIn: 'ok after 1',
  mistakes: Array(6).fill('invalid_input after 1'),
  leaks: [],
  found: false,
  objections: ['no_contact 1', 'no_contact 2'],
  raw: { data: [] },
}

/** Makes mistakes whose errors differ between JavaScript engines. Returns the outcomes. */
async function makeMistakes(call: (fetch?: Fetch) => Promise<Result<unknown>>): Promise<string[]> {
  const response = new Response('{"data":[]}')
  const broken = [undefined, null, { ok: true, status: 200 }, {}, response].map((value) => async () => value)
  await response.text()
  const outcomes = []
  for (const fetch of broken) outcomes.push(describeOutcome(await call(fetch as never)))
  const { fetch } = globalThis
  Object.assign(globalThis, { fetch: undefined })
  outcomes.push(describeOutcome(await call()))
  Object.assign(globalThis, { fetch })
  return outcomes
}

/** What the server hides in an error. It isn't in the source text, because Bun shows the line of an error. */
export const hiddenText = ['neighbor', 'the', 'for', 'ask'].reverse().join(' ')

/** Returns the options with which the runtime's own `inspect` shows what an error hides. */
function findLeaks(error: RecoveryConnectError | undefined): string[] {
  if (!JSON.stringify(error?.body).includes(hiddenText)) return ['nothing was hidden']
  const { Deno, Bun } = globalThis as { Deno?: { inspect: Inspect }; Bun?: { inspect: Inspect } }
  const inspect = Deno?.inspect ?? Bun?.inspect ?? JSON.stringify
  const all = { depth: 9, getters: true, showHidden: true, showProxy: true, sorted: true }
  return [{}, ...Object.entries(all).map(([name, value]) => ({ [name]: value })), all]
    .filter((options) =>
      [error, [{ error }], new Error('outer', { cause: error })].some((value) =>
        inspect(value, options as never).includes(hiddenText),
      ),
    )
    .map((options) => Object.keys(options).join(' '))
}

type Inspect = (value: unknown, options?: never) => string

function describeOutcome(result: Result<unknown>): string {
  return result.ok ? `ok after ${result.attempts}` : `${result.error.kind} after ${result.error.attempts}`
}

function getError(result: Result<unknown>): RecoveryConnectError | undefined {
  return result.ok ? undefined : result.error
}
