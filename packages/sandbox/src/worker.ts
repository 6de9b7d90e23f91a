/**
 * The sandbox for everybody: a Worker reads the request, and one Durable Object per world answers it. An object is
 * single-threaded, isolated, and stored where it is used; there can be as many as there are tokens.
 */
import { DurableObject } from 'cloudflare:workers'
import { identify, worldOfLogin } from './authentication.ts'
import { operations } from './contract.gen.ts'
import { largestBodyOf } from './control.ts'
import { deliver } from './fetch.ts'
import { isLoopback } from './guard.ts'
import type { SandboxRequest, SandboxResponse } from './kernel.ts'
import { pathOf } from './routes.ts'
import { createSandbox, type Sandbox } from './sandbox.ts'
import { onlyWorld, WorldStorage } from './world-storage.ts'

/** What `wrangler.jsonc` binds; the limits are there, with their reasons. */
export interface Env {
  WORLDS: DurableObjectNamespace<WorldObject>
  /** The site of the documentation. */
  ASSETS?: Fetcher
  REQUESTS_PER_SECOND: number
  BURST: number
  RECORDS_PER_WORLD: number
  BYTES_PER_WORLD: number
  IDLE_SECONDS: number
}

/** Answers what is about no world: without a token there is nothing to remember. */
const nobody = createSandbox({ control: 'own' })
const login = operations.find(({ id }) => id === 'createAccessToken')?.path

const cors = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': '*',
}
const preflight = {
  ...cors,
  'access-control-allow-methods': 'GET, POST, PUT, DELETE',
  'access-control-allow-headers': 'authorization, content-type, prefer',
  'access-control-max-age': '86400',
}
const secure = { 'strict-transport-security': 'max-age=31536000' }

export default {
  async fetch(request, env) {
    const url = new URL(request.url)
    // However it is misspelt: no page is asked for with a token or a body.
    const isApi =
      /^\/+(api|__sandbox)(\/|$)/i.test(url.pathname) ||
      request.headers.has('authorization') ||
      !/^(GET|HEAD)$/.test(request.method)
    if (url.protocol === 'http:' && !isLoopback(url.hostname)) return insecure(url, isApi)
    if (!isApi && env.ASSETS) return withHeaders(await env.ASSETS.fetch(request), secure)
    // Only what a browser asks before a request of another origin; any other OPTIONS is the contract's matter.
    if (request.method === 'OPTIONS' && request.headers.has('access-control-request-method'))
      return new Response(null, { status: 204, headers: preflight })
    return withHeaders(await answered(await received(request, env), request, env), {
      ...cors,
      ...secure,
      'cache-control': 'no-store',
    })
  },
} satisfies ExportedHandler<Env>

/** One world, in storage of its own. */
export class WorldObject extends DurableObject<Env> {
  readonly #storage: WorldStorage
  #sandbox: Sandbox | undefined
  /** How many requests may come at once, and when that was counted. */
  #allowance: { requests: number; at: number }
  /** When the alarm was put off last; missing until a world that has just woken up has looked. */
  #postponed: number | undefined

  constructor(context: DurableObjectState, env: Env) {
    super(context, env)
    this.#storage = new WorldStorage(context.storage.sql)
    this.#allowance = { requests: env.BURST, at: Date.now() }
  }

  async handle(request: SandboxRequest): Promise<SandboxResponse> {
    const now = Date.now()
    const wait = this.#waitAt(now)
    if (wait > 0) return slowDown(wait, this.env.BURST)
    const before = this.#storage.rowsWritten
    const answer = this.#answered(request)
    this.#allowance.requests -= Math.floor((this.#storage.rowsWritten - before) / rowsPerRequest)
    if (this.#storage.isUsed) await this.#postpone(now)
    return answer
  }

  /** The world was idle for long enough: its token starts afresh. */
  override async alarm(): Promise<void> {
    this.#sandbox = undefined
    await this.ctx.storage.deleteAll()
  }

  /** All that a request changes is stored, or nothing of it; what is in memory is then ahead, and read anew. */
  #answered(request: SandboxRequest): SandboxResponse {
    try {
      return this.ctx.storage.transactionSync(() => {
        this.#sandbox ??= this.#opened()
        const answer = this.#sandbox.handle(request)
        this.#storage.keepScript()
        // The kernel has made an answer of the error; this takes back what was stored before it.
        if (this.#storage.hasFailed) throw new Error('not stored')
        return answer
      })
    } catch {
      this.#sandbox = undefined
      return failed('nothing was changed')
    }
  }

  #opened(): Sandbox {
    return createSandbox({
      ...this.#storage.open(),
      control: 'own',
      caps: capsOf(this.env),
      worldKey: () => onlyWorld,
    })
  }

  /** Takes one request from the allowance. Returns how many seconds to wait if there is none. */
  #waitAt(now: number): number {
    const { BURST: burst, REQUESTS_PER_SECOND: perSecond } = this.env
    const { requests, at } = this.#allowance
    // A clock may be set back.
    const passed = Math.max(0, now - at) / 1000
    const allowed = Math.min(burst, requests + passed * perSecond)
    this.#allowance = { requests: allowed >= 1 ? allowed - 1 : allowed, at: now }
    return allowed >= 1 ? 0 : Math.ceil((1 - allowed) / perSecond)
  }

  /** Setting the alarm is a write, so it happens seldom, and the alarm rings that much later. */
  async #postpone(now: number): Promise<void> {
    const idle = this.env.IDLE_SECONDS * 1000
    const seldom = Math.min(idle / 10, 3_600_000)
    this.#postponed ??= ((await this.ctx.storage.getAlarm()) ?? 0) - idle - seldom
    if (now < this.#postponed + seldom) return
    this.#postponed = now
    await this.ctx.storage.setAlarm(now + idle + seldom)
  }
}

/** What is written costs more than what is read: so many rows count as one request more. */
const rowsPerRequest = 10

function capsOf(env: Env) {
  const { RECORDS_PER_WORLD: recordsPerWorld, BYTES_PER_WORLD: bytesPerWorld } = env
  return { recordsPerWorld, bytesPerWorld, bytesPerImport: 2 * bytesPerWorld }
}

function failed(outcome: string): SandboxResponse {
  const message = `The sandbox is at fault: the request failed, and ${outcome}.`
  return { status: 500, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) }
}

async function answered(request: SandboxRequest, { signal }: Request, env: Env): Promise<Response> {
  const world = worldOf(request)
  const answer = world
    ? await env.WORLDS.get(env.WORLDS.idFromName(await hashed(world)))
        .handle(request)
        .catch(() => failed('what became of it is not known'))
    : nobody.handle(request)
  // A Worker cannot break a connection: what it would keep back is missing, and the answer ends early.
  const { delayMs = 0, connection } = answer.delivery ?? {}
  const length = connection ? { drop: 0, cut: answer.body.length / 2 }[connection] : answer.body.length
  return deliver({ ...answer, body: answer.body.slice(0, length), delivery: { delayMs } }, signal)
}

/** Keeps no more than the limit and a little; the kernel then refuses what is too large, in its turn. */
async function received(request: Request, env: Env): Promise<SandboxRequest> {
  const { method, url, headers } = request
  const target = url.slice(new URL(url).origin.length)
  const limit = largestBodyOf(target, capsOf(env))
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    // The rest is read, though: a client that is still sending would take the answer for a broken connection.
    if (size <= limit) chunks.push(chunk)
    size += chunk.length
  }
  const body = size > 0 ? await new Blob(chunks).bytes() : undefined
  return { method, target, headers: Object.fromEntries(headers), body }
}

/** Whose world a request is about; undefined where it is nobody's, or its token is none. */
function worldOf({ method, target, headers, body }: SandboxRequest): string | undefined {
  if (method === 'POST' && pathOf(target) === login)
    return worldOfLogin(new TextDecoder().decode(body as Uint8Array | undefined))
  try {
    const { world, fails } = identify(headers.authorization as string | undefined)
    // A token that fails is everybody's, and opens no world.
    return fails ? undefined : world
  } catch {
    return undefined
  }
}

/** An object is named without its token. */
async function hashed(identity: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(identity))
  return btoa(String.fromCharCode(...new Uint8Array(digest)))
}

function slowDown(seconds: number, burst: number): SandboxResponse {
  return {
    status: 429,
    headers: {
      'content-type': 'application/json',
      'retry-after': String(seconds),
      'x-ratelimit-limit': String(burst),
      'x-ratelimit-remaining': '0',
    },
    body: JSON.stringify({ message: 'Too Many Attempts.' }),
  }
}

function insecure(url: URL, isApi: boolean): Response {
  url.protocol = 'https:'
  // A request with a token has told it to the network already; to be redirected would hide that.
  if (isApi)
    return Response.json({ message: `Use ${url.origin}: http is refused.` }, { status: 403, headers: cors })
  return Response.redirect(url.href, 301)
}

function withHeaders(response: Response, headers: Record<string, string>): Response {
  const changed = new Response(response.body, response)
  for (const [name, value] of Object.entries(headers)) changed.headers.set(name, value)
  return changed
}
