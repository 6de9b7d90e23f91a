/** Runs the Arazzo workflows of the contract; the only place that calls `redocly respect`. */
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const cli = createRequire(import.meta.url).resolve('@redocly/cli/bin/cli.js')
const workflows = fileURLToPath(import.meta.resolve('@recoveryconnect/spec/lifecycle.arazzo.yaml'))

/** The workflows of `lifecycle.arazzo.yaml`; `gone` needs a server that remembers. */
export type Workflow = 'lifecycle' | 'gone'

/**
 * Runs one workflow against a server on loopback.
 *
 * Left to itself `respect` writes to the contract's server, which is production. So the server is always named, and
 * one that is not on loopback is refused.
 *
 * @returns what respect printed.
 * @throws {Error} if the server is not on loopback, or a step does not do what the workflow expects.
 * @example await runWorkflow('lifecycle', 'http://127.0.0.1:4010', 'any-token')
 */
export async function runWorkflow(workflow: Workflow, server: string, token: string): Promise<string> {
  const { hostname } = new URL(server)
  if (!['127.0.0.1', '[::1]', 'localhost'].includes(hostname)) {
    throw new Error(`The workflow writes, so it runs against loopback only, not against ${hostname}.`)
  }
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [
      cli,
      'respect',
      workflows,
      '--workflow',
      workflow,
      '--server',
      `contract=${server}`,
      '--input',
      JSON.stringify({ token }),
    ],
    { env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' } },
  )
  return stdout + stderr
}
