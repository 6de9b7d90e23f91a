/** One call with each client and the same stub `fetch`, and a program with that call. */
import { createClient as createHeyApi } from '@hey-api/client-fetch'
import { request as octokit } from '@octokit/request'
import axios from 'axios'
import ky from 'ky'
import OpenAI from 'openai'
import createOpenapiFetch from 'openapi-fetch'
import Stripe from 'stripe'
import { createClient } from '../src/client.ts'
import { oneCall, oneResource } from './figures.ts'

/** A client to be measured. */
export interface Peer {
  name: string
  /** One call, from the arguments to the data. Missing if it equals that of another row. */
  call?: () => Promise<unknown>
  /** A program with one call. */
  program?: string
}

const baseUrl = 'https://api.mbsisystems.com'
const path = '/api/v140/orders/57062885/borrowers/124927241/phones'
const template = '/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones'
const ids = { order_id: 57062885, borrower_id: 124927241 }
const headers = { accept: 'application/json', authorization: 'Bearer any-token' }

/** All clients, with the given `fetch`. */
export function peersOver(fetch: typeof globalThis.fetch): Peer[] {
  const rc = createClient({ token: 'any-token', fetch })
  const openapi = createOpenapiFetch<Record<string, Record<string, never>>>({ baseUrl, headers, fetch })
  const get = openapi.GET as unknown as (path: string, init: object) => Promise<unknown>
  const heyApi = createHeyApi({ baseUrl, headers, fetch })
  const kyClient = ky.create({ prefix: baseUrl, headers, fetch })
  const axiosClient = axios.create({ baseURL: baseUrl, headers, adapter: 'fetch', env: { fetch } } as object)
  const stripe = new Stripe('sk_test', { httpClient: Stripe.createFetchHttpClient(fetch), telemetry: false })
  const openai = new OpenAI({ apiKey: 'any-token', baseURL: baseUrl, fetch })
  const octokitOptions = { baseUrl, headers, request: { fetch } }
  return [
    {
      name: 'fetch alone',
      call: async () => (await fetch(new Request(baseUrl + path, { headers }))).json(),
      program: `console.log(await (await fetch('${baseUrl}${path}', { headers: { authorization: 'Bearer x' } })).json())`,
    },
    {
      name: 'openapi-fetch',
      call: () => get(template, { params: { path: ids } }),
      program: `import createClient from 'openapi-fetch'
        const client = createClient({ baseUrl: '${baseUrl}', headers: { authorization: 'Bearer x' } })
        console.log(await client.GET('${template}', { params: { path: ${JSON.stringify(ids)} } }))`,
    },
    { name: 'this client', call: () => rc.borrowerPhones.list(ids), program: oneCall },
    { name: 'this client, one resource', program: oneResource },
    {
      name: 'hey-api',
      call: () => heyApi.get({ url: template, path: ids }),
      program: `import { createClient } from '@hey-api/client-fetch'
        const client = createClient({ baseUrl: '${baseUrl}', headers: { authorization: 'Bearer x' } })
        console.log(await client.get({ url: '${template}', path: ${JSON.stringify(ids)} }))`,
    },
    {
      name: 'octokit request',
      call: () => octokit(`GET ${path}`, octokitOptions),
      program: `import { request } from '@octokit/request'\nconsole.log(await request('GET ${path}'))`,
    },
    {
      name: 'stripe',
      call: () => stripe.rawRequest('GET', path),
      program: `import Stripe from 'stripe'\nconsole.log(await new Stripe('x').rawRequest('GET', '${path}'))`,
    },
    {
      name: 'openai',
      call: () => openai.get(path),
      program: `import OpenAI from 'openai'\nconsole.log(await new OpenAI({ apiKey: 'x' }).get('${path}'))`,
    },
    {
      name: 'axios',
      call: () => axiosClient.get(path),
      program: `import axios from 'axios'\nconsole.log((await axios.get('${baseUrl}${path}')).data)`,
    },
    {
      name: 'ky',
      call: () => kyClient.get(path.slice(1)).json(),
      program: `import ky from 'ky'\nconsole.log(await ky('${baseUrl}${path}').json())`,
    },
  ]
}
