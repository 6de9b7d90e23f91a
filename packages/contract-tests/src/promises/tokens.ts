/** What authentication promises, on each operation. */
import { type ContractOperation, operation, operations, resourceOf } from '../contract.ts'
import { type ContractPromise, hold, holdFields } from '../promise.ts'
import type { CallOptions, Run } from '../run.ts'

const withoutToken: [as: string, authorization: string | null][] = [
  ['without a token', null],
  ['with an empty token', 'Bearer '],
  ['with another scheme', 'Basic dXNlcjpwYXNz'],
]
/** By RFC 6750 no token holds a comma, so no server can have issued this one. A mock takes any. */
const impossible: [string, string] = ['with a token that no server can have issued', 'Bearer not,a,token']
const refused = ({ remembers }: Run) => (remembers ? [...withoutToken, impossible] : withoutToken)
const phones = operation('createBorrowerPhone').tag

export const tokens: ContractPromise[] = [
  ...operations
    .filter(({ secured }) => secured)
    .map((one): ContractPromise => {
      const isRead = one.method === 'GET'
      return {
        id: `token-needed-${one.id}`,
        operation: one.id,
        says: 'Without a bearer token, or with one that no server can have issued, the answer is 401, and nothing is done.',
        where: 'everywhere',
        ...(!isRead && { writes: true }),
        // A wrong server would carry out what the marker protects from with phones alone.
        ...(!isRead && one.tag !== phones && { destroys: true }),
        provokes: true,
        check: (run) => (one.tag === phones ? refusesWithout(run, one.id, isRead) : refusesOther(run, one)),
      }
    }),
  {
    id: 'scheme-in-any-case',
    operation: 'listBorrowerPhones',
    says: 'The word Bearer counts in any letter case (RFC 9110).',
    where: 'everywhere',
    provokes: true,
    async check(run) {
      await run.call('listBorrowerPhones', { headers: { authorization: `bearer ${run.target.token}` } })
    },
  },
  {
    id: 'token-is-issued',
    operation: 'createAccessToken',
    says: 'Name and password are exchanged for a token with its lifetime.',
    where: 'everywhere',
    writes: true,
    needs: 'credentials',
    async check(run) {
      const { body } = await run.call('createAccessToken', { body: run.target.credentials })
      const { expires_in, access_token } = body as { expires_in: number; access_token: string }
      hold(expires_in > 0, 'a lifetime above 0', 'a lifetime that has passed')
      hold(access_token.length > 0, 'a token', 'an empty text')
    },
  },
  {
    id: 'issued-token-opens',
    operation: 'createAccessToken',
    says: 'A token that was issued is accepted.',
    where: 'memory',
    writes: true,
    needs: 'credentials',
    async check(run) {
      const { body } = await run.call('createAccessToken', { body: run.target.credentials })
      const authorization = `Bearer ${(body as { access_token: string }).access_token}`
      await run.call('listBorrowerPhones', { headers: { authorization } })
    },
  },
  {
    id: 'login-without-password-is-refused',
    operation: 'createAccessToken',
    says: 'A login that lacks the name or the password is refused.',
    where: 'everywhere',
    writes: true,
    destroys: true,
    provokes: true,
    needs: 'credentials',
    async check(run) {
      const { username, password } = run.target.credentials ?? {}
      for (const body of [{ username }, { password }, {}]) {
        await run.call('createAccessToken', { body, due: [422, 400, 401] })
      }
    },
  },
]

async function refusesWithout(run: Run, id: string, isRead: boolean): Promise<void> {
  // A write is tried on an own record alone; what a wrong server does to it harms nobody.
  const phone = isRead ? undefined : await run.create()
  const phone_id = phone?.id ?? (id === 'getBorrowerPhone' ? await run.anyPhone() : 0)
  const bodies: Record<string, unknown> = {
    createBorrowerPhone: run.phone({ extension: '401' }),
    updateBorrowerPhone: { extension: '401' },
  }
  for (const [as, authorization] of refused(run)) {
    const options: CallOptions = {
      as,
      ids: { phone_id },
      headers: { authorization },
      due: [401],
      body: bodies[id],
    }
    await run.call(id, options)
  }
  if (!phone || !run.remembers) return
  holdFields({ ...(await run.get(phone.id)) }, { ...phone }, 'as before')
  const created = (await run.list()).filter(
    ({ memo, extension }) => memo === run.marker && extension === '401',
  )
  hold(created.length === 0, 'no new record', `${created.length} new records`)
}

/** The same for a resource whose records carry no marker: nothing is sent that names a record of somebody's. */
async function refusesOther(run: Run, one: ContractOperation): Promise<void> {
  const resource = resourceOf(one)
  const list = async () => (resource && run.remembers ? (await run.call(resource.list.id)).body : undefined)
  const before = JSON.stringify(await list())
  for (const [as, authorization] of refused(run)) {
    await run.call(one.id, {
      as,
      headers: { authorization },
      due: [401],
      body: Object.values(one.requests)[0],
    })
  }
  hold(JSON.stringify(await list()) === before, 'the list as before', 'another list')
}
