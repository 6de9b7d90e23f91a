/** Runs the Arazzo workflows of the contract, with `redocly respect`. */
import { fileURLToPath } from 'node:url'
import { runRedocly } from '@recoveryconnect/spec/redocly'

const workflows = fileURLToPath(import.meta.resolve('@recoveryconnect/spec/lifecycle.arazzo.yaml'))

/** The workflows of `lifecycle.arazzo.yaml`. `gone` needs a server with a memory. */
export type Workflow = 'lifecycle' | 'gone'

/**
 * Runs one workflow against a server on this machine.
 *
 * By default `respect` writes to the contract's server, which is production. So this always names the server, and
 * accepts only a loopback address.
 *
 * @returns what `respect` printed.
 * @throws {Error} if the server isn't on loopback, or a step fails.
 * @example await runWorkflow('lifecycle', 'http://127.0.0.1:4010', 'any-token')
 */
export async function runWorkflow(workflow: Workflow, server: string, token: string): Promise<string> {
  const { hostname } = new URL(server)
  if (!['127.0.0.1', '[::1]', 'localhost'].includes(hostname))
    throw new Error(`The workflow writes. Run it against a loopback address, not against ${hostname}.`)
  const options = [
    '--workflow',
    workflow,
    '--server',
    `contract=${server}`,
    '--input',
    JSON.stringify({ token }),
  ]
  const { stdout, stderr } = await runRedocly(['respect', workflows, ...options])
  return stdout + stderr
}
