/** Starts the command with a state file, writes to it from several sides, ends it by SIGKILL in the middle. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { borrower, type Call, caller } from './calls.ts'

const command = fileURLToPath(new URL('../src/command.ts', import.meta.url))

/** What was answered, by phone id: the memo it must have, or null if it must be gone. */
export type Answered = Map<number, string | null>

/** Runs the command on any free port; resolves when it listens. */
export async function start(...args: string[]): Promise<{ process: ChildProcess; url: string; call: Call }> {
  const child = spawn(process.execPath, [command, '--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const url = line.split(' ').at(-1) ?? ''
  return { process: child, url, call: caller(url) }
}

/**
 * Creates, updates and deletes until the process is gone.
 *
 * @param answered takes what was answered; what was under way at the end may or may not be in the file.
 * @param writes after how many answers the process is killed; the others are under way at that moment.
 */
export async function writeUntilKilled(file: string, answered: Answered, writes: number): Promise<void> {
  const { process: child, call } = await start('--state', file)
  let left = writes
  const underWay = new Set<number>()
  const done = () => {
    if (--left <= 0) child.kill('SIGKILL')
  }
  const side = async () => {
    for (let round = 0; ; round++) {
      const { body } = await call('POST', borrower, { type: 6, number: '2025550143', memo: 'created' })
      const id: number = body.data.id
      answered.set(id, 'created')
      done()
      underWay.add(id)
      await call('PUT', `${borrower}/${id}`, { memo: `changed ${round}` })
      answered.set(id, `changed ${round}`)
      done()
      if (round % 2 === 0) {
        await call('DELETE', `${borrower}/${id}`)
        answered.set(id, null)
        done()
      }
      underWay.delete(id)
    }
  }
  await Promise.allSettled([side(), side(), side()])
  if (child.signalCode === null) await once(child, 'exit')
  // Whether the last unanswered change of these is in the file is open.
  for (const id of underWay) answered.delete(id)
}

/** What the file holds otherwise than was answered; empty if nothing is lost. */
export async function lost(file: string, answered: Answered): Promise<string[]> {
  const { process: child, call } = await start('--state', file)
  const { body } = await call('GET', borrower)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const found = new Map<number, string>(
    body.data.map((item: { id: number; memo: string }) => [item.id, item.memo]),
  )
  return [...answered]
    .filter(([id, memo]) => (found.get(id) ?? null) !== memo)
    .map(([id, memo]) => `${id}: answered ${memo}, found ${found.get(id) ?? null}`)
}
