/** Programs that use the packed packages. */

/** Passes undefined for everything that is optional. It compiles only if the types are there, rather than `any`. */
export const undefinedOptions = `import { createClient, type CallOptions, type ClientOptions, type CreateAttempt, type DialingRecords, type Hooks, type LoginOptions } from '@recoveryconnect/client'
import type { FaultOptions } from '@recoveryconnect/faults'
import type { JudgeOptions } from '@recoveryconnect/faults/judge'
import type { MockOptions } from '@recoveryconnect/mock'
import type { startSandbox } from '@recoveryconnect/sandbox'
import type { SandboxOptions } from '@recoveryconnect/sandbox/fetch'
import type { components } from '@recoveryconnect/spec'
type Schemas = components['schemas']
interface All {
  call: CallOptions
  client: ClientOptions
  attempt: CreateAttempt
  login: LoginOptions
  hooks: Hooks
  dialing: DialingRecords
  faults: FaultOptions
  judge: JudgeOptions
  mock: MockOptions
  server: NonNullable<Parameters<typeof startSandbox>[0]>
  sandbox: SandboxOptions
  bodies: Schemas['BorrowerPhoneCreate'] & Schemas['BorrowerPhoneUpdate']
}
type Optional<T> = { [K in keyof T as object extends Pick<T, K> ? K : never]: T[K] }
type Undefined<T> = { [K in keyof Optional<T>]-?: undefined }
const given = {} as { [N in keyof All]: Undefined<All[N]> }
const accepted: { [N in keyof All]: Optional<All[N]> } = given
console.log(accepted)

const rc = createClient({ token: 'any-token', baseUrl: undefined })
const phone = { order_id: 57062885, borrower_id: 124927241, phone_id: 39317578 }
await rc.borrowerPhones.update(phone, { memo: undefined }, { signal: undefined })
// @ts-expect-error a number is a string
await rc.borrowerPhones.update(phone, { number: 1 })
`

/**
 * Loads each entry point and uses it once, with a sandbox at a URL, and prints what it found as JSON.
 *
 * @param hasServers whether this Node can run the sandbox and the mock, too.
 */
export function loadAll(format: 'cjs' | 'mjs', url: string, hasServers: boolean): string {
  const [load, resolve] = {
    cjs: ['require', 'require.resolve'],
    mjs: ['(name) => import(name)', 'import.meta.resolve'],
  }[format]
  return `const load = ${load}
const extensions = new Set()
async function use(name) {
  extensions.add(/\\.\\w+$/.exec(${resolve}('@recoveryconnect/' + name))[0])
  return load('@recoveryconnect/' + name)
}

async function main() {
  const { createClient, openapiClient } = await use('client')
  const rc = createClient({ baseUrl: '${url}', token: 'any-token' })
  const ids = { order_id: 57062885, borrower_id: 124927241 }
  const { data: phones } = await rc.borrowerPhones.list(ids)
  const lowLevel = await openapiClient(rc.connection).GET(phonesPath, { params: { path: ids } })
  const error = await rc.borrowerPhones.get({ ...ids, phone_id: 1 }).catch((error) => error)
  const { createBorrowerPhone: { request } } = await use('spec/validators')
  const { readModel } = await use('spec/model')
  return {
    phones: phones.length,
    lowLevel: lowLevel.data.data.length,
    kind: error.kind,
    valid: [request({ type: 6, number: '6785550100' }), request({ type: 6 })],
    operations: readModel().operations.length,
    servers: ${hasServers} ? await callServers() : [],
    faults: ${hasServers} ? await callFaults() : [],
    extensions: [...extensions],
  }
}

async function callServers() {
  const { startSandbox } = await use('sandbox')
  const { createSandboxFetch } = await use('sandbox/fetch')
  const { startMock } = await use('mock')
  const statusOf = async (url, call = fetch) =>
    (await call(url + phonesPath.replace('{order_id}', 57062885).replace('{borrower_id}', 124927241), {
      headers: { authorization: 'Bearer any-token' },
    })).status
  const servers = [await startSandbox({ port: 0, stateFile: '${format}.db' }), await startMock({ port: 0 })]
  const statuses = await Promise.all(servers.map(({ url }) => statusOf(url)))
  await Promise.all(servers.map((server) => server.close()))
  return [...statuses, await statusOf('https://sandbox.invalid', createSandboxFetch())]
}

async function callFaults() {
  const { startFaults } = await use('faults')
  const { judge } = await use('faults/judge')
  const server = await startFaults({ port: 0 })
  const { status } = await fetch(server.url + '/400' + phonesPath.replaceAll(/{.*?}/g, 1))
  await server.close()
  const adapter = \`require('node:readline').createInterface(process.stdin).on('line', async (line) => {
    const { id, base_url, path, token } = JSON.parse(line)
    await fetch(base_url + path, { headers: { authorization: 'Bearer ' + token } })
    console.log(JSON.stringify({ id, outcome: 'error' }))
  })\`
  const { verdicts } = await judge({ command: [process.execPath, '--eval', adapter], only: ['400'] })
  return [status, verdicts[0].outcome]
}

const phonesPath = '/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones'
main().then((found) => console.log(JSON.stringify(found)))
`
}
