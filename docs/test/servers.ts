/** Starts the servers that programs call. */
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startFaults } from '@recoveryconnect/faults'
import { startSandbox } from '@recoveryconnect/sandbox'

const token = 'sample-token'
const account = { username: 'sample-user', password: 'sample-password' }

export interface Phone {
  id: number
  number: string
  memo: string | null
  no_contact: 0 | 1
  valid: 0 | 1
}

interface Test {
  onTestFinished: (close: () => Promise<void>) => void
}

export type World = Awaited<ReturnType<typeof startWorld>>

/** Starts a sandbox, and closes it after the test. */
export async function startWorld({ onTestFinished, seed }: Test & { seed?: unknown }) {
  const sandbox = await startSandbox({ port: 0, seed })
  onTestFinished(() => sandbox.close())
  const control = async (path: string, body?: object, bearer = token): Promise<any> => {
    const headers = { authorization: `Bearer ${bearer}` }
    const options = body && { method: 'POST', body: JSON.stringify(body) }
    const response = await fetch(`${sandbox.url}/__sandbox/${path}`, { headers, ...options })
    return response.json()
  }
  return {
    variables: {
      RECOVERYCONNECT_URL: sandbox.url,
      RECOVERYCONNECT_TOKEN: token,
      RECOVERYCONNECT_USERNAME: account.username,
      RECOVERYCONNECT_PASSWORD: account.password,
    },
    /** Scripts a fault for the token, or for tokens of the account. */
    async fail(fault: object, whose: 'token' | 'account' = 'token'): Promise<void> {
      await control('faults', fault, whose === 'account' ? await logIn(sandbox.url) : token)
    },
    /** The requests so far, such as `listBorrowers 200`, without those of this object. */
    async listRequests(): Promise<string[]> {
      const { requests } = await control('log')
      return requests
        .filter(({ operation }: { operation?: string }) => operation)
        .map(({ operation, status }: { operation: string; status: number }) => `${operation} ${status}`)
    },
    /** The stored phones of all borrowers, with the digits of their numbers. */
    async listPhones(): Promise<(Phone & { digits: string })[]> {
      const { orders } = await control('world')
      const borrowers = orders.flatMap((order: { borrowers: object[] }) => order.borrowers)
      const phones: Phone[] = borrowers.flatMap((borrower: { phones: Phone[] }) => borrower.phones)
      return phones.map((phone) => ({ ...phone, digits: phone.number.replaceAll('-', '') }))
    },
  }
}

async function logIn(url: string): Promise<string> {
  const response = await fetch(`${url}/api/v140/auth`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(account),
  })
  return ((await response.json()) as { access_token: string }).access_token
}

/** Starts a server that responds with JSON, and records the methods of the requests. */
export async function startServer(respond: RequestListener) {
  const arrived: (string | undefined)[] = []
  const server = createServer((request, response) => {
    arrived.push(request.method)
    response.setHeader('content-type', 'application/json')
    respond(request, response)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** Returns the variables of a machine whose curl repeats requests and follows redirects. */
export async function writeCurlrc({ onTestFinished }: Test): Promise<NodeJS.ProcessEnv> {
  const folder = await mkdtemp(join(tmpdir(), 'recoveryconnect-curlrc-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, '.curlrc'), 'retry = 1\nlocation\n')
  return { CURL_HOME: folder }
}

/** Returns a base URL that refuses connections. No other server can get its port before the test ends. */
export async function reserveClosedPort({ onTestFinished }: Test): Promise<string> {
  const faults = await startFaults({ port: 0 })
  onTestFinished(() => faults.close())
  const response = await fetch(`${faults.url}/faults`)
  const list = (await response.json()) as { name: string; base_url: string }[]
  return list.find(({ name }) => name === 'connection-refused')?.base_url ?? ''
}
