/** Puts the sandbox together: the contract, the behaviours, the worlds. */
import * as validators from '@recoveryconnect/spec/validators'
import { timestamp } from './clock.ts'
import { operations } from './contract.gen.ts'
import { controlled } from './control.ts'
import { createKernel, type SandboxRequest, type SandboxResponse } from './kernel.ts'
import { RequestLog } from './log.ts'
import { behavioursOf, collections } from './resources.gen.ts'
import { createRouter } from './routes.ts'
import { type Caps, type Journal, type WorldContent, Worlds } from './store.ts'
import { documentedWorld, readWorldFile } from './world-file.ts'

export interface SandboxOptions {
  /** What every new world holds: a world file, parsed. @default the documented borrower */
  seed?: unknown
  /** How much is kept. */
  caps?: Partial<Caps>
  /** The time, in milliseconds since 1970. @default Date.now */
  now?: () => number
  /** Whether `/__sandbox/` answers; `own` if each token reaches its own world alone. @default true */
  control?: boolean | 'own'
  /** Is told of every change, before the answer leaves. */
  journal?: Journal
  /** Worlds that a journal kept. */
  kept?: Iterable<{ key: string; content: WorldContent }>
  /** Names a world without holding its token. @default as it is */
  worldKey?: (identity: string) => string
}

// Made once: a process may hold a sandbox for each of thousands of worlds.
const route = createRouter(operations)
const documented = readWorldFile(documentedWorld(collections), collections, timestamp(0))

/** A request in, an answer out; the same in every shell. */
export interface Sandbox {
  handle(request: SandboxRequest): SandboxResponse
}

/**
 * Builds a sandbox without any I/O.
 *
 * @throws {WorldFileError} if the seed does not fit the contract.
 * @example
 * const { handle } = createSandbox()
 * handle({ method: 'GET', target: '/api/v140/orders/57062885/borrowers/124927241/phones',
 *   headers: { authorization: 'Bearer any-token' } })
 */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const { seed, caps, now = Date.now, control = true, journal, kept = [], worldKey } = options
  const first = seed === undefined ? documented : readWorldFile(seed, collections, timestamp(now()))
  const worlds = new Worlds(first, caps, journal)
  for (const { key, content } of kept) worlds.restore(key, content)
  const log = new RequestLog()
  const key = worldKey ?? ((identity: string) => identity)
  const behaviours = behavioursOf({ worlds, now, worldKey: key })
  const handle = createKernel({ route, validators, behaviours, worlds, log, now, worldKey: key })
  if (!control) return { handle }
  const parts = { worlds, log, now, worldKey: key, collections, shared: control === 'own' }
  return { handle: controlled(handle, parts) }
}
