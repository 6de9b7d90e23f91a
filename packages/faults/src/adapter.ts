/** Runs an adapter: a process that makes one call for each line on its stdin and replies with one line. */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { Case } from './cases.ts'
import { isObject } from './contract.ts'
import { kinds } from './expectation.ts'
import { hideSecrets } from './personal-data.ts'

/** One line from the adapter's stdout. */
export interface Reply {
  id: string
  /** `ok`, the kind of the error, or `error` if the adapter doesn't know the kind. */
  outcome: string
  /** The number of requests that the client says it sent. */
  attempts?: number
  /** What the client says about its error. */
  may_have_been_carried_out?: boolean
  /** What the client printed or logged. */
  output?: string
}

/** A reply with everything that the adapter printed during the case, or what kept it from replying. */
export type Heard = { reply: Reply; printed: string } | { problem: string }

type Process = ChildProcessByStdio<Writable, Readable, Readable>

/** The most of stderr that is kept for one case, in characters. */
const mostPrinted = 100_000
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
  #token = ''
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
    this.#token = one.token
    this.#process ??= this.#start()
    const { stdin } = this.#process
    const ms = one.deadline_ms + this.#graceMs + (this.#hasReplied ? 0 : this.#startMs)
    const start = performance.now()
    let timer: NodeJS.Timeout | undefined
    const line = await new Promise<string | Error>((resolve) => {
      this.#settle = resolve
      timer = setTimeout(() => resolve(new Error(isLate)), ms)
      stdin.write(`${JSON.stringify(one)}\n`)
    }).finally(() => clearTimeout(timer))
    this.#settle = undefined
    // What was printed to stderr before the reply is there after one turn of the event loop.
    await setImmediate()
    const reply = line instanceof Error ? line : parseReply(line, one.id)
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
    const { pid } = this.#process ?? {}
    this.#process = undefined
    this.#settle?.(new Error('The run was stopped.'))
    if (pid === undefined) return
    try {
      process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
    } catch {
      // It has ended.
    }
  }

  #start(): Process {
    this.#hasReplied = false
    const [file = '', ...args] = this.#command
    // A group of its own, so that what a shell or npx has started is stopped, too.
    const child = spawn(file, args, { stdio: 'pipe', detached: process.platform !== 'win32' })
    const settle = (line: string | Error) => {
      if (this.#process === child) this.#settle?.(line)
    }
    const end = (message: string) => {
      settle(new Error(message))
      if (this.#process === child) this.#process = undefined
    }
    child.on('error', ({ message }) => end(`The adapter can't be started: ${message}.`))
    child.on('close', (code, signal) => {
      const why = hideSecrets(findReason(this.#printed), this.#token)
      const how = signal ?? `exit code ${code}`
      end(`The adapter ended (${how}) before it replied.${why && ` It printed: ${why}`}`)
    })
    // The end of the process is reported above.
    child.stdin.on('error', () => {})
    createInterface(child.stdout).on('line', settle)
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (this.#process === child) this.#printed = (this.#printed + text).slice(-mostPrinted)
    })
    return child
  }
}

/** Finds the line that says why a program ended: the first that starts with an error, or else the last. */
function findReason(printed: string): string {
  const lines = printed.split('\n').filter((line) => line.trim() !== '')
  return (lines.find((line) => /^[\w. ]*(error|exception)\b/i.test(line)) ?? lines.at(-1) ?? '')
    .trim()
    .slice(0, 200)
}

function parseReply(line: string, id: string): Reply | Error {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return new Error("The adapter printed a line to stdout that isn't JSON.")
  }
  if (!isObject(value) || value.id !== id) return new Error('The adapter replied to another case.')
  if (!['ok', 'error', ...kinds].some((outcome) => outcome === value.outcome))
    return new Error('The adapter replied with another outcome than "ok", "error", or the kind of an error.')
  return value as unknown as Reply
}
