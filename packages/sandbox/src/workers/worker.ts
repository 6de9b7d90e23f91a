/**
 * The hosted sandbox: a Worker receives requests, and one Durable Object per world handles them. Objects are
 * single-threaded, isolated, and stored where they're used. There can be as many objects as there are tokens.
 */
import { DurableObject } from 'cloudflare:workers'
import { type HttpResponse, jsonResponse } from '@recoveryconnect/http/message'
import { pathOf } from '@recoveryconnect/http/target'
import { operations } from '../core/contract.gen.ts'
import { bodyLimitOf } from '../core/control.ts'
import { toFetchResponse } from '../core/fetch-response.ts'
import { isLoopback, type SandboxRequest } from '../core/http.ts'
import { readToken } from '../core/tokens.ts'
import { worldOfLogin } from '../resources/authentication.ts'
import { createSandbox, type Sandbox } from '../sandbox.ts'
import type { HostedLimits } from './hosted-limits.ts'
import { onlyWorld, WorldStorage } from './world-storage.ts'

interface Env extends HostedLimits {
  WORLDS: DurableObjectNamespace<WorldObject>
  ASSETS?: Fetcher
}

const withoutWorld = createSandbox({ control: 'own' })
/** A login has no token, so its body says which world it belongs to. */
const loginPaths = operations
  .filter(({ method, needsToken }) => method === 'POST' && !needsToken)
  .map(({ path }) => path)

const corsHeaders = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': '*',
}
const preflightHeaders = {
  ...corsHeaders,
  'access-control-allow-methods': 'GET, POST, PUT, DELETE',
  'access-control-allow-headers': 'authorization, content-type, prefer',
  'access-control-max-age': '86400',
}
const secureHeaders = { 'strict-transport-security': 'max-age=31536000' }

export default {
  async fetch(request, env) {
    const url = new URL(request.url)
    // Includes misspelled API paths: a request for a page has no token and no body.
    const isApi =
      /^\/+(api|__sandbox)(\/|$)/i.test(url.pathname) ||
      request.headers.has('authorization') ||
      !/^(GET|HEAD)$/.test(request.method)
    if (url.protocol === 'http:' && !isLoopback(url.hostname)) return rejectHttp(url, isApi)
    if (!isApi && env.ASSETS)
      return withHeaders(await env.ASSETS.fetch(choosePage(request, url)), {
        ...secureHeaders,
        vary: 'Accept',
      })
    // Only a browser's preflight. Any other OPTIONS request is up to the contract.
    if (request.method === 'OPTIONS' && request.headers.has('access-control-request-method'))
      return new Response(null, { status: 204, headers: preflightHeaders })
    const response = await respond(await receive(request, env), request, env)
    return withHeaders(response, { ...corsHeaders, ...secureHeaders, 'cache-control': 'no-store' })
  },
} satisfies ExportedHandler<Env>

export class WorldObject extends DurableObject<Env> {
  readonly #storage: WorldStorage
  #sandbox: Sandbox | undefined
  /** How many requests may arrive at once, as of `at`. */
  #allowance: { requests: number; at: number }
  /** When the alarm was last postponed. After a world wakes up, undefined until it reads the alarm. */
  #postponed: number | undefined

  constructor(context: DurableObjectState, env: Env) {
    super(context, env)
    this.#storage = new WorldStorage(context.storage.sql)
    this.#allowance = { requests: env.BURST, at: Date.now() }
  }

  async handle(request: SandboxRequest): Promise<HttpResponse> {
    const now = Date.now()
    const wait = this.#takeRequest(now)
    if (wait > 0) return tooManyRequests(wait, this.env.BURST)
    const before = this.#storage.rowsWritten
    const response = this.#handleInTransaction(request)
    this.#allowance.requests -= Math.floor((this.#storage.rowsWritten - before) / rowsPerRequest)
    if (this.#storage.isUsed) await this.#postponeAlarm(now)
    return response
  }

  override async alarm(): Promise<void> {
    this.#sandbox = undefined
    await this.ctx.storage.deleteAll()
  }

  /** Stores all changes of a request, or none. If that fails, the next request reads the world again. */
  #handleInTransaction(request: SandboxRequest): HttpResponse {
    try {
      return this.ctx.storage.transactionSync(() => {
        this.#sandbox ??= this.#openSandbox()
        const response = this.#sandbox.handle(request)
        this.#storage.saveScript()
        // The kernel has turned the storage's error into a response. Throwing rolls back what was stored before it.
        if (this.#storage.hasFailed) throw new Error('not stored')
        return response
      })
    } catch {
      this.#sandbox = undefined
      return failure('Nothing was changed.')
    }
  }

  #openSandbox(): Sandbox {
    const limits = limitsOf(this.env)
    return createSandbox({ ...this.#storage.open(), control: 'own', limits, worldKey: () => onlyWorld })
  }

  /** Takes one request from the allowance. Returns how many seconds to wait if there is none left. */
  #takeRequest(now: number): number {
    const { BURST: burst, REQUESTS_PER_SECOND: perSecond } = this.env
    const { requests, at } = this.#allowance
    // The clock may have been set back.
    const passed = Math.max(0, now - at) / 1000
    const allowed = Math.min(burst, requests + passed * perSecond)
    this.#allowance = { requests: allowed >= 1 ? allowed - 1 : allowed, at: now }
    return allowed >= 1 ? 0 : Math.ceil((1 - allowed) / perSecond)
  }

  /** Setting the alarm is a write, so this happens rarely. The alarm is set that much later. */
  async #postponeAlarm(now: number): Promise<void> {
    const idle = this.env.IDLE_SECONDS * 1000
    const interval = Math.min(idle / 10, 3_600_000)
    this.#postponed ??= ((await this.ctx.storage.getAlarm()) ?? 0) - idle - interval
    if (now < this.#postponed + interval) return
    this.#postponed = now
    await this.ctx.storage.setAlarm(now + idle + interval)
  }
}

/** Writing costs more than reading: this many written rows count as one more request. */
const rowsPerRequest = 10

function limitsOf(env: HostedLimits) {
  const { RECORDS_PER_WORLD: recordsPerWorld, BYTES_PER_WORLD: bytesPerWorld } = env
  return { recordsPerWorld, bytesPerWorld, bytesPerImport: 2 * bytesPerWorld }
}

async function respond(request: SandboxRequest, caller: Request, env: Env): Promise<Response> {
  const response = await handle(request, env)
  // A Worker can't break a connection. Instead, the response ends early, without the part that the fault withholds.
  const { connection, ...delivery } = response.delivery ?? { delayMs: 0 }
  const share = connection ? { drop: 0, cut: 0.5 }[connection] : 1
  const body = response.body.slice(0, response.body.length * share)
  return toFetchResponse({ ...response, body, delivery }, caller)
}

async function handle(request: SandboxRequest, env: Env): Promise<HttpResponse> {
  const world = findWorld(request)
  if (!world) return withoutWorld.handle(request)
  const object = env.WORLDS.get(env.WORLDS.idFromName(await hash(world)))
  return object.handle(request).catch(() => failure('Changes may or may not have been stored.'))
}

/** Keeps only slightly more of a body than the limit. The kernel rejects it after its earlier checks. */
async function receive(request: Request, env: Env): Promise<SandboxRequest> {
  const { method, url, headers } = request
  const target = url.slice(new URL(url).origin.length)
  const limit = bodyLimitOf(target, limitsOf(env))
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    // Reads and discards the rest, because a client that is still sending might see a broken connection, not the
    // response.
    if (size <= limit) chunks.push(chunk)
    size += chunk.length
  }
  const body = size > 0 ? await new Blob(chunks).bytes() : undefined
  return { method, target, headers: Object.fromEntries(headers), body }
}

/** Undefined if the request doesn't belong to a world or its token is invalid. */
function findWorld({ method, target, headers, body }: SandboxRequest): string | undefined {
  if (method === 'POST' && loginPaths.includes(pathOf(target)))
    return worldOfLogin(new TextDecoder().decode(body as Uint8Array | undefined))
  try {
    const { world, fails } = readToken(headers.authorization as string | undefined)
    // Everyone knows the tokens that fail, so they open no world.
    return fails ? undefined : world
  } catch {
    return undefined
  }
}

async function hash(identity: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(identity))
  return btoa(String.fromCharCode(...new Uint8Array(digest)))
}

function failure(outcome: string): HttpResponse {
  return jsonResponse(500, { message: `The sandbox failed to handle the request. ${outcome}` })
}

function tooManyRequests(seconds: number, burst: number): HttpResponse {
  const headers = {
    'retry-after': String(seconds),
    'x-ratelimit-limit': String(burst),
    'x-ratelimit-remaining': '0',
  }
  return jsonResponse(429, { message: 'Too Many Attempts.' }, headers)
}

function rejectHttp(url: URL, isApi: boolean): Response {
  url.protocol = 'https:'
  if (!isApi) return Response.redirect(url.href, 301)
  // The request has already exposed its token. A redirect would hide that.
  const message = `HTTP isn't allowed. Use ${url.origin} instead.`
  return Response.json({ message }, { status: 403, headers: corsHeaders })
}

/** Each page of the documentation is also available as Markdown, for assistants that ask for it. */
function choosePage(request: Request, url: URL): Request {
  if (!request.headers.get('accept')?.includes('text/markdown')) return request
  const path = url.pathname.replace(/\/$/, (_, index) => (index === 0 ? '/index.md' : '.md'))
  return new Request(new URL(path, url), request)
}

function withHeaders(response: Response, headers: Record<string, string>): Response {
  const changed = new Response(response.body, response)
  for (const [name, value] of Object.entries(headers)) changed.headers.set(name, value)
  return changed
}
