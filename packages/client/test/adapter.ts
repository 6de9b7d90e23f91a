/**
 * The adapter of this client for the judge of `@recoveryconnect/faults`.
 *
 * With the name of a defect as its argument, it is a client that the judge must find out.
 */
import { createInterface } from 'node:readline'
import { inspect } from 'node:util'
import { type Client, type ClientOptions, createClient, type Result } from '../src/client.ts'

const [, , defect] = process.argv

// No pauses between attempts, except those that a server asks for.
Math.random = () => 0

for await (const line of createInterface(process.stdin)) {
  const { id, operation, base_url, token, new_token, ids, body, deadline_ms } = JSON.parse(line)
  const events: unknown[] = []
  const rc = createClient({
    baseUrl: base_url,
    token: new_token ? async ({ rejected }) => (rejected ? new_token : token) : token,
    attemptTimeoutMs: deadline_ms,
    totalTimeoutMs: deadline_ms,
    hooks: { onAttempt: (event) => events.push(event), onWait: (event) => events.push(event) },
    ...(defect === 'follow-redirects' && { fetch: followRedirects as ClientOptions['fetch'] }),
  })
  const send = () => call(rc, operation, ids, body).result()
  let result = await send()
  if (defect === 'repeat-creates' && operation === 'createBorrowerPhone' && isTemporary(result))
    result = await send()
  console.log(JSON.stringify({ id, ...describe(result), output: [show(result), inspect(events)].join('\n') }))
}

function call({ borrowers, borrowerPhones: phones }: Client, operation: string, ids: any, body: any) {
  switch (operation) {
    case 'listBorrowers':
      return borrowers.list(ids)
    case 'listBorrowerPhones':
      return phones.list(ids)
    case 'createBorrowerPhone':
      return phones.create(ids, body)
    case 'updateBorrowerPhone':
      return phones.update(ids, body)
    default:
      return phones.delete(ids)
  }
}

function describe(result: Result<unknown>): object {
  if (result.ok) return { outcome: 'ok', attempts: result.attempts, record_id: idOf(result.data) }
  const { kind, attempts, mayHaveBeenCarriedOut } = result.error
  if (defect === 'ignore-contradictions' && kind === 'contradiction') return { outcome: 'ok' }
  if (defect) return { outcome: kind }
  return { outcome: kind, attempts, may_have_been_carried_out: mayHaveBeenCarriedOut }
}

/** The id of the record, or of the first record of a list, as the client returned it. */
function idOf(body: any): string | undefined {
  const id = [body.data].flat()[0]?.id
  return id === undefined ? undefined : String(id)
}

/** Everything that a log shows of the result. */
function show(result: Result<unknown>): string {
  if (result.ok) return ''
  const { error } = result
  if (defect === 'print-bodies') return inspect(error.body)
  return [error.stack, JSON.stringify(error), inspect(error, { depth: 20, showHidden: true })].join('\n')
}

function isTemporary(result: Result<unknown>): boolean {
  return !result.ok && ['connection', 'timeout', 'server'].includes(result.error.kind)
}

async function followRedirects(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init)
  const location = response.headers.get('location')
  return location ? followRedirects(location, init) : response
}
