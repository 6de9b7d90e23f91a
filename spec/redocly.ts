/** Starts the Redocly CLI. Only this file does, so telemetry is turned off in one place. */
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'

const require = createRequire(import.meta.url)

/** The script that `build-docs` includes in its page. */
export const redocBundle: string = require.resolve('@redocly/cli/lib/chunks/redoc.standalone.js')

/**
 * Runs a Redocly command and returns what it printed.
 *
 * @param options.cwd the working directory, whose `redocly.yaml` is used. Default: the directory of this file.
 * @throws {Error} with the output in `stdout` and `stderr` if the command fails.
 * @example await runRedocly(['lint', 'contract', '--format', 'json'])
 */
export async function runRedocly(
  args: readonly string[],
  { cwd = import.meta.dirname }: { cwd?: string } = {},
): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(process.execPath, [require.resolve('@redocly/cli/bin/cli.js'), ...args], {
    cwd,
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
    maxBuffer: 64 * 1024 * 1024,
  })
}
