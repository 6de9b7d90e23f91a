/**
 * Notices that the command which launched this process is gone.
 *
 * `npx pnpm start` is a chain of processes: npm, a shell, pnpm, this one. Ending the outermost alone, as an editor or a
 * process manager does, leaves the others running. So this process watches the chain itself. A shell in which somebody
 * typed the command is not part of the chain: it may end while a server it started in the background lives on.
 */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

interface Process {
  parent: number
  command: string
}

const everyMilliseconds = 500

/**
 * Calls `onGone` once when a process between this one and the outermost npx, npm or pnpm ends. Does nothing where there
 * is no such process, nor on Windows.
 *
 * @example await watchLaunchers(() => process.exit())
 */
export async function watchLaunchers(onGone: () => void): Promise<void> {
  const links = await launchLinks()
  if (links.length === 0) return
  const timer = setInterval(async () => {
    if (await intact(links)) return
    clearInterval(timer)
    onGone()
  }, everyMilliseconds)
  timer.unref()
}

/** Child and parent, from this process up to the outermost launcher. */
async function launchLinks(): Promise<[child: number, parent: number][]> {
  const links: [number, number][] = []
  let outermost = 0
  let child = process.pid
  while (child > 1) {
    const parent = (await inspect(child))?.parent ?? 0
    const command = (await inspect(parent))?.command ?? ''
    if (isLauncher(command)) outermost = links.length + 1
    // A launcher runs its command itself or through one shell. Whatever stands further up did not launch this.
    else if (links.length > outermost) break
    links.push([child, parent])
    child = parent
  }
  return links.slice(0, outermost)
}

/** A process whose parent has ended gets another one at once, even while the ended one waits to be collected. */
async function intact(links: [number, number][]): Promise<boolean> {
  for (const [child, parent] of links) if ((await inspect(child))?.parent !== parent) return false
  return true
}

/** True for `npm exec pnpm start`, `pnpm start`, `node …/npm-cli.js run start`, `node …/pnpm.cjs start`. */
export function isLauncher(command: string): boolean {
  return command
    .split(/\s+/, 2)
    .some((word) => /^(npx|npm|pnpm)$/.test(word.replace(/^.*\//, '').replace(/(-cli)?\.[cm]?js$/, '')))
}

async function inspect(pid: number): Promise<Process | undefined> {
  try {
    return await (process.platform === 'linux' ? fromProc(pid) : fromPs(pid))
  } catch {
    return undefined // It has ended, or this system tells nothing about processes.
  }
}

async function fromProc(pid: number): Promise<Process> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8')
  // "pid (name) state parent …", where the name may hold blanks and parentheses.
  const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  return { parent, command: command.replaceAll('\0', ' ').trim() }
}

async function fromPs(pid: number): Promise<Process> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'ppid=,args=', '-p', String(pid)])
  const [, parent, command] = stdout.match(/^\s*(\d+)\s+(.*)/) ?? []
  return { parent: Number(parent), command: command ?? '' }
}
