/** What every runtime must be able to do; the same program runs in each of them. No Node in here. */
import {
  createClient,
  createOutcome,
  openapiClient,
  type RecoveryConnectError,
  type Result,
} from '../src/client.ts'

/** The order ids to which the server of the test reacts. */
export const orders = {
  fine: 1,
  missing: 404,
  busy: 503,
  moved: 302,
  silent: 10,
  endless: 11,
  long: 12,
  lost: 13,
}

const borrower_id = 1
const body = { type: 6, number: '678-555-0142', no_contact: 1 } as const

/** Calls a server in all the ways that differ between runtimes, and says what came of each. */
export async function smoke(baseUrl: string): Promise<Record<string, unknown>> {
  const rc = createClient({ token: 'any-token', baseUrl })
  const list = (order_id: number, options = {}) =>
    rc.borrowerPhones.list({ order_id, borrower_id }, options).result()
  const create = (order_id: number) => rc.borrowerPhones.create({ order_id, borrower_id }, body).result()
  const aborted = (order_id: number) => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 50)
    return list(order_id, { signal: controller.signal })
  }

  // The create is lost on a connection that was used before: some runtimes try such a request again by themselves.
  const listed = await list(orders.fine)
  const lost = await create(orders.lost)
  return {
    listed: outcomeOf(listed),
    created: outcomeOf(await create(orders.fine)),
    missing: outcomeOf(await list(orders.missing)),
    repeated: outcomeOf(await list(orders.busy)),
    moved: outcomeOf(await list(orders.moved)),
    silent: outcomeOf(await list(orders.silent, { attemptTimeoutMs: 50, maxAttempts: 1 })),
    endless: outcomeOf(await list(orders.endless, { attemptTimeoutMs: 50, maxAttempts: 1 })),
    aborted: outcomeOf(await aborted(orders.endless)),
    long: outcomeOf(await list(orders.long)),
    lost: outcomeOf(lost),
    found: (
      await createOutcome(rc.borrowerPhones, {
        ids: { order_id: orders.fine, borrower_id },
        body,
        error: errorOf(lost),
        pausesMs: [0],
      })
    ).created,
    raw: (
      await openapiClient(rc.connection).GET('/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones', {
        params: { path: { order_id: orders.fine, borrower_id } },
      })
    ).data,
  }
}

/** What {@link smoke} says where all is well. */
export const allWell: Record<string, unknown> = {
  listed: 'ok after 1',
  created: 'ok after 1',
  missing: 'not_found after 1',
  repeated: 'ok after 2',
  moved: 'unexpected_response after 1',
  silent: 'timeout after 1',
  endless: 'timeout after 1',
  aborted: 'aborted after 1',
  long: 'unexpected_response after 1',
  lost: 'connection after 1',
  found: false,
  raw: { data: [] },
}

function outcomeOf(result: Result<unknown>): string {
  return result.ok ? `ok after ${result.attempts}` : `${result.error.kind} after ${result.error.attempts}`
}

function errorOf(result: Result<unknown>): RecoveryConnectError | undefined {
  return result.ok ? undefined : result.error
}
