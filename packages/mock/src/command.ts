#!/usr/bin/env node
import { parseArgs, styleText } from 'node:util'
import type { MockOptions } from './mock.ts'

const help = `Serves every documented response of the RecoveryConnect API on demand. It has no memory.

  recoveryconnect-mock [--port 4010] [--host 127.0.0.1]

  --port  The port to listen on. 0 picks a free one. Also set by MOCK_PORT.
  --host  The address to listen on.
  --help  Show this help.

To choose a response, send a Prefer header, such as "Prefer: code=404" or "Prefer: example=no-phones".`

const reasons: Record<string, (options: MockOptions) => string> = {
  EADDRINUSE: ({ port, host }) => `Port ${port} on ${host} is taken. Choose another port with --port.`,
  EACCES: ({ port }) =>
    `You don't have permission to use port ${port}. Choose a port above 1023 with --port.`,
  EADDRNOTAVAIL: ({ host }) =>
    `This machine doesn't have the address ${host}. Choose another address with --host.`,
  ENOTFOUND: ({ host }) => `The host ${host} doesn't exist. Choose another host with --host.`,
}

await run().catch((error: NodeJS.ErrnoException) => {
  console.error(`${styleText('red', 'recoveryconnect-mock:', { stream: process.stderr })} ${error.message}`)
  process.exitCode = 1
})

async function run(): Promise<void> {
  const { node } = process.versions
  if (Number.parseInt(node, 10) < 22)
    throw new Error(`This is Node ${node}, but the mock needs Node 24.18 or newer.`)
  const { help: showHelp, ...options } = readOptions(process.argv.slice(2), process.env)
  if (showHelp) return console.log(help)
  // Loaded only now, so that the help text and errors in the options appear immediately.
  const { startMock } = await import('./mock.ts')
  const mock = await startMock(options).catch((error: NodeJS.ErrnoException) => {
    const reason = reasons[error.code ?? '']
    throw reason ? new Error(reason(options), { cause: error }) : error
  })
  console.log(`The mock is listening on ${mock.url} (press Ctrl+C to stop it)`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => mock.close())
}

function readOptions(
  args: string[],
  environment: NodeJS.ProcessEnv,
): Required<MockOptions> & { help: boolean } {
  const { values } = parseArgs({
    args,
    options: { port: { type: 'string' }, host: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  })
  const [name, port] =
    values.port === undefined && environment.MOCK_PORT
      ? ['MOCK_PORT', environment.MOCK_PORT]
      : ['--port', values.port ?? '4010']
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new Error(`${name} must be a number from 0 to 65535, not "${port}".`)
  }
  return { port: Number(port), host: values.host || '127.0.0.1', help: values.help ?? false }
}
