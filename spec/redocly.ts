/** Runs the Redocly CLI in this folder. */
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'

const cli = createRequire(import.meta.url).resolve('@redocly/cli/bin/cli.js')

/**
 * Resolves to what the command printed.
 *
 * @throws {Error} with the whole output in `stdout` and `stderr` if the command fails.
 * @example await redocly('lint', 'contract', '--format', 'json')
 */
export async function redocly(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [cli, ...args], {
    cwd: import.meta.dirname,
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
    maxBuffer: 32 * 1024 * 1024,
  })
  return stdout
}
