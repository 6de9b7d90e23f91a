/** Runs an adapter: a process that makes one call for each line on its stdin and replies with one line. */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { Case } from './cases.ts'
import { quoteSafely } from './personal-data.ts'
import { parseReply, type Reply } from './reply.ts'

/** A reply with everything that the adapter printed during the case, or what kept it from replying. */
export type Heard = { reply: Reply; printed: string } | { problem: string }

type Process = ChildProcessByStdio<Writable, Readable, Readable>

/** The most of stderr that is kept for one case, in characters. */
const mostPrinted = 100_000
/** The longest line on stdout, in characters. */
const longestLine = 2 ** 20
/** The first adapter may need this long to start, in milliseconds: Java compiles it first. */
const longestStartMs = 30_000

/** The problem of a call that hangs. */
export const isLate = "The call didn't end within its deadline."

export class Adapter {
  readonly #command: readonly string[]
  readonly #graceMs: number
  #process: Process | undefined
  /** Three times the time until the first reply, so that the same adapter can start again on a busy machine. */
  #startMs = longestStartMs
  #hasReplied = false
  #isOver = false
  #printed = ''
  /** A line that came while no case was waiting for its reply. */
  #unasked = ''
  #settle: ((line: string | Error) => void) | undefined

  /** @param graceMs how much longer than its deadline a call may take before the adapter is taken to hang. */
  constructor(command: readonly string[], graceMs: number) {
    this.#command = command
    this.#graceMs = graceMs
  }

  /** Sends a case and waits for its reply. An adapter that gives none is stopped; the next case starts it again. */
  async ask(one: Case): Promise<Heard> {
    if (this.#isOver) return { problem: 'The run was stopped.' }
    this.#printed = ''
    this.#process ??= this.#start()
    const { stdin } = this.#process
    const ms = one.deadline_ms + this.#graceMs + (this.#hasReplied ? 0 : this.#startMs)
    const start = performance.now()
    let timer: NodeJS.Timeout | undefined
    const line = await new Promise<string | Error>((resolve) => {
      this.#settle = resolve
      timer = setTimeout(() => this.#receive(new Error(isLate)), ms)
      if (this.#unasked) this.#receive(this.#unasked)
      else stdin.write(`${JSON.stringify(one)}\n`)
    }).finally(() => clearTimeout(timer))
    // What was printed to stderr before the reply is there after one turn of the event loop.
    await setImmediate()
    const reply = line instanceof Error ? line : parseReply(line, one.id, this.#unasked)
    if (reply instanceof Error) {
      this.#stop()
      return { problem: reply.message }
    }
    this.#hasReplied = true
    if (this.#startMs === longestStartMs) this.#startMs = 3 * (performance.now() - start)
    return { reply, printed: `${this.#printed}\n${line}` }
  }

  /** Stops the adapter for good. */
  end(): void {
    this.#isOver = true
    this.#stop()
  }

  /** Stops the adapter and everything that it started. */
  #stop(): void {
    const child = this.#process
    this.#process = undefined
    this.#receive(new Error('The run was stopped.'))
    if (!child) return
    kill(child)
    // A process that has left the group could keep them open, and then the judge would never end.
    for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.destroy()
  }

  #receive(line: string | Error): void {
    if (this.#settle) this.#settle(line)
    else if (typeof line === 'string') this.#unasked ||= line || ' '
    this.#settle = undefined
  }

  #start(): Process {
    this.#hasReplied = false
    this.#unasked = ''
    const [file = '', ...args] = this.#command
    // A group of its own, so that what a shell or npx has started is stopped, too.
    const child = spawn(file, args, { stdio: 'pipe', detached: process.platform !== 'win32' })
    const receive = (line: string | Error) => {
      if (this.#process === child) this.#receive(line)
    }
    const end = (message: string) => {
      receive(new Error(message))
      if (this.#process === child) this.#process = undefined
    }
    let hasClosedStdin = false
    child.on('error', ({ message, code }: NodeJS.ErrnoException) => {
      const hint = code === 'ENOENT' ? ` Is there a program ${JSON.stringify(file)}?` : ''
      end(`The adapter can't be started: ${message}.${hint}`)
    })
    child.on('close', (code, signal) => {
      // What it has started may still run.
      kill(child)
      const why = quoteSafely(findReason(this.#printed))
      const how = signal ?? `exit code ${code}`
      if (hasClosedStdin && signal === 'SIGKILL') end('The adapter closed its stdin.')
      else end(`The adapter ended (${how}) before it replied.${why && ` It printed: ${why}`}`)
    })
    child.stdin.on('error', () => {
      // It has ended, which is reported above, or it can't get the case.
      hasClosedStdin = true
      kill(child)
    })
    readLines(child.stdout, receive)
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (this.#process === child) this.#printed = (this.#printed + text).slice(-mostPrinted)
    })
    return child
  }
}

/** Stops the processes of a group. */
function kill({ pid }: Process): void {
  try {
    if (pid !== undefined) process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
  } catch {
    // They have ended.
  }
}

/** Calls back with each line, or with an error if a line doesn't end. */
function readLines(stream: Readable, onLine: (line: string | Error) => void): void {
  let rest = ''
  stream
    .setEncoding('utf8')
    .on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() as string
      lines.forEach(onLine)
      if (rest.length <= longestLine) return
      onLine(new Error('The adapter printed a line of more than 1 MiB to stdout.'))
      stream.destroy()
    })
    .on('end', () => rest && onLine(rest))
}

/** Finds the line that says why a program ended: the first that starts with an error, or else the last. */
function findReason(printed: string): string {
  const lines = printed.split('\n').filter((line) => line.trim() !== '')
  return lines.find((line) => /^[\w. ]*(error|exception)\b/i.test(line)) ?? lines.at(-1) ?? ''
}
