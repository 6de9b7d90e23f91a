/** Starts the hosted sandbox for a test, in the engine that hosts it. */
import { existsSync, statfsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { HostedLimits } from '../src/workers/hosted-limits.ts'
import { type RunningWorkerd, startWorkerd, type WorkerdOptions } from '../src/workers/workerd.ts'
import { type Call, caller } from './calls.ts'

/** For tests that are about something else. */
export const unlimited = { REQUESTS_PER_SECOND: 100_000, BURST: 100_000 }

/** workerd waits for the disk after every write, so worlds are kept in memory if there is room for 1,000 of them. */
const memory = '/dev/shm'
const isRoomy = existsSync(memory) && statfsSync(memory).bavail * statfsSync(memory).bsize > 256 * 1024 * 1024
const folders = isRoomy ? memory : tmpdir()

/** Takes what to call when the test ends, the last one first. */
type Finish = (close: () => Promise<void>) => unknown

/** A folder that is deleted when the test ends. */
export async function createFolder(finish: Finish = onTestFinished): Promise<string> {
  const path = await mkdtemp(join(folders, 'recoveryconnect-worlds-'))
  finish(() => rm(path, { recursive: true, force: true }))
  return path
}

/** Starts workerd until the test ends. */
export async function startHosted(
  limits: Partial<HostedLimits> = unlimited,
  options: WorkerdOptions = {},
  finish: Finish = onTestFinished,
): Promise<RunningWorkerd & { call: Call }> {
  const storage = options.storage ?? (await createFolder(finish))
  const running = await startWorkerd({ limits, ...options, storage })
  finish(() => running.close())
  return { ...running, call: caller(running.url, fetchUnpooled) }
}

/** workerd closes idle connections after 5 s, and a request that meets this on a busy machine is lost. */
export const fetchUnpooled: typeof fetch = (input, init) =>
  fetch(input, { ...init, headers: { ...init?.headers, connection: 'close' } })

/** The databases of the worlds in a folder, with their write-ahead logs. */
export async function findDatabases(storage: string): Promise<string[]> {
  const names = await readdir(storage, { recursive: true })
  return names.filter((name) => /[0-9a-f]{64}\.sqlite/.test(name)).map((name) => join(storage, name))
}
