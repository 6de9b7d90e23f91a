import { hash } from 'node:crypto'
import { close, listen } from '@recoveryconnect/http/listen'
import type { HttpRequest, RequestEntry } from '@recoveryconnect/http/message'
import { fitToMethod } from '@recoveryconnect/http/methods'
import { createHttpServer } from '@recoveryconnect/http/server'
import { operations } from './core/contract.gen.ts'
import { bodyLimitOf } from './core/control.ts'
import { isLoopback } from './core/http.ts'
import { createGuard, isPrivate } from './node/guard.ts'
import { page } from './node/page.ts'
import { readSeedFile } from './node/seed-file.ts'
import { openStateFile } from './node/state-file.ts'
import { createSandbox, type SandboxOptions } from './sandbox.ts'

export type { SandboxOptions }

export interface ServerOptions extends Omit<SandboxOptions, 'journal' | 'warn' | 'worldKey'> {
  /** 0 picks any free port. @default 4020 */
  port?: number | undefined
  /** @default '127.0.0.1' */
  host?: string | undefined
  /** Lets web pages of all origins, or of these, call the API, but never the control surface. @default false */
  cors?: boolean | readonly string[] | undefined
  /** Put in front of every path: `/vendor`. @default none */
  basePath?: string | undefined
  /** Called for each request, with its path as a template and without any value. */
  onRequest?: ((entry: RequestEntry) => void) | undefined
  /**
   * Whether `/__sandbox/` and the page are on. With `own`, each token reaches only its own world.
   *
   * @default true on loopback, otherwise false
   */
  control?: boolean | 'own' | undefined
  /**
   * Names of hosts that requests to the control surface may have in their `Host` header, besides the name of this
   * machine's loopback, IP addresses, and `host`.
   */
  controlHosts?: readonly string[] | undefined
  /** The maximum time for a request to arrive, in milliseconds. A slower request gets a 408. @default 30000 */
  requestTimeout?: number | undefined
  /** A world file, JSON or YAML, that every new world starts with. For one that is already parsed, use `seed`. */
  seedFile?: string | undefined
  /** Keeps the worlds in this file across restarts. @default in memory only */
  stateFile?: string | undefined
  /** Receives one line for each damaged record of the state file, and for each eviction that loses something. @default console.warn */
  warn?: ((message: string) => void) | undefined
}

export interface RunningSandbox {
  /** The URL of the sandbox with its base path, such as `http://127.0.0.1:4020`. */
  url: string
  /** Closes every connection and the state file. */
  close(): Promise<void>
}

/**
 * Starts a sandbox.
 *
 * @throws {Error} if the port is taken, or the seed or the state file can't be used. The message says why.
 * @example
 * const sandbox = await startSandbox({ port: 0 })
 * await fetch(`${sandbox.url}/api/v140/orders/57062885/borrowers/124927241/phones`, {
 *   headers: { Authorization: 'Bearer any-token' },
 * })
 * await sandbox.close()
 */
export async function startSandbox(options: ServerOptions = {}): Promise<RunningSandbox> {
  const { port = 4020, host = '127.0.0.1', basePath = '', seedFile, stateFile, ...rest } = options
  const warn = rest.warn ?? console.warn
  const control = rest.control ?? isLoopback(host)
  const seed = seedFile === undefined ? rest.seed : () => readSeedFile(seedFile)
  const state = stateFile === undefined ? undefined : openStateFile(stateFile, warn)
  try {
    const { handle, limits } = createSandbox({
      ...rest,
      journal: state?.journal,
      warn,
      seed,
      control,
      worldKey,
    })
    const guard = createGuard(control !== false, [host, ...(rest.controlHosts ?? [])])
    const server = createHttpServer({
      handle: (request) => guard(request) ?? (isPage(request) ? fitToMethod(request, page) : handle(request)),
      isPrivate,
      paths,
      basePath,
      cors: rest.cors,
      onRequest: rest.onRequest,
      bodyLimitOf: (target) => bodyLimitOf(target, limits),
      requestTimeout: rest.requestTimeout ?? 30_000,
    })
    const url = await listen(server, port, host)
    return { url: url + basePath, close: () => close(server).finally(() => state?.close()) }
  } catch (error) {
    state?.close()
    throw error
  }
}

const paths = [...operations.map(({ path }) => path), '/', '/__sandbox/{part}']

function isPage({ method, target }: HttpRequest): boolean {
  return target === '/' && (method === 'GET' || method === 'HEAD')
}

/** Spares most requests the hash. */
const worldKeys = new Map<string, string>()

/** Keeps tokens out of world keys and the state file. */
function worldKey(identity: string): string {
  const known = worldKeys.get(identity)
  if (known !== undefined) return known
  if (worldKeys.size >= 1000) worldKeys.clear()
  const key = hash('sha256', identity, 'base64url')
  worldKeys.set(identity, key)
  return key
}
