/** Starts the command with a state file, sends concurrent writes, and kills it with SIGKILL in the middle. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync, watch } from 'node:fs'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { borrower, type Call, caller } from './calls.ts'

const command = fileURLToPath(new URL('../src/command.ts', import.meta.url))

/** What responses confirmed, by phone id: the memo of the phone, or null if it was deleted. */
export type Confirmed = Map<number, string | null>

interface Started {
  process: ChildProcess
  url: string
  call: Call
}

/** Runs the command on any free port and waits until it listens. Rejects with its errors if it ends before. */
export async function start(...args: string[]): Promise<Started> {
  const { child, listening } = spawnCommand(args)
  const url = await listening
  return { process: child, url, call: caller(url) }
}

function spawnCommand(args: string[]): { child: ChildProcess; listening: Promise<string> } {
  const child = spawn(process.execPath, [command, '--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const listening = new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', (line) => resolve(line.split(' ').at(-1) ?? ''))
    child.once('close', () => reject(new Error(`The command ended: ${errors}`)))
  })
  return { child, listening }
}

/**
 * Starts a sandbox and kills it as soon as its folder has changed a number of times: while it creates its state file.
 *
 * @returns the bytes that the state file has then.
 */
export async function killFirstStart(file: string, changes: number): Promise<number> {
  const watcher = watch(dirname(file))
  const { child, listening } = spawnCommand(['--state', file])
  let left = changes
  watcher.on('change', () => {
    if (--left <= 0) child.kill('SIGKILL')
  })
  const isListening = await listening.then(
    () => true,
    () => false,
  )
  watcher.close()
  child.kill('SIGKILL')
  if (isListening) await once(child, 'close')
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

/** Starts two sandboxes on one file at once. Returns the one that listens, and the error of the other. */
export async function startTwo(file: string): Promise<{ winner: Started; error: Error }> {
  const results = await Promise.allSettled([start('--state', file), start('--state', file)])
  const winners = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []))
  const [winner] = winners
  const [error] = errors
  if (winner && error) return { winner, error }
  for (const { process: child } of winners) child.kill('SIGKILL')
  throw new Error(`${winners.length} of two sandboxes started: ${errors.join()}`)
}

/**
 * Creates, updates and deletes until the process ends.
 *
 * @param confirmed receives what responses confirmed. A request without a response may or may not be in the file.
 * @param writes how many responses to wait for before killing the process, with other requests in flight.
 */
export async function writeUntilKilled(file: string, confirmed: Confirmed, writes: number): Promise<void> {
  const { process: child, call } = await start('--state', file)
  let left = writes
  const inFlight = new Set<number>()
  const countDown = () => {
    if (--left <= 0) child.kill('SIGKILL')
  }
  const write = async () => {
    for (let round = 0; ; round++) {
      const { body } = await call('POST', borrower, { type: 6, number: '2025550143', memo: 'created' })
      const id: number = body.data.id
      confirmed.set(id, 'created')
      countDown()
      inFlight.add(id)
      await call('PUT', `${borrower}/${id}`, { memo: `changed ${round}` })
      confirmed.set(id, `changed ${round}`)
      countDown()
      if (round % 2 === 0) {
        await call('DELETE', `${borrower}/${id}`)
        confirmed.set(id, null)
        countDown()
      }
      inFlight.delete(id)
    }
  }
  await Promise.allSettled([write(), write(), write()])
  if (child.signalCode === null) await once(child, 'exit')
  // The last change of these has no response.
  for (const id of inFlight) confirmed.delete(id)
}

/** Lists where the file differs from what responses confirmed. */
export async function findLost(file: string, confirmed: Confirmed): Promise<string[]> {
  const { process: child, call } = await start('--state', file)
  const { body } = await call('GET', borrower)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const found = new Map<number, string>(
    body.data.map((item: { id: number; memo: string }) => [item.id, item.memo]),
  )
  return [...confirmed]
    .filter(([id, memo]) => (found.get(id) ?? null) !== memo)
    .map(([id, memo]) => `${id}: confirmed ${memo}, found ${found.get(id) ?? null}`)
}
