/** Shows the progress of a run as one line on a terminal. Writes nothing to a file or a pipe. */
import type { Finding } from './report.ts'

interface Terminal {
  isTTY?: boolean
  columns?: number
  write(text: string): unknown
}

const clearLine = '\r\u001b[K'

/** @example showProgress(process.stderr, countFindings(target, false)).show(finding) */
export function showProgress(
  terminal: Terminal,
  total: number,
): { show(finding: Finding): void; end(): void } {
  const { isTTY } = terminal
  // Some terminals report that they have no columns.
  const columns = terminal.columns || 80
  let done = 0
  return {
    show({ operation, id }) {
      const line = `${++done} of ${total}  ${operation}: ${id}`
      // A line that wraps couldn't be removed.
      if (isTTY) terminal.write(clearLine + line.slice(0, columns - 1))
    },
    end() {
      if (isTTY) terminal.write(clearLine)
    },
  }
}
