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

const onLinux = test.skipIf(process.platform !== 'linux')
onLinux.each<[NodeJS.Signals, (port: string) => [env: object, options: string[]]]>([
  ['SIGTERM', (port) => [{ SANDBOX_PORT: port }, []]],
  ['SIGINT', (port) => [{ SANDBOX_PORT: '1' }, ['--port', '2', '--port', port]]],
  ['SIGINT', (port) => [{ SANDBOX_PORT: '1' }, [`--port=${port}`, '--base-path', '/vendor']]],
])('it is healthy while it runs, and ends on %s', async (signal, configure) => {
  const [variables, options] = configure(String(await findFreePort()))
  const env = { ...process.env, ...variables }
  const [command = '', ...args] = argumentsOf(/^ENTRYPOINT (\[.*\])$/m)
  const container = spawn(command, [...args, ...options], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const exit = once(container, 'exit')
  // In a container, the command is process 1.
  const isHealthy = () => {
    const [command = '', ...args] = argumentsOf(/^HEALTHCHECK .* CMD (\[.*\])$/m)
    return (
      spawnSync(
        command,
        args.map((arg) => arg.replace('/proc/1/', `/proc/${container.pid}/`)),
        { env },
      ).status === 0
    )
  }
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
