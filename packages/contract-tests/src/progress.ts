/** How far a run is, as one line on a terminal that is gone when the run ends; elsewhere nothing. */
import { promises } from './promises.ts'
import type { Finding } from './report.ts'

interface Terminal {
  isTTY?: boolean
  columns?: number
  write(text: string): unknown
}

const startOfEmptyLine = '\r\u001b[K'

/** @example progressOn(process.stderr).show(finding) */
export function progressOn(terminal: Terminal): { show(finding: Finding): void; end(): void } {
  const { isTTY } = terminal
  // Some terminals say that they have none.
  const columns = terminal.columns || 80
  let looked = 0
  return {
    show({ operation, id }) {
      const line = `${++looked} of ${promises.length}  ${operation}: ${id}`
      // A line that wraps could not be taken back.
      if (isTTY) terminal.write(startOfEmptyLine + line.slice(0, columns - 1))
    },
    end() {
      if (isTTY) terminal.write(startOfEmptyLine)
    },
  }
}
