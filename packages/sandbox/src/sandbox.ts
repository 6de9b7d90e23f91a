/** Assembles a sandbox from the contract, the handlers and the worlds. The server, the Worker and `fetch` use it. */
import { addControl } from './core/control.ts'
import type { HandleRequest } from './core/http.ts'
import { createKernel, type KernelOptions } from './core/kernel.ts'
import { RequestLog } from './core/log.ts'
import { collections, createHandlers } from './resources/resources.gen.ts'
import { timestamp } from './world/clock.ts'
import type { Journal, SavedWorld } from './world/journal.ts'
import { type Limits, Worlds, type WorldsOptions } from './world/store.ts'
import { readWorldFile } from './world/world-file.ts'
import { documentedWorld } from './world/world-file-writer.ts'

export interface SandboxOptions extends KernelOptions, Pick<WorldsOptions, 'worldKey'> {
  /**
   * What every new world starts with: a parsed world file, or a function that returns one. Each reset calls the
   * function again. @default the borrowers of the contract's examples
   */
  seed?: unknown
  /** How much the sandbox keeps. */
  limits?: Partial<Limits> | undefined
  /** The time, in milliseconds since 1970. @default Date.now */
  now?: (() => number) | undefined
  /** Whether `/__sandbox/` is on. With `own`, each token reaches only its own world. @default true */
  control?: boolean | 'own' | undefined
  /** Receives every change before the response is sent. */
  journal?: Journal | undefined
  /** Worlds that a journal saved. */
  savedWorlds?: Iterable<SavedWorld> | undefined
}

const documented = readWorldFile(documentedWorld(collections), collections, timestamp(0))

export interface Sandbox {
  handle: HandleRequest
  limits: Limits
}

/**
 * Creates a sandbox that does no I/O.
 *
 * @throws {WorldFileError} if the seed doesn't fit the contract.
 * @example
 * const { handle } = createSandbox()
 * handle({ method: 'GET', target: '/api/v140/orders/57062885/borrowers/124927241/phones',
 *   headers: { authorization: 'Bearer any-token' } })
 */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const { seed, now = Date.now, control = true, savedWorlds = [] } = options
  checkOptions(options)
  const readSeed = () => {
    const file = typeof seed === 'function' ? seed() : seed
    return file === undefined ? documented : readWorldFile(file, collections, timestamp(now()))
  }
  const content = { ...readSeed() }
  const rereadSeed = () => void (typeof seed === 'function' && Object.assign(content, readSeed()))
  const worlds = new Worlds(content, options)
  for (const saved of savedWorlds) worlds.restore(saved)
  const context = { worlds, now }
  const log = new RequestLog()
  const handle = createKernel({ ...options, ...context, handlers: createHandlers(context), log })
  const { limits } = worlds
  if (!control) return { handle, limits }
  const parts = { ...options, ...context, log, collections, rereadSeed, isShared: control === 'own' }
  return { handle: addControl(handle, parts), limits }
}

function checkOptions({ tokens, pageSize = 1 }: SandboxOptions): void {
  if (tokens !== undefined && !['any', 'issued'].includes(tokens))
    throw new Error('The option tokens (--tokens) must be any or issued.')
  if (!Number.isSafeInteger(pageSize) || pageSize < 1)
    throw new Error('The option pageSize (--page-size) must be a positive integer.')
}
