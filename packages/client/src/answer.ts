/** What an answer means: the data that was asked for, or one of the errors. */
import type { Operation } from './call.ts'
import { failure, type RecoveryConnectError } from './errors.ts'
import { type Journey, retryAfterMs } from './transport.ts'

/** The 0/1 flags of a body. */
export type Flags = readonly (readonly [name: string, value: unknown])[]

/** The flags (`valid`, `no_contact`) in a body; taken before it is sent, for the caller may change it afterwards. */
export function flagsOf(body: unknown, { keys }: Operation): Flags {
  return Object.entries(keys ? (body as object) : {}).filter(
    ([key, value]) => keys?.[key] === 'flag' && value !== undefined,
  )
}

/**
 * The data of an answer.
 *
 * @throws {RecoveryConnectError} if the answer is a failure, is not the contract's, or contradicts the flags.
 */
export async function dataOf(
  operation: Operation,
  flags: Flags,
  response: Response,
  journey: Journey,
): Promise<unknown> {
  const { ok, status, headers } = response
  const body = parsed(await response.text())
  if (!ok) throw refusal(operation, response, body, journey)

  journey.mayHaveBeenCarriedOut = true
  const refuse = (message: string, problems: readonly string[]) =>
    failure('unexpected_response', message, journey, { status, problems }, { headers, body })
  const data = isObject(body) ? body.data : undefined
  if (!isObject(body)) throw refuse('the answer is not a JSON object', [])
  if (operation.data && !(operation.data === 'array' ? Array.isArray(data) : isObject(data)))
    throw refuse(`the answer has no ${operation.data} in "data"`, ['data'])
  const record = data as Record<string, unknown>
  if (operation.confirms && record.success !== true)
    throw refuse('the answer does not confirm that it was done', ['data.success'])

  const fields = flags
    .filter(([name, sent]) => String(record[name]) !== String(Number(sent)))
    .map(([name]) => name)
  if (fields.length) {
    const advice = operation.keys?.no_contact
      ? 'treat the number as not to be dialled'
      : 'read the record again'
    const message = `${fields.join(' and ')} did not come back as sent; ${advice}`
    throw failure('contradiction', message, journey, { status, fields }, { headers, body })
  }
  const problems = await journey.settings.checkAnswer?.(operation.id, body)
  if (problems?.length) throw refuse(`the answer does not fit its schema at ${problems.join(', ')}`, problems)
  return body
}

function refusal(
  operation: Operation,
  response: Response,
  body: unknown,
  journey: Journey,
): RecoveryConnectError {
  const { status, headers } = response
  const isContracts = isObject(body) && typeof body.message === 'string'
  const fail = (kind: RecoveryConnectError['kind'], message: string, shown?: object) =>
    failure(kind, `${message} (${status})`, journey, { status, ...shown }, { headers, body })

  if (status === 401) return fail('unauthenticated', 'the API does not accept the credentials')
  if (status === 403) return fail('forbidden', 'the token may not do this')
  if (status === 404 && isContracts) return fail('not_found', 'there is no such record')
  if (status === 422 && isContracts && isObject(body.errors)) {
    // Names are the server's words too: only those that the contract knows are shown.
    const known = Object.keys(body.errors).filter((name) => operation.keys?.[name])
    return fail('validation', `the API refuses ${known.join(', ') || 'the request'}`)
  }
  const wait = retryAfterMs(headers)
  const shown = wait === undefined ? {} : { retryAfterMs: wait }
  const when = wait === undefined ? '' : `, ask again in ${wait} ms`
  if (status === 429) return fail('rate_limited', `too many requests${when}`, shown)
  if (status >= 500) return fail('server', `the API failed${when}`, shown)
  if (status >= 400 && status !== 404 && status !== 422) return fail('refused', 'the API refuses the request')
  journey.mayHaveBeenCarriedOut = true
  return fail(
    'unexpected_response',
    status >= 400 ? "the answer is not the API's" : 'a redirect is not followed',
    {
      problems: [],
    },
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
