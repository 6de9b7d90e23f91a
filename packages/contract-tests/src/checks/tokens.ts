import type { Operation } from '@recoveryconnect/spec/model'
import { type Check, checksOf } from '../check.ts'
import { exampleBody, type Fields } from '../operations.ts'
import { expectThat } from '../outcome.ts'
import { login, phones, type RecordType, recordTypeOf } from '../record-types.ts'
import type { Run } from '../run.ts'
import { expectUnchanged, findIds, writeNeeds } from './steps.ts'

const badCredentials: [as: string, authorization: string | null][] = [
  ['without a token', null],
  ['with an empty token', 'Bearer '],
  ['with another scheme', 'Basic dXNlcjpwYXNz'],
]

/** `ignored_auth`, as Schemathesis calls it. Writes are tried on a record of the run. */
export function tokenChecks(operation: Operation): Check[] {
  if (!operation.needsToken) return []
  const type = recordTypeOf(operation)
  const isRead = operation.method === 'GET'
  const check = checksOf(operation, 'direct', ...(isRead ? [] : writeNeeds(type)))
  const title = 'Without a token, or with a wrong one, the server returns 401 and changes nothing.'
  return [
    check('token-needed', title, async (run) => {
      if (isRead || !type) return rejectsCallers(run, operation, await findIds(run, operation))
      const isOnRecord = operation.path.endsWith(`{${type.idName}}`)
      await expectUnchanged(run, type, isOnRecord, (ids) => rejectsCallers(run, operation, ids))
    }),
  ]
}

async function rejectsCallers(run: Run, operation: Operation, ids: Fields): Promise<void> {
  const body = bodyFor(run, operation, recordTypeOf(operation))
  const { remembers } = run.target
  const tried = [...badCredentials]
  // RFC 6750 allows no comma in a token. A mock accepts even such a token.
  if (remembers) tried.push(['with a token that no server can have issued', 'Bearer not,a,token'])
  if (remembers && !run.isForAnyToken) tried.push(['with a random token', `Bearer ${run.randomToken}`])
  for (const [as, authorization] of tried)
    await run.call(operation, { as, ids, headers: { authorization }, due: [401], body })
}

function bodyFor(run: Run, operation: Operation, type?: RecordType): unknown {
  if (operation === type?.create) return run.makeBody(type)
  return operation === type?.update ? type.makeUpdate(run.marker) : exampleBody(operation)
}

async function logIn(run: Run): Promise<Fields> {
  const { body } = await run.call(login, { body: run.target.credentials })
  return body as Fields
}

const onList = checksOf(phones.list, 'direct')
const onLogin = checksOf(login, 'write', 'credentials')
const remembers = checksOf(login, 'memory', 'write', 'credentials')
const provokes = checksOf(login, 'direct', 'disposable', 'write', 'credentials')

export const loginChecks: Check[] = [
  onList('scheme-in-any-case', 'The scheme Bearer is accepted in any letter case (RFC 9110).', (run) =>
    run.call(phones.list, { headers: { authorization: `bearer ${run.target.token}` } }),
  ),
  onLogin(
    'issues-token',
    'A login with a name and a password returns a token and its lifetime.',
    async (run) => {
      const { expires_in, access_token } = await logIn(run)
      expectThat(expires_in > 0, 'a lifetime above 0', 'a lifetime of 0 or less')
      expectThat(access_token.length > 0, 'a token', 'an empty string')
    },
  ),
  remembers('issued-token-is-accepted', 'A token that the server issued is accepted.', async (run) => {
    const { access_token } = await logIn(run)
    await run.call(phones.list, { headers: { authorization: `Bearer ${access_token}` } })
  }),
  provokes('needs-name-and-password', 'A login without a name or a password is rejected.', async (run) => {
    const { username, password } = run.target.credentials ?? {}
    for (const body of [{ username }, { password }, {}]) await run.call(login, { body, due: [422, 400, 401] })
  }),
]
