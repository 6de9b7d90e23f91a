/** Shows the progress of a run as one line on a terminal. Writes nothing to a file or a pipe. */
import type { Verdict } from './judge.ts'

interface Terminal {
  isTTY?: boolean
  columns?: number
  write(text: string): unknown
}

const clearLine = '\r\u001b[K'

/** @example showProgress(process.stderr, 324).show(verdict) */
export function showProgress(
  terminal: Terminal,
  total: number,
): { show(verdict: Verdict): void; end(): void } {
  let done = 0
  return {
    show({ fault, call }) {
      const line = `${++done} of ${total}  ${fault}: ${call}`
      // A line that wraps couldn't be removed. Some terminals report that they have no columns.
      if (terminal.isTTY) terminal.write(clearLine + line.slice(0, (terminal.columns || 80) - 1))
    },
    end() {
      if (terminal.isTTY) terminal.write(clearLine)
    },
  }
}
