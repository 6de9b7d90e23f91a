/** The option `fetch` takes the function of every runtime and library, and the compiler refuses other values. */
import { Readable } from 'node:stream'
import { Agent, fetch as undici } from 'undici'
import { expect, test, vi } from 'vitest'
import { createClient, type Fetch } from '../src/client.ts'
import { ids, json, newPhone, phone, secrets, serve } from './servers.ts'

const dispatcher = new Agent()
const withUrl = (url: string, init: RequestInit) => fetch(url, init)
const worker = { fetch: (input: string | URL | Request, init?: RequestInit) => fetch(input, init) }

const accepted: [name: string, Fetch][] = [
  ['of the runtime', globalThis.fetch],
  ['that is bound', globalThis.fetch.bind(globalThis)],
  ['of undici', undici],
  ['with a dispatcher', (url, init) => undici(url, { ...init, dispatcher })],
  ['with a Request', (url, init) => fetch(new Request(url, init))],
  [
    'with another header',
    (url, init) => fetch(url, { ...init, headers: { ...init.headers, 'x-trace': '1' } }),
  ],
  ['that takes a text', withUrl],
  ['of a worker', worker.fetch.bind(worker)],
  ['as node-fetch has it', nodeFetch],
  [
    'of an instrumentation',
    function (this: typeof globalThis, ...args: Parameters<typeof fetch>) {
      return fetch.apply(this, args)
    },
  ],
  ['that is a mock', vi.fn(withUrl)],
  ['that is a mock of the type of fetch', vi.fn<typeof fetch>(fetch)],
  ['that is a mock without the second argument', vi.fn(async (_: string) => Response.json({ data: phone }))],
]

test.each(accepted)('a function %s', async (name, fetch) => {
  const { url, arrived } = await serve((socket) => void socket.write(json(200, { data: phone })))
  const rc = createClient({ token: secrets.token, baseUrl: url, fetch })
  expect((await rc.borrowerPhones.create(ids, newPhone)).data).toEqual(phone)
  if (name.includes('without the second')) return
  expect(arrived).toMatchObject([
    { headers: { authorization: `Bearer ${secrets.token}` }, body: JSON.stringify(newPhone) },
  ])
})

test('the compiler refuses other values', () => {
  const refused: Fetch[] = [
    // @ts-expect-error
    'x',
    // @ts-expect-error
    () => new Response(),
    // @ts-expect-error
    async () => ({ ok: true, status: 200, json: async () => ({}) }),
    // @ts-expect-error
    async (config: { url: string }) => new Response(config.url),
  ]
  expect(refused).toHaveLength(4)
})

/** Its body is a stream of Node, and its types are its own. */
async function nodeFetch(
  url: URL | string,
  init?: {
    method?: string
    headers?: Iterable<readonly [string, string]> | Record<string, string>
    body?: Blob | Buffer | URLSearchParams | NodeJS.ReadableStream | string | null
    redirect?: 'error' | 'follow' | 'manual'
    signal?: AbortSignal | null
  },
) {
  const response = await fetch(url, init as RequestInit)
  const { status, ok, headers } = response
  const text = await response.text()
  return {
    status,
    ok,
    headers,
    body: Readable.from([text]) as NodeJS.ReadableStream | null,
    text: async () => text,
  }
}
