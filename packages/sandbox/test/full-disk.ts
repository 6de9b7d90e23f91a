/** A disk of one megabyte that fills while a sandbox writes to its state file. Needs Linux and the right to mount. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { borrower, type Call } from './calls.ts'
import { start } from './kill.ts'

/** Mounts the disk. Returns undefined if this user can't. */
export function mountDisk(): { path: string; unmount(): void } | undefined {
  const path = mkdtempSync(join(tmpdir(), 'sandbox-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path], { stdio: 'ignore' })
  } catch {
    rmSync(path, { recursive: true })
    return undefined
  }
  return {
    path,
    unmount() {
      // Lazily, because a sandbox that a failed test left behind may still use it.
      execFileSync('umount', ['-l', path])
      rmSync(path, { recursive: true })
    },
  }
}

/** Writes until the disk has no room left. */
function fill(path: string): void {
  const descriptor = openSync(path, 'w')
  try {
    for (const size of [65_536, 1]) fillWith(descriptor, Buffer.alloc(size))
  } finally {
    closeSync(descriptor)
  }
}

function fillWith(descriptor: number, bytes: Buffer): void {
  try {
    while (writeSync(descriptor, bytes) > 0);
  } catch {
    // No room for this many bytes.
  }
}

/** The memos that responses confirmed, by id. */
export type Expected = Map<number, string>

/** Creates, updates or deletes once, and records what the response confirmed. Returns the status. */
async function write(call: Call, expected: Expected, random: () => number): Promise<number> {
  const [id] = [...expected.keys()].slice(Math.floor(random() * expected.size))
  const kind = id === undefined || expected.size < 5 ? 0 : random()
  const memo = 'm'.repeat(Math.floor(random() * 900))
  if (kind < 0.6 || id === undefined) {
    const { status, body } = await call('POST', borrower, { type: 6, number: '2025550143', memo })
    if (status === 200) expected.set(body.data.id, memo)
    return status
  }
  const isUpdate = kind < 0.9
  const { status } = await call(
    isUpdate ? 'PUT' : 'DELETE',
    `${borrower}/${id}`,
    isUpdate ? { memo } : undefined,
  )
  if (status === 200 && isUpdate) expected.set(id, memo)
  else if (status === 200) expected.delete(id)
  return status
}

/** Lists where the sandbox differs from what its responses confirmed. */
async function compare(call: Call, expected: Expected, when: string): Promise<string[]> {
  const { status, body } = await call('GET', borrower)
  if (status !== 200) return [`${when}: a list was answered ${status}`]
  const found = new Map<number, string>(
    body.data.map(({ id, memo }: { id: number; memo: string }) => [id, memo]),
  )
  for (const id of [39317578, 39317579]) found.delete(id)
  const ids = new Set([...expected.keys(), ...found.keys()])
  return [...ids]
    .filter((id) => expected.get(id) !== found.get(id))
    .map((id) => `${when}: ${id} ${expected.has(id) ? (found.has(id) ? 'differs' : 'is lost') : 'is there'}`)
}

/**
 * Fills the disk at a random moment, goes on until writes fail, and makes room again. Sometimes the sandbox is killed
 * and started again while the disk is full.
 *
 * @returns what is wrong, and how many writes failed.
 */
export async function fillOnce(
  disk: string,
  expected: Expected,
  random: () => number = Math.random,
): Promise<{ wrong: string[]; failed: number }> {
  const file = join(disk, 'state.db')
  const filler = join(disk, 'filler')
  const wrong: string[] = []
  let sandbox = await start('--state', file)
  const restart = async () => {
    sandbox.process.kill('SIGKILL')
    await once(sandbox.process, 'exit')
    sandbox = await start('--state', file)
  }
  for (let left = 1 + Math.floor(random() * 40); left > 0; left--) await write(sandbox.call, expected, random)
  fill(filler)
  let failed = 0
  // In-place updates can succeed on a full disk, so this ends after a while in any case.
  for (let writes = 0; failed < 5 && writes < 500; writes++)
    if ((await write(sandbox.call, expected, random)) >= 500) failed++
  wrong.push(...(await compare(sandbox.call, expected, 'while full')))
  if (random() < 0.5) {
    await restart()
    wrong.push(...(await compare(sandbox.call, expected, 'restarted while full')))
  }
  const { status } = await sandbox.call('GET', borrower, undefined, { token: `new-${random()}` })
  if (status !== 200) wrong.push(`a new token was answered ${status} while the disk was full`)
  rmSync(filler)
  for (const id of [...expected.keys()].slice(50)) {
    await sandbox.call('DELETE', `${borrower}/${id}`)
    expected.delete(id)
  }
  if ((await write(sandbox.call, expected, random)) !== 200) wrong.push('a write with room failed')
  wrong.push(...(await compare(sandbox.call, expected, 'with room')))
  await restart()
  wrong.push(...(await compare(sandbox.call, expected, 'restarted')))
  sandbox.process.kill('SIGKILL')
  await once(sandbox.process, 'exit')
  return { wrong, failed }
}
