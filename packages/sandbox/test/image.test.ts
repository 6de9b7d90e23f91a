/** What a container of the image runs: its command and its health check. `.ci/image` builds and runs the image itself. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const dockerfile = readFileSync(new URL('../Dockerfile', import.meta.url), 'utf8')
const source = fileURLToPath(new URL('../src/command.ts', import.meta.url))

/** The arguments of an instruction, for this machine: the command runs from its source. */
function argumentsOf(instruction: RegExp): string[] {
  const [, list = ''] = instruction.exec(dockerfile) ?? []
  return JSON.parse(list).map((argument: string) => (argument.startsWith('/app/') ? source : argument))
}

test.each(['SIGTERM', 'SIGINT'] as const)('it is healthy while it runs, and ends on %s', async (signal) => {
  const env = { ...process.env, SANDBOX_PORT: String(await findFreePort()) }
  const isHealthy = () => {
    const [command = '', ...args] = argumentsOf(/^HEALTHCHECK .* CMD (\[.*\])$/m)
    return spawnSync(command, args, { env }).status === 0
  }
  expect(isHealthy()).toBe(false)

  const [command = '', ...args] = argumentsOf(/^ENTRYPOINT (\[.*\])$/m)
  const container = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const exit = once(container, 'exit')
  await once(container.stdout, 'data')
  expect(isHealthy()).toBe(true)
  container.kill(signal)
  expect(await exit).toEqual([0, null])
  expect(isHealthy()).toBe(false)
})

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
