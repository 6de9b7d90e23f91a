/** Starts the command with a state file, sends concurrent writes, and kills it with SIGKILL in the middle. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { borrower, type Call, caller } from './calls.ts'

const command = fileURLToPath(new URL('../src/command.ts', import.meta.url))

/** What responses confirmed, by phone id: the memo of the phone, or null if it was deleted. */
export type Confirmed = Map<number, string | null>

/** Runs the command on any free port and waits until it listens. */
export async function start(...args: string[]): Promise<{ process: ChildProcess; url: string; call: Call }> {
  const child = spawn(process.execPath, [command, '--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const url = line.split(' ').at(-1) ?? ''
  return { process: child, url, call: caller(url) }
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
